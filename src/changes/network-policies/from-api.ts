/** Needs of the API server, which calls webhooks and extensions, and of those who call it. */
import { type Intervals, recordAt, recordsAt, textAt, union } from '../../engines/network/index.ts';
import { type Grant, automountsToken } from '../../model/index.ts';
import { onePort } from './one-port.ts';
import type { Evidence } from './evidence.ts';
import type { Facts } from './facts.ts';
import { everyAddress } from './from-entrances.ts';
import type { App, Inventory } from './inventory.ts';
import type { NeedEnd, Needs } from './needs.ts';
import { type Place, Places, type Target } from './places.ts';

export interface ApiNeeds {
  readonly facts: Facts;
  /** Who names the API server. */
  readonly callers: ReadonlyMap<App, Evidence>;
  /** Open every address to those who call it where its own is not known. */
  readonly anyAddress?: boolean;
}

export function needsFromApi(inventory: Inventory, needs: Needs, { facts, callers, anyAddress = false }: ApiNeeds): void {
  called(inventory, needs, facts);
  for (const [app, evidence] of withRights(inventory, needs, callers)) {
    if (app.host) continue;
    for (const { cidr, port } of facts.apiServer)
      needs.add({ from: { kind: 'app', app }, to: { kind: 'addresses', cidr }, ports: onePort('TCP', port), evidence: [evidence] });
    if (facts.apiServer.length > 0) continue;
    if (!anyAddress) {
      needs.gap({
        kind: 'closed',
        app: app.key,
        what: 'the API server: its address is not in the input; name it with --api-server',
        evidence: [evidence],
      });
      continue;
    }
    needs.gap({
      kind: 'wide',
      app: app.key,
      what: 'open to every address for the API server, whose own is not in the input',
      evidence: [evidence],
    });
    for (const cidr of everyAddress(inventory))
      needs.add({ from: { kind: 'app', app }, to: { kind: 'addresses', cidr }, ports: API_PORTS, evidence: [evidence] });
  }
}

/** Ports on which API servers listen, where nobody says which. */
export const API_PORTS: Intervals<number> = union(onePort('TCP', 443), onePort('TCP', 6443));

interface ServiceCall {
  namespace: string;
  service: string;
  port: number;
  evidence: Evidence;
}

/** By a URL, whose host may be an address or a name of the cluster all the same. */
interface UrlCall {
  host: string;
  port: number;
  evidence: Evidence;
}

type Call = ServiceCall | UrlCall;

/** A workload that the API server calls: it must reach it, or requests that it judges fail. */
export interface Called extends Target {
  readonly evidence: Evidence;
}

export function callsOf(inventory: Inventory): Called[] {
  const places = new Places(inventory);
  return [...callsIn(inventory)].flatMap((call): Called[] => {
    const { port, evidence } = call;
    const place = 'host' in call ? places.find({ host: call.host, port, namespace: '' }) : behind(call, inventory, places);
    return place?.kind === 'apps' ? place.targets.map((target) => ({ ...target, evidence })) : [];
  });
}

function behind({ namespace, service: name, port }: ServiceCall, { services }: Inventory, places: Places): Place | undefined {
  const service = services.get(namespace, name);
  return service === undefined ? undefined : places.behind(service, { host: name, port, namespace });
}

/** Where the API server calls from: itself, and the ends of its tunnel into the cluster, where it has one. None where that is not known. */
export function callersOf({ apps }: Inventory, { apiServer }: Facts): NeedEnd[] {
  const agents = apps.filter(({ namespace, name, host }) => namespace === 'kube-system' && name === 'konnectivity-agent' && !host);
  if (agents.length > 0) return agents.map((app) => ({ kind: 'app', app }));
  return [...new Set(apiServer.map(({ cidr }) => cidr))].map((cidr) => ({ kind: 'addresses', cidr }));
}

