import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { nixosLimaImages } from "../../../src/cli/projections/nixos-image.ts";
import { fitToHost } from "../../../tools/try/fit-to-host.mjs";
import { nixosImageUrl } from "../../../tools/try/image.mjs";

const template = readFileSync(new URL("../../../templates/try.yaml", import.meta.url), "utf8");
const GiB = 1024 ** 3;

function fitted(settings: string, cpus: number, memoryBytes: number) {
  const said: string[] = [];
  const fitting = fitToHost(settings, { log: (line) => said.push(line), host: { cpus, memoryBytes } });
  return { said, fitting };
}

it("the trial's settings are as the template has them where the host has that much", () => {
  expect(fitted(template, 2, 2 * GiB)).toEqual({ said: [], fitting: template });
});

it("cpus and memory are lowered to what the host has, which is said", () => {
  const { said, fitting } = fitted(template.replace("memory: 1GiB", "memory: 4GiB"), 1, 4 * GiB);
  expect(fitting).toBe(template.replace("cpus: 2", "cpus: 1").replace("memory: 1GiB", "memory: 3072MiB"));
  expect(said).toEqual([
    "vm.cpus is 1 instead of 2: this host has no more.",
    "vm.memory is 3072MiB instead of 4GiB: three quarters of this host's.",
  ]);
});

it("the address of the NixOS image is the pinned one", async () => {
  expect(nixosLimaImages.map(({ location }) => location)).toContain(await nixosImageUrl());
});
