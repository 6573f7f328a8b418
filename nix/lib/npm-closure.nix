# The part of a lockfile that a build needs: the dependencies of the package, the named tools, what those depend on,
# and of the packages that exist once a platform only the one of this platform.
{
  lib,
  package,
  lock,
  tools,
  node,
}:
let
  modules = removeAttrs lock.packages [ "" ];

  fits =
    module:
    lib.elem node.platform (module.os or [ node.platform ])
    && lib.elem node.arch (module.cpu or [ node.arch ]);

  # As Node looks: beside the asking package's own dependencies first, then one folder further out.
  find =
    from: name:
    let
      here = if from == "" then "node_modules/${name}" else "${from}/node_modules/${name}";
      outer = lib.init (lib.splitString "/node_modules/" "/${from}");
      parent = lib.removePrefix "/" (lib.concatStringsSep "/node_modules/" outer);
    in
    if modules ? ${here} then
      [ { key = here; } ]
    else if from == "" then
      [ ]
    else
      find parent name;

  wanted =
    module: lib.attrNames ((module.dependencies or { }) // (module.optionalDependencies or { }));

  closure = builtins.genericClosure {
    startSet = lib.concatMap (find "") (lib.attrNames (package.dependencies or { }) ++ tools);
    operator = item: lib.concatMap (find item.key) (wanted modules.${item.key});
  };

  paths = lib.filter (path: fits modules.${path}) (map (item: item.key) closure);
in
{
  # The package with only these tools left, so that npm misses nothing.
  package = package // {
    devDependencies = lib.filterAttrs (name: _: lib.elem name tools) (package.devDependencies or { });
  };
  # Packages of other platforms are left out of the wishes too, so npm does not ask for them.
  packages = lib.genAttrs paths (
    path:
    removeAttrs modules.${path} [
      "funding"
      "peerDependencies"
    ]
    // lib.optionalAttrs (modules.${path} ? optionalDependencies) {
      optionalDependencies = lib.filterAttrs (
        name: _: lib.any (item: lib.elem item.key paths) (find path name)
      ) modules.${path}.optionalDependencies;
    }
  );
}
