/**
 * The short way to see that a pod is what its template says: nearly all of its parts are the very same objects
 * (lean.ts). Where it cannot tell, the whole is compared (effective.ts).
 */
import { isOwnToleration, isSecurityAnnotation, isTokenMount } from './admitted.ts';
import { POD } from './alike.ts';
import type { ContainerSpec, PodSpec } from './kinds/pod.ts';
import type { Workload } from './workloads.ts';

type Fields = Readonly<Record<string, unknown>>;

const CONTAINERS: ReadonlySet<string> = new Set(['containers', 'initContainers', 'ephemeralContainers']);

/** `tokens` are the names of the volumes with the token of the account. */
export function hasSameParts(workload: Workload, root: Workload, tokens: ReadonlySet<string>): boolean {
  if (!hasSameMarks(workload, root) || workload.serviceAccount !== root.serviceAccount) return false;
  const { pod } = workload;
  const plan = root.pod;
  if (pod === plan) return true;
  for (const key in plan) if (!(key in pod) && POD[key]?.ignored !== true) return false;
  for (const key in pod) {
    const value = pod[key as keyof PodSpec];
    const planned = plan[key as keyof PodSpec];
    if (value === planned || POD[key]?.ignored === true) continue;
    if (CONTAINERS.has(key)) {
      if (!sameContainers(value as readonly ContainerSpec[], planned as readonly ContainerSpec[] | undefined, tokens)) return false;
    } else if (key === 'volumes') {
      if (!isListAnd(pod.volumes, plan.volumes, ({ name = '' }) => tokens.has(name))) return false;
    } else if (key !== 'tolerations' || plan.tolerations !== undefined || pod.tolerations?.every(isOwnToleration) !== true) return false;
  }
  return true;
}

function hasSameMarks(workload: Workload, root: Workload): boolean {
  for (const key in root.labels) if (workload.labels[key] !== root.labels[key]) return false;
  for (const key in root.annotations) if (isSecurityAnnotation(key)) return false;
  for (const key in workload.annotations) if (isSecurityAnnotation(key)) return false;
  return true;
}

function sameContainers(
  list: readonly ContainerSpec[],
  planned: readonly ContainerSpec[] | undefined,
  tokens: ReadonlySet<string>,
): boolean {
  if (list.length !== planned?.length) return false;
  return list.every((container, index) => {
    const plan: ContainerSpec = planned[index] ?? {};
    for (const key in plan) if (!(key in container)) return false;
    for (const key in container) {
      if ((container as Fields)[key] === (plan as Fields)[key]) continue;
      const isToken = (mount: NonNullable<ContainerSpec['volumeMounts']>[number]): boolean =>
        tokens.has(mount.name ?? '') && isTokenMount(mount);
      if (key !== 'volumeMounts' || !isListAnd(container.volumeMounts, plan.volumeMounts, isToken)) return false;
    }
    return true;
  });
}

/** Whether a list is what was planned, and after that only what is given. */
function isListAnd<T>(list: readonly T[] = [], planned: readonly T[] = [], isGiven: (element: T) => boolean): boolean {
  return (
    list.length >= planned.length &&
    list.every((element, index) => (index < planned.length ? element === planned[index] : isGiven(element)))
  );
}
