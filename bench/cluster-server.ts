/**
 * An API server with a made-up cluster, in a process of its own so that its memory is not counted:
 *   node bench/cluster-server.ts DEPLOYMENTS KUBECONFIG
 * writes the kubeconfig and prints a line when it is ready.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { objectsOf } from '../src/snapshot/index.ts';
import { FakeApiServer, type FakeKind } from '../test/fakes/api-server.ts';
import { clusterParts } from './generate-cluster.ts';

const CLUSTER_SCOPED = new Set(['namespaces']);

const [count = '', kubeconfig = ''] = process.argv.slice(2);
const kinds = clusterParts(Number(count)).segments.map((segment): FakeKind => {
  const { apiVersion, kind, resource } = segment;
  const [group, version] = apiVersion.includes('/') ? (apiVersion.split('/') as [string, string]) : ['', apiVersion];
  // Read from its compressed form each time that somebody lists it.
  const objects = { [Symbol.iterator]: () => objectsOf(segment)[Symbol.iterator]() };
  return { group, version, resource, kind, namespaced: !CLUSTER_SCOPED.has(resource), objects };
});
const server = await new FakeApiServer(kinds).start();
// It is there when it is whole, for whoever waits for it.
writeFileSync(
  `${kubeconfig}.part`,
  JSON.stringify({
    clusters: [{ name: 'made-up', cluster: { server } }],
    users: [{ name: 'me', user: { token: 'x' } }],
    contexts: [{ name: 'made-up', context: { cluster: 'made-up', user: 'me' } }],
    'current-context': 'made-up',
  }),
);
renameSync(`${kubeconfig}.part`, kubeconfig);
process.stdout.write(`ready: ${server}\n`);
