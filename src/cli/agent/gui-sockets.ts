import type { GuiStatus } from "../../shared/status.ts";
import type { Converse } from "../adapters/converse.ts";
import type { Files } from "../adapters/files.ts";
import { probeMux } from "../links/probes/mux.ts";

/** WezTerm's RUNTIME_DIR (wezterm config/src/config.rs:1716-1722): always below HOME on macOS. */
export function wezTermRuntimeDir(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
  platform: "darwin" | "linux",
): string {
  if (platform === "linux" && env.XDG_RUNTIME_DIR) return `${env.XDG_RUNTIME_DIR}/wezterm`;
  return `${home}/.local/share/wezterm`;
}

const guiSocket = /^gui-sock-([1-9][0-9]{0,9})$/;
const mostGuis = 8;
const timeoutMs = 500;

/** Every GUI of this login that answers, newest first. A socket that a dead GUI left behind is passed over. */
export async function findGuis(
  ports: { readonly converse: Converse; readonly files: Pick<Files, "list" | "info"> },
  runtimeDir: string,
  uid: number,
): Promise<readonly GuiStatus[]> {
  const names = (await ports.files.list(runtimeDir)) ?? [];
  const seen = await Promise.all(
    names.map(async (name) => {
      const pid = Number(guiSocket.exec(name)?.[1] ?? 0);
      const info = pid > 0 ? await ports.files.info(`${runtimeDir}/${name}`) : undefined;
      return info?.kind === "socket" && info.uid === uid ? { name, pid, at: info.modifiedAt } : undefined;
    }),
  );
  const newest = seen
    .filter((one) => one !== undefined)
    .sort((a, b) => b.at - a.at)
    .slice(0, mostGuis);
  const guis: GuiStatus[] = [];
  for (const { name, pid } of newest) {
    const probe = await probeMux(ports.converse, `${runtimeDir}/${name}`, timeoutMs);
    if (probe.kind === "up") guis.push({ pid, codec: probe.facts.codec, version: probe.facts.version });
  }
  return guis;
}
