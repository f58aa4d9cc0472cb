/** Why a rule is not about a request, as people say it. */
import type { Mismatch, Reason } from './level.ts';
import type { AuditRule } from './policy.ts';

/** What follows "the rule is for …". */
const FOR: Readonly<Record<Mismatch, (rule: AuditRule) => string>> = {
  user: ({ users }) => `the users ${list(users)}`,
  group: ({ userGroups }) => `members of ${list(userGroups)}`,
  verb: ({ verbs }) => `the verbs ${list(verbs)}`,
  'not-a-resource': () => 'resources, and the request is for another path',
  namespace: ({ namespaces }) => list(namespaces.map((name) => (name === '' ? 'what has no namespace' : `namespace ${name}`))),
  resource: () => 'other resources',
  name: () => 'other objects of the resource',
  'not-a-path': () => 'paths that are no resources',
  path: ({ nonResourceURLs }) => `the paths ${list(nonResourceURLs)}`,
};

export function wordsOfReason({ rule: index, because }: Reason, rule: AuditRule): string {
  return `rules[${index}] is for ${FOR[because](rule)}`;
}

const MOST_SHOWN = 5;

function list(values: readonly string[]): string {
  const shown = values.slice(0, MOST_SHOWN).join(', ');
  return values.length > MOST_SHOWN ? `${shown} and ${values.length - MOST_SHOWN} more` : shown;
}
