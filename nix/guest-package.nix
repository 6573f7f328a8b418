# The guest's side of the bridge alone: one file, bundled by nixpkgs' esbuild. The whole package would bring npm and some
# thirty downloads into the first build in the guest, which uses nothing else of it. The command is that of
# tools/build.mjs: both read src/guest/bundle.json, and the file lies where it lies in the whole package.
{
  lib,
  stdenvNoCC,
  esbuild,
}:
let
  root = ../.;
  bundle = lib.importJSON (root + "/src/guest/bundle.json");
  inherit (lib.importJSON (root + "/package.json")) version;
in
stdenvNoCC.mkDerivation {
  pname = "ascalon-guest";
  inherit version;

  src = lib.fileset.toSource {
    inherit root;
    fileset = lib.fileset.unions [
      (root + "/src/guest")
      (root + "/src/shared")
      # esbuild reads it, by way of src/guest/tsconfig.json.
      (root + "/tsconfig.base.json")
    ];
  };

  strictDeps = true;
  nativeBuildInputs = [ esbuild ];
  dontConfigure = true;
  buildPhase = ''
    runHook preBuild
    esbuild ${
      lib.concatMapStringsSep " " lib.escapeShellArg bundle.flags
    } --outfile=${bundle.file} ${bundle.entry}
    runHook postBuild
  '';
  installPhase = ''
    runHook preInstall
    install -D -m 755 ${bundle.file} $out/lib/ascalon/dist/${bundle.file}
    runHook postInstall
  '';
  # The guest starts it with a Node of its own choice: the first line stays as it is.
  dontFixup = true;

  meta = {
    description = "What answers to op, open and the clipboard's commands in the ascalon guest";
    license = lib.licenses.mit;
    platforms = lib.platforms.unix;
  };
}
