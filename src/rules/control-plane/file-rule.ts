/** The form of a rule about a file that the API server reads: the document itself, and the flag that names it. */
import { type CommandLine, settingOf, processesOf } from '../../engines/command-line/index.ts';
import { concatPath } from '../../lib/field-path.ts';
import type { ApiObject, BodyOf, Container, Kind } from '../../model/index.ts';
import { type Examples, type Hit, type Rule, type RuleHeader, defineRule } from '../rule.ts';
import { type Fault, toHit } from './faults.ts';
import { shownFlag } from './shown-flag.ts';

type FileKind = 'Policy' | 'ConfigMap' | 'EncryptionConfiguration' | 'AdmissionConfiguration';

export interface ServerFileRule extends Omit<RuleHeader, 'area'> {
  /** Kinds of the objects that are the file or hold it. */
  fileKinds: readonly FileKind[];
  holds: (object: ApiObject) => boolean;
  /** What is wrong with the file that an object holds. */
  find: (object: ApiObject) => readonly Hit[];
  /** What decides, of a file with which nothing is wrong. */
  shownIn: (object: ApiObject) => Hit | undefined;
  /** What is wrong with an API server; `seen` when the file is in the input, which is judged itself. */
  server: (line: CommandLine, seen: boolean) => Fault | undefined;
  /** Names the file, where there is one flag for it; without it there is nothing to judge, as another rule tells. */
  flag?: string;
  examples: () => Examples;
}

export interface FileRule<K extends FileKind> extends Omit<ServerFileRule, 'fileKinds' | 'holds' | 'find' | 'shownIn'> {
  kind: K;
  file: (body: BodyOf<K>) => readonly Hit[];
  shownOf: (body: BodyOf<K>) => Hit | undefined;
}

/** A rule about a file that is a document of its own. */
export function fileRule<const K extends FileKind>({ kind, file, shownOf, ...rest }: FileRule<K>): Rule {
  return serverFileRule({
    ...rest,
    fileKinds: [kind],
    holds: ({ known }) => known === kind,
    find: ({ body }) => file(body as BodyOf<K>),
    shownIn: ({ body }) => shownOf(body as BodyOf<K>),
  });
}

const SERVER_KINDS = [
  'Pod',
  'Deployment',
  'DaemonSet',
  'StatefulSet',
  'ReplicaSet',
  'ReplicationController',
] as const satisfies readonly Kind[];

export function serverFileRule({ fileKinds, holds, find, shownIn, server, flag, ...header }: ServerFileRule): Rule {
  return defineRule({
    ...header,
    component: 'kube-apiserver',
    area: 'control-plane',
    scope: 'object',
    kinds: [...SERVER_KINDS, ...fileKinds],
    reads: ['workloads', ...fileKinds],
    applies: (object, { workloads }) =>
      holds(object) ||
      processesOf(workloads)
        .get(object)
        ?.some(({ line }) => line.component === 'kube-apiserver') === true,
    check(object, { workloads, ...files }) {
      if (holds(object)) return find(object);
      const hits: Hit[] = [];
      for (const { container, line } of processesOf(workloads).get(object) ?? []) {
        if (line.component !== 'kube-apiserver') continue;
        const seen = fileKinds.some((kind) => files[kind].all.some(holds));
        const fault = server(line, seen);
        if (flag !== undefined && fault === undefined && line.hidden === undefined && settingOf(line, flag) === undefined)
          hits.push(without(flag, container));
        if (fault === undefined) continue;
        const hit = toHit(container, line, { ...fault, mend: undefined });
        hits.push({ ...hit, path: concatPath(container.path, hit.path), key: container.name });
      }
      return hits;
    },
    shown(object, { workloads, ...files }) {
      if (holds(object)) return shownIn(object);
      const process = (processesOf(workloads).get(object) ?? []).find(({ line }) => line.component === 'kube-apiserver');
      if (process === undefined) return undefined;
      const { container, line } = process;
      const hit = shownFlag(container, line, (asked) => server(asked, false));
      if (hit === undefined) return undefined;
      const path = concatPath(container.path, hit.path);
      // What is in the file decides, where that is seen.
      const isSeen = fileKinds.some((kind) => files[kind].all.some(holds));
      return isSeen ? { message: hit.message, path, value: undefined } : { ...hit, path };
    },
  });
}

function without(flag: string, { path, name }: Container): Hit {
  return {
    message: `kube-apiserver has no ${flag}`,
    path: concatPath(path, 'command'),
    value: undefined,
    key: name,
    status: 'not-applicable',
  };
}
