/** What a change closes and what it would have denied, worked out on the changed state. */
import { shortHash } from '../lib/hash.ts';
import type { AuditPolicy } from '../engines/audit-policy/index.ts';
import { type Catalog, OWN_CATALOG, catalogOf } from '../engines/rbac/index.ts';
import { NEWEST_KNOWN, minorOf } from '../model/index.ts';
import type { Change } from '../rules/index.ts';
import { type UseRecord, coverageOf } from '../record/index.ts';
import { replayAdmission } from './admission/replay.ts';
import { type Attestations } from './attestations.ts';
import { boundsOf } from './bounds.ts';
import { settledControls } from './controls.ts';
import { clusterAddresses } from './flows/cluster-addresses.ts';
import { entriesOf } from './flows/entries.ts';
import { probedPorts } from './flows/probes.ts';
import { type FlowProof, flowWindow, replayFlows } from './flows/replay.ts';
import { replayRequired } from './flows/required.ts';
import { Side } from './flows/side.ts';
import { addressesSince, nodesOf, startsOf } from './flows/starts.ts';
import { strangersIn, withStrangers } from './flows/strangers.ts';
import { type TokenProof, proveTokens } from './legacy-tokens.ts';
import { joined, proveNodes } from './nodes/prove-nodes.ts';
import { pluginPolicies } from './policy-kinds.ts';
import { type Denial, type DomainProof, type DomainVerdict, PROOF_LASTS, type UnknownBecause, worstOf } from './proof.ts';
import { DAY, agedBecause } from './requests/complete.ts';
import type { RequestEvidence } from './requests/evidence.ts';
import { replayMove } from './requests/moved.ts';
import { type RequestProof, replayRequests } from './requests/replay.ts';
import { type UnseenUse, unseenUse } from './requests/unseen.ts';
import type { State } from './state.ts';
import { type Domain, concernedBy, kindOf, startDoubts, touchedBy } from './touched.ts';
import { identityDoubts, movesIn, tokenDenials, tokenDoubts } from './workload-accounts.ts';

/** Recorded use, and what tells how much of it was recorded. */
export interface Evidence {
  readonly record?: UseRecord;
  readonly auditPolicy?: AuditPolicy;
  /** How many API servers there are; where the input tells of more, there are more. */
  readonly servers?: number;
  /** What people say of use that no record shows. */
  readonly attestations?: Attestations;
  /** When the proof is asked for, in seconds since 1970: an old record proves nothing of now. Where left out, when the cluster was read. */
  readonly now?: number;
  /** The day that somebody told instead of today. */
  readonly day?: string;
}

export interface Proof {
  readonly closes: {
    readonly exposed: number;
    readonly workloads: number;
    readonly reachablePairs: number;
    readonly controls: readonly string[];
  };
  readonly domains: Readonly<Record<Domain, DomainVerdict>>;
  readonly verdict: DomainVerdict;
  readonly unknownBecause: readonly UnknownBecause[];
  readonly denies: readonly Denial[];
  readonly replayed: number;
  /** Whoever said that a use is needed or not, where that decided something. */
  readonly attestations: readonly string[];
  /** What it was worked out from: it holds as long as these are what they are. */
  readonly boundTo: readonly string[];
  /** In seconds since 1970: of the record and the reading of the cluster the older, and some days. Undefined for files alone. */
  readonly expiresAt?: number;
  /** How much of the use of those who lose rights the record may not hold. It decides nothing. */
  readonly unseen?: UnseenUse;
  /** The time that all streams of the record cover. In seconds since 1970. */
  readonly window:
    | { readonly from: number; readonly to: number; readonly streams: number; readonly holes: readonly { from: number; to: number }[] }
    | undefined;
}

