/** When a container should have a probe. */
import type { Container, ContainerSpec } from '../../model/index.ts';

type ProbeField = 'livenessProbe' | 'readinessProbe';

/**
 * Whether the container runs as long as its pod and lacks the probe. Init and ephemeral containers may have none, pods
 * that run to an end need none, and a helper that offers no port stands in the shadow of a container that is probed.
 */
export function lacksProbe({ spec, type, workload }: Container, field: ProbeField): boolean {
  if (spec[field] !== undefined || (type !== 'container' && type !== 'sidecar')) return false;
  const { kind, pod } = workload;
  if (kind === 'Job' || kind === 'CronJob' || kind === 'PodTemplate') return false;
  if (pod.restartPolicy === 'Never' || pod.restartPolicy === 'OnFailure') return false;
  if ((spec.ports ?? []).length > 0) return true;
  return !workload.containers.some((other) => other.spec !== spec && isProbed(other.spec, field));
}

function isProbed(spec: ContainerSpec, field: ProbeField): boolean {
  return spec[field] !== undefined;
}
