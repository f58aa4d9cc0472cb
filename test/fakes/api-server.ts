/**
 * An API server that lists: discovery, pages with tokens, Secrets as a table, Status objects for what goes wrong. It
 * answers as the real one does where the collector looks; what it cannot do is tried on the real one (test/cluster).
 */
import { createHash } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

type Fields = Record<string, unknown>;

export interface FakeKind {
  group: string;
  version: string;
  resource: string;
  kind: string;
  namespaced: boolean;
  /** In the order of the server: by namespace and name. Made one by one, so that a large cluster takes no memory. */
  objects: Iterable<Fields>;
}

/** Takes a request over: true when it answered. */
export type Interference = (request: { url: URL; count: number; headers: IncomingMessage['headers'] }, response: ServerResponse) => boolean;

export class FakeApiServer {
  readonly requests: { method: string; url: string; accept: string; as: string | undefined }[] = [];
  /** Called before anything is answered, with how often this address (without its query) was asked. */
  interfere: Interference = () => false;
  /** Whether it knows discovery in one request, as releases since 1.27 do. */
  aggregated = true;
  atOnce = 0;
  mostAtOnce = 0;
  readonly #kinds: readonly FakeKind[];
  readonly #counts = new Map<string, number>();
  readonly #walks = new Map<string, { objects: Iterator<Fields>; next: IteratorResult<Fields> }>();
  #server: Server | undefined;

  constructor(kinds: readonly FakeKind[]) {
    this.#kinds = kinds;
  }

  async start(): Promise<string> {
    const server = createServer((request, response) => this.#answer(request, response));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise<void>((resolve) => (this.#server === undefined ? resolve() : this.#server.close(() => resolve())));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://fake');
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    response.on('close', () => (this.atOnce -= 1));
    const accept = request.headers.accept ?? '';
    const as = request.headers['impersonate-user'];
    this.requests.push({
      method: request.method ?? '',
      url: url.pathname + url.search,
      accept,
      as: typeof as === 'string' ? as : undefined,
    });
    const count = (this.#counts.get(url.pathname) ?? 0) + 1;
    this.#counts.set(url.pathname, count);
    if (this.interfere({ url, count, headers: request.headers }, response)) return;
    if (url.pathname === '/metrics') {
      response.end(
        '# HELP x y\nkubernetes_feature_enabled{name="AllAlpha",stage="ALPHA"} 0\nkubernetes_feature_enabled{name="NodeSwap",stage=""} 1\nprocess_start_time_seconds 1.7e+09\napiserver_request_total{code="200",group="",resource="secrets",subresource="",verb="LIST"} 3\napiserver_request_total{code="403",group="",resource="pods",subresource="exec",verb="CONNECT"} 1\napiserver_request_total{code="200",group="apps",resource="deployments",subresource="scale",verb="PUT"} 2\n',
      );
      return;
    }
    const answer = this.#route(url, accept);
    if (answer === undefined) sendStatus(response, 404, 'the server could not find the requested resource');
    else send(response, 200, answer, request.headers['accept-encoding'] === 'gzip');
  }

  #route(url: URL, accept: string): unknown {
    const parts = url.pathname.split('/').filter((part) => part !== '');
    if (url.pathname === '/version') return { gitVersion: 'v1.34.1' };
    if (url.pathname === '/api/v1/namespaces/kube-system') return { metadata: { name: 'kube-system', uid: 'uid-of-the-cluster' } };
    const place = /^\/api\/v1\/namespaces\/([^/]+)$/.exec(url.pathname)?.[1];
    if (place !== undefined) return this.#namespace(place);
    const isAggregated = this.aggregated && accept.includes('apidiscovery');
    if (url.pathname === '/api') return isAggregated ? this.#aggregated(true) : { kind: 'APIVersions', versions: ['v1'] };
    if (url.pathname === '/apis') return isAggregated ? this.#aggregated(false) : this.#groups();
    const [group, version, rest] = parts[0] === 'api' ? ['', parts[1], parts.slice(2)] : [parts[1], parts[2], parts.slice(3)];
    if (rest.length === 0) return this.#resources(group ?? '', version ?? '');
    const [namespace, resource] = rest[0] === 'namespaces' && rest.length === 3 ? [rest[1], rest[2]] : [undefined, rest[0]];
    const kind = this.#kinds.find((each) => each.group === group && each.version === version && each.resource === resource);
    return kind === undefined ? undefined : this.#list(kind, { url, accept, namespace });
  }

  #namespace(name: string): unknown {
    const { objects = [] } = this.#kinds.find(({ resource }) => resource === 'namespaces') ?? {};
    return [...objects].find(({ metadata }) => (metadata as Fields).name === name);
  }

