/** The component of Kubernetes that a container runs, looked up once for all who ask. */
import { type CommandLine, type ComponentName, commandLineOf } from './components.ts';
import type { ApiObject, Container, Workloads } from '../../model/index.ts';

interface Known {
  line: CommandLine | undefined;
}

const NONE: Known = { line: undefined };
const KNOWN = new WeakMap<Container, Known>();
/** The rules come one after another with the same container: most lookups end here. */
let last: { container: Container | undefined; known: Known } = { container: undefined, known: NONE };

/** The command line, or undefined for all ordinary containers and for those that only prepare something. */
export function processOf(container: Container): CommandLine | undefined {
  if (container === last.container) return last.known.line;
  let known = KNOWN.get(container);
  if (known === undefined) {
    const line = container.type === 'container' || container.type === 'sidecar' ? commandLineOf(container.spec) : undefined;
    known = line === undefined ? NONE : { line };
    // Ordinary containers are soon found to be so again; remembering all of them costs more.
    if (line !== undefined) KNOWN.set(container, known);
  }
  last = { container, known };
  return known.line;
}

export interface Process {
  readonly container: Container;
  readonly line: CommandLine;
}

const PROCESSES = new WeakMap<Workloads, ReadonlyMap<ApiObject, readonly Process[]>>();

/** Every component that the input runs, by the object that runs it. */
export function processesOf(workloads: Workloads): ReadonlyMap<ApiObject, readonly Process[]> {
  const known = PROCESSES.get(workloads);
  if (known !== undefined) return known;
  const found = new Map<ApiObject, Process[]>();
  for (const workload of workloads.all) {
    for (const container of workload.containers) {
      const line = processOf(container);
      if (line === undefined) continue;
      const before = found.get(workload.object);
      if (before === undefined) found.set(workload.object, [{ container, line }]);
      else before.push({ container, line });
    }
  }
  PROCESSES.set(workloads, found);
  return found;
}

export function processesNamed(workloads: Workloads, component: ComponentName): Process[] {
  return [...processesOf(workloads).values()].flat().filter(({ line }) => line.component === component);
}
