/** What a change closes and what it would have denied, worked out on the changed state. */
import { shortHash } from '../lib/hash.ts';
import { isRecord, textOf } from '../lib/record.ts';
import type { AuditPolicy } from '../engines/audit-policy/index.ts';
import { type Catalog, OWN_CATALOG, type Rbac, accountUserName, catalogOf } from '../engines/rbac/index.ts';
import { NEWEST_KNOWN, minorOf } from '../model/index.ts';
import { type Change, type Patch, attestationText } from '../rules/index.ts';
import { type UseRecord, coverageOf, isCalled } from '../record/index.ts';
import { boundsOf } from './bounds.ts';
import { settledControls } from './controls.ts';
import { type Attestations } from './attestations.ts';
import { deletedToken, proveTokens } from './legacy-tokens.ts';
import { joined, proveNodes } from './nodes/prove-nodes.ts';
import { refIn } from './overlay.ts';
import { POLICY_KINDS, isPluginPolicy, pluginPolicies } from './policy-kinds.ts';
import { accountIn, isLikeAccount, namingAccount } from './account-objects.ts';
import { DAY, agedBecause } from './requests/complete.ts';
import type { AccountUser, RequestEvidence } from './requests/evidence.ts';
import { type WorkloadMove, replayMove } from './requests/moved.ts';
import { clusterAddresses } from './flows/cluster-addresses.ts';
import { entriesOf } from './flows/entries.ts';
import { addressesSince, nodesOf, startsOf } from './flows/starts.ts';
import { probedPorts } from './flows/probes.ts';
import { type FlowProof, flowWindow, replayFlows } from './flows/replay.ts';
import { replayRequired } from './flows/required.ts';
import { Side } from './flows/side.ts';
import { strangersIn, withStrangers } from './flows/strangers.ts';
import { type Denial, type DomainProof, type DomainVerdict, PROOF_LASTS, type UnknownBecause, worstOf } from './proof.ts';
import { replayAdmission } from './admission/replay.ts';
import { replayRequests } from './requests/replay.ts';
import { type UnseenUse, unseenUse } from './requests/unseen.ts';
import type { State } from './state.ts';

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

export const DOMAINS = ['requests', 'flows', 'admission', 'starts'] as const;
export type Domain = (typeof DOMAINS)[number];

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

export const RBAC_KINDS: ReadonlySet<string> = new Set(['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding']);

