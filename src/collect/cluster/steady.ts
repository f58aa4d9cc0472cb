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
  }
}

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