/** `whole` leads from `before` to `after`. */
export function prove(states: States, whole: Change, evidence: Evidence): Proof {
  const { before } = states;
  const change = { ...whole, patches: whole.patches.filter(({ node }) => node === undefined) };
  const touched = touchedBy(change, before);
  const requests = touched.has('requests') ? proveRequests(states, evidence, before) : undefined;
  const flows = touched.has('flows') ? proveFlows(states, change, evidence) : undefined;
  const accounts = proveAccounts(states, change, evidence);
  const parts = oldInput(before, evidence, domainsOf(states, { whole, change, evidence, touched, requests, flows, accounts }));
  const all = Object.values(parts);
  const verdict = worstOf(all.map((part) => part.verdict));
  const unseen = evidence.record === undefined ? undefined : unseenUse(evidence.record, requests?.lost ?? []);
  const ends = [requests?.complete.window?.to, flows === undefined ? undefined : lastFlow(evidence), readAtOf(before)].filter(
    (end) => end !== undefined,
  );
  return {
    ...(unseen !== undefined && { unseen }),
    closes: closesOf(states, change, flows),
    domains: {
      requests: parts.requests.verdict,
      flows: parts.flows.verdict,
      admission: parts.admission.verdict,
      starts: parts.starts.verdict,
    },
    // A change that touches nothing that anybody uses.
    verdict: verdict === 'not-touched' ? 'safe' : verdict,
    unknownBecause: all.flatMap(({ unknownBecause }) => unknownBecause),
    denies: all.flatMap(({ denies }) => denies),
    replayed: all.reduce((sum, { replayed }) => sum + replayed, 0),
    attestations: [...new Set([...all.flatMap(({ said = [] }) => said), ...accounts.said])],
    boundTo: [...boundTo(before, change, { evidence, touched }), ...boundToNodes(before, whole)],
    ...(ends.length > 0 && { expiresAt: Math.min(...ends) + PROOF_LASTS }),
    window:
      requests?.complete.window === undefined
        ? flows && flowWindow(evidence.record)
        : { ...requests.complete.window, streams: requests.complete.streams, holes: requests.complete.holes },
  };
}

interface States {
  readonly before: State;
  readonly after: State;
}

interface Proving {
  readonly whole: Change;
  /** The same without what is done on nodes. */
  readonly change: Change;
  readonly evidence: Evidence;
  readonly touched: ReadonlySet<Domain>;
  readonly requests: RequestProof | undefined;
  readonly flows: FlowProof | undefined;
  readonly accounts: TokenProof;
}

const NONE: DomainProof = { verdict: 'not-touched', unknownBecause: [], denies: [], replayed: 0 };

/** Each domain with what objects and nodes have to say of it. */
function domainsOf(
  { before, after }: States,
  { whole, change, evidence, touched, requests, flows, accounts }: Proving,
): Record<Domain, DomainProof> {
  const readAt = askedAt(before, evidence);
  const servers = before.serversWith(evidence.servers);
  const operations = whole.patches.flatMap(({ node }) => node ?? []);
  const onNodes = proveNodes(operations, before, { record: evidence.record, servers, readAt });
  // Pods that are not in the input may be cut off or refused all the same.
  const partial: UnknownBecause[] = before.knows('pods') ? [] : [{ code: 'input-partial', about: '' }];
  const moved = touched.has('requests')
    ? movesIn(change, before).map((move) => replayMove({ before: before.rbac, after: after.rbac }, move, requestEvidence(evidence, before)))
    : [];
  const connections =
    flows === undefined
      ? NONE
      : withDoubts(flows, [
          ...partial,
          ...pluginDoubts(before, after),
          ...comingDoubts(flows.lost, before),
          ...(flows.lost.length > 0 ? agedBecause(lastFlow(evidence), readAt) : []),
        ]);
  const admission = touched.has('admission')
    ? withDoubts(
        replayAdmission(before.cluster, after.cluster, {
          objects: before.objects,
          users: before.surroundings.users,
          record: evidence.record,
        }),
        partial,
      )
    : NONE;
  const starts: DomainProof = touched.has('starts') ? { ...NONE, verdict: 'unknown', unknownBecause: startDoubts(change, before) } : NONE;
  const asked = withDenials(withDoubts(together([requests ?? NONE, ...moved]), accounts.doubts), accounts.denies);
  return {
    requests: withNodes(asked, onNodes.requests),
    flows: withNodes(connections, onNodes.flows),
    admission,
    starts: withNodes(starts, onNodes.starts),
  };
}

/** What of accounts no request to the API server tells: who is shown a token, and who knows a workload by its account. */
function proveAccounts({ before, after }: States, change: Change, evidence: Evidence): TokenProof {
  const tokens = tokenDoubts(change, before, evidence);
  const secrets = proveTokens(change, before, evidence);
  const identities = identityDoubts(movesIn(change, before), { before, after }, evidence);
  return {
    doubts: [...tokens.doubts, ...secrets.doubts, ...identities.doubts],
    denies: [...tokenDenials(change, before, evidence), ...tokens.denies, ...secrets.denies, ...identities.denies],
    said: [...tokens.said, ...secrets.said, ...identities.said],
  };
}

function closesOf({ before, after }: States, { patches }: Change, flows: FlowProof | undefined): Proof['closes'] {
  const closed = (kind: 'exposed' | 'workloads'): number => {
    const left = new Set(after.paths[kind]);
    return before.paths[kind].filter((name) => !left.has(name)).length;
  };
  return {
    exposed: closed('exposed'),
    workloads: closed('workloads'),
    reachablePairs: flows?.lost.filter(({ type }) => type === 'removed').length ?? 0,
    controls: settledControls(before.failing, after.failingSince(before, new Set(patches.map(kindOf)))),
  };
}

