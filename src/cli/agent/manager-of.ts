import { launchd } from "./launchd.ts";
import type { ServiceHost, ServiceManager } from "./service-manager.ts";
import { systemd } from "./systemd.ts";

export const managerOf = (host: ServiceHost): ServiceManager =>
  host.host.platform === "darwin" ? launchd(host) : systemd(host);
