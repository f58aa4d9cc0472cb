/**
 * What a change on a node takes from whom: what stands in a log of requests or connections is asked again, of the rest it
 * is said that nobody has watched it.
 */
import { withImplicitGroups } from '../../engines/rbac/index.ts';
import type { UseRecord } from '../../record/index.ts';
import type { NodeChange, NodeOperation } from '../../rules/index.ts';
import type { Denial, DomainProof, UnknownBecause } from '../proof.ts';
import { completeness } from '../requests/complete.ts';
import type { State } from '../state.ts';
import { HEALTH } from './node-change.ts';
import { type Concerns, WANTED } from './wanted.ts';

export interface NodeEvidence {
  readonly record: UseRecord | undefined;
  readonly servers: number | undefined;
  /** When the proof is asked for, in seconds since 1970. */
  readonly readAt?: number | undefined;
}

type NodeDomain = 'requests' | 'flows' | 'starts';
export type NodeProofs = Readonly<Partial<Record<NodeDomain, DomainProof>>>;

/** `before` is the state without the change. */
export function proveNodes(changes: readonly NodeChange[], before: State, evidence: NodeEvidence): NodeProofs {
  const proofs: Partial<Record<NodeDomain, DomainProof>> = {};
  for (const change of changes) {
    for (const concerns of concernsOf(change)) {
      const made = proofOf(concerns, change, { before, evidence });
      if (made === undefined) continue;
      const [domain, proof] = made;
      const known = proofs[domain];
      proofs[domain] = known === undefined ? proof : joined(known, proof);
    }
  }
  return proofs;
}

/** By what is done, so that two changes made together are what both are. Modes and owners concern who reads the file. */
function concernsOf({ operations, rules }: NodeChange): (Concerns | 'files')[] {
  const byRule = rules.flatMap((rule) => (Object.hasOwn(WANTED, rule) ? (WANTED[rule]?.concerns ?? []) : []));
  const isOfFiles = operations.some(({ operation }) => operation === 'mode' || operation === 'owner');
  return [...byRule, ...(isOfFiles ? (['files'] as const) : [])];
}

interface Known {
  readonly before: State;
  readonly evidence: NodeEvidence;
}

function proofOf(concerns: Concerns | 'files', change: NodeChange, known: Known): [NodeDomain, DomainProof] | undefined {
  const { node, component = '' } = change;
  if (concerns === 'nobody') return undefined;
  if (concerns === 'files') return ['starts', doubtful([{ code: 'file-reads-unseen', about: `${change.files.join(', ')} on ${node}` }])];
  if (concerns === 'behaviour') return ['starts', doubtful([{ code: 'behaviour-unseen', about: `${component} on ${node}` }])];
  if (concerns === 'anonymous') return ['requests', anonymousProof(change, known)];
  if (concerns === 'profiles') return ['requests', pathProof((path) => path.startsWith('/debug/pprof'), known)];
  if (concerns === 'rights') return ['requests', rightsProof(known)];
  return ['flows', portProof(concerns, change, known)];
}

const ANONYMOUS = 'system:anonymous';

function anonymousProof({ operations }: NodeChange, { evidence }: Known): DomainProof {
  const isLimited = operations.some(({ operation }) => operation === 'file');
  const isKept = (path: string): boolean => isLimited && HEALTH.some((one) => path === one || path.startsWith(`${one}/`));
  const { record } = evidence;
  const denies: Denial[] = [];
  let replayed = 0;
  for (const { actor, asked, allowed, unclear, last } of record?.requests ?? []) {
    if (record?.actors[actor]?.name !== ANONYMOUS) continue;
    const count = allowed + unclear;
    replayed += count;
    if (count === 0 || (asked.resource === '' && isKept(asked.path))) continue;
    denies.push({ who: ANONYMOUS, what: `${asked.verb} ${asked.resource === '' ? asked.path : asked.resource}`, count, last });
  }
  // Probes of the pod and of balancers are left out of most logs, and ask without a credential.
  const probes: UnknownBecause[] = isLimited
    ? []
    : [{ code: 'clients-unseen', about: 'health checks of kube-apiserver without a credential' }];
  return asked(denies, replayed, [...completenessOf(evidence), ...probes]);
}

function pathProof(isGone: (path: string) => boolean, { evidence }: Known): DomainProof {
  const { record } = evidence;
  const denies: Denial[] = [];
  let replayed = 0;
  for (const { actor, asked: request, allowed, unclear, last } of record?.requests ?? []) {
    if (request.resource !== '' || !isGone(request.path)) continue;
    const count = allowed + unclear;
    replayed += count;
    if (count > 0) denies.push({ who: record?.actors[actor]?.name ?? '', what: `${request.verb} ${request.path}`, count, last });
  }
  return asked(denies, replayed, completenessOf(evidence));
}

