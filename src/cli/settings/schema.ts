import * as z from "zod";
import { chord, field, guestSocket, hostName, hostPath, hostSocket, key, size } from "./values.ts";

const hostPathText = "an absolute path or one that starts with ~/";
const socketChoice = z.union([z.enum(["auto", "off"]), hostSocket]);
const socketChoiceText = "auto, off, or the path of a socket (absolute, or starting with ~/)";

const mount = z
  .strictObject({
    host: field(hostPath, {
      description:
        "The folder on the host. Whitespace, a colon or a comma in its path would break the mount.",
      expected: hostPathText,
    }),
    writable: field(z.boolean().default(false), {
      description:
        "Whether the guest may write to it. On a Linux host it may write where uid 1000 may write.",
      expected: "true or false",
    }),
  })
  .meta({ expected: "an entry such as `host: ~/Projects`" });

const extraSocket = z
  .strictObject({
    name: field(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/), {
      description: "The name of the link in `status`.",
      expected: "a short name of lowercase letters, digits and hyphens",
    }),
    host: field(hostSocket, {
      description: "The socket's path on the host.",
      expected: `${hostPathText}, without a colon`,
    }),
    guest: field(guestSocket, {
      description: "The socket's path in the guest, in a folder the guest's user may write to.",
      expected: "an absolute path without spaces and colons",
    }),
    direction: field(z.enum(["host-to-guest", "guest-to-host"]).default("host-to-guest"), {
      description:
        "`host-to-guest`: a program on the host listens, programs in the guest connect. `guest-to-host`: the reverse.",
      expected: "host-to-guest or guest-to-host",
    }),
  })
  .meta({ expected: "an entry with `name`, `host` and `guest`" });

const bridgeCommand = z.enum(["op", "open", "pbcopy", "pbpaste", "notify"]);
const bridgeCommandText = "op, open, pbcopy, pbpaste or notify";

const bridgeRule = z
  .strictObject({
    command: field(bridgeCommand, {
      description: "The command that the rule applies to.",
      expected: bridgeCommandText,
    }),
    program: field(hostPath.optional(), {
      description: "The host program to run for it, if it is not in a usual place.",
      expected: hostPathText,
    }),
    confirm: field(z.boolean().default(false), {
      description: "Whether you are asked on the host before each call.",
      expected: "true or false",
    }),
    subcommands: field(
      z
        .array(
          field(z.string().regex(/^[a-z-]+( [a-z-]+)*$/), {
            description: "A subcommand.",
            expected: "a subcommand such as read or item get",
          }),
        )
        .optional(),
      { description: "For `op`: the subcommands that remain allowed.", expected: "a list of subcommands" },
    ),
    applications: field(
      z
        .array(
          field(z.string().regex(/^[^-\p{Cc}/][^\p{Cc}/]{0,100}$/u), {
            description: "An application.",
            expected: "an application's name, such as Safari",
          }),
        )
        .optional(),
      { description: "For `open`: what may be named with `-a`.", expected: "a list of applications" },
    ),
  })
  .meta({ expected: "an entry with `command`, and what differs for it" });

/**
 * Every setting: names, types, defaults, text, examples and when a change takes effect. The editor schema, the
 * starter file, docs/settings.md, `config` and `plan` are all made from it; no consumer has a default of its own.
 */