/** Whatever was proved of a cluster as it was read long ago: roles, templates and policies may have changed since. */
function oldInput(
  before: State,
  { record, now, day }: Evidence,
  parts: Readonly<Record<Domain, DomainProof>>,
): Record<Domain, DomainProof> {
  const readAt = readAtOf(before);
  // What was recorded is of before today; another day that is told may be before that.
  const ends = now === undefined || day !== undefined ? (record?.streams ?? []).map((stream) => coverageOf(stream).span?.to ?? 0) : [];
  const age = Math.max(now ?? 0, ...ends) - (readAt ?? Infinity);
  if (age <= PROOF_LASTS) return parts;
  const doubt: UnknownBecause = { code: 'input-old', about: `${(age / DAY).toFixed(1)} days` };
  const doubted = (proof: DomainProof): DomainProof => (proof.verdict === 'not-touched' ? proof : withDoubts(proof, [doubt]));
  const { requests, flows, admission, starts } = parts;
  return { requests: doubted(requests), flows: doubted(flows), admission: doubted(admission), starts: doubted(starts) };
}

/** What was recorded, and what is needed though no log need hold it. */
function proveFlows({ before, after }: States, change: Change, evidence: Evidence): FlowProof {
  const { record, attestations } = evidence;
  const worlds = { before: before.world, after: after.world };
  const recorded = replayFlows(worlds.before, worlds.after, {
    record,
    starts: startsOf(before.world, before.objects),
    since: addressesSince(before.world, before.objects),
    probed: probedPorts(before.world, before.objects),
    entries: entriesOf(before.world),
    mayBe: clusterAddresses(before.objects, before.world),
    nodes: nodesOf(before.world),
    periods: periodsOf(before),
    ...concernedBy(change, before, after),
    ...(attestations !== undefined && { attestations }),
  });
  if (recorded.lost.length === 0) return recorded;
  const uses = before.requiredUses(record);
  const strangers = strangersIn(uses, worlds.before);
  const sides = {
    before: new Side(withStrangers(worlds.before, strangers)),
    after: new Side(withStrangers(worlds.after, strangers)),
  };
  const { denies, unknownBecause, said } = replayRequired(sides, uses, { lost: recorded.lost, attestations });
  const all = [...recorded.denies, ...denies];
  const verdict = all.length > 0 ? 'breaks' : unknownBecause.length > 0 ? worstOf([recorded.verdict, 'unknown']) : recorded.verdict;
  return {
    ...recorded,
    verdict,
    denies: all,
    unknownBecause: [...recorded.unknownBecause, ...unknownBecause],
    said: [...(recorded.said ?? []), ...said],
  };
}

/** By the names that the network gives CronJobs. */
function periodsOf({ surroundings: { users } }: State): Map<string, number> {
  return new Map(
    users.flatMap(({ ref, period }) => {
      const [kind = '', namespace = '', name = ''] = ref.split('/');
      return period === undefined ? [] : [[`${namespace}/${name}[${kind}]`, period] as const];
    }),
  );
}

function withNodes(proof: DomainProof, onNodes: DomainProof | undefined): DomainProof {
  if (onNodes === undefined) return proof;
  return proof.verdict === 'not-touched' ? onNodes : joined(proof, onNodes);
}

/** The nodes that are changed, by all that was seen of them. */
function boundToNodes({ nodes }: State, { patches }: Change): string[] {
  const names = new Set(patches.flatMap(({ node }) => node?.node ?? []));
  return nodes.filter(({ node }) => names.has(node)).map((facts) => `Node/${facts.node} ${shortHash(JSON.stringify(facts))}`);
}

/** Proofs of one domain as one. */
function together(proofs: readonly DomainProof[]): DomainProof {
  return {
    verdict: worstOf(proofs.map(({ verdict }) => verdict)),
    unknownBecause: proofs.flatMap(({ unknownBecause }) => unknownBecause),
    denies: proofs.flatMap(({ denies }) => denies),
    // What one has replayed the others have replayed a part of.
    replayed: Math.max(...proofs.map(({ replayed }) => replayed)),
    said: proofs.flatMap(({ said = [] }) => said),
  };
}

/** What each domain looks at. */
const LOOKED_AT = {
  requests: ['rights', 'workloads'],
  flows: ['policies', 'workloads', 'namespaces'],
  admission: ['namespaces', 'workloads'],
  starts: ['workloads'],
} as const;

