/**
 * What was asked of the API server, asked again of changed rights. A right that is taken away is only safe to take when
 * the log would have shown its use and did not: every way in which it might not have is looked at by itself, and each
 * that holds makes the verdict unknown.
 */
import { ANONYMOUS, type Rbac, type Subject, type User, accountOf, isNeverNamed, withImplicitGroups } from '../../engines/rbac/index.ts';
import type { Asked, RequestUse, UseRecord } from '../../record/index.ts';
import { attestationText } from '../../rules/index.ts';
import { type Denial, type DomainProof, LEAST_WINDOW, type UnknownBecause, type UnknownCode } from '../proof.ts';
import { askedText, requestOf } from './asked.ts';
import { isAskedIn, isNoRequest } from './asked-inside.ts';
import { boundLater } from './bound-later.ts';
import { type Completeness, DAY, completeness } from './complete.ts';
import { isNeverAsked } from './counters.ts';
import type { AccountUser, RequestEvidence } from './evidence.ts';
import { HandedOn } from './handed-on.ts';
import { type LostRight, lostRights, lostUnknown, rightText, subjectText } from './lost.ts';
import { REVIEWS, hiddenBecause, reviewsHiddenBecause, reviewsIn } from './observable.ts';
import { RecordedStarts } from './recorded-starts.ts';
import { liveDenials } from './seen-live.ts';
import { possibleVerbs, verbsInside } from './together.ts';
import { UsedInside } from './used-inside.ts';
import { usesIn } from './uses.ts';

export interface RequestProof extends DomainProof {
  readonly lost: readonly LostRight[];
  readonly complete: Completeness;
}

/** `before` and `after` are the rights of the whole cluster. */
export function replayRequests(before: Rbac, after: Rbac, evidence: RequestEvidence): RequestProof {
  const lost = lostRights(before, after, evidence);
  const { attestations } = evidence;
  const needed = attestations?.neededRights(lost, after) ?? { denies: [], said: [] };
  const notNeeded = lost.map((right) => attestations?.notNeeded(right));
  const said = [...new Set([...needed.said, ...notNeeded.flatMap((one) => (one === undefined ? [] : [attestationText(one)]))])];
  const silent = lost.filter((_right, index) => notNeeded[index] === undefined);
  const complete = completeness(evidence);
  const { record } = evidence;
  const unknownRoles = [
    ...(evidence.rolesKnown ? [] : lostUnknown(before, after).map((about): UnknownBecause => ({ code: 'role-unknown', about }))),
    ...boundLater(before, after, evidence),
  ];
  // What never gave anything can be taken without a log.
  if (lost.length === 0 && unknownRoles.length === 0)
    return { verdict: 'safe', unknownBecause: [], denies: [], replayed: 0, lost, complete };
  const shown = liveDenials({ before, after }, evidence.seen ?? [], ({ account }) =>
    loserIn(withImplicitGroups({ name: account, groups: [] }), lost),
  );
  const isSilent = silent.length > 0;
  if (record === undefined || complete.streams === 0) {
    const { counters } = evidence;
    const isCounted = isSilent && counters !== undefined && silent.every((right) => isNeverAsked(right, counters));
    const counted: UnknownBecause = { code: 'only-counted', about: counters === undefined ? '' : `since ${dayOf(counters.since)}` };
    const unknownBecause = [...unknownRoles, ...(isCounted ? [counted] : isSilent ? complete.unknownBecause : [])];
    const denies = [...shown, ...needed.denies];
    const verdict = denies.length > 0 ? 'breaks' : unknownBecause.length > 0 ? 'unknown' : 'safe';
    return { verdict, unknownBecause, denies, replayed: 0, lost, complete, said };
  }
  const uses = usesIn(record);
  const losers = record.actors.flatMap((actor, index): ReplayedUser[] => {
    const user = loserIn(withImplicitGroups(actor), lost);
    return user === undefined ? [] : [{ user, requests: uses.of(index) }];
  });
  const { denies: recorded, because } = replay({ before, after }, losers, evidence.minor);
  const denies = [...recorded, ...shown, ...needed.denies];
  const unknownBecause = distinct([
    ...unknownRoles,
    ...because,
    // What people say overrules what the log does not.
    ...(isSilent ? complete.unknownBecause : []),
    ...(isSilent ? silenceDoubts(before, evidence, { complete, lost: silent }) : []),
  ]);
  const verdict = denies.length > 0 ? 'breaks' : unknownBecause.length > 0 ? 'unknown' : 'safe';
  return { verdict, unknownBecause, denies, replayed: uses.count, lost, complete, said };
}

/** What somebody was seen doing. `afterwards` is who he is then, where that is somebody else. */
export interface ReplayedUser {
  readonly user: User;
  readonly afterwards?: User;
  readonly requests: readonly RequestUse[];
}

