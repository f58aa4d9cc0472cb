/** Which workloads are judged: those that another one of the input makes are rolled up into it. */
import { isOfCluster } from '../snapshot/index.ts';
import type { ContainerSpec, PodSpec } from './kinds/pod.ts';
import type { ApiObject } from './objects.ts';
import { type Workload, toWorkload } from './workloads.ts';

/**
 * Workloads without those whose controller is in the input too, as far as these run nothing that it does not say, and
 * without those that run nothing any more.
 */
export function rootWorkloads(objects: readonly ApiObject[]): Workload[] {
  const workloads = objects.map(toWorkload).filter((workload) => workload !== undefined);
  if (!workloads.some(({ object }) => controllerOf(object) !== undefined)) return workloads;
  const byName = new Map(workloads.map((workload) => [`${workload.kind}/${workload.namespace}/${workload.name}`, workload]));
  const ownerOf = (workload: Workload): Workload | undefined => {
    const reference = controllerOf(workload.object);
    const owner = reference && byName.get(`${reference.kind}/${workload.namespace}/${reference.name}`);
    // Only a server gives uids. Without them a manifest could name any owner, and hide what it really runs behind it.
    const uid = owner?.object.metadata.uid;
    return uid !== undefined && uid === reference?.uid ? owner : undefined;
  };
  const circles = new Circles(ownerOf);
  return workloads.filter((workload) => {
    if (isFinished(workload)) return false;
    const owner = ownerOf(workload);
    if (owner !== undefined && isHistory(workload, owner)) return false;
    return owner === undefined || circles.has(workload) || !isMadeFrom(workload.pod, owner.pod);
  });
}

/** What a Deployment keeps of its earlier templates, to go back to them. */
function isHistory({ object }: Workload, owner: Workload): boolean {
  return object.known === 'ReplicaSet' && owner.kind === 'Deployment' && (object as ApiObject<'ReplicaSet'>).body.spec?.replicas === 0;
}

/** A pod that ended and is kept for its log. Of a manifest the status says nothing: the server does not take it. */
function isFinished({ object }: Workload): boolean {
  if (object.known !== 'Pod' || !isOfCluster(object.origin) || controllerOf(object) === undefined) return false;
  const phase = (object as ApiObject<'Pod'>).body.status?.phase;
  return phase === 'Succeeded' || phase === 'Failed';
}

function controllerOf(object: ApiObject): NonNullable<ApiObject['metadata']['ownerReferences']>[number] | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

/** Chains of owners that come back to themselves: nobody judges them elsewhere. */
class Circles {
  readonly #ownerOf: (workload: Workload) => Workload | undefined;
  readonly #known = new Map<Workload, boolean>();

  constructor(ownerOf: (workload: Workload) => Workload | undefined) {
    this.#ownerOf = ownerOf;
  }

  has(workload: Workload): boolean {
    const chain = new Set<Workload>();
    let at: Workload | undefined = workload;
    while (at !== undefined && !this.#known.has(at) && !chain.has(at)) {
      chain.add(at);
      at = this.#ownerOf(at);
    }
    const result = at !== undefined && (this.#known.get(at) ?? true);
    for (const link of chain) this.#known.set(link, result);
    return result;
  }
}

/**
 * Whether a pod holds no more than its owner's template: containers that were injected or added for debugging, other
 * images and rights make it one of its own.
 */
function isMadeFrom(pod: PodSpec, template: PodSpec): boolean {
  if (pod.hostNetwork !== template.hostNetwork || pod.hostPID !== template.hostPID || pod.hostIPC !== template.hostIPC) return false;
  const paths = new Set((template.volumes ?? []).map(({ hostPath }) => hostPath?.path));
  if ((pod.volumes ?? []).some(({ hostPath }) => hostPath !== undefined && !paths.has(hostPath.path))) return false;
  return LISTS.every((list) => (pod[list] ?? []).every((container) => isOneOf(container, template[list] ?? [])));
}

const LISTS = ['containers', 'initContainers', 'ephemeralContainers'] as const;

function isOneOf(container: ContainerSpec, planned: readonly ContainerSpec[]): boolean {
  const plan = planned.find(({ name }) => name === container.name);
  return (
    plan !== undefined &&
    plan.image === container.image &&
    // Of a cluster they are often one and the same.
    (plan.securityContext === container.securityContext ||
      JSON.stringify(plan.securityContext ?? {}) === JSON.stringify(container.securityContext ?? {}))
  );
}
