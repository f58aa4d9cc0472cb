/**
 * Connections that a cluster needs and that no log need hold: what the API server calls, what collects metrics, names that
 * pods resolve, the API server itself for accounts that were seen asking it, and whoever is on the network of a node.
 * Probes are not among them: a node always reaches its own pods.
 */
import { type Intervals, intersection, wholeProtocol } from '../../engines/network/index.ts';
import { accountUserName } from '../../engines/rbac/index.ts';
import { automountsToken } from '../../model/index.ts';
import type { UseRecord } from '../../record/index.ts';
import type { RequiredCode, UnknownCode } from '../proof.ts';
import type { Evidence } from './evidence.ts';
import type { Facts } from './facts.ts';
import { API_PORTS, callersOf, callsOf } from './from-api.ts';
import { needsFromEntrances } from './from-entrances.ts';
import { DNS, clusterResolvers, resolversOf } from './from-names.ts';
import { needsFromReferences } from './from-references.ts';
import { scrapesIn } from './from-scrapes.ts';
import type { App, Inventory } from './inventory.ts';
import { type NeedEnd, Needs } from './needs.ts';
import { onePort } from './one-port.ts';

export interface RequiredUse {
  readonly code: RequiredCode;
  /** `anybody` where nobody knows who or where it is; `doubt` says so then. */
  readonly from: NeedEnd;
  readonly to: NeedEnd;
  readonly ports: Intervals<number>;
  /** What to let through for it, where that is more than what must not be closed. */
  readonly opens?: Intervals<number>;
  readonly evidence: Evidence;
  /** Why it is not sure that its loss breaks anything. */
  readonly doubt?: UnknownCode;
  /** Of several with the same word one may stand for the others. */
  readonly either?: string;
  /** As the record has it; 0 where it holds none of it. Seconds since 1970. */
  readonly count: number;
  readonly last: number;
}

interface Known {
  readonly facts: Facts;
  readonly record: UseRecord | undefined;
  /** What the input has a reason for, where somebody has read that already. */
  readonly needs?: Needs;
}

export function requiredUses(inventory: Inventory, { facts, record, needs }: Known): RequiredUse[] {
  return [
    ...calls(inventory, facts),
    ...scrapes(inventory),
    ...names(inventory),
    ...(record === undefined ? [] : accountUses(inventory, { facts, record })),
    ...hostPeers(inventory, needs),
  ];
}

/** An end whose address is not in the input: it may be any. */
const SOMEWHERE: NeedEnd = { kind: 'anybody' };
const NEVER = { count: 0, last: 0 };

function calls(inventory: Inventory, facts: Facts): RequiredUse[] {
  const callers = callersOf(inventory, facts);
  return callsOf(inventory).flatMap(({ app, ports, evidence }) => {
    const to: NeedEnd = { kind: 'app', app };
    if (callers.length > 0) return callers.map((from): RequiredUse => ({ code: 'api-call', from, to, ports, evidence, ...NEVER }));
    return [{ code: 'api-call', from: SOMEWHERE, to, ports, evidence, doubt: 'api-server-unknown', ...NEVER }];
  });
}

function scrapes(inventory: Inventory): RequiredUse[] {
  return scrapesIn(inventory).flatMap(({ app, ports, collectors, evidence: [evidence] }): RequiredUse[] => {
    if (ports.length === 0 || evidence === undefined) return [];
    const to: NeedEnd = { kind: 'app', app };
    if (collectors.length === 0) return [{ code: 'scrape', from: SOMEWHERE, to, ports, evidence, doubt: 'scraper-unknown', ...NEVER }];
    return collectors.map((from) => ({ code: 'scrape', from, to, ports, evidence, ...NEVER }));
  });
}

/** Of every pod: what resolves no names is not known of any. */
function names(inventory: Inventory): RequiredUse[] {
  const ofCluster = clusterResolvers(inventory);
  return inventory.apps.flatMap((app): RequiredUse[] => {
    if (app.host) return [];
    const { dnsPolicy = 'ClusterFirst' } = app.workload.pod;
    const from: NeedEnd = { kind: 'app', app };
    const evidence = evidenceIn(app, 'dnsPolicy', `resolves names (dnsPolicy ${dnsPolicy})`);
    const resolvers = resolversOf(inventory, app, ofCluster);
    if (resolvers === undefined)
      return [{ code: 'dns', from, to: SOMEWHERE, ports: wholeOr(DNS), opens: DNS, evidence, doubt: 'resolver-unknown', ...NEVER }];
    return resolvers
      .filter(({ end }) => end.kind !== 'app' || end.app !== app)
      .map(({ end, ports }) => ({ code: 'dns', from, to: end, ports: wholeOr(ports), opens: ports, evidence, either: app.key, ...NEVER }));
  });
}

