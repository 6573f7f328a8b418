import { expect, it } from "vitest";
import { asFileError } from "../../src/cli/file-error.ts";
import { fakeContext } from "../support/fake-context.ts";

const refused = (path: string, code = "EACCES") =>
  Object.assign(new Error(`${code}: ${path}`), { code, path, syscall: "mkdir" });

it.each([["/nonexistent"], ["/nonexistent/home"], ["/nonexistent/home/.local/state/ascalon"]])(
  "a home that is not there and cannot be made is told as that, when %s is refused",
  async (path) => {
    const context = fakeContext({ host: { home: "/nonexistent/home" } });
    const known = await asFileError(context, refused(path));
    expect(known).toMatchObject({
      code: "E_HOME",
      message: "HOME is /nonexistent/home, but there is no such folder",
      why: "it cannot be created either (EACCES)",
    });
  },
);

it.each([["EPERM"], ["EROFS"], ["ENOENT"], ["ENOTDIR"]])("also when the system says %s", async (code) => {
  const context = fakeContext({ host: { home: "/nonexistent/home" } });
  const known = await asFileError(context, refused("/nonexistent/home/.config", code));
  expect(known).toMatchObject({ code: "E_HOME", why: `it cannot be created either (${code})` });
});

it("a disk without room for it is not", async () => {
  const context = fakeContext({ host: { home: "/nonexistent/home" } });
  expect(await asFileError(context, refused("/nonexistent/home", "ENOSPC"))).toBeUndefined();
});

it("another path, and a home that is there, are told as they are", async () => {
  const away = fakeContext({ host: { home: "/nonexistent/home" } });
  expect(await asFileError(away, refused("/srv/lima"))).toMatchObject({ code: "E_ACCESS" });
  const there = fakeContext({ files: { "/home/mia/a": "" } });
  expect(await asFileError(there, refused("/home/mia/.local"))).toMatchObject({ code: "E_ACCESS" });
});
