# The values that ascalon.yaml takes, as types: what the command line would refuse is refused by the evaluation, and
# nothing else (src/cli/settings/schema.ts and values.ts; a test asks both about the same values).
#
# Nix's expressions are POSIX's: no look-ahead and no classes of Unicode. A backslash in brackets is itself.
{ lib }:
let
  inherit (lib) types;

  matches = form: text: builtins.match form text != null;

  # description: ends the sentence "… is not of type".
  text = description: check: types.addCheck types.str check // { inherit description; };

  isHostPath =
    path:
    (path == "~" || lib.hasPrefix "/" path || lib.hasPrefix "~/" path)
    && matches "[^[:cntrl:]\"\\]*" path
    && !lib.hasInfix "{{" path;
  isHostSocket = matches "(/|~/)[^[:cntrl:]:\"\\]+";

  pathText = "an absolute path or one that starts with ~/";

  mebibytes =
    size:
    let
      parts = builtins.match "([1-9][0-9]{0,8})(GiB|MiB)" size;
      count = builtins.fromJSON (lib.head parts);
    in
    if parts == null then
      null
    else if lib.last parts == "GiB" then
      count * 1024
    else
      count;

  modifiers = [
    "CMD"
    "SUPER"
    "WIN"
    "CTRL"
    "SHIFT"
    "ALT"
    "OPT"
    "META"
    "LEADER"
  ];
in
rec {
  size =
    least: most:
    text "a size with its unit, from ${least} to ${most}" (
      value:
      let
        given = mebibytes value;
      in
      given != null && given >= mebibytes least && given <= mebibytes most
    );

  hostPath = text pathText isHostPath;

  # One of the words, or a path.
  orPath =
    words:
    text "${lib.concatStringsSep ", " words}, or ${pathText}" (
      value: lib.elem value words || isHostPath value
    );

  hostSocket = text "${pathText}, without a colon" isHostSocket;

  socketChoice = text "auto, off, or ${pathText}, without a colon" (
    value: value == "auto" || value == "off" || isHostSocket value
  );

  guestSocket = text "an absolute path without spaces and colons, of at most 107 bytes" (
    path: builtins.stringLength path < 108 && matches "(/[^[:cntrl:][:space:]:\"'\\/]+)+" path
  );

  hostName = text "a host name of letters, digits, _ and - with a letter or digit at both ends" (
    matches "[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
  );

  userName = text "a user name of lowercase letters, digits, _ and -, at most 31 characters" (
    matches "[a-z_][a-z0-9_-]{0,30}"
  );

  linkName = text "a short name of lowercase letters, digits and hyphens" (
    matches "[a-z][a-z0-9-]{0,30}"
  );

  commandLine = text "a command line of at most 1000 characters" (
    line: line != "" && builtins.stringLength line <= 1000
  );

  port = types.ints.between 1 65535;

  bridgeCommand = types.enum (import ./bridge-commands.nix);

  subcommand = text "a subcommand such as read or item get" (matches "[a-z-]+( [a-z-]+)*");

  application = text "an application's name, such as Safari" (
    matches "[^[:cntrl:]/-][^[:cntrl:]/]{0,100}"
  );

  # A modifier other than SHIFT is demanded, or the letter could not be typed any more. A character outside of ASCII is
  # two or three bytes.
  chord =
    let
      letter = "[^[:space:]]|[^[:print:][:cntrl:]]{2,3}";
      form = "([A-Z]+([|][A-Z]+)*)[+](phys:|mapped:)?(${letter}|[A-Z][A-Za-z0-9]+)";
    in
    text "a key such as CMD|SHIFT+A: modifiers joined by |, then + and the key" (
      value:
      let
        parts = builtins.match form value;
        given = lib.filter builtins.isString (builtins.split "[|]" (lib.head parts));
      in
      parts != null
      && lib.all (name: lib.elem name modifiers) given
      && lib.unique given == given
      && given != [ "SHIFT" ]
    );
}