function boundTo(before: State, change: Change, { evidence, touched }: { evidence: Evidence; touched: ReadonlySet<Domain> }): string[] {
  const what = new Set([...touched].flatMap((domain) => [...LOOKED_AT[domain]]));
  return boundsOf(before, change, { evidence, what: [...what] });
}

/** When the cluster was read; of files nobody knows. */
function readAtOf({ snapshot: { header } }: State): number | undefined {
  const time = Date.parse(header.takenAt ?? '') / 1000;
  return Number.isNaN(time) ? undefined : time;
}

/** Files are of whatever time they are asked for, and what was read some time ago is not newer for it. */
function askedAt(state: State, { now }: Evidence): number | undefined {
  const times = [readAtOf(state), now].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.max(...times);
}

function lastFlow({ record }: Evidence): number | undefined {
  const ends = (record?.streams ?? []).flatMap((stream) => (stream.kind === 'flows' ? (coverageOf(stream).span?.to ?? []) : []));
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/** The part of a proof that is about rights. `whole` is the state with all objects, where `before` has only some. */
export function proveRequests({ before, after }: States, evidence: Evidence, whole: State): RequestProof {
  return replayRequests(before.rbac, after.rbac, {
    ...requestEvidence(evidence, whole),
    accounts: before.knows('serviceaccounts') ? whole.surroundings.accounts : undefined,
    rolesKnown: before.knows('roles') && before.knows('clusterroles'),
  });
}

function requestEvidence(evidence: Evidence, whole: State): RequestEvidence {
  const { surroundings } = whole;
  const { counters, takenAt } = whole.snapshot.header;
  const seen = whole.seen();
  const servers = whole.serversWith(evidence.servers);
  const until = Date.parse(takenAt ?? '') / 1000;
  const readAt = askedAt(whole, evidence);
  const catalog = catalogIn(whole);
  return {
    ...(readAt !== undefined && { readAt }),
    record: evidence.record,
    minor: whole.cluster.tables.kubernetes.minor,
    users: surroundings.users,
    others: surroundings.others,
    asking: surroundings.asking,
    ownersChecked: surroundings.ownersChecked,
    grantedSince: surroundings.grantedSince,
    seen,
    accounts: whole.knows('serviceaccounts') ? surroundings.accounts : undefined,
    ...(catalog !== undefined && { catalog }),
    ...(servers === 1 && counters !== undefined && !Number.isNaN(until) && { counters: { ...counters, until } }),
    ...(evidence.attestations !== undefined && { attestations: evidence.attestations }),
    rolesKnown: whole.knows('roles') && whole.knows('clusterroles'),
    ...(evidence.auditPolicy !== undefined && { auditPolicy: evidence.auditPolicy }),
    ...(servers !== undefined && { servers }),
  };
}

/** None of releases to come, which have resources that nobody knows; of files nobody knows which definitions are missing. */
function catalogIn(state: State): Catalog | undefined {
  const { kubernetes } = state.cluster.tables;
  if (kubernetes.minor > (minorOf(NEWEST_KNOWN) ?? 0)) return undefined;
  return state.knows('customresourcedefinitions') ? catalogOf(state.cluster) : OWN_CATALOG;
}

function withDenials(proof: DomainProof, denies: readonly Denial[]): DomainProof {
  return denies.length === 0 ? proof : { ...proof, verdict: 'breaks', denies: [...proof.denies, ...denies] };
}

function withDoubts(proof: DomainProof, doubts: readonly UnknownBecause[]): DomainProof {
  if (doubts.length === 0) return proof;
  return { ...proof, verdict: worstOf([proof.verdict, 'unknown']), unknownBecause: [...proof.unknownBecause, ...doubts] };
}

const MOST_NAMED = 20;

/** They may allow what is closed here, or deny what is left open. */
function pluginDoubts(before: State, after: State): UnknownBecause[] {
  const found = new Set([...pluginPolicies(before), ...pluginPolicies(after)]);
  return [...found].slice(0, MOST_NAMED).map((about) => ({ code: 'plugin-policies', about }));
}

/** What makes pods from time to time may make some that are cut off. */
function comingDoubts(lost: FlowProof['lost'], { surroundings: { others } }: State): UnknownBecause[] {
  const namespaces = new Set(lost.flatMap(({ src, dst }) => [src, dst]).map((end) => end.split('/', 1)[0]));
  const coming = new Set(others.flatMap(({ ref }) => (namespaces.has(ref.split('/')[1]) ? [ref] : [])));
  return [...coming].map((ref) => ({ code: 'input-partial', about: `${ref} may make pods that are not there now` }));
}