function called(inventory: Inventory, needs: Needs, facts: Facts): void {
  const known = callersOf(inventory, facts);
  const ends = known.length > 0 ? known : everyAddress(inventory).map((cidr): NeedEnd => ({ kind: 'addresses', cidr }));
  for (const { app, ports, evidence } of callsOf(inventory)) {
    for (const from of ends) needs.add({ from, to: { kind: 'app', app }, ports, evidence: [evidence] });
    if (known.length > 0) continue;
    needs.gap({
      kind: 'wide',
      app: app.key,
      what: 'open to every address, as the API server calls it and its address is not in the input; name it with --api-server',
      evidence: [evidence],
    });
  }
}

function* callsIn(inventory: Inventory): Generator<Call> {
  for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']) {
    for (const [object, index] of inventory.ofKind(kind)) {
      for (const [at, webhook] of recordsAt(object, 'webhooks').entries())
        yield* callBy(recordAt(webhook, 'clientConfig'), {
          ref: `${kind}/${nameOf(object)}`,
          path: `webhooks[${at}].clientConfig`,
          object: index,
        });
    }
  }
  for (const [object, index] of inventory.ofKind('CustomResourceDefinition'))
    yield* callBy(recordAt(object, 'spec', 'conversion', 'webhook', 'clientConfig'), {
      ref: `CustomResourceDefinition/${nameOf(object)}`,
      path: 'spec.conversion.webhook.clientConfig',
      object: index,
    });
  for (const [object, index] of inventory.ofKind('APIService'))
    yield* callTo(recordAt(object, 'spec', 'service'), { ref: `APIService/${nameOf(object)}`, path: 'spec.service', object: index });
}

function* callBy(config: Readonly<Record<string, unknown>>, at: Omit<Evidence, 'what'>): Generator<Call> {
  yield* callTo(recordAt(config, 'service'), { ...at, path: `${at.path}.service` });
  const text = textAt(config, 'url');
  if (!URL.canParse(text)) return;
  const { hostname, port } = new URL(text);
  const host = hostname.replace(/^\[|\]$/g, '');
  yield { host, port: Number(port) || 443, evidence: { ...at, path: `${at.path}.url`, what: `the API server calls ${text}` } };
}

function* callTo(service: Readonly<Record<string, unknown>>, at: Omit<Evidence, 'what'>): Generator<Call> {
  const [namespace, name] = [textAt(service, 'namespace'), textAt(service, 'name')];
  if (name === '') return;
  const port = typeof service.port === 'number' ? service.port : 443;
  yield { namespace, service: name, port, evidence: { ...at, what: `the API server calls Service/${namespace}/${name}:${port}` } };
}

function nameOf(object: Readonly<Record<string, unknown>>): string {
  return textAt(recordAt(object, 'metadata'), 'name');
}

/** Workloads whose account was given rights by its name, and that have its token; who names the API server calls it as well. */
function withRights(inventory: Inventory, needs: Needs, callers: ReadonlyMap<App, Evidence>): Map<App, Evidence> {
  const { apps, tables } = inventory;
  const found = new Map(callers);
  for (const app of apps) {
    const { namespace, serviceAccount: name, pod } = app.workload;
    if (found.has(app) || app.host || !automountsToken(pod, tables.ServiceAccount.get(namespace, name))) continue;
    const own = tables.access.grantsTo({ kind: 'ServiceAccount', namespace, name });
    const [grant, isOwn] = [own[0] ?? tables.access.grantsToServiceAccount(namespace, name).find(isGivenOnPurpose), own.length > 0];
    if (grant === undefined) continue;
    const { kind, namespace: where, name: binding } = grant.binding;
    const ref = where === '' ? `${kind}/${binding}` : `${kind}/${where}/${binding}`;
    const evidence = {
      ref,
      path: 'subjects',
      object: inventory.find(kind, where || 'default', binding) ?? -1,
      what: `gives rights to its account ${name}`,
    };
    if (isOwn) found.set(app, evidence);
    else if (app.policed)
      needs.gap({
        kind: 'note',
        app: app.key,
        what: `may call the API server, as ${ref} gives rights to all accounts, but nothing says that it does`,
        evidence: [evidence],
      });
  }
  return found;
}

/** What Kubernetes gives to everybody says nothing of anybody. */
function isGivenOnPurpose({ binding }: Grant): boolean {
  return !binding.name.startsWith('system:');
}
