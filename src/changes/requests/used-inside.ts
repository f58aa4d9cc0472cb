/** Rights that the server asks for while it answers another request of the same user, which is all that the log has. */
import { withImplicitGroups } from '../../engines/rbac/index.ts';
import type { RequestUse, UseRecord } from '../../record/index.ts';
import type { RequestEvidence } from './evidence.ts';
import type { LostRight } from './lost.ts';

const WRITES = new Set(['create', 'update', 'patch']);
const POLICIES = /^(validating|mutating)admissionpolic(ies|ybindings)$/;

/** Whether a request that was seen may have asked for the right too. */
export function mayBeUsedInside(
  right: LostRight,
  { record, ownersChecked = false }: Pick<RequestEvidence, 'record' | 'ownersChecked'>,
): boolean {
  if (record === undefined) return false;
  const { subject, verb, apiGroup, resource } = right;
  const isOne = (...verbs: readonly string[]): boolean => verb === '*' || verbs.includes(verb);
  const isSame = ({ asked }: RequestUse): boolean =>
    asked.subresource === '' &&
    (resource === '*' || asked.resource === resource) &&
    (apiGroup === '*' || asked.apiGroup === apiGroup) &&
    WRITES.has(asked.verb);
  return record.requests.some((use) => {
    const { asked, allowed, unclear, actor } = use;
    if (allowed + unclear === 0) return false;
    const isUsed =
      (isOne('create') && isSame(use) && asked.verb !== 'create' && isOfGoogle(use, record)) ||
      (isOne('delete') && ownersChecked && isSame(use)) ||
      (isOne('get', 'list') && isPolicyWrite(use));
    if (!isUsed) return false;
    const { name, groups } = withImplicitGroups(record.actors[actor] ?? { name: '', groups: [] });
    return subject.kind === 'Group' ? groups.includes(subject.name) : name === subject.userName;
  });
}

/** Their log does not tell whether an update or an apply made the object, for which `create` is asked (handlers: patch.go, update.go). */
function isOfGoogle({ streams: from }: RequestUse, { streams }: UseRecord): boolean {
  return from.some((index) => streams[index]?.formats.includes('google') === true);
}

/** Who writes a policy with parameters has to be able to read these (pkg/registry/admissionregistration: authz.go). */
function isPolicyWrite({ asked: { apiGroup, resource, verb } }: RequestUse): boolean {
  return apiGroup === 'admissionregistration.k8s.io' && POLICIES.test(resource) && WRITES.has(verb);
}
