/** Where the engine and a server answer differently on purpose. */
import type { Fields } from '../filled-in/served.ts';
import type { Release } from '../parts.ts';

export interface Difference {
  release: Release;
  pod: Fields;
  /** The controls that only one of them names. */
  controls: readonly string[];
}

interface Explanation {
  control: string;
  release?: Release;
  /** Whether a pod is what it is about. */
  holds: (spec: Spec) => boolean;
  why: string;
}

interface Spec {
  hostNetwork?: boolean;
  volumes?: readonly Fields[];
  containers?: readonly Ported[];
  initContainers?: readonly Ported[];
}
type Ported = { ports?: readonly { hostPort?: number }[] };

const EXPLANATIONS: readonly Explanation[] = [
  {
    control: 'restrictedVolumes',
    holds: ({ volumes = [] }) => volumes.some((volume) => 'futureSource' in volume),
    why: 'a source that the server does not know is dropped, and the volume becomes an emptyDir; a newer server may know it',
  },
  {
    control: 'restrictedVolumes',
    release: '1.31.0',
    holds: ({ volumes = [] }) => volumes.some((volume) => 'image' in volume),
    why: 'behind its feature gate 1.31.0 had image volumes, which its check did not know; later releases allow them at every version',
  },
  {
    control: 'hostPorts',
    holds: ({ hostNetwork, containers = [], initContainers = [] }) =>
      hostNetwork === true && [...containers, ...initContainers].some(({ ports = [] }) => ports.some(({ hostPort = 0 }) => hostPort === 0)),
    why:
      'of a pod in the network of the node the server writes each port as hostPort too, of a template it does not; ' +
      'the engine judges what is written, and both fail for hostNetwork',
  },
];

/** The explanation that covers all of a difference. */
export function explanationOf({ release, pod, controls }: Difference): Explanation | undefined {
  const isOf = (only: Release | undefined): boolean => only === undefined || only === release;
  return EXPLANATIONS.find((each) => controls.join(' ') === each.control && isOf(each.release) && each.holds((pod.spec ?? {}) as Spec));
}

export function explanationsOf(release: Release): string[] {
  return EXPLANATIONS.filter(({ release: only }) => only === undefined || only === release).map(({ why }) => why);
}
