/**
 * What the API server fills in before anything else looks at an object (k8s.io/kubernetes
 * pkg/apis/core/v1/defaults.go), for the fields on which a judgement depends. The one place for it.
 */
import type { ContainerSpec, PodSpec, VolumeSpec } from './kinds/pod.ts';
import type { ApiObject } from './objects.ts';
import type { Workload } from './workloads.ts';

/** The sources that a volume names; one with only a name is an emptyDir. */
export function volumeSources(volume: VolumeSpec): string[] {
  const sources = Object.keys(volume).filter((key) => key !== 'name' && (volume as Record<string, unknown>)[key] !== null);
  return sources.length === 0 ? ['emptyDir'] : sources;
}

/** Always for the tag `latest`, also before a digest, and for no tag and no digest; else IfNotPresent. */
export function imagePullPolicy(container: ContainerSpec): string {
  if (container.imagePullPolicy) return container.imagePullPolicy;
  const image = container.image ?? '';
  if (image === '') return 'IfNotPresent';
  const at = image.indexOf('@');
  const name = at < 0 ? image : image.slice(0, at);
  const colon = name.lastIndexOf(':');
  // Before the last slash a colon stands for a port.
  if (colon <= name.lastIndexOf('/')) return at < 0 ? 'Always' : 'IfNotPresent';
  return name.slice(colon + 1) === 'latest' ? 'Always' : 'IfNotPresent';
}

/** Whether a token is mounted: the pod's own field wins over the service account's; true where neither says. */
export function automountsToken(pod: PodSpec, account: ApiObject<'ServiceAccount'> | undefined): boolean {
  return pod.automountServiceAccountToken ?? account?.body.automountServiceAccountToken ?? true;
}

/** Replicas of a kind that has them: 1 where unset; undefined for kinds that run as often as they are asked to. */
export function replicasOf(workload: Workload): number | undefined {
  const kind = workload.object.known;
  if (
    kind !== 'Deployment' &&
    kind !== 'StatefulSet' &&
    kind !== 'ReplicaSet' &&
    kind !== 'ReplicationController' &&
    kind !== 'Rollout' &&
    kind !== 'DeploymentConfig'
  ) {
    return undefined;
  }
  return (workload.object as ApiObject<'Deployment'>).body.spec?.replicas ?? 1;
}
