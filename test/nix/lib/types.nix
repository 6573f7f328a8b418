# Types of declared options: whether one value fits, and how several definitions become one.
#
# A type is { name, check, merge }, where merge is given a path for messages and the remaining definitions (those of the
# highest priority, conditions resolved). `evaluate` evaluates the options of a submodule.
{ lib, evaluate }:
let
  fail = path: text: throw "${lib.concatStringsSep "." path}: ${text}";
  shown = value: if builtins.isFunction value then "a function" else builtins.toJSON value;

  scalar = name: check: {
    inherit name check;
    merge =
      path: values:
      let
        value = lib.head values;
      in
      if !check value then
        fail path "expected ${name}, got ${shown value}"
      else if lib.any (other: other != value) values then
        fail path "has conflicting definitions: ${shown values}"
      else
        value;
  };
in
rec {
  str = scalar "a string" builtins.isString;
  bool = scalar "true or false" builtins.isBool;
  int = scalar "a whole number" builtins.isInt;
  ints.between =
    least: most:
    scalar "a whole number from ${toString least} to ${toString most}" (
      value: builtins.isInt value && value >= least && value <= most
    );
  package = scalar "a package" lib.isDerivation;
  raw = scalar "anything" (_: true);
  path = scalar "a path" (
    value: builtins.isPath value || lib.isDerivation value || builtins.isString value
  );
  enum = choices: scalar "one of ${shown choices}" (value: lib.elem value choices);
  addCheck =
    type: check: scalar "${type.name} of the right form" (value: type.check value && check value);

  lines = {
    name = "lines";
    check = builtins.isString;
    merge =
      path: values:
      if lib.all builtins.isString values then
        lib.concatStringsSep "\n" values
      else
        fail path "expected lines, got ${shown values}";
  };

  nullOr = type: {
    name = "null or ${type.name}";
    check = value: value == null || type.check value;
    merge =
      path: values: if lib.all (value: value == null) values then null else type.merge path values;
  };

  listOf = type: {
    name = "a list of ${type.name}";
    check = builtins.isList;
    merge =
      path: values:
      lib.concatMap (
        value:
        if builtins.isList value then
          map (element: type.merge (path ++ [ "[]" ]) [ element ]) value
        else
          fail path "expected a list of ${type.name}, got ${shown value}"
      ) values;
  };

  attrsOf = type: {
    name = "attributes of ${type.name}";
    check = builtins.isAttrs;
    merge =
      path: values:
      lib.genAttrs (lib.unique (lib.concatMap lib.attrNames values)) (
        name:
        type.merge (path ++ [ name ]) (
          lib.concatMap (value: lib.optional (value ? ${name}) value.${name}) values
        )
      );
  };

  submodule = module: {
    name = "a set of options";
    check = builtins.isAttrs;
    merge =
      path: values:
      let
        wrong = lib.filter (value: !builtins.isAttrs value) values;
      in
      if wrong != [ ] then
        fail path "expected a set of options, got ${shown (lib.head wrong)}"
      else
        evaluate path ([ module ] ++ map (value: { config = value; }) values);
  };
}
