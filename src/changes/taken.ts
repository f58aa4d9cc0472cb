/** What API servers refuse of a change, so that nothing that follows from it would be true. */
import { CastellanError } from '../lib/errors.ts';
import { isRecord, textOf } from '../lib/record.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Errors: CAS_CHANGE with what to do instead. */
export function checkTaken(target: string, before: Raw, after: Raw): void {
  if (/^(Cluster)?RoleBinding\//.test(target)) checkRole(target, before.roleRef, after.roleRef);
  if (target.startsWith('Namespace/')) checkLevels(target, before, after);
}

/** pkg/apis/rbac/validation. The kind alone tells the role: a group that is left out is that of RBAC. */
function checkRole(target: string, before: unknown, after: unknown): void {
  const textIn = (value: unknown): string => (isRecord(value) ? `${textOf(value.kind)}/${textOf(value.name)}` : '');
  if (textIn(before) === textIn(after)) return;
  throw new CastellanError('CAS_CHANGE', `${target} cannot be made to give another role: API servers refuse to change roleRef`, {
    remedy: 'Delete the binding and create one with the other role; in a change, as two patches of one target.',
  });
}

const LABEL = /^pod-security\.kubernetes\.io\/(?:enforce|audit|warn)(-version)?$/;

/** k8s.io/pod-security-admission: values that are no level or version are refused where they are new. */
function checkLevels(target: string, before: Raw, after: Raw): void {
  const old = labelsOf(before);
  for (const [key, value] of Object.entries(labelsOf(after))) {
    const [label, version] = LABEL.exec(key) ?? [];
    if (label === undefined || old[key] === value) continue;
    const allowed = version === undefined ? /^(privileged|baseline|restricted)$/ : /^(latest|v1\.(0|[1-9]\d*))$/;
    if (allowed.test(textOf(value))) continue;
    throw new CastellanError('CAS_CHANGE', `${target}: API servers refuse ${label}: ${JSON.stringify(value)}`, {
      remedy: version === undefined ? 'The levels are privileged, baseline and restricted.' : 'A version is latest, or as v1.36.',
    });
  }
}

function labelsOf({ metadata }: Raw): Raw {
  return isRecord(metadata) && isRecord(metadata.labels) ? metadata.labels : {};
}
