import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { foreignArchOf } from "../../../src/cli/adapters/lima/executable-header.ts";

const elf = (machine: number, bigEndian = false): Buffer => {
  const head = Buffer.alloc(20);
  head.write("\x7fELF", "latin1");
  head[5] = bigEndian ? 2 : 1;
  if (bigEndian) head.writeUInt16BE(machine, 18);
  else head.writeUInt16LE(machine, 18);
  return head;
};

const mach = (type: number): Buffer => {
  const head = Buffer.alloc(20);
  head.writeUInt32LE(0xfeedfacf);
  head.writeUInt32LE(type, 4);
  return head;
};

describe("which processor an executable is for", () => {
  it.each<[string, Buffer, string, string | undefined]>([
    ["ELF for x86_64 on x64", elf(62), "x64", undefined],
    ["ELF for aarch64 on x64", elf(183), "x64", "arm64"],
    ["ELF for x86_64 on arm64", elf(62), "arm64", "x64"],
    ["ELF for s390x", elf(22, true), "x64", "another processor (ELF machine 22)"],
    ["Mach-O for x86_64 on Apple silicon", mach(0x01000007), "arm64", "x64"],
    ["Mach-O for Apple silicon", mach(0x0100000c), "arm64", undefined],
    [
      "a universal binary",
      Buffer.from("cafebabe00000002000000000000000000000000", "hex"),
      "arm64",
      undefined,
    ],
    ["a script", Buffer.from("#!/bin/sh\nexec limactl.real\n"), "x64", undefined],
    ["an empty file", Buffer.alloc(0), "x64", undefined],
  ])("%s", (_name, head, host, expected) => {
    expect(foreignArchOf(head, host)).toBe(expected);
  });

  it("Node itself is for this processor", () => {
    expect(foreignArchOf(readFileSync(process.execPath).subarray(0, 20), process.arch)).toBeUndefined();
  });
});