/** Whatever was allowed is asked of the roles that are there, as if nothing else allowed it. */
function rightsProof({ before, evidence }: Known): DomainProof {
  const { record } = evidence;
  const denies: Denial[] = [];
  let replayed = 0;
  for (const { actor, asked: request, allowed, last } of record?.requests ?? []) {
    const user = record?.actors[actor];
    if (user === undefined || request.through !== 'request' || allowed === 0) continue;
    replayed += allowed;
    const { verb, apiGroup, resource, subresource, namespace, name = '', path } = request;
    // Nodes are answered by an authorizer of their own.
    if (user.name.startsWith('system:node:') || user.groups.includes('system:masters')) continue;
    const wanted = resource === '' ? { verb, path } : { verb, apiGroup, resource, subresource, namespace, name };
    if (before.rbac.authorize(withImplicitGroups(user), wanted).allowed) continue;
    denies.push({ who: user.name, what: `${verb} ${resource === '' ? path : resource}`, count: allowed, last });
  }
  const roles: UnknownBecause[] = before.knows('roles') && before.knows('clusterroles') ? [] : [{ code: 'role-unknown', about: '' }];
  const isKnown = roles.length === 0;
  return asked(isKnown ? denies : [], replayed, [...completenessOf(evidence), ...roles]);
}

/** A connection tells nothing of how it was signed in, so only a port that goes is asked of the record. */
function portProof({ port, closes }: Extract<Concerns, object>, { node, component }: NodeChange, { evidence }: Known): DomainProof {
  const denies: Denial[] = [];
  let replayed = 0;
  for (const { source, destination, port: to, allowed, unclear, last } of evidence.record?.flows ?? []) {
    if (destination !== `host:${node}` || to !== port || allowed + unclear === 0) continue;
    replayed += allowed + unclear;
    if (closes === true && source !== `host:${node}`)
      denies.push({ who: source ?? 'somebody', what: `connections to port ${port} of ${node}`, count: allowed + unclear, last });
  }
  return asked(denies, replayed, [{ code: 'clients-unseen', about: `port ${port} of ${component ?? ''} on ${node}` }]);
}

function completenessOf({ record, servers, readAt }: NodeEvidence): readonly UnknownBecause[] {
  const known = { ...(servers !== undefined && { servers }), ...(readAt !== undefined && { readAt }) };
  return completeness({ record, users: [], accounts: undefined, rolesKnown: true, ...known }).unknownBecause;
}

function asked(denies: readonly Denial[], replayed: number, unknownBecause: readonly UnknownBecause[]): DomainProof {
  const verdict = denies.length > 0 ? 'breaks' : unknownBecause.length > 0 ? 'unknown' : 'safe';
  return { verdict, unknownBecause, denies: denies.toSorted((a, b) => b.count - a.count), replayed };
}

function doubtful(unknownBecause: readonly UnknownBecause[]): DomainProof {
  return { verdict: 'unknown', unknownBecause, denies: [], replayed: 0 };
}

/** What is said of several nodes alike is said once. */
export function joined(one: DomainProof, other: DomainProof): DomainProof {
  const denies = new Map([...one.denies, ...other.denies].map((denial) => [`${denial.who} ${denial.what}`, denial]));
  const because = new Map([...one.unknownBecause, ...other.unknownBecause].map((doubt) => [`${doubt.code} ${doubt.about}`, doubt]));
  const said = [...new Set([...(one.said ?? []), ...(other.said ?? [])])];
  return {
    ...asked([...denies.values()], Math.max(one.replayed, other.replayed), [...because.values()]),
    ...(said.length > 0 && { said }),
  };
}

/** In the imperative. */
export function operationWords(operations: readonly NodeOperation[]): string {
  const words = operations.flatMap((one) => {
    switch (one.operation) {
      case 'flag':
        return [one.value === undefined ? `remove ${one.flag}` : `set ${one.flag}=${one.value}`];
      case 'field':
        return [`set ${one.path} to ${Array.isArray(one.value) ? one.value.join(',') : String(one.value)}`];
      case 'mode':
        return [`chmod ${one.mode} ${one.path}`];
      case 'owner':
        return [one.all === true ? `give ${one.path} to ${one.owner}` : `chown ${one.owner} ${one.path}`];
      default:
        return [];
    }
  });
  return words.length > 2 ? `${words.slice(0, 2).join(', ')} and more` : words.join(', ');
}
