// @ts-check
// `npm run try`. The rest is imported only now, because an old Node could not even read it.
import "./new-enough-node.mjs";

void import("./try/main.mjs");
