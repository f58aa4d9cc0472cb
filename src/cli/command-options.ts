/** Options that several commands take, and what they have in common. */
import type { Command } from 'commander';
import { CastellanError } from '../lib/errors.ts';

/** How the process will end: the code that the command which ran gave. */
export interface Ending {
  exit: number;
}

/** For commands that only lead to others. */
export function needsCommand(command: Command, given: string | undefined): CastellanError {
  const names = command.commands.map((one) => one.name()).join(', ');
  const own = command.name();
  return new CastellanError('CAS_USAGE', given === undefined ? `${own} needs one of ${names}` : `there is no command "${own} ${given}"`, {
    remedy: `The commands are: ${names}.`,
  });
}

/** What the input tells only sometimes. */
export const API_SERVER = ['--api-server <address>', 'where pods find the API server, with its port: 10.0.0.1:6443', collect] as const;
export const NODES = ['--nodes <range>', 'the addresses of the nodes: 10.0.0.0/24', collect] as const;

/** Helm and GitOps write what stands there. */
export const SOURCE = [
  '--source <path...>',
  'where objects of the cluster come from, to be changed there: charts, kustomizations, manifests',
] as const;

/** Records that are kept, such as that of the example, prove something of the days after their end. */
export const DAY = ['--on <day>', 'prove for this day, as if the input were of then; today where left out'] as const;

/** The project's file: exceptions, options of rules, and what people say of use that no record shows. */
export const CONFIG = [
  '--config <file>',
  'exceptions, options and attestations; .castellan.yaml of the current folder where left out',
] as const;

/** What tells of requests that were made. */
export function useOptions(command: Command): Command {
  return command
    .option('--record <file>', 'a record of use, as castellan record add makes it')
    .option('--audit <file>', 'an audit log, for this run', collect);
}

/** Beside these: what a replay asks more. */
export function replayOptions(command: Command): Command {
  return command
    .option('--flows <file>', 'a log of connections, for this run', collect)
    .option('--audit-policy <file>', 'the audit policy by which the log was written')
    .option('--servers <number>', 'how many API servers there are, where the input does not tell');
}

/** What nobody can see in the objects, and what the attack graph takes for granted otherwise. */
export function graphOptions(command: Command): Command {
  return command
    .option('--unsure', 'also ways that depend on where pods may run, on exploits, or on what is not known')
    .option('--exploitable <containers>', 'containers that can be taken over through their ports', collect)
    .option('--pod-security <level>', 'enforced where a namespace has no label: privileged, baseline or restricted')
    .option('--no-network-policies', 'the network plug-in does not enforce NetworkPolicy')
    .option('--kubernetes-version <version>', 'judge for this release')
    .option('--strict', 'exit 4 when part of the input was not read')
    .option('-q, --quiet', 'nothing on standard error');
}

/** Of commands that read a cluster, as kubectl has them. */
export function clusterOptions(command: Command): Command {
  return connectionOptions(command)
    .option('-n, --namespace <namespace>', 'of a cluster read only this namespace', collect)
    .option('-A, --all-namespaces', 'of a cluster read all namespaces, which is what happens without -n');
}

export function connectionOptions(command: Command): Command {
  return command
    .option('--context <name>', 'the context of the kubeconfig to read; the current one where left out')
    .option('--kubeconfig <file>', 'the kubeconfig; $KUBECONFIG or ~/.kube/config where left out')
    .option('--as <user>', 'read the cluster as this user')
    .option('--as-group <group>', 'and as a member of this group', collect)
    .option('--request-timeout <duration>', 'of a single request to the cluster: 30s, 1m30s');
}

export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
