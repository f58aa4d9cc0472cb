/** Readings of a cluster on which something happens in the middle, and whether they are honest. */
import { expect } from 'vitest';
import { type CollectClusterOptions, collectCluster, connect } from '../../../src/collect/cluster/index.ts';
import { type SnapshotParts, objectsOf } from '../../../src/snapshot/index.ts';
import { each, inBulk } from '../bulk.ts';
import type { Fields } from '../filled-in/served.ts';
import type { TestCluster } from '../test-cluster.ts';

/** Four pages, of a kind that nothing else touches. */
export const MANY = 1600;

export interface Middle extends Partial<CollectClusterOptions> {
  kubeconfig?: string;
  requestTimeout?: string;
  /** Called with the number of ConfigMaps, counted since their list last began anew, and that of objects of all kinds. */
  at?: (count: number, all: number) => void;
}

export async function fill(cluster: TestCluster): Promise<void> {
  const names = Array.from({ length: MANY }, (_, index) => `many-${index}`);
  await inBulk(cluster, async (ask) => {
    await ask('POST', '/api/v1/namespaces', { metadata: { name: 'many' } });
    const data = { text: 'x'.repeat(2000) };
    await each(names, (name) => ask('POST', '/api/v1/namespaces/many/configmaps', { metadata: { name }, data }));
  });
}

export function read(cluster: TestCluster, { kubeconfig, requestTimeout, at, ...options }: Middle = {}): Promise<SnapshotParts> {
  const connection = connect({ kubeconfig: kubeconfig ?? cluster.kubeconfig, ...(requestTimeout !== undefined && { requestTimeout }) });
  let configMaps = 0;
  let all = 0;
  const progress = (resource: string, count: number): void => {
    if (resource === 'configmaps') configMaps = count;
    at?.(configMaps, (all += 1));
  };
  return collectCluster(connection, { version: '0.0.0', progress, ...options });
}

/** By `apiVersion resource` the objects that there are, as the server lists them when nothing happens. */
export type Truth = ReadonlyMap<string, readonly string[]>;

export async function truthOf(cluster: TestCluster): Promise<Truth> {
  const { segments } = await read(cluster);
  const truth = new Map<string, readonly string[]>();
  for (const { apiVersion, resource } of segments) {
    const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { items } = JSON.parse(await cluster.kubectl(['get', '--raw', `${base}/${resource}`])) as { items: Fields[] };
    truth.set(`${apiVersion} ${resource}`, items.map(keyOf).toSorted());
  }
  return truth;
}

/** Each kind is there in full, or is told to be missing; the answer is how many are told. */
export function expectHonest({ header, gaps, segments }: SnapshotParts, truth: Truth): number {
  const missing = new Set((header.missing ?? []).map(({ group, resource }) => `${group} ${resource}`));
  const read = new Map(segments.map((segment) => [`${segment.apiVersion} ${segment.resource}`, [...objectsOf(segment)].map(keyOf)]));
  for (const [id, keys] of truth) {
    const [apiVersion = '', resource = ''] = id.split(' ');
    const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
    const found = read.get(id) ?? [];
    expect(new Set(found).size, `${id}: none twice`).toBe(found.length);
    if (missing.has(`${group} ${resource}`)) expect(keys).toEqual(expect.arrayContaining(found));
    else expect(found.toSorted(), id).toEqual(keys);
  }
  expect(header.complete).toBe(missing.size === 0);
  expect(gaps.filter(({ code }) => code === 'list-failed')).toHaveLength(missing.size);
  return missing.size;
}

export function keyOf({ metadata }: Fields): string {
  const { namespace = '', name } = metadata as { namespace?: string; name: string };
  return `${namespace}/${name}`;
}
