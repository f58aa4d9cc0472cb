/** Who holds a role and where, in words. */
import type { Grant, Subject } from '../../model/index.ts';

const SHOWN = 3;

/** `service account ci/runner, group dev and 2 more`. */
export function holdersText(grants: readonly Grant[]): string {
  return subjectsText(grants.flatMap((grant) => grant.subjects));
}

/** As `holdersText`; the kind is written once for a row of the same kind. */
export function subjectsText(subjects: readonly Subject[]): string {
  const texts = [...new Set(subjects.map(subjectText))];
  const only = KINDS.find((kind) => texts.length > 1 && texts.every((text) => text.startsWith(`${kind} `)));
  if (only === undefined) return listed(texts);
  return `${only}s ${listed(texts.map((text) => text.slice(only.length + 1)))}`;
}

const KINDS = ['service account', 'user', 'group'] as const;

function subjectText(subject: Subject): string {
  if (subject.kind === 'ServiceAccount') return `service account ${subject.namespace}/${subject.name}`;
  return `${subject.kind === 'User' ? 'user' : 'group'} ${subject.name}`;
}

/** `in every namespace`, or the namespaces that the grants are limited to. */
export function whereText(grants: readonly Grant[]): string {
  if (grants.some((grant) => grant.namespace === '')) return 'in every namespace';
  const namespaces = [...new Set(grants.map((grant) => grant.namespace))];
  return `in ${namespaces.length === 1 ? 'namespace' : 'namespaces'} ${listed(namespaces)}`;
}

/** `a, b and c`, or the first three and how many more. */
export function listed(names: readonly string[]): string {
  if (names.length > SHOWN) return `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`;
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
