/**
 * Leaves out of objects what changes by itself, so that two snapshots of an unchanged cluster are the same bytes, and
 * the record of who set what where a controller makes the object: it says nothing that the controller's object does not.
 * docs/clusters.md lists what is left out.
 */
import { isRecord } from '../../lib/record.ts';

type Fields = Record<string, unknown>;

const LEADER = 'control-plane.alpha.kubernetes.io/leader';

/** Changes the object, which nobody else holds yet. */
export function steady(object: Fields): void {
  const { kind, metadata } = object;
  if (!isRecord(metadata)) return;
  if (isMade(metadata)) delete metadata.managedFields;
  const { annotations } = metadata;
  if (isRecord(annotations) && LEADER in annotations) {
    delete annotations[LEADER];
    forgetVersion(metadata);
  }
  if (kind === 'Node') {
    forgetVersion(metadata);
    if (isRecord(object.status)) dropHeartbeats(object.status);
  } else if (kind === 'HorizontalPodAutoscaler') {
    forgetVersion(metadata);
    delete object.status;
  } else if (isCustom(object)) {
    // Operators write when they last looked, some of them every minute.
    delete metadata.resourceVersion;
    delete object.status;
  }
}

/** Of an API group that is not Kubernetes' own: those have no dot or end in k8s.io. */
function isCustom({ apiVersion }: Fields): boolean {
  const group = typeof apiVersion === 'string' && apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return group.includes('.') && (!group.endsWith('.k8s.io') || OUTSIDE.has(group));
}
/** They end so, but live in custom resources all the same. */
const OUTSIDE = new Set(['gateway.networking.k8s.io', 'policy.networking.k8s.io']);

function isMade(metadata: Fields): boolean {
  const { ownerReferences } = metadata;
  return Array.isArray(ownerReferences) && ownerReferences.some((owner) => isRecord(owner) && owner.controller === true);
}

function forgetVersion(metadata: Fields): void {
  delete metadata.resourceVersion;
  delete metadata.managedFields;
}

function dropHeartbeats(status: Fields): void {
  if (!Array.isArray(status.conditions)) return;
  for (const condition of status.conditions) if (isRecord(condition)) delete condition.lastHeartbeatTime;
}