/** Names are asked for by UDP, and by TCP only where an answer is long. */
function wholeOr(ports: Intervals<number>): Intervals<number> {
  const datagrams = intersection(ports, wholeProtocol('UDP'));
  return datagrams.length > 0 ? datagrams : ports;
}

/** Accounts that asked the API server, as far as the log says from pods. */
function accountUses(inventory: Inventory, { facts, record }: { facts: Facts; record: UseRecord }): RequiredUse[] {
  const asked = new Map<string, { count: number; last: number }>();
  for (const { actor, allowed, unclear, last } of record.requests) {
    const { name = '', bound } = record.actors[actor] ?? {};
    if (bound === 'nothing' || allowed + unclear === 0 || !name.startsWith('system:serviceaccount:')) continue;
    const known = asked.get(name);
    asked.set(name, { count: (known?.count ?? 0) + allowed + unclear, last: Math.max(known?.last ?? 0, last) });
  }
  const holders = new Map<string, App[]>();
  for (const app of inventory.apps) {
    const user = userOf(inventory, app);
    if (user !== undefined && asked.has(user)) holders.set(user, [...(holders.get(user) ?? []), app]);
  }
  return [...holders].flatMap(([user, apps]) => {
    const seen = asked.get(user) ?? NEVER;
    return apps
      .filter(({ host }) => !host)
      .flatMap((app): RequiredUse[] => {
        const from: NeedEnd = { kind: 'app', app };
        const evidence = evidenceIn(app, 'serviceAccountName', `its account ${user} asked the API server`);
        const shared = apps.length > 1 ? { doubt: 'account-shared' as const } : {};
        if (facts.apiServer.length === 0)
          return [{ code: 'api-server', from, to: SOMEWHERE, ports: API_PORTS, evidence, doubt: 'api-server-unknown', ...seen }];
        return facts.apiServer.map(({ cidr, port }) => ({
          code: 'api-server',
          from,
          to: { kind: 'addresses', cidr },
          ports: onePort('TCP', port),
          evidence,
          ...shared,
          ...seen,
        }));
      });
  });
}

/** Undefined where it has no token, as far as it is written down. */
function userOf({ tables }: Inventory, { workload }: App): string | undefined {
  const { namespace, serviceAccount: name, pod } = workload;
  const isProjected = (pod.volumes ?? []).some(({ projected }) => (projected?.sources ?? []).some((one) => 'serviceAccountToken' in one));
  if (!isProjected && !automountsToken(pod, tables.ServiceAccount.get(namespace, name))) return undefined;
  return accountUserName({ namespace, name });
}

/** What the input has a reason for, to or from what has the address of its node: logs tell such ends badly. */
function hostPeers(inventory: Inventory, known?: Needs): RequiredUse[] {
  if (!inventory.apps.some(({ host }) => host)) return [];
  return (known ?? reasonsIn(inventory)).all().flatMap(({ from, to, ports, evidence: [evidence] }): RequiredUse[] => {
    if (evidence === undefined || from.kind !== 'app' || to.kind !== 'app' || from.app.host === to.app.host) return [];
    const other = from.app.host ? from.app : to.app;
    const isPlaced = other.pods.some((pod) => (inventory.world.pods[pod]?.addresses.length ?? 0) > 0);
    if (isPlaced) return [{ code: 'host-peer', from, to, ports, evidence, ...NEVER }];
    const ends = from.app.host ? { from: SOMEWHERE, to } : { from, to: SOMEWHERE };
    return [{ code: 'host-peer', ...ends, ports, evidence, doubt: 'nodes-unknown', ...NEVER }];
  });
}

function reasonsIn(inventory: Inventory): Needs {
  const needs = new Needs();
  needsFromReferences(inventory, needs);
  needsFromEntrances(inventory, needs);
  return needs;
}

function evidenceIn(app: App, field: string, what: string): Evidence {
  const { object, podPath } = app.workload;
  const ref = object.namespace === '' ? `${object.kind}/${object.name}` : `${object.kind}/${object.namespace}/${object.name}`;
  return { ref, path: `${podPath}.${field}`, object: app.object, what };
}
