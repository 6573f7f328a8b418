import { stringify } from "yaml";
import type { Settings } from "../settings/settings.ts";
import { sizeText } from "../settings/size-text.ts";
import type { ImageList } from "./image-list.ts";
import { type LimaYaml, limaYamlSchema } from "./lima-schema.ts";
import { provisionScript } from "./provision-script.ts";

const headComment = `# Written by ascalon from ascalon.yaml, which is the file to edit: changes here are overwritten.
`;

/**
 * Lima waits one minute for the guest agent, counted from the last probe, and then calls the VM degraded
 * (pkg/hostagent/requirements.go); under emulation the agent needs longer. So a probe waits for it. The same script
 * uses the parameter that marks the instance as ours: Lima refuses a parameter that nothing uses. Beware of any
 * other pair of braces in it, it is a Go template.
 */
const probeScript = `#!/bin/sh
# ascalon {{.Param.ascalon}}
tries=0
until systemctl is-active --quiet lima-guestagent.service; do
  tries=$((tries + 1))
  if [ "$tries" -ge 30 ]; then
    echo "lima-guestagent.service is not active" >&2
    exit 1
  fi
  sleep 1
done
`;

/** Settings → the whole lima.yaml, byte for byte the same for the same input. */
export function projectLimaYaml(input: { readonly settings: Settings; readonly images: ImageList }): string {
  const yaml = limaYamlSchema.parse(limaYamlOf(input.settings, input.images));
  // Lima's parser is of the YAML 1.1 family: `no` and the like are quoted for it.
  return headComment + stringify(yaml, { lineWidth: 0, compat: "yaml-1.1", aliasDuplicateObjects: false });
}

function limaYamlOf(settings: Settings, images: ImageList): LimaYaml {
  const { vm, user } = settings;
  const isVz = vm.type === "vz";
  return {
    minimumLimaVersion: "2.1.3",
    vmType: vm.type,
    ...(isVz ? { vmOpts: { vz: { rosetta: { enabled: false } } } } : {}),
    images: [...images],
    cpus: vm.cpus,
    memory: sizeText(vm.memoryBytes),
    disk: sizeText(vm.diskBytes),
    // Blank, and formatted by the guest once: Lima's own script formats again at each boot when the name is longer
    // than a label may be (lima#5407).
    additionalDisks: [{ name: "ascalon-home", format: false }],
    mounts: settings.mounts.map(({ host, writable }) => ({ location: host, mountPoint: host, writable })),
    ...(settings.mounts.length === 0 ? {} : { mountType: isVz ? "virtiofs" : "9p" }),
    // NixOS cannot run what Lima downloads for it; the VM would never count as ready.
    containerd: { system: false, user: false },
    // On QEMU it needs a boot script that NixOS does not run; QEMU's own DNS works.
    ...(isVz ? {} : { hostResolver: { enabled: false } }),
    // A kernel given directly needs no firmware, and OVMF is not on every host.
    ...(!isVz && bootsDirectly(images) ? { firmware: { legacyBIOS: true } } : {}),
    user: { name: user.name, uid: 1000, home: `/home/${user.name}` },
    ssh: {
      localPort: 0,
      loadDotSSHPubKeys: false,
      forwardAgent: false,
      // Only vz's driver has it, and takes it where the guest offers it. Each connection is then an instance of systemd's
      // sshd-vsock@, which a live switch may restart: the links would be cut, and the switch with them.
      ...(isVz ? { overVsock: false } : {}),
    },
    portForwards: portRules(settings.ports),
    provision: [{ mode: "system", script: provisionScript }],
    probes: [
      {
        mode: "readiness",
        description: "the guest agent runs",
        script: probeScript,
        hint: "`ascalon shell -- journalctl -b -u lima-guestagent` shows why it does not.",
      },
    ],
    param: { ascalon: "1" },
  };
}

/** Without firmware. aarch64 knows no BIOS: there Lima would warn at each start. */
export function bootsDirectly(images: ImageList): boolean {
  return images.every(({ kernel, arch }) => kernel !== undefined && arch === "x86_64");
}

/**
 * First match wins. Without the first rule Lima gives the host's DHCP client port to the guest (lima#4501). The
 * others must match every address a program may listen on, which 0.0.0.0 does only with guestIPMustBeZero off
 * (pkg/portfwd/forward.go).
 */
function portRules({ forward, ignore }: Settings["ports"]): LimaYaml["portForwards"] {
  const everyAddress = { guestIP: "0.0.0.0", guestIPMustBeZero: false, proto: "any", ignore: true } as const;
  return [
    { guestIP: "0.0.0.0", guestPort: 68, proto: "udp", ignore: true },
    ...(forward ? ignore.map((guestPort) => ({ ...everyAddress, guestPort })) : [everyAddress]),
  ];
}
