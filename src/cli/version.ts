/** Put in by the bundler from package.json; absent when the sources run unbundled, in tests. */
declare const __ASCALON_VERSION__: string | undefined;

export const version: string = typeof __ASCALON_VERSION__ === "string" ? __ASCALON_VERSION__ : "0.0.0-source";
