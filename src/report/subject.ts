/** How people name what a finding is about. */
import { printable } from '../lib/terminal.ts';
import { KINDS, type Kind } from '../model/index.ts';
import type { FindingSubject } from '../rules/index.ts';

/** `shop/cart` for workloads, `ClusterRole ci-admin` for the rest; safe for a terminal. */
export function displaySubject({ kind, namespace, name }: FindingSubject): string {
  if (kind === 'Cluster') return 'cluster';
  const place = namespace === '' ? name : `${namespace}/${name}`;
  return printable(isWorkloadKind(kind) ? place : `${kind} ${place}`);
}

/** `Deployment/shop/cart`, and the container behind it. */
export function fullSubject({ kind, namespace, name, container }: FindingSubject): string {
  const place = namespace === '' ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
  return printable(container === undefined ? place : `${place} (${container})`);
}

function isWorkloadKind(kind: string): boolean {
  return Object.hasOwn(KINDS, kind) && 'pod' in KINDS[kind as Kind];
}
