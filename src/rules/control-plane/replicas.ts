/** Where two replicas of a component of the control plane are started with other settings. */
import type { CommandLine } from '../../engines/command-line/index.ts';

export const REPLICATED: ReadonlySet<string> = new Set(['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd']);
/** What each replica has for itself. */
const OWN =
  /^--(?:advertise-address|advertise-client-urls|bind-address|cluster-cidr|etcd-servers|hostname-override|initial-[a-z-]+|listen-[a-z-]+|name|node-ip|port|secure-port|experimental-initial-[a-z-]+)$/;

/** Flags that both do not have with the same values; of one that stands twice in a list the order does not matter. */
export function differences(line: CommandLine, other: CommandLine): string[] {
  const flags = new Set([...line.uses.keys(), ...other.uses.keys()]);
  return [...flags].filter((flag) => !OWN.test(flag) && valueOf(line, flag) !== valueOf(other, flag)).toSorted();
}

function valueOf(line: CommandLine, flag: string): string | undefined {
  return line.uses.get(flag)?.at(-1)?.value.split(',').toSorted().join(',');
}

/** `with --profiling=false`, `without --profiling`. */
export function settingWords(line: CommandLine, flag: string): string {
  const value = line.uses.get(flag)?.at(-1)?.value;
  return value === undefined ? `without ${flag}` : `with ${flag}=${value}`;
}
