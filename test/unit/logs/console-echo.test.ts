import { expect, it } from "vitest";
import { withoutEchoes } from "../../../src/cli/logs/console-echo.ts";

const said = (text: string, source = "serial", atMs = 1) => ({ atMs, source, text });

it("shows once what the kernel said on both consoles, and each console's own lines", () => {
  const first = [said("[    0.000000] Linux version 6.1"), said("Welcome to GRUB!"), said("login: ")];
  const second = [said("[    0.000000] Linux version 6.1", "serial", 2), said("login: ", "serial", 2)];
  expect(withoutEchoes([first, second])).toEqual([...first, said("login: ", "serial", 2)]);
});

it("shows what a kernel said at the same second of two boots", () => {
  const boots = [
    said("[    0.000000] Linux version 6.1", "serial", 1),
    said("[    0.000000] Linux version 6.1", "serial", 9),
  ];
  expect(withoutEchoes([boots])).toEqual(boots);
});