export const settingsSchema = z.strictObject({
  vm: z
    .strictObject({
      cpus: key(z.int().min(1).max(512), 6, {
        description:
          "Number of CPUs of the VM. The default is lowered to what the host has; a value that you set may not exceed it.",
        example: 8,
        apply: "restart",
        expected: "a whole number from 1 to 512",
      }),
      memory: key(size("256MiB", "4096GiB"), "12GiB", {
        description:
          "Memory of the VM. The default is lowered to three quarters of the host's; a value that you set may not exceed the host's. For rebuilding NixOS, 8GiB or more is recommended.",
        example: "16GiB",
        apply: "restart",
        expected: "a size with its unit, such as 12GiB or 512MiB",
      }),
      disk: key(size("1GiB", "65536GiB"), "50GiB", {
        description: "Size of the system disk. It occupies only what is used, and it can only grow.",
        example: "80GiB",
        apply: "restart",
        expected: "a size with its unit, such as 50GiB or 512MiB",
      }),
      home: key(size("64MiB", "65536GiB"), "50GiB", {
        description:
          "Size of the disk that holds /home. It outlives the system disk and `destroy`, and it can only grow.",
        example: "200GiB",
        apply: "restart",
        expected: "a size with its unit, such as 50GiB or 512MiB",
      }),
      type: key(z.enum(["auto", "vz", "qemu"]), "auto", {
        description:
          "What runs the VM. `vz` is Apple's own and exists on macOS only; `auto` means `vz` on macOS and `qemu` elsewhere.",
        example: "qemu",
        apply: "recreate",
        expected: "auto, vz or qemu",
      }),
      autostart: key(z.enum(["login", "off"]), "login", {
        description: "Whether the VM starts when you log in.",
        example: "off",
        apply: "live",
        expected: "login or off",
      }),
      image: key(z.union([z.literal("nixos-lima"), hostPath]), "nixos-lima", {
        description:
          "What the system disk is made from: `nixos-lima` (a pinned release), or the path of a YAML file with a Lima `images:` list.",
        example: "~/images/mine.yaml",
        apply: "recreate",
        expected: "nixos-lima, or the path of a YAML file (absolute, or starting with ~/)",
      }),
    })
    .prefault({})
    .meta({ description: "The virtual machine." }),

  user: z
    .strictObject({
      name: key(z.string().regex(/^[a-z_][a-z0-9_-]{0,30}$/), "dev", {
        description: "Your user in the guest: uid 1000, home /home/NAME.",
        example: "mia",
        apply: "recreate",
        expected: "a user name of lowercase letters, digits, _ and -, at most 31 characters",
      }),
    })
    .prefault({})
    .meta({ description: "Who you are in the guest." }),

  system: z
    .strictObject({
      flake: key(z.union([z.literal("none"), hostPath]), "none", {
        description:
          "The folder of the flake that the guest's NixOS is built from. `none` leaves the image's own system as it is; a guest that already runs a system from a flake keeps it until the VM is recreated.",
        example: "~/sysinit",
        apply: "rebuild",
        expected: `none, or ${hostPathText}`,
      }),
      host: key(hostName, "ascalon", {
        description: "Which `nixosConfigurations` entry of the flake is built.",
        example: "devbox",
        apply: "rebuild",
        expected:
          "a host name of letters, digits, _ and - with a letter or digit at both ends, at most 63 characters",
      }),
    })
    .prefault({})
    .meta({ description: "The NixOS configuration of the guest." }),

  rebuild: z
    .strictObject({
      "max-builds": key(z.int().min(0).max(100_000), 20, {
        description:
          "How many packages `ascalon rebuild` may compile in the guest. Packages that no cache has are built there, which can take hours for a desktop; above this limit, nothing is built.",
        example: 100,
        apply: "live",
        expected: "a whole number from 0 to 100000",
      }),
      "max-download": key(size("1MiB", "65536GiB"), "8GiB", {
        description: "How much `ascalon rebuild` may download; above this limit, nothing is built.",
        example: "20GiB",
        apply: "live",
        expected: "a size with its unit, such as 8GiB or 512MiB",
      }),
      "max-growth": key(size("1MiB", "65536GiB"), "16GiB", {
        description:
          "By how much the new system may be larger than the current one; one that grows more is built, but not switched to.",
        example: "2GiB",
        apply: "live",
        expected: "a size with its unit, such as 8GiB or 512MiB",
      }),
      confirm: key(z.int().min(10).max(3600), 180, {
        description:
          "How many seconds a new system has to switch and to prove healthy. After that, the guest goes back to the previous system by itself.",
        example: 600,
        apply: "live",
        expected: "a whole number of seconds from 10 to 3600",
      }),
      checks: key(
        z.array(
          field(z.string().min(1).max(1000), {
            description: "A command line.",
            expected: "a command line of at most 1000 characters",
          }),
        ),
        [],
        {
          description:
            "Your own health checks: command lines for the guest's `sh`, run as your user after a switch. If one does not exit with 0 within 30 seconds, the guest goes back to the previous system.",
          example: ["docker version", "systemctl is-active postgresql"],
          apply: "live",
          expected: "a list of command lines",
        },
      ),
    })
    .prefault({})
    .meta({ description: "What `ascalon rebuild` may do, and when a new system counts as good." }),

  mounts: key(z.array(mount), [], {
    description: "Folders of the host that appear in the guest at the same absolute path.",
    example: [{ host: "~/Projects", writable: true }],
    apply: "restart",
    expected: "a list of folders, each with `host` and optionally `writable`",
  }),

  ports: z
    .strictObject({
      forward: key(z.boolean(), true, {
        description: "Whether a port that a program in the guest listens on appears on the host's localhost.",
        example: false,
        apply: "restart",
        expected: "true or false",
      }),
      ignore: key(z.array(field(z.int().min(1).max(65535), portText())), [], {
        description: "Guest ports that are not forwarded.",
        example: [5432],
        apply: "restart",
        expected: "a list of port numbers",
      }),
    })
    .prefault({})
    .meta({ description: "TCP and UDP ports of the guest." }),

  sockets: z
    .strictObject({
      docker: key(socketChoice, "auto", {
        description:
          "The Docker daemon that the guest's `docker` talks to. `auto` uses the first one found among Colima, Docker Desktop, OrbStack, Rancher Desktop and Podman.",
        example: "~/.colima/default/docker.sock",
        apply: "live",
        expected: socketChoiceText,
      }),
      "ssh-agent": key(socketChoice, "auto", {
        description:
          "The ssh agent that programs in the guest use. `auto` uses 1Password's if there is one, else $SSH_AUTH_SOCK of your session.",
        example: "off",
        apply: "live",
        expected: socketChoiceText,
      }),
      extra: key(z.array(extraSocket), [], {
        description: "More Unix sockets to link, in either direction.",
        example: [{ name: "postgres", host: "~/run/pg.sock", guest: "/run/ascalon/pg.sock" }],
        apply: "live",
        expected: "a list of sockets, each with `name`, `host` and `guest`",
      }),
    })
    .prefault({})
    .meta({
      description: "Unix sockets linked between host and guest, supervised and proved by real requests.",
    }),

  bridge: z
    .strictObject({
      allow: key(
        z.array(
          field(bridgeCommand, {
            description: "A command.",
            expected: bridgeCommandText,
          }),
        ),
        ["op", "open", "pbcopy"],
        {
          description: "Commands of the host that programs in the guest may run. Everything else is refused.",
          example: ["op", "open"],
          apply: "live",
          expected: "a list of op, open, pbcopy, pbpaste and notify",
        },
      ),
      rules: key(z.array(bridgeRule), [], {
        description:
          "What differs for single commands of the bridge; a rule by itself does not allow a command.",
        example: [
          { command: "op", confirm: true },
          { command: "open", applications: ["Safari"] },
        ],
        apply: "live",
        expected: "a list of rules, each with `command`",
      }),
    })
    .prefault({})
    .meta({ description: "Host commands for the guest." }),

  agent: z
    .strictObject({
      enabled: key(z.boolean(), true, {
        description: "Whether to run the background agent, which keeps the links up and repairs them.",
        example: false,
        apply: "live",
        expected: "true or false",
      }),
    })
    .prefault({})
    .meta({ description: "The background agent on the host." }),

  wezterm: z
    .strictObject({
      attach: key(z.enum(["key", "startup"]), "key", {
        description: "When WezTerm attaches to the VM: when you press the key, or when it starts.",
        example: "startup",
        apply: "live",
        expected: "key or startup",
      }),
      key: key(chord, "CMD|SHIFT+A", {
        description: "The key that attaches, in WezTerm's notation.",
        example: "CTRL|SHIFT+A",
        apply: "live",
        expected:
          "a key such as CMD|SHIFT+A: modifiers joined by |, then + and the key (Space for the space bar)",
      }),
    })
    .prefault({})
    .meta({ description: "WezTerm." }),
});

function portText() {
  return { description: "A port.", expected: "a port number from 1 to 65535" };
}

/** The settings as a person writes them: every key may be missing. */
export type Written = z.input<typeof settingsSchema>;

/** The same with every default filled in, still in the notation of the file. */
export type Filled = z.output<typeof settingsSchema>;
