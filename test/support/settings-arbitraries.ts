import fc from "fast-check";
import type { SettingKey } from "../../src/cli/settings/generated-keys.ts";
import type { Written } from "../../src/cli/settings/schema.ts";

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
const folder = fc
  .array(fc.stringMatching(/^[A-Za-z0-9äß_#'&,:{}[\]-][A-Za-z0-9 äß._#'-]{0,8}$/), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join("/").replaceAll("{{", "{"));
const hostFolder = fc
  .tuple(fc.constantFrom("~/", "/srv/", "/Users/mia/"), folder)
  .map((parts) => parts.join(""));
// What breaks the mount in the guest is refused.
const mountFolder = hostFolder.filter((path) => !/[\s,:]/u.test(path));
const socketPath = fc.tuple(fc.constantFrom("~/", "/run/"), fc.array(word, { minLength: 1, maxLength: 3 }));
const hostSocket = socketPath.map(([root, parts]) => `${root}${parts.join("/")}.sock`);
const gib = (min: number, max: number) => fc.integer({ min, max }).map((count) => `${count}GiB`);
const mib = (min: number, max: number) => fc.integer({ min, max }).map((count) => `${count}MiB`);

const extraSockets = fc
  .uniqueArray(fc.tuple(word, hostSocket, fc.constantFrom("host-to-guest", "guest-to-host")), {
    maxLength: 3,
    selector: ([name]) => name,
  })
  .filter((list) => new Set(list.map(([, host]) => host)).size === list.length)
  .filter((list) => list.every(([name]) => !["mux", "docker", "ssh-agent", "bridge"].includes(name)))
  .map((list) =>
    list.map(([name, host, direction]) => ({ name, host, guest: `/run/extra/${name}.sock`, direction })),
  );

/** For each key the values that the settings accept on any host with 8 processors and 32 GiB. */
export const validValues: Readonly<Record<SettingKey, fc.Arbitrary<unknown>>> = {
  "vm.cpus": fc.integer({ min: 1, max: 8 }),
  "vm.memory": fc.oneof(gib(1, 32), mib(256, 32768)),
  "vm.disk": fc.oneof(gib(1, 2000), mib(1024, 99999)),
  "vm.home": fc.oneof(gib(1, 2000), mib(64, 99999)),
  "vm.type": fc.constantFrom("auto", "qemu"),
  "vm.autostart": fc.constantFrom("login", "off"),
  "vm.image": fc.oneof(fc.constant("nixos-lima"), hostFolder),
  "user.name": fc.stringMatching(/^u[a-z0-9_-]{0,20}$/),
  "system.flake": fc.oneof(fc.constant("none"), hostFolder),
  "system.host": fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/),
  "rebuild.max-builds": fc.nat(1000),
  "rebuild.max-download": gib(1, 100),
  "rebuild.max-growth": gib(1, 100),
  "rebuild.confirm": fc.integer({ min: 10, max: 3600 }),
  "rebuild.checks": fc.array(fc.constantFrom("true", "docker version"), { maxLength: 2 }),
  // ~ is /Users/mia on the hosts that have such a folder.
  mounts: fc.uniqueArray(
    fc.oneof(fc.record({ host: mountFolder }), fc.record({ host: mountFolder, writable: fc.boolean() })),
    { maxLength: 4, selector: ({ host }) => host.replace("/Users/mia/", "~/").toLowerCase() },
  ),
  "ports.forward": fc.boolean(),
  "ports.ignore": fc.uniqueArray(fc.integer({ min: 1, max: 65535 }), { maxLength: 5 }),
  "sockets.docker": fc.oneof(fc.constantFrom("auto", "off"), hostSocket),
  "sockets.ssh-agent": fc.oneof(fc.constantFrom("auto", "off"), hostSocket),
  "sockets.extra": extraSockets,
  "bridge.allow": fc.subarray(["op", "open", "pbcopy", "pbpaste", "notify"]),
  "bridge.rules": fc.uniqueArray(
    fc.oneof(
      fc.record({ command: fc.constantFrom("op", "open", "notify"), confirm: fc.boolean() }),
      fc.record({ command: fc.constant("op"), program: hostFolder, subcommands: fc.constant(["item get"]) }),
    ),
    { maxLength: 2, selector: ({ command }) => command },
  ),
  "agent.enabled": fc.boolean(),
  "wezterm.attach": fc.constantFrom("key", "startup"),
  "wezterm.key": fc.constantFrom(
    "CMD|SHIFT+A",
    "SHIFT|CTRL+x",
    "CTRL+F5",
    "LEADER+#",
    "CTRL++",
    "ALT+|",
    "CMD+phys:A",
    "SUPER+PageUp",
    "CTRL|SHIFT+Space",
    "CTRL|SHIFT+phys:Space",
    "ALT+phys:1",
    "ALT+LeftBracket",
    "CTRL+mapped:Numpad9",
    "ALT+é",
  ),
};

export const anyKey: fc.Arbitrary<SettingKey> = fc.constantFrom(
  ...(Object.keys(validValues) as SettingKey[]),
);

/** A key with one of its values. */
export const keyAndValue = anyKey.chain((key) => fc.tuple(fc.constant(key), validValues[key]));

/** Any settings that a person could have written, with any set of keys left out. */
export const anyWritten: fc.Arbitrary<Written> = fc
  .record(validValues, { requiredKeys: [] })
  .map((values) => {
    const written: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(values)) {
      const [section = "", name] = key.split(".");
      if (name === undefined) written[section] = value;
      else written[section] = { ...(written[section] as object | undefined), [name]: value };
    }
    return written as Written;
  });
