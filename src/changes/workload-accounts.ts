/** Workloads that lose the token of their account or run as another one: who else than the API server knows them by it. */
import { accountUserName } from '../engines/rbac/index.ts';
import { textOf } from '../lib/record.ts';
import { type UseRecord, isCalled } from '../record/index.ts';
import { type Change, type Patch, attestationText } from '../rules/index.ts';
import { accountIn, isLikeAccount, namingAccount } from './account-objects.ts';
import type { TokenProof } from './legacy-tokens.ts';
import type { Denial, UnknownBecause } from './proof.ts';
import type { Evidence } from './prove.ts';
import type { AccountUser } from './requests/evidence.ts';
import type { WorkloadMove } from './requests/moved.ts';
import type { State } from './state.ts';
import { ACCOUNT_NAME, isAccountPatch, isTokenPatch, kindOf } from './touched.ts';

/** Workloads that run as another account afterwards. */
export function movesIn({ patches }: Change, { surroundings: { users } }: State): WorkloadMove[] {
  return patches.filter(isAccountPatch).flatMap(({ target: ref, patch }) => {
    const from = users.find((user) => user.ref === ref)?.account;
    const name = textOf(patch.findLast(({ path }) => ACCOUNT_NAME.test(path))?.value);
    const to = accountUserName({ namespace: ref.split('/')[1] ?? '', name });
    return from === undefined || from === to ? [] : [{ ref, from, to }];
  });
}

/** Others than the API server may know a workload by its account: those to whom it shows its token, and objects that name it. */
export function identityDoubts(
  moves: readonly WorkloadMove[],
  { before, after }: { before: State; after: State },
  { attestations }: Evidence,
): TokenProof {
  const doubts: UnknownBecause[] = [];
  const denies: Denial[] = [];
  const said: string[] = [];
  for (const { ref, from, to } of moves) {
    const word = attestations?.ofIdentity(ref);
    if (word === undefined) doubts.push({ code: 'token-reads-unseen', about: ref });
    else said.push(attestationText(word));
    if (word?.needed === true) denies.push({ who: ref, what: 'its account', count: 0, last: 0 });
    for (const about of namingAccount(before.objects, from)) doubts.push({ code: 'behaviour-unseen', about });
    if (!isLikeAccount(before.objects, from, accountIn(after.objects, to))) doubts.push({ code: 'behaviour-unseen', about: ref });
  }
  return { doubts, denies, said };
}

/** A token may be shown to other services and never reach the API server, so that no log of requests tells its use. */
export function tokenDoubts({ patches }: Change, state: State, { attestations }: Evidence): TokenProof {
  const doubts: UnknownBecause[] = [];
  const denies: Denial[] = [];
  const said: string[] = [];
  for (const target of tokenTargets(patches, state)) {
    const word = attestations?.ofToken(target);
    if (word === undefined) doubts.push({ code: 'token-reads-unseen', about: target });
    else said.push(attestationText(word));
    if (word?.needed === true) denies.push({ who: target, what: 'its token', count: 0, last: 0 });
  }
  return { doubts, denies, said };
}

/** The workloads that are given no token any more: of an account all that do not say otherwise themselves. */
function tokenTargets(patches: readonly Patch[], state: State): ReadonlySet<string> {
  const found = patches.filter(isTokenPatch).flatMap((patch) => {
    if (kindOf(patch) !== 'ServiceAccount') return [patch.target];
    const [, namespace = '', name = ''] = patch.target.split('/');
    const account = accountUserName({ namespace, name });
    const { users, others } = state.surroundings;
    const own = [...users, ...others].filter((user) => user.account === account && user.automount === undefined);
    // Of one without workloads in the input nobody knows who is given its token.
    return own.length === 0 ? [patch.target] : own.map(({ ref }) => ref);
  });
  return new Set(found);
}

/** What was asked with the token of a workload, and cannot have been asked by another that runs as the same account. */
export function tokenDenials({ patches }: Change, state: State, { record }: Evidence): Denial[] {
  const { users } = state.surroundings;
  const targets = tokenTargets(patches, state);
  if (targets.size === 0) return [];
  return [...recordedTokenUse(targets, users, record), ...shownTokenUse(targets, state)];
}

/** Nobody else can have done it. */
function shownTokenUse(targets: ReadonlySet<string>, state: State): Denial[] {
  const found = new Map<string, Denial>();
  for (const { ref, account, last, code } of state.seen()) {
    if (ref === undefined || !targets.has(ref)) continue;
    const known = found.get(ref);
    if (known === undefined || known.last < last)
      found.set(ref, { who: account, what: 'any request with its token', count: 1, last, code });
  }
  return [...found.values()];
}

function recordedTokenUse(targets: ReadonlySet<string>, users: readonly AccountUser[], record: UseRecord | undefined): Denial[] {
  if (record === undefined) return [];
  const isTheirs = record.actors.map((actor): boolean => {
    // A token that is bound to no pod may be used from anywhere.
    if (actor.bound === 'nothing') return false;
    const sharing = users.filter(({ account }) => account === actor.name);
    const named = sharing.filter(({ ref }) => actor.maker !== undefined && isCalled(ref, actor.maker));
    const may = named.length > 0 ? named : sharing;
    return may.length > 0 && may.every(({ ref }) => targets.has(ref));
  });
  const found = new Map<string, Denial>();
  for (const { actor, allowed, unclear, last } of record.requests) {
    if (isTheirs[actor] !== true || allowed + unclear === 0) continue;
    const { name = '' } = record.actors[actor] ?? {};
    const known = found.get(name);
    const count = allowed + unclear + (known?.count ?? 0);
    found.set(name, { who: name, what: 'any request with its token', count, last: Math.max(last, known?.last ?? 0) });
  }
  return [...found.values()];
}