/** Each distinct use against both states. `minor` is the release of the API servers. */
export function replay(
  { before, after }: { before: Rbac; after: Rbac },
  users: readonly ReplayedUser[],
  minor: number | undefined,
): { denies: Denial[]; because: UnknownBecause[] } {
  const denies = new Map<string, Denial>();
  const because: UnknownBecause[] = [];
  for (const { user, afterwards = user, requests } of users) {
    const [had, has] = [before.authorizer(user), after.authorizer(afterwards)];
    const { name: who } = user;
    const deny = (asked: Asked, use: RequestUse): void => {
      const what = askedText(asked);
      const known = denies.get(`${who}: ${what}`);
      const count = use.allowed + use.unclear + (known?.count ?? 0);
      denies.set(`${who}: ${what}`, { who, what, count, last: Math.max(use.last, known?.last ?? 0) });
    };
    for (const use of requests) {
      const { asked, allowed, unclear } = use;
      if (allowed + unclear === 0) continue;
      const request = requestOf(asked);
      const [was, is] = [had(request).allowed, has(request).allowed];
      // Of folded names nobody can tell whether they were allowed.
      if (!was && allowed > 0 && asked.through === 'request' && asked.name !== undefined)
        because.push({ code: 'baseline-differs', about: `${who}: ${askedText(asked)}` });
      if (was && !is) deny(asked, use);
      const isTaken = (one: Asked): boolean => had(requestOf(one)).allowed && !has(requestOf(one)).allowed;
      for (const verb of verbsInside(asked, minor)) if (isTaken({ ...asked, verb })) deny({ ...asked, verb }, use);
      // What only named rights allow may have been used under one of the names.
      if (asked.name === undefined && !is) because.push({ code: 'names-many', about: `${who}: ${askedText(asked)}` });
      for (const verb of asked.subresource === '' ? possibleVerbs(asked) : []) {
        const name = isNeverNamed({ verb, subresource: asked.subresource }) ? '' : asked.name;
        const implied = { ...asked, verb, name };
        if (isTaken(implied)) because.push({ code: 'used-together', about: `${who}: ${askedText(implied)}` });
      }
    }
  }
  const sorted = [...denies.values()].toSorted((a, b) => b.count - a.count || (a.who + a.what < b.who + b.what ? -1 : 1));
  return { denies: sorted, because };
}

/** The user with all groups that the server adds, where something is taken from him. */
function loserIn(user: User, lost: readonly LostRight[]): User | undefined {
  const isHis = ({ subject }: LostRight): boolean =>
    subject.kind === 'Group' ? user.groups.includes(subject.name) : subject.userName === user.name;
  return lost.some(isHis) ? user : undefined;
}

/** Controllers of the control plane have accounts and no pods. They act when nodes fail, volumes grow, objects go. */
function isOfKubernetes(userName: string, workloads: readonly AccountUser[]): boolean {
  const account = accountOf(userName);
  return account === undefined ? userName.startsWith('system:') : account.namespace === 'kube-system' && workloads.length === 0;
}

const READS = new Set(['get', 'list', 'watch']);

function isPerson({ kind, name }: Subject): boolean {
  return kind === 'User' && !name.startsWith('system:');
}

/** Why the silence of the log says nothing of rights that somebody loses. */
export function silenceDoubts(
  before: Rbac,
  evidence: RequestEvidence,
  about: { complete: Completeness; lost: readonly LostRight[] },
): Iterable<UnknownBecause> {
  return new Silence(before, evidence, about).doubts();
}

/** What may have been used without the log showing it. */
class Silence {
  readonly #before: Rbac;
  readonly #evidence: RequestEvidence;
  readonly #complete: Completeness;
  readonly #lost: readonly LostRight[];
  readonly #seen: ReadonlySet<string>;
  readonly #record: UseRecord;
  readonly #starts: RecordedStarts;
  readonly #handedOn: HandedOn;
  readonly #usedInside: UsedInside;

  constructor(before: Rbac, evidence: RequestEvidence, { complete, lost }: { complete: Completeness; lost: readonly LostRight[] }) {
    this.#before = before;
    this.#evidence = evidence;
    this.#complete = complete;
    this.#lost = lost;
    this.#record = evidence.record ?? { streams: [], actors: [], requests: [], flows: [], addresses: [], versions: [] };
    this.#starts = new RecordedStarts(this.#record);
    this.#handedOn = new HandedOn(before, this.#record);
    this.#usedInside = new UsedInside(this.#record, evidence);
    this.#seen = usesIn(this.#record).active;
  }

