/** Manifests as a real server would keep them: sent, as a dry run where that is the same, and read from its answer. */
import { type Ask, each } from '../bulk.ts';

export type Fields = Record<string, unknown>;

export interface Place {
  /** `/apis/apps/v1`. */
  base: string;
  resource: string;
  namespaced: boolean;
}

/** By `apiVersion kind` where objects of it are created. */
export async function servedKinds(ask: Ask): Promise<Map<string, Place>> {
  const core = await resourcesOf(ask, '/api/v1', 'v1');
  const { groups } = (await ask('GET', '/apis')).json() as { groups: { versions: { groupVersion: string }[] }[] };
  const versions = groups.flatMap(({ versions }) => versions.map(({ groupVersion }) => groupVersion));
  const others = await each(versions, (version) => resourcesOf(ask, `/apis/${version}`, version));
  return new Map([core, ...others].flat());
}

async function resourcesOf(ask: Ask, base: string, apiVersion: string): Promise<[string, Place][]> {
  const { resources } = (await ask('GET', base)).json() as {
    resources: { name: string; kind: string; namespaced: boolean; verbs: string[] }[];
  };
  const created = resources.filter(({ name, verbs }) => !name.includes('/') && verbs.includes('create'));
  return created.map(({ name, kind, namespaced }) => [`${apiVersion} ${kind}`, { base, resource: name, namespaced }]);
}

/** The server's form of an object, or why it has none. */
export async function asServed(ask: Ask, kinds: ReadonlyMap<string, Place>, object: Fields): Promise<Fields | string> {
  const { apiVersion, kind } = object;
  const place = kinds.get(`${String(apiVersion)} ${String(kind)}`);
  if (place === undefined) return 'not served';
  const written = (object.metadata ?? {}) as { name?: string; namespace?: string };
  const namespace = place.namespaced ? `/namespaces/${written.namespace ?? 'default'}` : '';
  // In a dry run a Service gets ports and addresses that no Service has.
  const isDry = place.resource !== 'services';
  const path = `${place.base}${namespace}/${place.resource}`;
  const create = (metadata: Fields): ReturnType<Ask> => ask('POST', isDry ? `${path}?dryRun=All` : path, { ...object, metadata });
  const metadata = place.namespaced ? { namespace: 'default', ...written } : written;
  let answer = await create(metadata);
  // The name may be taken: it is asked under another.
  if (answer.status === 409) answer = await create({ ...metadata, name: `${written.name ?? ''}-again` });
  const made = answer.json() as Fields;
  if (answer.status !== 201) return `${answer.status} ${String(made.message)}`;
  if (!isDry) await ask('DELETE', `${path}/${(made.metadata as { name: string }).name}`);
  return underItsName(made, written);
}

/** By name and namespace it is still what other objects of the example refer to. */
function underItsName(made: Fields, { name, namespace }: { name?: string; namespace?: string }): Fields {
  const { namespace: _default, ...metadata } = made.metadata as Fields;
  if (namespace !== undefined) metadata.namespace = namespace;
  if (name !== undefined) metadata.name = name;
  const labels = metadata.labels as Fields | undefined;
  if (made.kind === 'Namespace') metadata.labels = { ...labels, 'kubernetes.io/metadata.name': name };
  return { ...made, metadata };
}

/** Without its namespace, and for a pod without its account, an object would be refused. */
export async function makePlaces(ask: Ask, objects: readonly Fields[]): Promise<void> {
  const namespaces = new Set<string>();
  const accounts = new Set<string>();
  for (const { kind, metadata, spec } of objects) {
    const { namespace = 'default' } = (metadata ?? {}) as { namespace?: string };
    const { serviceAccountName, serviceAccount = 'default' } = (spec ?? {}) as Record<string, string>;
    namespaces.add(namespace);
    if (kind === 'Pod') accounts.add(`${namespace}/${serviceAccountName ?? serviceAccount}`);
  }
  await each([...namespaces], (name) => ask('POST', '/api/v1/namespaces', { metadata: { name } }));
  await each([...accounts], (account) => {
    const [namespace = '', name = ''] = account.split('/');
    return ask('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name } });
  });
}
