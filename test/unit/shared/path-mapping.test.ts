import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalPath, toGuestFolder, toGuestPath, toHostPath } from "../../../src/shared/path-mapping.ts";
import { mounts, toGuestRows, toHostRows } from "../../support/path-mapping-cases.ts";

describe("a path", () => {
  test.each(toGuestRows)("of the host, %s, is %s in the guest", (path, mapped) => {
    expect(toGuestPath(path, mounts)).toBe(mapped);
  });

  test.each(toHostRows)("of the guest, %s, is %s on the host", (path, mapped) => {
    expect(toHostPath(path, mounts)).toBe(mapped);
  });

  test("is mapped by a mount of the whole disk too", () => {
    const everything = [{ host: "/", guest: "/host" }];
    expect(toGuestPath("/etc/hosts", everything)).toBe("/host/etc/hosts");
    expect(toGuestPath("/", everything)).toBe("/host");
    expect(toHostPath("/host/etc", everything)).toBe("/etc");
    expect(toHostPath("/etc", everything)).toBeUndefined();
  });

  test("does not depend on the order of the mounts", () => {
    const reversed = [...mounts].reverse();
    for (const [path, mapped] of toGuestRows) expect(toGuestPath(path, reversed)).toBe(mapped);
  });
});

describe("the folder a person is in", () => {
  const real = { host: "/Volumes/Work", guest: "/Users/mia/Work" };
  const named = { host: "/Users/mia/Work", guest: "/Users/mia/Work" };

  test("keeps the name by which they came", () => {
    const folder = { logical: "/Users/mia/Work/link", physical: "/Volumes/Work/app" };
    expect(toGuestFolder(folder, [real, named])).toBe("/Users/mia/Work/link");
  });

  test("goes by its real path when only that lies on a mount", () => {
    const folder = { logical: "/Users/mia/shortcut", physical: "/Volumes/Work/app" };
    expect(toGuestFolder(folder, [real, named])).toBe("/Users/mia/Work/app");
  });

  test("is none when a symlink leads out of the mount", () => {
    expect(
      toGuestFolder({ logical: "/Users/mia/Work/etc", physical: "/etc" }, [real, named]),
    ).toBeUndefined();
  });
});

const name = fc.constantFrom("a", "b", "ab", "a b", "ü", "x'y");
const path = fc.array(name, { maxLength: 5 }).map((parts) => `/${parts.join("/")}`);
const mountList = fc.uniqueArray(fc.record({ host: path, guest: path }), {
  maxLength: 5,
  selector: ({ host }) => host,
});

describe("for any mounts", () => {
  test("what has a place in the guest is found again from there", () => {
    const oneToOne = mountList.filter((list) => new Set(list.map(({ guest }) => guest)).size === list.length);
    fc.assert(
      fc.property(path, oneToOne, (host, list) => {
        const guest = toGuestPath(host, list);
        if (guest !== undefined) expect(toHostPath(guest, list)).toBe(normalPath(host));
      }),
    );
  });

  test("a mount at the same path changes no path, and maps nothing outside itself", () => {
    fc.assert(
      fc.property(path, path, (mount, below) => {
        const list = [{ host: mount, guest: mount }];
        const inside = normalPath(mount + below);
        expect(toGuestPath(inside, list)).toBe(inside);
        const mapped = toGuestPath(below, list);
        expect(mapped === undefined || mapped === normalPath(below)).toBe(true);
      }),
    );
  });

  test("a normal path stays as it is", () => {
    fc.assert(fc.property(fc.string(), (text) => normalPath(normalPath(text)) === normalPath(text)));
  });
});