  *doubts(): Generator<UnknownBecause> {
    const subjects = new Map<Subject, LostRight[]>();
    for (const right of this.#lost) subjects.set(right.subject, [...(subjects.get(right.subject) ?? []), right]);
    for (const [subject, rights] of subjects) {
      yield* this.#ofSubject(subject);
      for (const right of rights) yield* this.#ofRight(right);
    }
    yield* this.#refused();
    const hidden = reviewsHiddenBecause(this.#askers(), this.#lost, this.#evidence);
    if (hidden !== undefined) yield { code: hidden, about: 'questions of components about rights: create subjectaccessreviews' };
    else if (this.#hasUnknownReviews()) yield { code: 'asked-by-others', about: '' };
  }

  /**
   * What was only ever refused and would be allowed today was given in between: whoever was kept from the one thing may not
   * have come to the other. A server that starts refuses for a while, but then not always.
   */
  *#refused(): Generator<UnknownBecause> {
    const { leastWindow = LEAST_WINDOW } = this.#evidence;
    const { window } = this.#complete;
    if (window === undefined) return;
    const { actors } = this.#record;
    const losers = new Map<number, User | undefined>();
    for (const { actor, asked, last } of usesIn(this.#record).refused) {
      if (window.to - last >= leastWindow) continue;
      if (!losers.has(actor)) losers.set(actor, loserIn(withImplicitGroups(actors[actor] ?? { name: '', groups: [] }), this.#lost));
      const user = losers.get(actor);
      if (user === undefined || asked.through !== 'request' || asked.name === undefined) continue;
      if (this.#before.authorize(user, requestOf(asked)).allowed)
        yield { code: 'baseline-differs', about: `${user.name}: ${askedText(asked)}, which was refused` };
    }
  }

  *#ofSubject(subject: Subject): Generator<UnknownBecause> {
    const about = subjectText(subject);
    if (subject.kind === 'Group') {
      const members = this.#membersOf(subject.name);
      if (members === undefined) yield { code: 'members-unknown', about };
      else for (const member of members) yield* this.#ofUser(member, member);
    } else yield* this.#ofUser(subject.userName, about);
  }

  *#ofUser(userName: string, about: string): Generator<UnknownBecause> {
    if (!this.#seen.has(userName)) yield { code: 'subject-silent', about };
    const workloads = this.#evidence.users.filter(({ account }) => account === userName);
    for (const workload of workloads) yield* this.#ofWorkload(workload, this.#starts.of(workload.ref));
    for (const other of this.#evidence.others ?? [])
      if (other.account === userName) yield* this.#ofWorkload(other, this.#starts.under(other.ref));
    // Whoever has no credentials is not always the same.
    if (userName === ANONYMOUS) yield { code: 'members-unknown', about };
    else if (isOfKubernetes(userName, workloads)) yield { code: 'rare-component', about: `${about}, a part of Kubernetes itself` };
  }

  *#ofWorkload({ ref, starts, since, period, rare }: AccountUser, recorded: readonly number[]): Generator<UnknownBecause> {
    const { window } = this.#complete;
    if (window === undefined) return;
    const all = [...starts, ...recorded];
    const seen = all.filter((start) => start >= window.from && start < window.to);
    // What runs now may be of a template that came after the record.
    const isNewer = period === undefined && starts.length > 0 && starts.every((start) => start >= window.to);
    if (seen.length === 0 || isNewer) yield { code: 'no-start-seen', about: ref };
    // What came during the record was watched for less than all of it.
    const { leastWindow = LEAST_WINDOW } = this.#evidence;
    if (since !== undefined && since > window.from && window.to - since < leastWindow)
      yield {
        code: 'window-short',
        about: `${ref} is there for ${((window.to - since) / DAY).toFixed(1)} of ${(leastWindow / DAY).toFixed(0)} days`,
      };
    // Pods of one run start within a part of the time between two.
    const between = Math.max(...seen) - Math.min(...seen);
    if (period !== undefined && (2 * period > window.to - window.from || between < period / 2))
      yield { code: 'schedule-unseen', about: ref };
    if (rare !== undefined) yield { code: 'rare-component', about: `${ref}, ${rare}` };
  }

  *#ofRight(right: LostRight): Generator<UnknownBecause> {
    const about = `${subjectText(right.subject)}: ${rightText(right)}`;
    const isVirtual = isNoRequest(right) && !this.#wasAsked(right);
    const isInside = isVirtual || isAskedIn(this.#evidence.asking ?? [], right);
    if (isInside || isOfNode(right)) yield { code: 'not-a-request', about };
    yield* this.#newRight(right, about);
    if (this.#usedInside.may(right)) yield { code: 'used-together', about };
    if (this.#handedOn.mayHold(right)) yield { code: 'handed-on', about };
    const impersonators = isVirtual ? [] : this.#impersonatorsOf(right.subject);
    const hidden: UnknownCode | undefined = isVirtual ? undefined : hiddenBecause(right, impersonators, this.#evidence);
    if (hidden !== undefined && !this.#isNeverAsked(right)) yield { code: hidden, about };
    // Workloads of the kind are known by their names; of people anybody may be on call.
    if (!isVirtual && isPerson(right.subject) && !READS.has(right.verb)) yield { code: 'rare-person', about };
  }

  /** What was given during the record was watched for less than all of it; by whatever gives it longest. */
  *#newRight({ subject, verb, apiGroup, resource, names, path, namespace }: LostRight, about: string): Generator<UnknownBecause> {
    const { grantedSince, leastWindow = LEAST_WINDOW } = this.#evidence;
    const { window } = this.#complete;
    if (window === undefined || grantedSince === undefined || grantedSince.size === 0) return;
    const [main = '', subresource = ''] = resource.split('/');
    const action = path === '' ? { verb, apiGroup, resource: main, subresource, name: names[0] ?? '' } : { verb, path };
    const since = this.#before
      .allowing(action, namespace)
      .filter(({ binding }) => binding.subjects.some((one) => one.subject === subject))
      .map(({ binding, roleRule }) => Math.max(grantedSince.get(binding.ref) ?? 0, grantedSince.get(roleRule.role.ref) ?? 0));
    const first = Math.min(...since);
    if (since.length === 0 || first <= window.from || window.to - first >= leastWindow) return;
    const days = Math.max(0, (window.to - first) / DAY).toFixed(1);
    yield { code: 'window-short', about: `${about} is given for ${days} of ${(leastWindow / DAY).toFixed(0)} days` };
  }

  /** Extensions of the API serve subresources of their own: one that anybody asked for is a request. */
  #wasAsked({ verb, apiGroup, resource }: LostRight): boolean {
    if (!resource.includes('/') || resource.endsWith('/finalizers')) return false;
    return usesIn(this.#record)
      .for(apiGroup, resource)
      .some(({ asked }) => asked.through === 'request' && asked.verb === verb);
  }

  /** The only server counted all the time of the record, and not one such request. */
  #isNeverAsked(right: LostRight): boolean {
    const { counters } = this.#evidence;
    const { window } = this.#complete;
    if (counters === undefined || window === undefined || counters.since > window.from || counters.until < window.to) return false;
    return isNeverAsked(right, counters);
  }

  /** Who may ask about others; undefined where that may be anybody. */
  #askers(): readonly Subject[] | undefined {
    if (!this.#evidence.rolesKnown) return undefined;
    const actions = REVIEWS.map((resource) => ({ verb: 'create', apiGroup: 'authorization.k8s.io', resource, subresource: '' }));
    const found = actions.flatMap((action) => this.#before.allowing({ ...action, name: '' }));
    return [...new Set(found.flatMap(({ binding }) => binding.subjects.map(({ subject }) => subject)))];
  }

  /** Who may act as the subject: the log then has the event under their names. */
  #impersonatorsOf({ kind, name, namespace }: Subject): readonly Subject[] {
    const resource = kind === 'Group' ? 'groups' : kind === 'User' ? 'users' : 'serviceaccounts';
    const action = { verb: 'impersonate', apiGroup: '', resource, subresource: '', name };
    return this.#before.allowing(action, namespace).flatMap(({ binding }) => binding.subjects.map(({ subject }) => subject));
  }

  /** Only of accounts is it known who they all are. */
  #membersOf(group: string): readonly string[] | undefined {
    const { accounts } = this.#evidence;
    if (accounts === undefined) return undefined;
    if (group === 'system:serviceaccounts') return [...accounts];
    const [, namespace] = /^system:serviceaccounts:(.+)$/.exec(group) ?? [];
    return namespace === undefined ? undefined : [...accounts].filter((name) => name.startsWith(`system:serviceaccount:${namespace}:`));
  }

  /** Reviews that were made, of which the log does not hold what was asked. */
  #hasUnknownReviews(): boolean {
    const count = (uses: readonly RequestUse[]): number =>
      uses.reduce((sum, { allowed, denied, unclear }) => sum + allowed + denied + unclear, 0);
    const made = count(reviewsIn(this.#record).filter(({ asked }) => asked.verb === 'create'));
    return made > count(usesIn(this.#record).reviewed);
  }
}

/** Kubelets ask about nodes/… of whoever calls them. A star for all resources stands for these too, where it is not for a namespace. */
function isOfNode({ apiGroup, resource, namespace }: LostRight): boolean {
  if (resource === '*') return namespace === '' && (apiGroup === '' || apiGroup === '*');
  return resource.startsWith('nodes/');
}

function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

export function distinct(because: readonly UnknownBecause[]): UnknownBecause[] {
  const found = new Map(because.map((one) => [`${one.code} ${one.about}`, one]));
  return [...found.values()];
}
