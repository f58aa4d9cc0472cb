/** Which release of Kubernetes a component is of, for what holds by default there. */
import type { CommandLine } from '../../engines/command-line/index.ts';
import type { Tables } from '../../model/index.ts';
import type { Fault } from './faults.ts';

export type Release = Pick<Tables, 'kubernetes'>;

/** As an expectation, of a rule that reads `kubernetes`. */
export type ExpectationByRelease = (line: CommandLine, release: Release) => Fault | undefined;

/** The minor release: what its image names, else that of the cluster; undefined where neither is known. */
export function releaseOf(line: CommandLine, kubernetes: Release['kubernetes']): number | undefined {
  return line.release ?? (kubernetes.assumed ? undefined : kubernetes.minor);
}

/** Whether it is known to be older than the minor release that is named. */
export function isBefore(minor: number, line: CommandLine, { kubernetes }: Release): boolean {
  const release = releaseOf(line, kubernetes);
  return release !== undefined && release < minor;
}
