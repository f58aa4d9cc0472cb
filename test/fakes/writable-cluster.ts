/**
 * A cluster that can be written to, as far as `net verify` goes: namespaces, pods that run and log what they meet,
 * policies, discovery, reviews of rights. Who meets whom is asked of the engine, so that policies of every kind hold
 * here; `enforce` lets some of them not. What a real one does otherwise is tried on one (test/cluster).
 */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Ends, Relation, ask, readWorld } from '../../src/engines/network/index.ts';
import type { Ask, Fields } from '../../src/enforce/verify/api.ts';
import type { ProberConfig } from '../../src/enforce/verify/prober.ts';

interface Metadata {
  name: string;
  namespace?: string;
  uid: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { uid: string }[];
}
export interface Stored extends Fields {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  spec?: Fields;
  status?: Fields;
}
type Answer = Awaited<ReturnType<Ask>>;

const KINDS: Readonly<Record<string, { groupVersion: string; kind: string; namespaced: boolean }>> = {
  namespaces: { groupVersion: 'v1', kind: 'Namespace', namespaced: false },
  nodes: { groupVersion: 'v1', kind: 'Node', namespaced: false },
  pods: { groupVersion: 'v1', kind: 'Pod', namespaced: true },
  secrets: { groupVersion: 'v1', kind: 'Secret', namespaced: true },
  networkpolicies: { groupVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespaced: true },
  adminnetworkpolicies: { groupVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'AdminNetworkPolicy', namespaced: false },
  baselineadminnetworkpolicies: {
    groupVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'BaselineAdminNetworkPolicy',
    namespaced: false,
  },
  clusternetworkpolicies: { groupVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', namespaced: false },
};

export class WritableCluster {
  readonly objects = new Map<string, Stored>();
  readonly requests: { method: string; path: string; body: unknown }[] = [];
  /** What is in force of what is there: all of it, unless a test lets something out. */
  enforce: (policy: Stored) => Stored | undefined = (policy) => policy;
  /** The word for what is held back. */
  stopped = 'timeout';
  /** Instead of the answer, where it gives one. */
  refuse: (method: string, path: string, body: unknown) => Answer | undefined = () => undefined;
  /** Instead of running. */
  podStatus: (name: string) => Fields | undefined = () => undefined;
  /** Where the pods of a name go. */
  nodeOf: (name: string) => string = (name) => (name === 'far' ? 'node2' : 'node1');
  /** A namespace that does not go says so. */
  stuck: string | undefined;
  /** Requests that a namespace takes to go. */
  patience = 2;
  /** Releases that have no such kinds. */
  hasAdminKinds = true;
  readonly #rounds = new Map<string, string[]>();
  readonly #accounts = new Set<string>();
  readonly #dying = new Map<string, number>();
  /** Of the objects as they are; each change makes a new one. */
  #relation: Relation | undefined;
  #count = 0;
  #server: Server | undefined;

  constructor(nodes: readonly string[] = ['node1', 'node2']) {
    for (const name of nodes)
      this.add('nodes', { metadata: { name }, spec: {}, status: { conditions: [{ type: 'Ready', status: 'True' }] } });
  }

  add(resource: string, object: { metadata: { name: string; namespace?: string } & Partial<Metadata> } & Fields): void {
    const { groupVersion: apiVersion, kind } = KINDS[resource] ?? { groupVersion: 'v1', kind: 'Unknown' };
    this.#count += 1;
    this.#relation = undefined;
    const metadata = { ...object.metadata, uid: `uid-${this.#count}` };
    this.objects.set(keyOf(resource, metadata.namespace, metadata.name), { ...object, apiVersion, kind, metadata });
  }

  /** Names of what there is of a resource. */
  names(resource: string): string[] {
    return this.of(resource).map(({ metadata }) => metadata.name);
  }

  of(resource: string): Stored[] {
    return [...this.objects].filter(([key]) => key.startsWith(`${resource} `)).map(([, object]) => object);
  }

  readonly ask: Ask = async (method, path, body) => {
    this.requests.push({ method, path, body });
    return this.refuse(method, path, body) ?? this.#answer(method, new URL(path, 'http://cluster'), body);
  };

  /** The same over HTTP, for the command. */
  async start(): Promise<string> {
    const server = createServer((request, response) => {
      void this.#over(request, response);
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise<void>((resolve) => (this.#server === undefined ? resolve() : this.#server.close(() => resolve())));
  }

  async #over(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = await text(request);
    const method = (request.method ?? 'GET') as 'GET';
    const { status, body } = await this.ask(method, request.url ?? '/', sent === '' ? undefined : (JSON.parse(sent) as unknown));
    const isText = typeof body === 'string';
    response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json' });
    response.end(isText ? body : JSON.stringify(body));
  }

  #answer(method: string, { pathname, searchParams }: URL, body: unknown): Answer {
    if (pathname === '/api' || pathname === '/apis') return { status: 200, body: this.#discovery(pathname === '/api') };
    if (pathname.endsWith('/selfsubjectaccessreviews')) return { status: 201, body: { status: { allowed: true } } };
    const [, rest = ''] = /^\/(?:api\/v1|apis\/[^/]+\/[^/]+)\/(.*)$/.exec(pathname) ?? [];
    const parts = rest.split('/');
    const isInside = parts[0] === 'namespaces' && parts.length > 2;
    const namespace = isInside ? parts[1] : undefined;
    const [resource = '', name, sub] = isInside ? parts.slice(2) : parts;
    if (!this.#has(resource)) return status(404, 'the server could not find the requested resource');
    if (sub === 'log') return this.#log(keyOf('pods', namespace, name ?? ''));
    if (method === 'POST') return this.#create(resource, namespace, body as Stored);
    if (method === 'DELETE') return this.#remove(keyOf(resource, namespace, name ?? ''));
    if (name === undefined) return { status: 200, body: this.#list(resource, namespace, searchParams.get('labelSelector')) };
    const key = keyOf(resource, namespace, name);
    this.#pass(key);
    const found = this.objects.get(key);
    return found === undefined ? status(404, `${resource} "${name}" not found`) : { status: 200, body: found };
  }

  #has(resource: string): boolean {
    const kind = KINDS[resource];
    return kind !== undefined && (this.hasAdminKinds || !kind.groupVersion.startsWith('policy.'));
  }

  #list(resource: string, namespace: string | undefined, selector: string | null): Fields {
    const [label = '', value] = selector?.split('=') ?? [];
    const items = this.of(resource)
      .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
      .filter(({ metadata }) => selector === null || metadata.labels?.[label] === value);
    return { kind: `${KINDS[resource]?.kind ?? ''}List`, metadata: {}, items };
  }

  #create(resource: string, namespace: string | undefined, object: Stored): Answer {
    const key = keyOf(resource, namespace, object.metadata.name);
    if (this.objects.has(key)) return status(409, `${resource} "${object.metadata.name}" already exists`);
    if (resource === 'pods') {
      if (namespace !== undefined && !this.#accounts.has(namespace)) {
        this.#accounts.add(namespace);
        return status(
          403,
          `pods "${object.metadata.name}" is forbidden: error looking up service account ${namespace}/default: serviceaccount "default" not found`,
        );
      }
      const podIP = `10.0.0.${this.#count + 1}`;
      const running = { phase: 'Running', podIP, containerStatuses: [{ state: { running: {} } }] };
      const failing = this.podStatus(object.metadata.name);
      this.add(resource, { ...object, spec: { ...object.spec, nodeName: this.nodeOf(object.metadata.name) }, status: failing ?? running });
    } else this.add(resource, object);
    return { status: 201, body: this.objects.get(key) };
  }

  #remove(key: string): Answer {
    const found = this.objects.get(key);
    this.#relation = undefined;
    if (found === undefined) return status(404, `${key} not found`);
    if (found.kind === 'Namespace') this.#dying.set(key, this.patience);
    else this.objects.delete(key);
    return { status: 200, body: found };
  }

  /** A namespace goes some time after it was asked to, with what lies in it and what it owns. */
  #pass(key: string): void {
    const left = this.#dying.get(key);
    const found = this.objects.get(key);
    if (left === undefined || found === undefined) return;
    this.#dying.set(key, left - 1);
    if (this.stuck !== undefined) {
      const conditions = [{ type: 'NamespaceContentRemaining', status: 'True', message: this.stuck }];
      this.objects.set(key, { ...found, status: { phase: 'Terminating', conditions } });
    } else if (left <= 0) {
      for (const [other, { metadata }] of this.objects)
        if (metadata.namespace === found.metadata.name || metadata.ownerReferences?.some(({ uid }) => uid === found.metadata.uid) === true)
          this.objects.delete(other);
      this.objects.delete(key);
    }
  }

  /** Each look is one round later. */
  #log(key: string): Answer {
    const pod = this.objects.get(key);
    if (pod === undefined) return status(404, 'there is no such pod');
    const rounds = this.#rounds.get(key) ?? [];
    rounds.push(JSON.stringify({ round: rounds.length + 1, results: this.#meets(pod) }));
    this.#rounds.set(key, rounds);
    return { status: 200, body: `${rounds.slice(-4).join('\n')}\n` };
  }

  #related(): Relation {
    const policies = [...this.objects.values()].filter(({ kind }) => kind.endsWith('NetworkPolicy'));
    const others = [...this.objects.values()].filter(({ kind }) => kind === 'Namespace' || kind === 'Pod');
    return new Relation(readWorld([...others, ...policies.flatMap((policy) => this.enforce(policy) ?? [])]));
  }

  #meets(pod: Stored): Record<string, string> {
    const relation = (this.#relation ??= this.#related());
    const ends = new Ends(relation);
    const end = ({ metadata }: Stored): readonly number[] => ends.find(`${metadata.namespace ?? ''}/${metadata.name}`) ?? [];
    const word = ({ host, port, protocol, name }: ProberConfig['probes'][number]): string => {
      const target = this.of('pods').find(({ status: one }) => one?.podIP === host);
      if (target === undefined) return 'unreachable';
      const { tcp, udp } = configOf(target);
      const allowed = ask(relation, { from: end(pod), to: end(target) }, { protocol, port })?.allowed === true;
      if (!allowed) return this.stopped;
      if (!(protocol === 'TCP' ? tcp : udp).includes(port)) return 'refused';
      return target.metadata.name === name ? 'open' : 'stranger';
    };
    return Object.fromEntries(configOf(pod).probes.map((probe) => [probe.key, word(probe)]));
  }

  #discovery(isCore: boolean): Fields {
    const kinds = Object.entries(KINDS).filter(([resource, { groupVersion }]) => (groupVersion === 'v1') === isCore && this.#has(resource));
    const groups = [...new Set(kinds.map(([, { groupVersion }]) => groupVersion))];
    const items = groups.map((groupVersion) => {
      const [group, version] = isCore ? ['', groupVersion] : groupVersion.split('/');
      const resources = kinds
        .filter(([, kind]) => kind.groupVersion === groupVersion)
        .map(([resource, { kind, namespaced }]) => ({
          resource,
          responseKind: { kind },
          scope: namespaced ? 'Namespaced' : 'Cluster',
          verbs: ['list'],
        }));
      return { metadata: isCore ? {} : { name: group }, versions: [{ version, freshness: 'Current', resources }] };
    });
    return { kind: 'APIGroupDiscoveryList', items };
  }
}

function configOf({ spec }: Stored): ProberConfig {
  const [container] = (spec?.containers ?? []) as { command: string[] }[];
  return JSON.parse(container?.command.at(-1) ?? '') as ProberConfig;
}

function keyOf(resource: string, namespace: string | undefined, name: string): string {
  return `${resource} ${namespace ?? ''}/${name}`;
}

export function status(code: number, message: string): Answer {
  return { status: code, body: { kind: 'Status', status: 'Failure', code, message } };
}
