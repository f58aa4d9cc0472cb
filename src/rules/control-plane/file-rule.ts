/** The form of a rule about a file that the API server reads: the document itself, and the flag that names it. */
import type { CommandLine } from '../../engines/command-line/index.ts';
import { concatPath } from '../../lib/field-path.ts';
import type { BodyOf, Kind } from '../../model/index.ts';
import { type Examples, type Hit, type Rule, type RuleHeader, defineRule } from '../rule.ts';
import { type Fault, toHit } from './faults.ts';
import { processesOf } from './process.ts';

type FileKind = 'Policy' | 'EncryptionConfiguration' | 'AdmissionConfiguration';

export interface FileRule<K extends FileKind> extends Omit<RuleHeader, 'area'> {
  kind: K;
  file: (body: BodyOf<K>) => readonly Hit[];
  /** What is wrong with an API server; `seen` when a document of the kind is in the input, which is judged itself. */
  server: (line: CommandLine, seen: boolean) => Fault | undefined;
  examples: () => Examples;
}

const SERVER_KINDS = [
  'Pod',
  'Deployment',
  'DaemonSet',
  'StatefulSet',
  'ReplicaSet',
  'ReplicationController',
] as const satisfies readonly Kind[];

export function fileRule<const K extends FileKind>({ kind, file, server, ...header }: FileRule<K>): Rule {
  return defineRule({
    ...header,
    area: 'control-plane',
    scope: 'object',
    kinds: [...SERVER_KINDS, kind],
    reads: ['workloads', 'Policy', 'EncryptionConfiguration', 'AdmissionConfiguration'],
    applies: (object, { workloads }) =>
      object.known === kind ||
      processesOf(workloads)
        .get(object)
        ?.some(({ line }) => line.component === 'kube-apiserver') === true,
    check(object, { workloads, ...files }) {
      if (object.known === kind) return file(object.body as BodyOf<K>);
      const hits: Hit[] = [];
      for (const { container, line } of processesOf(workloads).get(object) ?? []) {
        const fault = line.component === 'kube-apiserver' ? server(line, files[kind].all.length > 0) : undefined;
        if (fault === undefined) continue;
        const hit = toHit(container, line, { ...fault, mend: undefined });
        hits.push({ ...hit, path: concatPath(container.path, hit.path), key: container.name });
      }
      return hits;
    },
  });
}
