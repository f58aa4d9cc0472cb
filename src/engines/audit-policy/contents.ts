/** Whether the log keeps the contents of credentials: it is read by more people than the objects themselves. */
import { partsOf, type Part, type Share } from './hidden-by.ts';
import { type AuditPolicy, type Level, isAtLeast } from './policy.ts';
import { AUTHENTICATED, type RequestSet, type ResourceScope } from './request-set.ts';

export interface ContentClass {
  readonly id: 'secrets' | 'configmaps' | 'tokenreviews' | 'serviceaccounts/token';
  readonly title: string;
  readonly requests: RequestSet;
  /** From which level on a body that holds the contents is in the log. */
  readonly from: Level;
}

export interface StoredContents {
  readonly id: ContentClass['id'];
  readonly title: string;
  readonly stored: Share;
  /** The parts of the policy that store them. */
  readonly parts: readonly Part[];
}

const SENT = ['create', 'update', 'patch'] as const;
/** The answer to a deletion of many lists what was deleted; that to one names it, unless finalizers keep it. */
const ANSWERED = ['get', 'list', 'delete', 'deletecollection'] as const;

/** A watch is left out: what it streams is never logged. */
export const CONTENT_CLASSES: readonly ContentClass[] = [
  content({ id: 'secrets', title: 'Secrets', from: 'Request' }, SENT, ['', 'secrets', 'namespaced']),
  content({ id: 'secrets', title: 'Secrets', from: 'RequestResponse' }, ANSWERED, ['', 'secrets', 'namespaced']),
  content({ id: 'configmaps', title: 'ConfigMaps', from: 'Request' }, SENT, ['', 'configmaps', 'namespaced']),
  content({ id: 'configmaps', title: 'ConfigMaps', from: 'RequestResponse' }, ANSWERED, ['', 'configmaps', 'namespaced']),
  content({ id: 'tokenreviews', title: 'TokenReviews', from: 'Request' }, ['create'], ['authentication.k8s.io', 'tokenreviews', 'cluster']),
  content(
    { id: 'serviceaccounts/token', title: 'tokens of service accounts', from: 'RequestResponse' },
    ['create'],
    ['', 'serviceaccounts/token', 'namespaced'],
  ),
];

export function storedContents(policy: AuditPolicy): StoredContents[] {
  const found = new Map<ContentClass['id'], StoredContents>();
  for (const { id, title, requests, from } of CONTENT_CLASSES) {
    const { parts, exact } = partsOf(policy, requests);
    const storing = parts.filter(({ level }) => isAtLeast(level, from));
    const stored = storing.length === 0 ? 'never' : storing.length === parts.length ? 'always' : exact ? 'sometimes' : 'maybe';
    const before = found.get(id);
    found.set(id, before === undefined ? { id, title, stored, parts: storing } : joined(before, { id, title, stored, parts: storing }));
  }
  return [...found.values()];
}

function joined(a: StoredContents, b: StoredContents): StoredContents {
  const stored = a.stored === b.stored ? a.stored : a.stored === 'maybe' || b.stored === 'maybe' ? 'maybe' : 'sometimes';
  return { ...a, stored, parts: [...a.parts, ...b.parts] };
}

function content(
  header: Pick<ContentClass, 'id' | 'title' | 'from'>,
  verbs: readonly string[],
  [group, whole, scope]: readonly [string, string, ResourceScope],
): ContentClass {
  const [resource = '', subresource = ''] = whole.split('/');
  return { ...header, requests: { who: AUTHENTICATED, verbs, targets: [{ group, resource, subresource, scope }], paths: [] } };
}