/** `change` leads from `before` to `after`. */
export function prove({ before, after }: { before: State; after: State }, whole: Change, evidence: Evidence): Proof {
  const change = { ...whole, patches: whole.patches.filter(({ node }) => node === undefined) };
  const onNodes = proveNodes(
    whole.patches.flatMap(({ node }) => node ?? []),
    before,
    {
      record: evidence.record,
      servers: before.serversWith(evidence.servers),
      readAt: askedAt(before, evidence),
    },
  );
  const touched = touchedBy(change, before);
  const none: DomainProof = { verdict: 'not-touched', unknownBecause: [], denies: [], replayed: 0 };
  const requests = touched.has('requests') ? proveRequests({ before, after }, evidence, before) : undefined;
  const flows = touched.has('flows') ? proveFlows({ before, after }, change, evidence) : undefined;
  const readAt = readAtOf(before);
  const admission = touched.has('admission')
    ? replayAdmission(before.cluster, after.cluster, { objects: before.objects, users: before.surroundings.users, record: evidence.record })
    : none;
  // Pods that are not in the input may be cut off or refused all the same.
  const partial: UnknownBecause[] = before.knows('pods') ? [] : [{ code: 'input-partial', about: '' }];
  const tokens = tokenDoubts(change, before, evidence);
  const secrets = proveTokens(change, before, evidence);
  const moves = movesIn(change, before);
  const moved = touched.has('requests')
    ? moves.map((move) => replayMove(rights(before, after), move, requestEvidence(evidence, before)))
    : [];
  const identities = identityDoubts(moves, { before, after }, evidence);
  const starts: DomainProof = touched.has('starts') ? { ...none, verdict: 'unknown', unknownBecause: startDoubts(change, before) } : none;
  const withTokens = withDenials(
    withDoubts(together([requests ?? none, ...moved]), [...tokens.doubts, ...secrets.doubts, ...identities.doubts]),
    [...tokenDenials(change, before, evidence), ...tokens.denies, ...secrets.denies, ...identities.denies],
  );
  const judged = {
    requests: withNodes(withTokens, onNodes.requests),
    flows: withNodes(
      flows === undefined
        ? none
        : withDoubts(flows, [
            ...partial,
            ...pluginDoubts(before, after),
            ...comingDoubts(flows.lost, before),
            ...(flows.lost.length > 0 ? agedBecause(lastFlow(evidence), askedAt(before, evidence)) : []),
          ]),
      onNodes.flows,
    ),
    admission: touched.has('admission') ? withDoubts(admission, partial) : none,
    starts: withNodes(starts, onNodes.starts),
  };
  const parts = oldInput(before, evidence, judged);
  const domains = {
    requests: parts.requests.verdict,
    flows: parts.flows.verdict,
    admission: parts.admission.verdict,
    starts: parts.starts.verdict,
  };
  const all = Object.values(parts);
  const closed = (kind: 'exposed' | 'workloads'): number => {
    const left = new Set(after.paths[kind]);
    return before.paths[kind].filter((name) => !left.has(name)).length;
  };
  const ends = [requests?.complete.window?.to, flows === undefined ? undefined : lastFlow(evidence), readAt].filter(
    (end) => end !== undefined,
  );
  const verdict = worstOf(all.map((part) => part.verdict));
  const unseen = evidence.record === undefined ? undefined : unseenUse(evidence.record, requests?.lost ?? []);
  return {
    ...(unseen !== undefined && { unseen }),
    closes: {
      exposed: closed('exposed'),
      workloads: closed('workloads'),
      reachablePairs: flows?.lost.filter(({ type }) => type === 'removed').length ?? 0,
      controls: settledControls(before.failing, after.failingSince(before, new Set(change.patches.map(kindOf)))),
    },
    domains,
    // A change that touches nothing that anybody uses.
    verdict: verdict === 'not-touched' ? 'safe' : verdict,
    unknownBecause: all.flatMap(({ unknownBecause }) => unknownBecause),
    denies: all.flatMap(({ denies }) => denies),
    replayed: all.reduce((sum, { replayed }) => sum + replayed, 0),
    attestations: [...new Set([...all.flatMap(({ said = [] }) => said), ...tokens.said, ...secrets.said, ...identities.said])],
    boundTo: [...boundTo(before, change, { evidence, touched }), ...boundToNodes(before, whole)],
    ...(ends.length > 0 && { expiresAt: Math.min(...ends) + PROOF_LASTS }),
    window:
      requests?.complete.window === undefined
        ? flows && flowWindow(evidence.record)
        : { ...requests.complete.window, streams: requests.complete.streams, holes: requests.complete.holes },
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
function proveFlows({ before, after }: { before: State; after: State }, change: Change, evidence: Evidence): FlowProof {
  const { record, attestations } = evidence;
  const worlds = { before: before.world, after: after.world };
  const recorded = replayFlows(worlds.before, worlds.after, {
    record,
    starts: startsOf(before.world, before.objects),
    since: addressesSince(before.world, before.objects),
    probed: probedPorts(before.world, before.objects),
    entries: entriesOf(before.world),
    mayBe: clusterAddresses(before.objects),
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

function rights(before: State, after: State): { before: Rbac; after: Rbac } {
  return { before: before.rbac, after: after.rbac };
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
export function proveRequests(
  { before, after }: { before: State; after: State },
  evidence: Evidence,
  whole: State,
): ReturnType<typeof replayRequests> {
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

/** What a patch may have a part in, by what it edits. */
function touchedBy({ patches }: Change, before: State): ReadonlySet<Domain> {
  const touched = new Set<Domain>();
  for (const patch of patches) {
    const kind = kindOf(patch);
    if (RBAC_KINDS.has(kind) || isTokenPatch(patch) || isAccountPatch(patch) || deletedToken(patch, before) !== undefined)
      touched.add('requests');
    else if (POLICY_KINDS.has(kind) || isPluginPolicy(kind)) touched.add('flows');
    else if (kind === 'Namespace') {
      touched.add('admission');
      if (patch.operation !== 'patch' || isDoubted(patch, before) || picksByLevel(before)) touched.add('flows');
    } else if (isMoved(patch)) touched.add('flows');
    if (isDoubted(patch, before)) touched.add('starts');
  }
  return touched;
}

/** The pods of a Service or workload that goes, and the fields by which policies and Services find pods and their ports. */
const SELECTED_BY = [
  '/metadata/labels',
  '/spec/hostNetwork',
  '/spec/containers',
  '/spec/initContainers',
  '/spec/selector',
  '/spec/ports',
].flatMap((path) => ['', '/spec/template', '/spec/jobTemplate/spec/template'].map((prefix) => prefix + path));
const OF_CONTAINER = /\/(containers|initContainers)\/[^/]+\/(?!ports(\/|$))/;
/** They lead to no connection, and select nothing. */
const APART: ReadonlySet<string> = new Set(['ConfigMap', 'Secret', 'ServiceAccount', 'PersistentVolume', 'PersistentVolumeClaim']);

/** Whether other pods may be selected, or ports be open. A patch of what lies above such a field may bring another one. */
function isMoved(patch: Patch): boolean {
  if (APART.has(kindOf(patch)) || patch.operation === 'create') return false;
  if (patch.operation === 'delete') return true;
  return patch.patch.some(({ op, path }) => {
    if (op === 'test' || OF_CONTAINER.test(path)) return false;
    return SELECTED_BY.some((field) => path === field || path.startsWith(`${field}/`) || field.startsWith(`${path}/`) || path === '');
  });
}

/** Policies of a namespace are for its own pods; what else a change does may concern any, so that all are compared. */
function concernedBy({ patches }: Change, before: State, after: State): { concerned?: ReadonlySet<string> } {
  const policies = patches.filter((patch) => kindOf(patch) === 'NetworkPolicy');
  const isAllOfPods = patches.every((patch) => {
    const kind = kindOf(patch);
    return kind === 'NetworkPolicy' || !(POLICY_KINDS.has(kind) || kind === 'Namespace' || isMoved(patch));
  });
  if (policies.length === 0 || !isAllOfPods) return {};
  const namespaces = new Set(policies.map(({ target }) => target.split('/')[1]));
  const pods = [...before.world.pods, ...after.world.pods].filter(({ namespace }) => namespaces.has(namespace));
  return { concerned: new Set(pods.map(({ workload }) => workload)) };
}

/** Labels of a namespace that mean something to Pod Security alone; others choose webhooks, meshes and more. */
const POD_SECURITY = /^\/metadata\/labels\/pod-security\.kubernetes\.io~1(enforce|warn|audit)$/;

/** What nobody can judge here is counted to the starts of programs. */
function isDoubted(patch: Patch, before: State): boolean {
  const kind = kindOf(patch);
  if (RBAC_KINDS.has(kind) || POLICY_KINDS.has(kind) || isPluginPolicy(kind) || isTokenPatch(patch)) return false;
  // Nothing runs as an account that is new, until something is said to.
  if (kind === 'ServiceAccount' && patch.operation === 'create') return false;
  if (deletedToken(patch, before) !== undefined) return false;
  if (isAccountPatch(patch)) return before.surroundings.users.every(({ ref }) => ref !== patch.target);
  if (kind !== 'Namespace') return true;
  if (patch.operation !== 'patch') return patch.operation === 'delete';
  const was = before.objects.findLast(({ object }) => refIn(object) === patch.target)?.object;
  const labels = at(was, 'metadata', 'labels');
  const isUnlabelled = !isRecord(labels) || Object.keys(labels).length === 0;
  return !patch.patch.every(({ op, path, value }) => {
    if (op === 'test' || POD_SECURITY.test(path)) return true;
    if (op === 'replace' && path === '' && isRecord(value)) return isOfPodSecurity(was ?? {}, value);
    // The first labels of all.
    if (op !== 'add' || path !== '/metadata/labels' || !isUnlabelled || !isRecord(value)) return false;
    return Object.keys(value).every(isOwnLabel);
  });
}

function isOwnLabel(key: string): boolean {
  return POD_SECURITY.test(`/metadata/labels/${key.replaceAll('/', '~1')}`);
}

/** Whether a namespace that is written anew differs in nothing but such labels, and in what the server and kubectl put there. */
function isOfPodSecurity(was: Readonly<Record<string, unknown>>, is: Readonly<Record<string, unknown>>): boolean {
  const differing = (field: string, isApart: (key: string) => boolean): boolean => {
    const [old, now] = [at(was, 'metadata', field), at(is, 'metadata', field)].map((one) => (isRecord(one) ? one : {}));
    return Object.keys({ ...old, ...now }).some((key) => !isApart(key) && old?.[key] !== now?.[key]);
  };
  return (
    !differing('labels', (key) => isOwnLabel(key) || key === 'kubernetes.io/metadata.name') &&
    !differing('annotations', (key) => key.startsWith('kubectl.kubernetes.io/'))
  );
}

const TOKEN = /\/automountServiceAccountToken$/;

function isTokenPatch({ operation, patch }: Patch): boolean {
  return (
    operation === 'patch' &&
    patch.length > 0 &&
    patch.every(({ op, path, value }) => op === 'test' || (TOKEN.test(path) && op !== 'remove' && value === false))
  );
}

const ACCOUNT_NAME = /\/serviceAccountName$/;

function isAccountPatch({ operation, patch }: Patch): boolean {
  const isName = ({ op, path, value }: Patch['patch'][number]): boolean =>
    op === 'test' || ((op === 'add' || op === 'replace') && ACCOUNT_NAME.test(path) && typeof value === 'string' && value !== '');
  return operation === 'patch' && patch.some(({ op }) => op !== 'test') && patch.every(isName);
}

/** Workloads that run as another account afterwards. */
function movesIn({ patches }: Change, { surroundings: { users } }: State): WorkloadMove[] {
  return patches.filter(isAccountPatch).flatMap(({ target: ref, patch }) => {
    const from = users.find((user) => user.ref === ref)?.account;
    const name = textOf(patch.findLast(({ path }) => ACCOUNT_NAME.test(path))?.value);
    const to = accountUserName({ namespace: ref.split('/')[1] ?? '', name });
    return from === undefined || from === to ? [] : [{ ref, from, to }];
  });
}

/** Others than the API server may know a workload by its account: those to whom it shows its token, and objects that name it. */
function identityDoubts(
  moves: readonly WorkloadMove[],
  { before, after }: { before: State; after: State },
  { attestations }: Evidence,
): { doubts: readonly UnknownBecause[]; denies: readonly Denial[]; said: readonly string[] } {
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
function tokenDoubts(
  { patches }: Change,
  state: State,
  { attestations }: Evidence,
): { doubts: readonly UnknownBecause[]; denies: readonly Denial[]; said: readonly string[] } {
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

function withDenials(proof: DomainProof, denies: readonly Denial[]): DomainProof {
  return denies.length === 0 ? proof : { ...proof, verdict: 'breaks', denies: [...proof.denies, ...denies] };
}

function startDoubts({ patches }: Change, before: State): UnknownBecause[] {
  return patches.filter((patch) => isDoubted(patch, before)).map(({ target }) => ({ code: 'behaviour-unseen', about: target }));
}

/** Whether a policy picks namespaces by the labels of Pod Security. */
function picksByLevel({ objects }: State): boolean {
  return objects.some(
    ({ object }) => POLICY_KINDS.has(textOf(object.kind)) && JSON.stringify(object).includes('pod-security.kubernetes.io'),
  );
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((found, key) => (isRecord(found) ? found[key] : undefined), value);
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

/** With its group where it is none of Kubernetes' own, as `refIn` has it. */
function kindOf({ target, object }: Patch): string {
  return (isRecord(object) ? refIn(object) : target).split('/', 1)[0] ?? '';
}
