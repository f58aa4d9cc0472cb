import type { ContainerSpec } from '../../../model/index.ts';
import type { Control } from '../control.ts';

type Handler = NonNullable<ContainerSpec['livenessProbe']> | NonNullable<NonNullable<ContainerSpec['lifecycle']>['postStart']>;

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const HOOKS = ['postStart', 'preStop'] as const;
const ACTIONS = ['httpGet', 'tcpSocket'] as const;

/** The kubelet opens these connections: a host makes the node reach places that the pod itself may not. */
export const hostProbesAndHostLifecycle: Control = {
  id: 'hostProbesAndHostLifecycle',
  level: 'baseline',
  reason: 'probe or lifecycle hook that names a host',
  versions: [
    {
      since: 34,
      check({ containers }) {
        const paths: string[] = [];
        for (const { spec, path } of containers) {
          for (const probe of PROBES) paths.push(...hostsOf(spec[probe], `${path}.${probe}`));
          for (const hook of HOOKS) paths.push(...hostsOf(spec.lifecycle?.[hook], `${path}.lifecycle.${hook}`));
        }
        return paths;
      },
    },
  ],
};

function hostsOf(handler: Handler | undefined, path: string): string[] {
  if (handler === undefined) return [];
  return ACTIONS.filter((action) => (handler[action]?.host ?? '') !== '').map((action) => `${path}.${action}.host`);
}