  #list(kind: FakeKind, { url, accept, namespace }: { url: URL; accept: string; namespace: string | undefined }): unknown {
    const limit = Number(url.searchParams.get('limit') ?? '0') || Infinity;
    const token = url.searchParams.get('continue');
    const key = `${kind.resource}.${kind.group}/${namespace ?? ''}@${token ?? ''}`;
    const items: Fields[] = [];
    const objects = kind.objects[Symbol.iterator]();
    const at = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString());
    // The walk of the page before goes on; only a page that is asked for twice is walked from the start.
    const kept = this.#walks.get(key);
    this.#walks.delete(key);
    const walk = kept ?? { objects, next: objects.next() };
    if (kept === undefined) for (let skipped = 0; skipped < at; skipped += 1) walk.next = walk.objects.next();
    let passed = at;
    while (walk.next.done !== true && items.length < limit) {
      const item = walk.next.value;
      if (namespace === undefined || (item.metadata as Fields).namespace === namespace) items.push(item);
      passed += 1;
      walk.next = walk.objects.next();
    }
    const more = walk.next.done === true ? undefined : Buffer.from(String(passed)).toString('base64url');
    if (more !== undefined) this.#walks.set(`${kind.resource}.${kind.group}/${namespace ?? ''}@${more}`, walk);
    const metadata = { resourceVersion: '1000', ...(more !== undefined && { continue: more }) };
    if (!accept.includes('as=Table')) return { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata, items };
    const rows = items.map((item) => ({
      cells: [(item.metadata as Fields).name, item.type ?? 'Opaque', Object.keys((item.data as Fields | undefined) ?? {}).length, '1d'],
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: item.metadata },
    }));
    return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions: [{ name: 'Name' }], rows };
  }

  #aggregated(core: boolean): Fields {
    const groups = [...new Set(this.#kinds.map(({ group }) => group))].filter((group) => (group === '') === core);
    return {
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
      metadata: {},
      items: groups.map((group) => ({
        metadata: group === '' ? {} : { name: group },
        versions: [...new Set(this.#kinds.filter((kind) => kind.group === group).map(({ version }) => version))].map((version) => ({
          version,
          freshness: 'Current',
          resources: this.#kinds
            .filter((kind) => kind.group === group && kind.version === version)
            .map(({ resource, kind, namespaced }) => ({
              resource,
              responseKind: { group: '', version: '', kind },
              scope: namespaced ? 'Namespaced' : 'Cluster',
              verbs: ['get', 'list', 'watch'],
              subresources: [{ subresource: 'status', verbs: ['get'] }],
            })),
        })),
      })),
    };
  }

  #groups(): Fields {
    const groups = [...new Set(this.#kinds.map(({ group }) => group))].filter((group) => group !== '');
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: groups.map((name) => {
        const versions = [...new Set(this.#kinds.filter(({ group }) => group === name).map(({ version }) => version))];
        return { name, versions: versions.map((version) => ({ version })), preferredVersion: { version: versions[0] } };
      }),
    };
  }

  #resources(group: string, version: string): unknown {
    const of = this.#kinds.filter((kind) => kind.group === group && kind.version === version);
    const resources = of.flatMap(({ resource, kind, namespaced }) => [
      { name: resource, kind, namespaced, verbs: ['get', 'list'] },
      { name: `${resource}/status`, kind, namespaced, verbs: ['get'] },
    ]);
    return { kind: 'APIResourceList', groupVersion: group === '' ? version : `${group}/${version}`, resources };
  }
}

function apiVersionOf({ group, version }: FakeKind): string {
  return group === '' ? version : `${group}/${version}`;
}

export function send(response: ServerResponse, status: number, body: unknown, gzip = false): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...(gzip && { 'content-encoding': 'gzip' }) });
  response.end(gzip ? gzipSync(text, { level: 1 }) : text);
}

export function sendStatus(response: ServerResponse, code: number, message: string, more: Fields = {}): void {
  response.setHeader('content-type', 'application/json');
  response.writeHead(code);
  response.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code, ...more }));
}

/** A steady UID for a made-up object. */
export function uidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
