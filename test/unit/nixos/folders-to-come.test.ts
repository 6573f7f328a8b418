import { expect, it, test } from "vitest";
import { foldersToCome, mountUnit } from "../../../src/cli/nixos/folders-to-come.ts";
import { settingsOf } from "../../support/machine-facts.ts";

// Each as `systemd-escape --path --suffix=mount` prints it.
test.each([
  ["/Users/mia/Projects", "Users-mia-Projects.mount"],
  ["/Users/mia/a-b_c.d", "Users-mia-a\\x2db_c.d.mount"],
  ["/Users/mia/.config", "Users-mia-.config.mount"],
  ["/.hidden/x/", "\\x2ehidden-x.mount"],
  ["/Users/mia/Füße", "Users-mia-F\\xc3\\xbc\\xc3\\x9fe.mount"],
  ["/Users/mia/x@y+z", "Users-mia-x\\x40y\\x2bz.mount"],
])("systemd mounts %s by the unit %s", (path, unit) => {
  expect(mountUnit(path)).toBe(unit);
});

const told = { schema: 1, mounts: [{ path: "/srv/a" }, { path: "/srv/b" }] };

it("is of the system's folders what the VM was not started with", () => {
  const applied = settingsOf("mounts: [{ host: /srv/a }]\n");
  expect(foldersToCome(told, applied)).toEqual([{ path: "/srv/b", unit: "srv-b.mount" }]);
});

it.each([null, undefined, {}, { mounts: "all" }, { mounts: [null, 1, {}] }])(
  "is nothing of a file that says no folders: %j",
  (other) => {
    expect(foldersToCome(other, settingsOf())).toEqual([]);
  },
);

it("is nothing where nobody knows what the VM was started with", () => {
  expect(foldersToCome(told, undefined)).toEqual([]);
});
