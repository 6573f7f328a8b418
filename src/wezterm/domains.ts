import type { Config, UnixDomain } from "wezterm";
import { warn } from "./log.ts";
import { session } from "./session.ts";

/** Every other list whose names WezTerm compares with those of unix_domains. */
const otherLists = ["ssh_domains", "exec_domains", "wsl_domains", "tls_clients"] as const;

/**
 * Appends the VM's domains and keeps the others, the one that WezTerm has by default included. Called in the GUI
 * process only: a mux server binds every unix domain of its configuration, unlinking what is there first, and
 * would take the VM's socket. no_serve_automatically keeps the GUI from starting such a server itself.
 */
export function addDomains(config: Config): void {
  const contract = session.pluginContract;
  const domains: UnixDomain[] = [];
  for (const domain of config.unix_domains ?? [{ name: "unix" }]) domains.push(domain);
  append(config, domains, {
    name: contract.domain,
    socket_path: contract.socketPath,
    no_serve_automatically: true,
  });
  if (contract.proxyCommand.length > 0) {
    append(config, domains, {
      name: contract.proxyDomain,
      proxy_command: contract.proxyCommand,
      no_serve_automatically: true,
    });
  }
  config.unix_domains = domains;
}

/** The same name twice makes the whole configuration invalid for WezTerm: the user's own stays. */
function append(config: Config, domains: UnixDomain[], domain: UnixDomain): void {
  for (const known of domains) {
    if (known.name === domain.name) {
      if (known.socket_path !== domain.socket_path) taken("unix_domains", domain.name);
      return;
    }
  }
  for (const list of otherLists) {
    for (const known of config[list] ?? []) {
      if (known.name === domain.name) {
        taken(list, domain.name);
        return;
      }
    }
  }
  domains.push(domain);
}

const taken = (list: string, name: string): void => warn(`${list} already has ${name}; it is left as it is`);
