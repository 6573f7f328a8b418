// @ts-check
// ascalon refuses a written value that the host cannot give. The trial writes its own, so it writes what there is.
import { availableParallelism, totalmem } from "node:os";

const GiB = 1024 ** 3;

/**
 * Lowers cpus and memory of the settings to what the host has, as ascalon lowers its defaults.
 * @param {string} settings
 * @param {{ log: (line: string) => void, host?: { cpus: number, memoryBytes: number } }} options
 */
export function fitToHost(settings, { log, host = thisHost() }) {
  const cpus = Number(/^ {2}cpus: (\d+)/m.exec(settings)?.[1]);
  const memory = Number(/^ {2}memory: (\d+)GiB/m.exec(settings)?.[1]);
  let fitting = settings;
  if (cpus > host.cpus) {
    log(`vm.cpus is ${host.cpus} instead of ${cpus}: this host has no more.`);
    fitting = fitting.replace(/^ {2}cpus: \d+/m, `  cpus: ${host.cpus}`);
  }
  if (memory * GiB > host.memoryBytes * 0.75) {
    const less = `${Math.floor((host.memoryBytes * 0.75) / 1024 ** 2)}MiB`;
    log(`vm.memory is ${less} instead of ${memory}GiB: three quarters of this host's.`);
    fitting = fitting.replace(/^ {2}memory: \d+GiB/m, `  memory: ${less}`);
  }
  return fitting;
}

const thisHost = () => ({ cpus: availableParallelism(), memoryBytes: totalmem() });
