import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { frameKind } from "../../src/shared/bridge-frame.ts";
import { frame, hello } from "../support/ask-bridge.ts";
import { type BridgeBed, openBridgeBed, until } from "./bridge-bed.ts";

let bed: BridgeBed;

beforeAll(async () => {
  bed = await openBridgeBed();
});
afterAll(() => bed.close());

test("questions are put one at a time, go away with their clients, and keep nobody else waiting", async () => {
  const asked = `${bed.root}/asked`;
  mkdirSync(asked);
  mkdirSync(`${bed.root}/.nix-profile/bin`, { recursive: true });
  // A question that nobody answers; its pid tells whether it is still up.
  const asker = `#!/bin/sh\n: > ${asked}/$$\nexec sleep 300\n`;
  writeFileSync(`${bed.root}/.nix-profile/bin/notify-send`, asker, { mode: 0o755 });
  const rules = bed.settings.bridge.rules.map((rule) => ({ ...rule, confirm: rule.command === "op" }));
  bed.settings = { ...bed.settings, bridge: { ...bed.settings.bridge, rules } };
  const up = (): readonly string[] => readdirSync(asked).filter((pid) => existsSync(`/proc/${pid}`));

  const request = { command: "op", args: ["read", "op://v/i/f"], streams: ["pipe", "pipe", "pipe"], env: [] };
  const clients = Array.from({ length: 80 }, (): Socket => {
    const client = connect(bed.socket).on("error", () => {});
    client.write(hello);
    client.write(frame(frameKind.exec, JSON.stringify(request)));
    return client;
  });
  await until(async () => (await bed.status()).asking === 80);
  await until(() => up().length === 1);
  await wait(500);
  expect(readdirSync(asked)).toHaveLength(1);
  expect(await bed.status()).toMatchObject({ asking: 80, running: 0 });

  const opened = bed.guest(["open", "https://example.com/"]);
  expect(await opened).toMatchObject({ code: 0 });

  const first = up();
  clients[0]?.destroy();
  await until(() => up().length === 1 && up()[0] !== first[0]);
  for (const client of clients) client.destroy();
  await until(() => up().length === 0);
  await until(async () => (await bed.status()).asking === 0);
  expect(await bed.log()).toContain("op read: abandoned while the host was asked\n");
});
