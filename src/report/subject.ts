/** How people name what a finding is about. */
import { printable } from '../lib/terminal.ts';
import { KINDS, type Kind, type Manager, managerOf } from '../model/index.ts';
import type { Finding, FindingSubject } from '../rules/index.ts';

/** `shop/cart` for workloads, `ClusterRole ci-admin` for the rest; safe for a terminal. */
export function displaySubject({ kind, namespace, name, component }: FindingSubject): string {
  if (kind === 'Cluster') return component === undefined ? 'cluster' : printable(`cluster ${component}`);
  if (component !== undefined) return printable(`${kind} ${name} ${component}`);
  const place = namespace === '' ? name : `${namespace}/${name}`;
  return printable(isWorkloadKind(kind) ? place : `${kind} ${place}`);
}

/** `Deployment/shop/cart`, and the container behind it. */
export function fullSubject({ kind, namespace, name, container, component }: FindingSubject): string {
  const place = namespace === '' ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
  const part = container ?? component;
  return printable(part === undefined ? place : `${place} (${part})`);
}

/** What a finding carries beside its message, a line each: the add-on that needs it, and the rules that say the same. */
export function notesOf(finding: Finding): string[] {
  const { addOn, also } = finding;
  const notes: string[] = [];
  if (addOn !== undefined) notes.push(`needed by ${addOn.name} (${addOn.purpose}): ${addOn.reason}`);
  if (also.length > 0) notes.push(`also ${also.join(', ')}`);
  const setBy = setByOf(finding);
  if (setBy !== undefined)
    notes.push(printable(`last set by ${setBy.name}${setBy.time === undefined ? '' : ` on ${setBy.time.slice(0, 10)}`}`));
  return notes;
}

/** Who last set the field that a finding shows, where a server keeps record of it. */
export function setByOf(finding: Finding): Manager | undefined {
  const { object } = finding;
  if (object.managedFields === undefined) return undefined;
  const { subject, evidence } = finding;
  const first = evidence[0];
  // What names a namespace or the cluster points at some object inside.
  if (first === undefined || subject.name !== object.name || subject.kind !== object.kind) return undefined;
  return managerOf(object, first.path);
}

function isWorkloadKind(kind: string): boolean {
  return Object.hasOwn(KINDS, kind) && 'pod' in KINDS[kind as Kind];
}
