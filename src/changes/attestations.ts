/** What people say of use overrules silence, and never what was recorded. */
import { accountUserName, uncovered, urlMatches, withImplicitGroups } from '../engines/rbac/index.ts';
import type { Rbac, RuleContent, Subject, User } from '../engines/rbac/index.ts';
import { type Attestation, attestationText } from '../rules/index.ts';
import type { Denial } from './proof.ts';
import type { LostRight } from './requests/lost.ts';

type AttestedRight = Extract<Attestation['what'], { kind: 'right' }>;

export class Attestations {
  /** What still counts. */
  readonly valid: readonly Attestation[];
  readonly expired: readonly Attestation[];

  /** `today` as 2026-11-30. */
  constructor(all: readonly Attestation[], today: string) {
    // Of two about the same use the one counts that keeps it.
    this.valid = all.filter(({ until }) => until >= today).toSorted((a, b) => Number(b.needed) - Number(a.needed));
    this.expired = all.filter(({ until }) => until < today);
  }

  /** Who says that nobody needs a right. */
  notNeeded({ subject, verb, apiGroup, resource, path, namespace }: LostRight): Attestation | undefined {
    return this.valid.find(({ needed, what, of }) => {
      if (needed || what.kind !== 'right' || of !== refOfSubject(subject)) return false;
      if (what.namespace !== '' && what.namespace !== namespace) return false;
      if (!what.verbs.includes(verb) && !what.verbs.includes('*')) return false;
      if (path !== '' || what.path !== '') return path === what.path;
      return (what.resource === '*' || what.resource === resource) && (what.apiGroup === '*' || what.apiGroup === apiGroup);
    });
  }

  /**
   * What people need and would be refused: any part of it that is lost counts, whether the subject has it by its own name
   * or by a group that the server puts it into. `movedTo` is whom a workload of the subject runs as afterwards.
   */
  neededRights(lost: readonly LostRight[], after: Rbac, movedTo?: User): { denies: Denial[]; said: string[] } {
    const denies: Denial[] = [];
    const said: string[] = [];
    for (const attestation of this.valid) {
      const { needed, what, of, text } = attestation;
      if (!needed || what.kind !== 'right') continue;
      const user = userOf(of);
      const isLost = lost.some(
        (right) => isHeldBy(user, right.subject) && overlaps(what, right) && !isKept(narrowed(what, right), movedTo ?? user, after),
      );
      if (!isLost) continue;
      denies.push({ who: user.name === '' ? of : user.name, what: text, count: 0, last: 0 });
      said.push(attestationText(attestation));
    }
    return { denies, said };
  }

  /** Those about a right of which whom they are of has no part: a word that is misspelt says nothing. */
  ofNothing(rbac: Rbac): Attestation[] {
    return this.valid.filter(({ what, of }) => what.kind === 'right' && !mayHave(userOf(of), what, rbac));
  }

  /** Whether somebody says anything of the token of a workload. */
  ofToken(ref: string): Attestation | undefined {
    return this.valid.find(({ what, of }) => what.kind === 'token' && of === ref);
  }

  /** Whether somebody says anything of others than the API server that know a workload by its account. */
  ofIdentity(ref: string): Attestation | undefined {
    return this.valid.find(({ what, of }) => what.kind === 'identity' && of === ref);
  }

  /** Whether somebody says anything of a connection, by the names that the network gives its ends. */
  ofConnection({ src, dst }: { src: string; dst: string }): Attestation | undefined {
    return this.valid.find(({ what, of }) => what.kind === 'connection' && of === src && what.to === dst);
  }
}

function isHeldBy({ name, groups }: User, subject: Subject): boolean {
  return subject.kind === 'Group' ? groups.includes(subject.name) : name !== '' && subject.userName === name;
}

/** Whether a lost right is some of what is needed, or all of it and more. A right to few names is some of one to all. */
function overlaps(what: AttestedRight, { verb, apiGroup, resource, path, namespace }: LostRight): boolean {
  if (what.namespace !== '' && namespace !== '' && what.namespace !== namespace) return false;
  if (!what.verbs.some((one) => isEither(one, verb))) return false;
  if (path !== '' || what.path !== '')
    return path !== '' && what.path !== '' && (urlMatches(path, what.path) || urlMatches(what.path, path));
  return isEither(what.apiGroup, apiGroup) && isEitherResource(what.resource, resource);
}

/** Of a role that is not here nobody knows what it gives. */
function mayHave(user: User, what: AttestedRight, rbac: Rbac): boolean {
  return rbac.bindingsOf(user).some(({ binding: { namespace, role } }) => {
    if (what.namespace !== '' && namespace !== '' && what.namespace !== namespace) return false;
    return role === undefined || role.rules.some(({ rule }) => isPartOf(what, rule));
  });
}

function isPartOf(what: AttestedRight, { verbs, apiGroups, resources, nonResourceURLs }: RuleContent): boolean {
  if (!what.verbs.some((verb) => verbs.some((one) => isEither(one, verb)))) return false;
  if (what.path !== '') return nonResourceURLs.some((url) => urlMatches(url, what.path) || urlMatches(what.path, url));
  return apiGroups.some((one) => isEither(one, what.apiGroup)) && resources.some((one) => isEitherResource(one, what.resource));
}

/** What is both lost and needed, as a rule and where. */
function narrowed(what: AttestedRight, right: LostRight): { rule: RuleContent; namespace: string } {
  const either = (one: string, other: string): string => (other === '*' ? one : other);
  const isPath = right.path !== '';
  return {
    namespace: right.namespace === '' ? what.namespace : right.namespace,
    rule: {
      verbs: right.verb === '*' ? what.verbs : [right.verb],
      apiGroups: isPath ? [] : [either(what.apiGroup, right.apiGroup)],
      resources: isPath ? [] : [right.resource.startsWith('*') ? what.resource : right.resource],
      resourceNames: right.names,
      nonResourceURLs: isPath ? [urlMatches(right.path, what.path) ? what.path : right.path] : [],
    },
  };
}

/** Whether another binding, maybe of another of his names, still gives it. */
function isKept({ rule, namespace }: { rule: RuleContent; namespace: string }, user: User, after: Rbac): boolean {
  const left = after.rulesFor(user, namespace).map((one) => one.rule);
  return uncovered(left, [rule]).length === 0;
}

function isEither(one: string, other: string): boolean {
  return one === other || one === '*' || other === '*';
}

/** `*\/scale` is the subresource of every resource. */
function isEitherResource(one: string, other: string): boolean {
  if (isEither(one, other)) return true;
  const [[main = '', sub], [otherMain = '', otherSub]] = [one.split('/'), other.split('/')];
  return sub !== undefined && sub === otherSub && isEither(main, otherMain);
}

function refOfSubject({ kind, namespace, name }: Subject): string {
  return kind === 'ServiceAccount' ? `ServiceAccount/${namespace}/${name}` : `${kind}/${name}`;
}

/** With the groups that the server adds. */
function userOf(ref: string): User {
  const [kind, ...rest] = ref.split('/');
  const [namespace = '', name = ''] = rest;
  // Whoever is in a group is signed in, or is known to be not.
  if (kind === 'Group') return withImplicitGroups({ name: '', groups: [rest.join('/')] });
  return withImplicitGroups({ name: kind === 'ServiceAccount' ? accountUserName({ namespace, name }) : rest.join('/'), groups: [] });
}
