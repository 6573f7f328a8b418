import { it } from "vitest";
import { up } from "./bed.ts";

it("up", async () => {
  await up();
});
import "./09-rebuild.ts";
