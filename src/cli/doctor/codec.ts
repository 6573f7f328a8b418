import { compareCodecs } from "../../shared/codec.ts";
import { findGuis, wezTermRuntimeDir } from "../agent/gui-sockets.ts";
import { probeMux } from "../links/probes/mux.ts";
import { muxSocketPath } from "../links/table.ts";
import { check } from "./check.ts";

export const codec = check(
  "codec",
  "WezTerm here and in the VM speak the same codec.",
  async ({ context, converse, paths }) => {
    const { files, env, host, uid } = context;
    const [gui] = await findGuis({ converse, files }, wezTermRuntimeDir(env, host.home, host.platform), uid);
    const guest = await probeMux(converse, muxSocketPath(paths.sockDir));
    if (!gui) return { verdict: "skipped", evidence: "no WezTerm window is open to be asked" };
    if (guest.kind !== "up") return { verdict: "skipped", evidence: "the VM's mux server does not answer" };
    const { verdict, sentence, fix } = compareCodecs(gui, guest.facts);
    if (verdict === "equal") return { verdict: "ok", evidence: `both speak codec ${gui.codec}` };
    return {
      verdict: "problem",
      evidence: (sentence ?? "the codecs differ").replace(/\.$/, ""),
      ...(fix ? { fix } : {}),
    };
  },
);
