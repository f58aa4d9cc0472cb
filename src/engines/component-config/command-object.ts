/** A process as the pod that would run it, so that one rule judges manifests and processes alike. */
import type { Origin, ProcessFact, SourceObject } from '../../snapshot/index.ts';
import type { ComponentName } from '../command-line/index.ts';
import type { Locate } from './provenance.ts';

export interface SeenObject {
  readonly source: SourceObject;
  readonly component: ComponentName | undefined;
  readonly locate: Locate;
}

/** One word of a command line, and what shows it where that is not the process itself. */
export interface Word {
  readonly text: string;
  /** As its command line names it; left out where that is its place in `command`. */
  readonly of?: string;
  readonly shown?: ReturnType<Locate>;
}

export interface Command {
  readonly component: ComponentName;
  readonly words: readonly Word[];
  readonly environment?: ProcessFact['environment'];
  /** The process, or the unit that would start it. */
  readonly origin: Origin;
  /** What the list of words is called there: `argv`, `ExecStart`. */
  readonly list: string;
}

const CONTAINER = 'spec.containers[0]';

export function objectOfCommand({ component, words, environment = {}, origin, list }: Command): SeenObject {
  const names = Object.keys(environment);
  const container = {
    name: component,
    command: words.map(({ text }) => text),
    env: names.map((name) => ({ name, value: environment[name] })),
  };
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: component, namespace: 'kube-system' },
    spec: { containers: [container] },
  };
  return {
    // Another object than what people are shown: two processes have the same.
    source: { object, origin: { ...origin } },
    component,
    locate(path) {
      const inside = path.startsWith(`${CONTAINER}.`) ? path.slice(CONTAINER.length + 1) : '';
      const [, field, index] = /^(command|env)(?:\[(\d+)\])?/.exec(inside) ?? [];
      const word = field === 'command' && index !== undefined ? words[Number(index)] : undefined;
      if (word?.shown !== undefined) return word.shown;
      if (field === 'env' && index !== undefined) return { origin, path: `environ.${names[Number(index)]}` };
      return { origin, path: index === undefined ? list : `${list}[${index}]` };
    },
  };
}

export function originOfProcess(node: string, pid: number): Origin {
  return { source: `${node}:/proc/${pid}/cmdline`, line: 1, format: 'json', prefix: [] };
}
