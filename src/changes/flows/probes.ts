/** On which ports nodes probe the pods of each workload. */
import type { World } from '../../engines/network/index.ts';
import { isRecord, textOf } from '../../lib/record.ts';
import type { SourceObject } from '../../snapshot/index.ts';

const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;
const FORMS = ['httpGet', 'tcpSocket', 'grpc'] as const;
const TEMPLATES = [['spec'], ['spec', 'template', 'spec'], ['spec', 'jobTemplate', 'spec', 'template', 'spec']] as const;

/** By the name that the network gives the workload. `objects` are those of the world. */
export function probedPorts({ pods }: World, objects: readonly SourceObject[]): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  for (const { workload, object, ports } of pods) {
    if (found.has(workload)) continue;
    const named = new Map(ports.map(({ name, number }) => [name, number]));
    const numbers = portsIn(objects[object]?.object).map((port) => (typeof port === 'number' ? port : (named.get(textOf(port)) ?? 0)));
    found.set(workload, new Set(numbers));
  }
  return found;
}

function portsIn(object: unknown): unknown[] {
  return TEMPLATES.flatMap((path) =>
    ['containers', 'initContainers'].flatMap((field) => {
      const containers = at(object, [...path, field]);
      return (Array.isArray(containers) ? (containers as unknown[]) : []).flatMap((container) =>
        PROBES.flatMap((probe) => FORMS.flatMap((form) => at(container, [probe, form, 'port']) ?? [])),
      );
    }),
  );
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => (isRecord(found) ? found[key] : undefined), value);
}
