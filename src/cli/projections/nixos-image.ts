import type { ImageList } from "./image-list.ts";

const release = "https://github.com/nixos-lima/nixos-lima/releases/download/v0.2.1/nixos-lima-v0.2.1";

/**
 * The generic NixOS image that `nixos-lima` means. Pinned by content: a release that is replaced is refused.
 * v0.2.1 is the first whose guest agent socket suits Lima 2.1.3 and later (`--socket-owner`).
 */
export const nixosLimaImages: ImageList = [
  {
    location: `${release}-aarch64.qcow2`,
    arch: "aarch64",
    digest:
      "sha512:748c723b69dbdec40a9acaf78cc9070ae784dcb64b0856ab906efdac822d9abcc65565b8f8dfa4cf8b49cc6c12c372072e83bb5ed9247330a7c22675d9e141ce",
  },
  {
    location: `${release}-x86_64.qcow2`,
    arch: "x86_64",
    digest:
      "sha512:636c9c24d7aea340c808e72802cd05589d18c1bbeda45242e3c4725cdfdcc497cfdfd4dfecd76e4be7b8de3a688a1046f269c072bce487c0b06a60515262995e",
  },
];
