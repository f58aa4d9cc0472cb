/** Needs of the API server, which calls webhooks and extensions, and of those who call it. */
import { recordAt, recordsAt, textAt } from '../../engines/network/index.ts';
import { type Grant, automountsToken } from '../../model/index.ts';
import { onePort } from './one-port.ts';
import type { Evidence } from './evidence.ts';
import type { Facts } from './facts.ts';
import { everyAddress } from './from-entrances.ts';
import type { App, Inventory } from './inventory.ts';
import type { Needs } from './needs.ts';
import { Places } from './places.ts';

export function needsFromApi(
  inventory: Inventory,
  needs: Needs,
  { facts, callers }: { facts: Facts; callers: ReadonlyMap<App, Evidence> },
): void {
  for (const call of callsIn(inventory)) called(inventory, needs, { call, facts });
  for (const [app, evidence] of withRights(inventory, needs, callers)) {
    if (app.host) continue;
    for (const { cidr, port } of facts.apiServer)
      needs.add({ from: { kind: 'app', app }, to: { kind: 'addresses', cidr }, ports: onePort('TCP', port), evidence: [evidence] });
    if (facts.apiServer.length === 0)
      needs.gap({
        kind: 'closed',
        app: app.key,
        what: 'the API server: its address is not in the input; name it with --api-server',
        evidence: [evidence],
      });
  }
}

interface Call {
  namespace: string;
  service: string;
  port: number;
  evidence: Evidence;
}

/** Pods that the API server calls: it must reach them, or requests that they judge fail. */
function called(inventory: Inventory, needs: Needs, { call, facts }: { call: Call; facts: Facts }): void {
  const service = inventory.services.get(call.namespace, call.service);
  if (service === undefined) return;
  const place = new Places(inventory).behind(service, { host: call.service, port: call.port, namespace: call.namespace });
  if (place.kind !== 'apps') return;
  const known = facts.apiServer.map(({ cidr }) => cidr);
  for (const { app, ports } of place.targets) {
    for (const cidr of known.length > 0 ? known : everyAddress(inventory))
      needs.add({ from: { kind: 'addresses', cidr }, to: { kind: 'app', app }, ports, evidence: [call.evidence] });
    if (known.length === 0)
      needs.gap({
        kind: 'wide',
        app: app.key,
        what: 'open to every address, as the API server calls it and its address is not in the input; name it with --api-server',
        evidence: [call.evidence],
      });
  }
}

function* callsIn(inventory: Inventory): Generator<Call> {
  for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']) {
    for (const [object, index] of inventory.ofKind(kind)) {
      for (const [at, webhook] of recordsAt(object, 'webhooks').entries())
        yield* callTo(recordAt(webhook, 'clientConfig', 'service'), {
          ref: `${kind}/${nameOf(object)}`,
          path: `webhooks[${at}].clientConfig.service`,
          object: index,
        });
    }
  }
  for (const [object, index] of inventory.ofKind('CustomResourceDefinition'))
    yield* callTo(recordAt(object, 'spec', 'conversion', 'webhook', 'clientConfig', 'service'), {
      ref: `CustomResourceDefinition/${nameOf(object)}`,
      path: 'spec.conversion.webhook.clientConfig.service',
      object: index,
    });
  for (const [object, index] of inventory.ofKind('APIService'))
    yield* callTo(recordAt(object, 'spec', 'service'), { ref: `APIService/${nameOf(object)}`, path: 'spec.service', object: index });
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
