/**
 * A workload that runs as another account afterwards. Others go on as they do, so only what its own pods were seen doing
 * counts for it, where the log tells them apart; and it loses whatever the one account may do and the other may not.
 */
import { type Rbac, type User, withImplicitGroups } from '../../engines/rbac/index.ts';
import { groupBy } from '../../lib/groups.ts';
import { type Actor, type UseRecord, isCalled } from '../../record/index.ts';
import { attestationText } from '../../rules/index.ts';
import { type DomainProof, type UnknownBecause, worstOf } from '../proof.ts';
import { completeness } from './complete.ts';
import type { AccountUser, RequestEvidence } from './evidence.ts';
import { lostRights } from './lost.ts';
import { liveDenials } from './seen-live.ts';
import { askedText, requestOf } from './asked.ts';
import { distinct, replay, silenceDoubts } from './replay.ts';
import { verbsInside } from './together.ts';
import { timesOf } from './uses.ts';

/** User names of the accounts: `system:serviceaccount:shop:cart`. */
export interface WorkloadMove {
  /** `Deployment/shop/cart`. */
  readonly ref: string;
  readonly from: string;
  readonly to: string;
}

/** Whose pods asked: the workload's, those of others, or nobody can tell. */
export type Whose = 'own' | 'others' | 'unknown';

/** `sharing` are all workloads that run as the account. A token that no pod is bound to may have come from any of them. */
export function whoseOf({ bound, maker }: Actor, ref: string, sharing: readonly AccountUser[]): Whose {
  if (sharing.every((user) => user.ref === ref) && bound === 'pod') return 'own';
  if (bound !== 'pod' || maker === undefined) return 'unknown';
  const fitting = sharing.filter((user) => isCalled(user.ref, maker));
  const [only, more] = fitting;
  if (only === undefined || more !== undefined)
    return fitting.every((user) => user.ref !== ref) && more !== undefined ? 'others' : 'unknown';
  return only.ref === ref ? 'own' : 'others';
}

/** What the pods of a workload asked for, as far as the log tells them apart. */
export function usesOfWorkload(
  { ref, from }: Pick<WorkloadMove, 'ref' | 'from'>,
  { actors, requests }: Pick<UseRecord, 'actors' | 'requests'>,
  users: readonly AccountUser[],
): Record<Whose, UseRecord['requests']> {
  const sharing = users.filter(({ account }) => account === from);
  const known = new Map<number, Whose | undefined>();
  const found: Record<Whose, UseRecord['requests'][number][]> = { own: [], others: [], unknown: [] };
  for (const use of requests) {
    if (!known.has(use.actor)) {
      const actor = actors[use.actor];
      known.set(use.actor, actor?.name === from ? whoseOf(actor, ref, sharing) : undefined);
    }
    const whose = known.get(use.actor);
    if (whose !== undefined) found[whose].push(use);
  }
  return found;
}

/** `before` and `after` are the rights of the whole cluster. */
export function replayMove({ before, after }: { before: Rbac; after: Rbac }, move: WorkloadMove, evidence: RequestEvidence): DomainProof {
  const { ref, from, to } = move;
  const lost = lostRights(before, after, { ...evidence, moved: move });
  const { record, attestations } = evidence;
  const afterwards = withImplicitGroups({ name: to, groups: [] });
  const needed = attestations?.neededRights(lost, after, afterwards) ?? { denies: [], said: [] };
  const notNeeded = lost.map((right) => attestations?.notNeeded(right));
  const silent = lost.filter((_right, index) => notNeeded[index] === undefined);
  const said = [...needed.said, ...notNeeded.flatMap((one) => (one === undefined ? [] : [attestationText(one)]))];
  const complete = completeness(evidence);
  if (lost.length === 0) return { verdict: 'safe', unknownBecause: [], denies: [], replayed: 0 };
  const shown = liveDenials({ before, after }, evidence.seen ?? [], ({ account, ref: user }) =>
    account === from && user === ref ? { ...withImplicitGroups({ name: from, groups: [] }), afterwards } : undefined,
  );
  if (record === undefined || complete.streams === 0) {
    const denied = [...shown, ...needed.denies];
    return {
      verdict: worstOf([denied.length > 0 ? 'breaks' : 'safe', silent.length > 0 ? 'unknown' : 'safe']),
      unknownBecause: silent.length > 0 ? complete.unknownBecause : [],
      denies: denied,
      replayed: 0,
      said,
    };
  }
  const uses = usesOfWorkload(move, record, evidence.users);
  const known = (index: number): { user: User; afterwards: User } => {
    const user = withImplicitGroups(record.actors[index] ?? { name: from, groups: [] });
    return { user, afterwards: { name: to, groups: user.groups } };
  };
  const ownUsers = [...groupBy(uses.own, ({ actor }) => actor)].map(([actor, requests]) => ({ ...known(actor), requests }));
  const own = replay({ before, after }, ownUsers, evidence.minor);
  const unclear = uses.unknown.flatMap(({ actor, asked, allowed, unclear: open }): UnknownBecause[] => {
    const { user, afterwards: then } = known(actor);
    if (allowed + open === 0) return [];
    const inside = verbsInside(asked, evidence.minor).map((verb) => ({ ...asked, verb }));
    return [asked, ...inside].flatMap((one): UnknownBecause[] => {
      const isLost = before.authorize(user, requestOf(one)).allowed && !after.authorize(then, requestOf(one)).allowed;
      return isLost ? [{ code: 'use-unattributed', about: `${user.name}: ${askedText(one)}` }] : [];
    });
  });
  // As if nobody else ran as the account: what others asked for is no sign of this one.
  const foreign = new Set([...uses.others, ...uses.unknown]);
  const alone = {
    ...evidence,
    users: evidence.users.filter((user) => user.ref === ref || user.account !== from),
    others: [],
    record: { ...record, requests: record.requests.filter((use) => !foreign.has(use)) },
  };
  const isSilent = silent.length > 0;
  const unknownBecause = distinct([
    ...own.because,
    ...unclear,
    ...(isSilent ? complete.unknownBecause : []),
    ...(isSilent ? silenceDoubts(before, alone, { complete, lost: silent }) : []),
  ]);
  const denies = [...own.denies, ...shown, ...needed.denies];
  const verdict = denies.length > 0 ? 'breaks' : unknownBecause.length > 0 ? 'unknown' : 'safe';
  return { verdict, unknownBecause, denies, replayed: timesOf(uses.own), said };
}
