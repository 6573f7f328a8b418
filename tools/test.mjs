// @ts-check
// `npm test`, `npm run test:fast`. The rest is imported only now, because an old Node could not even read it.
import "./new-enough-node.mjs";

void import("./test/main.mjs");
