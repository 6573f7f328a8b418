# A module system, small: imports, options with types and defaults, conditions, priorities.
#
# Options that a module declares are checked by their type. Everything else is an option of NixOS (or of another system),
# which this evaluator does not know: its definitions are merged by what they are (sets by name, lists joined, the rest
# must agree), and the test compares their paths with a checked-in list.
{ lib }:
let
  defaultPriority = 100;

  mkIf = condition: content: {
    _kind = "if";
    inherit condition content;
  };
  mkMerge = contents: {
    _kind = "merge";
    inherit contents;
  };
  mkOverride = priority: content: {
    _kind = "override";
    inherit priority content;
  };
  mkOrder = order: content: {
    _kind = "order";
    inherit order content;
  };
  mkOption = fields: { _kind = "option"; } // fields;

  kindOf = value: if builtins.isAttrs value then value._kind or null else null;

  # What stands inside the wrappers, as far as it can be told without asking whether a condition holds.
  # One definition → the definitions it stands for, each { priority, order, conditions, value }, value unwrapped.
  unwrap =
    definition:
    let
      kind = kindOf definition.value;
      inner = definition.value;
    in
    if kind == "if" then
      unwrap (
        definition
        // {
          value = inner.content;
          conditions = definition.conditions ++ [ inner.condition ];
        }
      )
    else if kind == "merge" then
      lib.concatMap (content: unwrap (definition // { value = content; })) inner.contents
    else if kind == "override" then
      unwrap (
        definition
        // {
          value = inner.content;
          inherit (inner) priority;
        }
      )
    else if kind == "order" then
      unwrap (
        definition
        // {
          value = inner.content;
          inherit (inner) order;
        }
      )
    else
      [ definition ];

  start = value: {
    priority = defaultPriority;
    order = 1000;
    conditions = [ ];
    inherit value;
  };

  holds = definition: lib.all lib.id definition.conditions;

  # Definitions that count: conditions true, of the strongest priority, in their order.
  effective =
    definitions:
    let
      true' = lib.filter holds definitions;
      strongest = builtins.foldl' (
        least: d: if d.priority < least then d.priority else least
      ) 10000 true';
    in
    map (d: d.value) (
      builtins.sort (a: b: a.order < b.order) (lib.filter (d: d.priority == strongest) true')
    );

  isBranch = value: builtins.isAttrs value && !lib.isDerivation value && !(value ? _isLeaf);

  # Definitions of sets → definitions of one member, keeping the wrappers of the whole.
  member =
    name: definitions:
    lib.concatMap (
      d: if isBranch d.value && d.value ? ${name} then unwrap (d // { value = d.value.${name}; }) else [ ]
    ) definitions;

  namesOf =
    definitions:
    lib.unique (lib.concatMap (d: if isBranch d.value then lib.attrNames d.value else [ ]) definitions);

  # An option of another system whose definitions all have a false condition is not there; reading it is a mistake, and
  # `settled` leaves it out.
  absent = {
    _isLeaf = true;
    _kind = "absent";
    # A definition that does not count is looked at all the same, to tell sets from values.
    __toString = _: "<absent>";
  };

  show = lib.concatStringsSep ".";

  # Options that NixOS and home-manager declare as lines.
  linesOptions = [
    "extraConfig"
    "extraOptions"
    "interactiveShellInit"
  ];

  mergeFree =
    path: definitions:
    if
      definitions != [ ]
      && lib.all (d: isBranch d.value) definitions
      && lib.any (d: d.value != { }) definitions
    then
      lib.genAttrs (namesOf definitions) (name: mergeFree (path ++ [ name ]) (member name definitions))
    else
      let
        values = effective definitions;
        value = lib.head values;
      in
      if values == [ ] then
        absent
      else if lib.all builtins.isList values then
        lib.concatMap lib.id values
      else if lib.elem (lib.last path) linesOptions then
        lib.concatStringsSep "\n" values
      else if builtins.isAttrs value && !lib.isDerivation value then
        # Empty sets.
        value
      else if lib.all (other: other == value) values then
        value
      else
        throw "${show path} has conflicting definitions: ${builtins.toJSON values}";

  mergeDeclared =
    path: option: definitions:
    let
      values = effective (
        definitions ++ lib.optionals (option ? default) (unwrap (start (mkOverride 1500 option.default)))
      );
    in
    if option.readOnly or false && lib.any holds definitions then
      throw "${show path} is read-only"
    else if values == [ ] then
      throw "${show path} is used and nothing defines it"
    else
      option.type.merge path values;

  isOption = value: kindOf value == "option";

  # The tree of declared options beside the tree of definitions.
  mergeTree =
    strict: path: options: definitions:
    if isOption options then
      mergeDeclared path options definitions
    else
      let
        declared = lib.attrNames options;
        others = lib.subtractLists declared (namesOf definitions);
      in
      if strict && others != [ ] then
        throw "${
          show (path ++ [ (lib.head others) ])
        }: there is no such option; there are ${lib.concatStringsSep ", " declared}"
      else
        lib.genAttrs declared (
          name:
          mergeTree (strict || isOption options.${name}) (path ++ [ name ]) options.${name} (
            member name definitions
          )
        )
        // lib.genAttrs others (name: mergeFree (path ++ [ name ]) (member name definitions));

  mergeOptions =
    path: trees:
    let
      names = lib.unique (lib.concatMap lib.attrNames trees);
    in
    lib.genAttrs names (
      name:
      let
        here = lib.concatMap (tree: lib.optional (tree ? ${name}) tree.${name}) trees;
      in
      if lib.any isOption here then
        if lib.length here == 1 then lib.head here else throw "${show (path ++ [ name ])} is declared twice"
      else
        mergeOptions (path ++ [ name ]) here
    );

  # A module is a path, a function, a set with imports/options/config, or a set that is its own config.
  load =
    arguments: module:
    let
      read = if builtins.isPath module || builtins.isString module then import module else module;
      called =
        if builtins.isFunction read then
          read (
            lib.mapAttrs (name: _: arguments.${name} or (throw "a module wants `${name}`")) (
              lib.filterAttrs (name: optional: !optional || arguments ? ${name}) (builtins.functionArgs read)
            )
            // lib.optionalAttrs (builtins.functionArgs read == { }) arguments
          )
        else
          read;
      known = [
        "imports"
        "options"
        "config"
      ];
      isPlain = !(called ? config || called ? options);
      whole = {
        imports = [ ];
        options = { };
        config = { };
      }
      // called;
      normal = {
        inherit (whole) imports options;
        config = if isPlain then removeAttrs called known else whole.config;
      };
    in
    [ normal ] ++ lib.concatMap (load arguments) normal.imports;

  evalModules =
    {
      modules,
      arguments ? { },
      path ? [ ],
      strict ? false,
    }:
    let
      all = lib.concatMap (load (arguments // { inherit config; })) modules;
      options = mergeOptions path (map (m: m.options) all);
      definitions = lib.concatMap (m: unwrap (start m.config)) all;
      config = mergeTree strict path options definitions;
    in
    {
      inherit config options;
    };

  # A value as JSON can hold it: packages as their store path; absent options left out, and with them the sets that hold
  # nothing else.
  settled =
    value:
    if lib.isDerivation value then
      "${value}"
    else if builtins.isAttrs value then
      lib.mapAttrs (_: settled) (lib.filterAttrs (_: inner: !isGone inner) value)
    else if builtins.isList value then
      map settled value
    else if builtins.isFunction value then
      "<function>"
    else if builtins.isPath value then
      "<path>/${baseNameOf value}"
    else
      value;

  isGone =
    value:
    kindOf value == "absent"
    || isBranch value && value != { } && lib.all (name: isGone value.${name}) (lib.attrNames value);
in
{
  inherit
    evalModules
    mkIf
    mkMerge
    mkOverride
    mkOrder
    mkOption
    settled
    ;
  mkForce = mkOverride 50;
  mkDefault = mkOverride 1000;
  mkBefore = mkOrder 500;
  mkAfter = mkOrder 1500;
  mkEnableOption =
    what:
    mkOption {
      type =
        (import ./types.nix {
          inherit lib;
          evaluate = null;
        }).bool;
      default = false;
      description = "Whether to enable ${what}.";
    };
}
