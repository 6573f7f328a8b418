import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

/** For tests that only compute: a property of thousands of texts on a machine that is busy with something else. */
const computingMs = 60_000;

/**
 * `fast` needs nothing but Node and what npm brings, `lua` runs the built plugin, `nix` evaluates the modules;
 * `process` talks to real peers on this machine (sshd, editors, unix sockets); `machine` boots one real Lima VM for
 * the whole suite; `bench` measures and asserts nothing. The first four keep nothing beyond a test, so their files
 * share a worker's modules, which is much less of work; a module that is mocked would be so for the files after it.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "fast",
          isolate: false,
          testTimeout: computingMs,
          include: ["test/unit/**/*.test.ts", "test/cli/**/*.test.ts", "test/architecture.test.ts"],
        },
      },
      {
        test: {
          name: "lua",
          isolate: false,
          testTimeout: computingMs,
          include: ["test/lua/**/*.test.ts"],
        },
      },
      {
        test: {
          name: "nix",
          isolate: false,
          globalSetup: ["test/support/build-programs.ts"],
          include: ["test/nix/**/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "process",
          isolate: false,
          globalSetup: ["test/support/build-programs.ts"],
          include: ["test/process/**/*.test.ts", "test/guest/**/*.test.ts"],
          // For what never ends: some tests take ten seconds, and a busy machine several times as long.
          testTimeout: 120_000,
          // What stands before a test starts the same programs as the test.
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "machine",
          include: ["test/machine/**/*.test.ts"],
          globalSetup: ["test/machine/global-setup.ts"],
          // For what never ends: some tests boot three times, which takes a minute each under emulation, and more on a busy machine.
          testTimeout: 900_000,
          hookTimeout: 900_000,
          fileParallelism: false,
          // One VM for the suite, whose parts run in their order.
          sequence: { concurrent: false, shuffle: false },
        },
      },
      {
        test: {
          name: "bench",
          include: ["test/bench/**/*.test.ts"],
          globalSetup: ["test/machine/global-setup.ts"],
          fileParallelism: false,
        },
      },
    ],
  },
});
