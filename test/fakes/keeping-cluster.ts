/**
 * An API server that keeps objects: lists, reads, RFC 6902 patches, creates and deletes, dry runs, versions and their
 * preconditions. What a real one does otherwise is tried on one (test/cluster).
 */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type PatchOperation, PatchFailure, applyPatch } from '../../src/lib/json-patch.ts';

type Fields = Record<string, unknown>;
interface Stored extends Fields {
  apiVersion: string;
  kind: string;
  metadata: Fields & { name: string; namespace?: string };
}

const KINDS: Readonly<Record<string, { groupVersion: string; kind: string; namespaced: boolean }>> = {
  namespaces: { groupVersion: 'v1', kind: 'Namespace', namespaced: false },
  serviceaccounts: { groupVersion: 'v1', kind: 'ServiceAccount', namespaced: true },
  secrets: { groupVersion: 'v1', kind: 'Secret', namespaced: true },
  pods: { groupVersion: 'v1', kind: 'Pod', namespaced: true },
  deployments: { groupVersion: 'apps/v1', kind: 'Deployment', namespaced: true },
  roles: { groupVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', namespaced: true },
  rolebindings: { groupVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', namespaced: true },
  clusterroles: { groupVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', namespaced: false },
  clusterrolebindings: { groupVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', namespaced: false },
};

export class KeepingCluster {
  readonly objects = new Map<string, Stored>();
  readonly writes: { method: string; url: string; type: string | undefined }[] = [];
  /** Instead of the answer, where it gives one. */
  refuse: (method: string, url: URL) => { status: number; message: string } | 'break' | undefined = () => undefined;
  #version = 0;
  #server: Server | undefined;

  add(object: Fields): void {
    const stored = this.#versioned(object as Stored);
    const [resource = ''] = Object.entries(KINDS).find(([, { kind }]) => kind === stored.kind) ?? [];
    this.objects.set(`${resource} ${stored.metadata.namespace ?? ''}/${stored.metadata.name}`, stored);
  }

  async start(): Promise<string> {
    const server = createServer((request, response) => void this.#over(request, response));
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
    const url = new URL(request.url ?? '/', 'http://cluster');
    const method = request.method ?? 'GET';
    if (method !== 'GET') this.writes.push({ method, url: request.url ?? '', type: request.headers['content-type'] });
    const refusal = this.refuse(method, url);
    if (refusal === 'break') {
      response.destroy();
      return;
    }
    const body = sent === '' ? undefined : (JSON.parse(sent) as unknown);
    const answer = refusal === undefined ? this.#answer(method, url, body) : failure(refusal.status, refusal.message);
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  }

  #answer(method: string, { pathname, searchParams }: URL, body: unknown): { status: number; body: unknown } {
    if (pathname === '/api' || pathname === '/apis') return { status: 200, body: discovery(pathname === '/api') };
    if (pathname === '/version') return { status: 200, body: { gitVersion: 'v1.36.0' } };
    const [, rest = ''] = /^\/(?:api\/v1|apis\/[^/]+\/[^/]+)\/(.*)$/.exec(pathname) ?? [];
    const parts = rest.split('/');
    const isInside = parts[0] === 'namespaces' && parts.length > 2;
    const namespace = isInside ? parts[1] : undefined;
    const [resource = '', name] = isInside ? parts.slice(2) : parts;
    const kind = KINDS[resource];
    if (kind === undefined) return failure(404, 'the server could not find the requested resource');
    const isTrial = searchParams.get('dryRun') === 'All' || (body as { dryRun?: string[] } | undefined)?.dryRun?.[0] === 'All';
    if (method === 'POST') return this.#create({ resource, namespace }, body as Stored, isTrial);
    if (name === undefined) {
      const items = [...this.objects].filter(([key]) => key.startsWith(`${resource} `)).map(([, object]) => object);
      return { status: 200, body: { apiVersion: kind.groupVersion, kind: `${kind.kind}List`, metadata: { resourceVersion: '1' }, items } };
    }
    const key = `${resource} ${namespace ?? ''}/${name}`;
    const found = this.objects.get(key);
    if (found === undefined) return failure(404, `${resource} "${name}" not found`);
    if (method === 'GET') return { status: 200, body: found };
    if (method === 'PATCH') return this.#patch(key, { found, patch: body as PatchOperation[] }, isTrial);
    const { preconditions = {} } = (body ?? {}) as { preconditions?: { uid?: string; resourceVersion?: string } };
    for (const [field, wanted] of Object.entries(preconditions))
      if (wanted !== found.metadata[field]) return failure(409, `the ${field} in the precondition differs`);
    if (!isTrial) this.objects.delete(key);
    return { status: 200, body: { kind: 'Status', status: 'Success' } };
  }

  #create(
    { resource, namespace }: { resource: string; namespace: string | undefined },
    object: Stored,
    isTrial: boolean,
  ): { status: number; body: unknown } {
    const key = `${resource} ${namespace ?? ''}/${object.metadata.name}`;
    if (this.objects.has(key)) return failure(409, `${resource} "${object.metadata.name}" already exists`);
    if (object.metadata.resourceVersion !== undefined) return failure(400, 'resourceVersion should not be set on objects to be created');
    const made = this.#versioned(object);
    if (!isTrial) this.objects.set(key, made);
    return { status: 201, body: made };
  }

  #patch(
    key: string,
    { found, patch }: { found: Stored; patch: readonly PatchOperation[] },
    isTrial: boolean,
  ): { status: number; body: unknown } {
    try {
      const after = applyPatch(found, patch) as Stored;
      if (!isTrial) this.objects.set(key, this.#versioned(after));
      return { status: 200, body: after };
    } catch (error) {
      if (error instanceof PatchFailure)
        return failure(422, `the server rejected our request due to an error in our request: ${error.message}`);
      throw error;
    }
  }

  #versioned(object: Stored): Stored {
    this.#version += 1;
    const uid = object.metadata.uid ?? `uid-${this.#version}`;
    return { ...object, metadata: { ...object.metadata, uid, resourceVersion: `${this.#version}` } };
  }
}

function failure(status: number, message: string): { status: number; body: unknown } {
  return { status, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code: status } };
}

function discovery(isCore: boolean): Fields {
  const kinds = Object.entries(KINDS).filter(([, { groupVersion }]) => (groupVersion === 'v1') === isCore);
  const items = [...new Set(kinds.map(([, { groupVersion }]) => groupVersion))].map((groupVersion) => {
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
