# The plain functions of nixpkgs' library that the modules use, by the same names. One that is missing here is a sign to
# look whether the module needs it.
rec {
  inherit (builtins)
    all
    any
    attrNames
    attrValues
    concatMap
    concatStringsSep
    elem
    elemAt
    filter
    genList
    head
    isAttrs
    isList
    length
    listToAttrs
    mapAttrs
    removeAttrs
    replaceStrings
    stringLength
    substring
    tail
    ;

  id = x: x;
  versionOlder = one: other: builtins.compareVersions other one == 1;
  optional = condition: value: if condition then [ value ] else [ ];
  optionals = condition: values: if condition then values else [ ];
  optionalString = condition: text: if condition then text else "";
  optionalAttrs = condition: attrs: if condition then attrs else { };

  nameValuePair = name: value: { inherit name value; };
  genAttrs = names: make: listToAttrs (map (name: nameValuePair name (make name)) names);
  filterAttrs =
    keep: attrs:
    listToAttrs (
      concatMap (name: optional (keep name attrs.${name}) (nameValuePair name attrs.${name})) (
        attrNames attrs
      )
    );
  mapAttrsToList = f: attrs: map (name: f name attrs.${name}) (attrNames attrs);
  attrByPath =
    path: fallback: attrs:
    if path == [ ] then
      attrs
    else if isAttrs attrs && attrs ? ${head path} then
      attrByPath (tail path) fallback attrs.${head path}
    else
      fallback;
  setAttrByPath =
    path: value: if path == [ ] then value else { ${head path} = setAttrByPath (tail path) value; };

  init = list: genList (elemAt list) (length list - 1);
  last = list: elemAt list (length list - 1);
  take = n: list: genList (elemAt list) (if n < length list then n else length list);
  range = from: to: if to < from then [ ] else genList (n: from + n) (to - from + 1);
  unique = builtins.foldl' (seen: x: if elem x seen then seen else seen ++ [ x ]) [ ];
  subtractLists = gone: filter (x: !elem x gone);
  toList = x: if isList x then x else [ x ];

  concatMapStringsSep =
    separator: f: list:
    concatStringsSep separator (map f list);
  hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
  hasInfix = infix: text: replaceStrings [ infix ] [ "" ] text != text;
  removePrefix =
    prefix: text: if hasPrefix prefix text then substring (stringLength prefix) (-1) text else text;
  splitString =
    separator: text:
    filter builtins.isString (
      builtins.split (builtins.replaceStrings [ "." "+" ] [ "\\." "\\+" ] separator) text
    );
  escapeShellArg = text: "'${replaceStrings [ "'" ] [ "'\\''" ] text}'";
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;

  getBin = package: package.bin or package;
  makeBinPath = packages: concatMapStringsSep ":" (package: "${package}/bin") packages;
  importJSON = path: builtins.fromJSON (builtins.readFile path);
  setPrio =
    priority: package:
    package
    // {
      meta = package.meta // {
        inherit priority;
      };
    };
  meta = {
    defaultPriority = 5;
    availableOn =
      platform: package: elem platform.system (package.meta.platforms or [ platform.system ]);
  };
  isDerivation = value: isAttrs value && (value.type or null) == "derivation";
  fetchers.proxyImpureEnvVars = [ ];
  licenses.mit = "MIT";
  platforms.unix = [ ];
}
