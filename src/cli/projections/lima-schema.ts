import * as z from "zod";

/**
 * All that ascalon ever writes into a lima.yaml. Lima accepts unknown keys with a mere warning
 * (pkg/limayaml/marshal.go), so a misspelled key would be lost without this.
 */
const arch = z.enum(["x86_64", "aarch64"]);

/** Digests as Lima checks them: algorithm and hex of the right length. */
const digest = z.string().regex(/^(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/);

const location = z.string().min(1);

const size = z.string().regex(/^[1-9]\d*(GiB|MiB)$/);

/** `arch` of kernel and initrd may be left out: Lima fills in the image's. */
const bootFile = z.strictObject({ location, arch: arch.optional(), digest: digest.optional() });

export const imageSchema = z.strictObject({
  location,
  arch,
  digest: digest.optional(),
  kernel: bootFile.extend({ cmdline: z.string().optional() }).optional(),
  initrd: bootFile.optional(),
});

const mountSchema = z
  .strictObject({ location: z.string().startsWith("/"), mountPoint: z.string(), writable: z.boolean() })
  .refine(({ location, mountPoint }) => location === mountPoint, "a mount keeps its path");

/** Port rules only: sockets are carried by ascalon's own ssh process, because Lima never repairs its own (lima#5420). */
const portRule = z.strictObject({
  guestIP: z.literal("0.0.0.0"),
  guestIPMustBeZero: z.boolean().optional(),
  guestPort: z.int().min(1).max(65535).optional(),
  proto: z.enum(["any", "udp"]),
  ignore: z.literal(true),
});

export const limaYamlSchema = z.strictObject({
  minimumLimaVersion: z.literal("2.1.3"),
  vmType: z.enum(["vz", "qemu"]),
  vmOpts: z
    .strictObject({ vz: z.strictObject({ rosetta: z.strictObject({ enabled: z.literal(false) }) }) })
    .optional(),
  images: z.array(imageSchema).min(1),
  cpus: z.int().min(1),
  memory: size,
  disk: size,
  additionalDisks: z.tuple([z.strictObject({ name: z.literal("ascalon-home"), format: z.literal(false) })]),
  mounts: z.array(mountSchema),
  mountType: z.enum(["virtiofs", "9p"]).optional(),
  containerd: z.strictObject({ system: z.literal(false), user: z.literal(false) }),
  hostResolver: z.strictObject({ enabled: z.literal(false) }).optional(),
  firmware: z.strictObject({ legacyBIOS: z.literal(true) }).optional(),
  user: z.strictObject({
    name: z.string().regex(/^[a-z_]/),
    uid: z.literal(1000),
    home: z.string().startsWith("/home/"),
  }),
  ssh: z.strictObject({
    localPort: z.literal(0),
    loadDotSSHPubKeys: z.literal(false),
    forwardAgent: z.literal(false),
    overVsock: z.literal(false).optional(),
  }),
  portForwards: z.array(portRule).min(1),
  provision: z.tuple([
    z.strictObject({
      mode: z.literal("system"),
      // Lima takes it for a Go template.
      script: z
        .string()
        .startsWith("#!")
        .refine((text) => !text.includes("{{"), "no template"),
    }),
  ]),
  probes: z.tuple([
    z.strictObject({
      mode: z.literal("readiness"),
      description: z.string(),
      script: z.string().startsWith("#!"),
      hint: z.string(),
    }),
  ]),
  param: z.strictObject({ ascalon: z.literal("1") }),
});

export type LimaYaml = z.infer<typeof limaYamlSchema>;
