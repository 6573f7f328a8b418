/** Put in by the bundler from package.json; absent when the sources run unbundled, in tests. */
declare const __ASCALON_VERSION__: string | undefined;

declare const __ASCALON_BUILD__: string | undefined;

export const version: string = typeof __ASCALON_VERSION__ === "string" ? __ASCALON_VERSION__ : "0.0.0-source";

/** Another one for each program that differs: what is built anew from a clone keeps its version. */
export const build: string = typeof __ASCALON_BUILD__ === "string" ? __ASCALON_BUILD__ : "source";
