/** Starts a control plane and waits until it is of use. */
import { writeFileSync } from 'node:fs';
import { askApi } from './api.ts';
import { apiServerArguments } from './api-server.ts';
import type { Place } from './arguments.ts';
import { controllerArguments, etcdArguments, schedulerArguments } from './control-plane.ts';
import type { ClusterOptions } from './options.ts';
import { kubeconfigText } from './pki.ts';
import type { TestCluster } from './test-cluster.ts';
import { waitFor } from './wait.ts';

/** On a machine that is busy with much else; a program that has ended is noticed at once. */
const PATIENCE = 120;

export async function startControlPlane(cluster: TestCluster, options: ClusterOptions): Promise<void> {
  const place: Place = { folder: cluster.dir, ports: cluster.ports, address: cluster.machines[0]?.address };
  await cluster.pki.makeControlPlane(place.address);
  for (const name of ['admin', 'kube-controller-manager', 'kube-scheduler']) writeKubeconfig(cluster, name);
  const start = (name: string, args: readonly string[]): Promise<void> => cluster.programs.launch(name, cluster.control(name, args));
  await start('etcd', etcdArguments(place, options));
  await start('kube-apiserver', apiServerArguments(place, options));
  await cluster.ready();
  const wanted = { 'kube-controller-manager': controllerArguments, 'kube-scheduler': schedulerArguments };
  for (const name of ['kube-controller-manager', 'kube-scheduler'] as const)
    if (options.skip?.includes(name) !== true) await start(name, wanted[name](place, options));
  await Promise.all([waitForController(cluster, options), waitForScheduler(cluster, options)]);
}

/** Pods are refused until their namespace has its service account. */
async function waitForController(cluster: TestCluster, { skip }: ClusterOptions): Promise<void> {
  if (skip?.includes('kube-controller-manager') === true) return;
  await waitFor('default service account', () => found(cluster, '/api/v1/namespaces/default/serviceaccounts/default'), {
    seconds: PATIENCE,
    check: () => cluster.programs.check(),
  });
}

/** It would be noticed too late that its port was taken; on a node no port is. */
async function waitForScheduler(cluster: TestCluster, { skip }: ClusterOptions): Promise<void> {
  if (skip?.includes('kube-scheduler') === true || cluster.machines.length > 0) return;
  const ca = cluster.pki.authority.certificate;
  const server = `https://127.0.0.1:${cluster.ports.scheduler}`;
  const ask = async (): Promise<boolean> => (await askApi(server, { ca }, { method: 'GET', path: '/healthz' })).status === 200;
  await waitFor('ready scheduler', ask, { seconds: PATIENCE, check: () => cluster.programs.check() });
}

async function found(cluster: TestCluster, path: string): Promise<boolean> {
  return (await cluster.request('GET', path)).status === 200;
}

function writeKubeconfig({ pki, server, dir }: TestCluster, name: string): void {
  writeFileSync(`${dir}/${name}.kubeconfig`, kubeconfigText(server, pki.authority, pki.read(name)), { mode: 0o600 });
}
