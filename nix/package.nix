# The ascalon command line. The committed lockfile has the digests of its packages and not their addresses: npm knows
# where packages are, so npm fetches each one, and Nix holds the result against the lockfile's digest. No digest of our
# own has to be kept up to date. (nixpkgs' fetchers cannot be used: `fetchNpmDeps` skips entries without an address and
# `importNpmLock` stops at them.)
{
  lib,
  stdenvNoCC,
  buildNpmPackage,
  importNpmLock,
  cacert,
  nodejs,
  linkFarm,
  writeText,
}:
let
  root = ../.;
  package = lib.importJSON (root + "/package.json");
  lock = lib.importJSON (root + "/package-lock.json");
  needed = import ./lib/npm-closure.nix {
    inherit lib package lock;
    # What tools/build.mjs imports, beside the dependencies that it bundles.
    tools = [ "esbuild" ];
    inherit (stdenvNoCC.hostPlatform) node;
  };

  fetch =
    path: module:
    let
      name = lib.last (lib.splitString "node_modules/" path);
    in
    stdenvNoCC.mkDerivation {
      name = "${lib.replaceStrings [ "@" "/" ] [ "" "-" ] name}-${module.version}.tgz";
      nativeBuildInputs = [ nodejs ];
      outputHash = module.integrity;
      outputHashMode = "flat";
      impureEnvVars = lib.fetchers.proxyImpureEnvVars;
      NODE_EXTRA_CA_CERTS = "${cacert}/etc/ssl/certs/ca-bundle.crt";
      dontUnpack = true;
      buildPhase = ''
        export HOME=$TMPDIR
        npm pack --ignore-scripts --silent ${lib.escapeShellArg "${name}@${module.version}"}
        mv ./*.tgz $out
      '';
      dontInstall = true;
      dontFixup = true;
    };

  located = lib.mapAttrs (
    path: module: module // { resolved = "file:${fetch path module}"; }
  ) needed.packages;

  # The form in which nixpkgs' hook for locked packages wants them.
  npmDeps = linkFarm "ascalon-npm-deps" {
    "package.json" = writeText "package.json" (builtins.toJSON needed.package);
    "package-lock.json" = writeText "package-lock.json" (
      builtins.toJSON (
        lock
        // {
          packages = located // {
            "" = needed.package;
          };
        }
      )
    );
  };
in
buildNpmPackage {
  pname = package.name;
  inherit (package) version;
  inherit npmDeps;
  inherit (importNpmLock) npmConfigHook;
  npmBuildScript = "build";

  src = lib.fileset.toSource {
    inherit root;
    fileset = lib.fileset.unions [
      (root + "/package.json")
      (root + "/package-lock.json")
      (root + "/tsconfig.base.json")
      (root + "/src")
      (root + "/nix/guest")
      (root + "/docs")
      (root + "/lua-out")
      (root + "/plugin")
      (root + "/schema")
      (root + "/templates")
      (root + "/tools")
    ];
  };

  # Everything is in the bundles: no node_modules. The folders lie as in the project, so the program finds them alike.
  dontNpmInstall = true;
  installPhase = ''
    runHook preInstall
    mkdir -p $out/bin $out/lib/ascalon
    cp -r dist docs lua-out plugin schema templates package.json $out/lib/ascalon/
    ln -s $out/lib/ascalon/dist/ascalon.mjs $out/bin/ascalon
    runHook postInstall
  '';

  doInstallCheck = true;
  installCheckPhase = ''
    HOME=$TMPDIR $out/bin/ascalon --version
  '';

  meta = {
    inherit (package) description;
    license = lib.licenses.mit;
    mainProgram = "ascalon";
    platforms = lib.platforms.unix;
  };
}
