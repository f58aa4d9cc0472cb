/** A write of a pod, as admission policies see it. What nobody knows of it is open. */
import { Listing, Mapping, SOMETHING, SOME_BOOLEAN, type Value } from '../cel/index.ts';
import type { Labels } from '../../model/index.ts';

export interface PodRequest {
  readonly operation: 'CREATE' | 'UPDATE';
  readonly subresource?: 'ephemeralcontainers';
  readonly namespace: string;
  /** Undefined where whoever writes it chooses. */
  readonly name?: string | undefined;
  readonly labels?: Labels | undefined;
  readonly object: Value;
  readonly user: Value;
}

/** A user of whom nothing is known. */
export const ANYBODY: Value = new Mapping({
  there: { username: SOMETHING },
  maybe: { groups: new Listing([], [SOMETHING]), uid: SOMETHING, extra: SOMETHING },
  open: true,
});

/** An account of a controller in kube-system, as which pods of workloads are created. */
export function controllerUser(name: string): Value {
  const groups = ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'];
  return new Mapping({
    there: { username: `system:serviceaccount:kube-system:${name}`, groups: new Listing(groups), uid: SOMETHING },
    maybe: { extra: SOMETHING },
    open: true,
  });
}

/** The variable `request`. */
export function requestValue({ operation, subresource, namespace, name, user }: PodRequest): Value {
  const kind = new Mapping({ there: { group: '', version: 'v1', kind: 'Pod' } });
  const resource = new Mapping({ there: { group: '', version: 'v1', resource: 'pods' } });
  const there: Record<string, Value> = {
    uid: SOMETHING,
    kind,
    resource,
    requestKind: kind,
    requestResource: resource,
    namespace,
    operation,
    userInfo: user,
    dryRun: SOME_BOOLEAN,
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subResource: subresource, requestSubResource: subresource }),
  };
  return new Mapping({ there, maybe: { options: SOMETHING, ...(name === undefined && { name: SOMETHING }) } });
}
