import { describe, expect, test } from "vitest";
import { editorCommand, editorWords } from "../../../src/cli/shell/editor-words.ts";

describe("an editor's line", () => {
  test.each([
    ["vi", ["vi"]],
    ["code  --wait $X", ["code", "--wait", "$X"]],
    ["'/a b/edit' -w", ["/a b/edit", "-w"]],
    ['"/a b/edit" -w', ["/a b/edit", "-w"]],
    ["/a\\ b/edit -w", ["/a b/edit", "-w"]],
    ['emacs --eval "(f \\"x\\")"', ["emacs", "--eval", '(f "x")']],
    ["a''b \"\"", ["ab", ""]],
    ["don't", ["don't"]],
    ["", []],
  ])("%s", (line, words) => {
    expect(editorWords(line)).toEqual(words);
  });

  const sublime = "/Applications/Sublime Text.app/Contents/SharedSupport/bin/subl";
  const isProgram = async (path: string): Promise<boolean> => path === sublime || path === "/usr/bin/vi";

  test.each([
    [sublime, [sublime]],
    [`${sublime} -w --new`, [sublime, "-w", "--new"]],
    [`  ${sublime}  -a 'b c' `, [sublime, "-a", "b c"]],
    ["/usr/bin/vi -f", ["/usr/bin/vi", "-f"]],
    ["/not/there -w", ["/not/there", "-w"]],
  ])("a path that nobody quoted: %s", async (line, words) => {
    expect(await editorCommand(line, isProgram)).toEqual(words);
  });
});
