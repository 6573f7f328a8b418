import type { Config, UnixDomain } from "wezterm";
import type { PluginContract } from "../shared/plugin-contract.ts";
import { warn } from "./log.ts";

/**
 * Appends the VM's domains and keeps the others, the one that WezTerm has by default included. Called in the GUI
 * process only: a mux server binds every unix domain of its configuration, unlinking what is there first, and
 * would take the VM's socket. no_serve_automatically keeps the GUI from starting such a server itself.
 */
export function addDomains(config: Config, contract: PluginContract): void {
  const domains: UnixDomain[] = [];
  for (const domain of config.unix_domains ?? [{ name: "unix" }]) domains.push(domain);
  append(domains, {
    name: contract.domain,
    socket_path: contract.socketPath,
    no_serve_automatically: true,
  });
  if (contract.proxyCommand.length > 0) {
    append(domains, {
      name: contract.proxyDomain,
      proxy_command: contract.proxyCommand,
      no_serve_automatically: true,
    });
  }
  config.unix_domains = domains;
}

function append(domains: UnixDomain[], domain: UnixDomain): void {
  for (const known of domains) {
    if (known.name === domain.name) {
      // The same name twice is a configuration error for WezTerm: the user's own stays.
      if (known.socket_path !== domain.socket_path) {
        warn(`unix_domains already has ${domain.name}; it is left as it is`);
      }
      return;
    }
  }
  domains.push(domain);
}
