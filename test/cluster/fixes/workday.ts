/** What happens in the company in a day: everything starts anew, a deployment, a customer, a person on call, a job. */
import { setTimeout as pause } from 'node:timers/promises';
import type { TestCluster } from '../test-cluster.ts';
import { waitFor } from '../wait.ts';
import { type Session, ask } from './client.ts';

/** Who works from outside of the cluster. */
export interface Staff {
  /** A pipeline, with a token that is bound to no pod. */
  readonly deployer: Session;
  /** Kubeconfigs. */
  readonly alice: string;
  readonly bob: string;
}

let days = 0;

/** Returns when all of it is done, so that nothing of it is asked later. */
export async function workday(cluster: TestCluster, staff: Staff): Promise<void> {
  days += 1;
  const day = `day-${days}`;
  await Promise.all([deploys(staff.deployer, day), startsAnew(cluster), reports(cluster)]);
  await Promise.all([buys(cluster, staff.alice, day), looksAround(cluster, staff.bob), isLed(cluster), isTold(cluster)]);
}

/** The pipeline: a setting, new pods, and it waits until they run. */
async function deploys(session: Session, day: string): Promise<void> {
  await ask(session, 'PATCH', '/api/v1/namespaces/shop/configmaps/settings', { data: { greeting: day } });
  for (const name of ['orders', 'web']) {
    const path = `/apis/apps/v1/namespaces/shop/deployments/${name}`;
    await ask(session, 'GET', path);
    await ask(session, 'PATCH', path, { spec: { template: { metadata: { annotations: { day } } } } });
  }
  await waitFor('deployed shop', async () => {
    const { body } = await ask(session, 'GET', '/apis/apps/v1/namespaces/shop/deployments');
    await ask(session, 'GET', '/api/v1/namespaces/shop/pods');
    await pause(500);
    return body.items?.every(isRolledOut);
  });
}

interface Rollout {
  readonly metadata: { readonly generation?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly updatedReplicas?: number;
    readonly replicas?: number;
    readonly availableReplicas?: number;
  };
}

function isRolledOut({ metadata, status = {} }: Rollout): boolean {
  const { observedGeneration, updatedReplicas, replicas, availableReplicas } = status;
  return observedGeneration === metadata.generation && updatedReplicas === 1 && replicas === 1 && availableReplicas === 1;
}

/** As when a node is drained: whatever runs lists and watches again. */
async function startsAnew(cluster: TestCluster): Promise<void> {
  await cluster.kubectl(['rollout', 'restart', '-n', 'ops', 'deployment/operator', 'deployment/provisioner']);
  await running(cluster, 'ops');
}

/** All Deployments of a namespace run as they are written. */
export async function running(cluster: TestCluster, namespace: string): Promise<void> {
  await waitFor(`rollouts in ${namespace}`, async () => {
    const found = await listed<Rollout>(cluster, `/apis/apps/v1/namespaces/${namespace}/deployments`);
    return found.every(isRolledOut);
  });
}

async function listed<T>(cluster: TestCluster, path: string): Promise<T[]> {
  return ((await cluster.request('GET', path)).json() as { items: T[] }).items;
}

/**
 * The controller of CronJobs makes up for a run that it missed, as after a pause of its own; so nobody waits for the minute
 * to end. The job is its own, and so is the name.
 */
async function reports(cluster: TestCluster): Promise<void> {
  const jobs = '/apis/batch/v1/namespaces/shop/jobs';
  await cluster.kubectl(['delete', 'jobs', '-n', 'shop', '--all', '--wait']);
  const missed = new Date(Date.now() - 90_000).toISOString().replace(/\.\d+Z/, 'Z');
  const body = { status: { lastScheduleTime: missed, active: null } };
  await cluster.request('PATCH', '/apis/batch/v1/namespaces/shop/cronjobs/report/status', { body });
  await waitFor('finished report', async () => {
    const found = await listed<{ status?: { succeeded?: number } }>(cluster, jobs);
    return found.some(({ status }) => status?.succeeded === 1);
  });
}

/** A developer and customer, with kubectl. She has never been allowed to read Secrets, and tries every day. */
async function buys(cluster: TestCluster, alice: string, day: string): Promise<void> {
  const kubectl = (args: readonly string[], stdin?: string): Promise<string> =>
    cluster.kubectl([`--kubeconfig=${alice}`, '-n', 'shop', ...args], stdin);
  const order = { apiVersion: 'shop.example/v1', kind: 'Order', metadata: { name: day }, spec: { goods: 'tea' } };
  await kubectl(['create', '-f', '-'], JSON.stringify(order));
  await kubectl(['get', 'pods,deployments,configmaps,events']);
  await kubectl(['logs', 'deployment/orders']);
  await kubectl(['get', 'secrets']).catch(() => 'as ever');
  await kubectl(['wait', `order/${day}`, '--for=jsonpath={.status.phase}=Packed', '--timeout=60s']);
  await kubectl(['delete', 'order', day, '--timeout=60s']);
}

async function looksAround(cluster: TestCluster, bob: string): Promise<void> {
  for (const args of [
    ['get', 'pods,deployments,events'],
    ['describe', 'pods'],
    ['logs', 'deployment/operator'],
  ])
    await cluster.kubectl([`--kubeconfig=${bob}`, '-n', 'ops', ...args]);
}

/** The locks are renewed by those who run now. */
async function isLed(cluster: TestCluster): Promise<void> {
  const since = Date.now();
  for (const [home, name] of [
    ['shop', 'orders'],
    ['ops', 'operator'],
  ] as const)
    await waitFor(`lock of ${name}`, async () => {
      const lease = await cluster.request('GET', `/apis/coordination.k8s.io/v1/namespaces/${home}/leases/${name}`);
      const { spec } = lease.json() as { spec?: { renewTime?: string } };
      return Date.parse(spec?.renewTime ?? '') > since;
    });
}

/** The controller has read the setting of the day after it started, and said so twice. */
async function isTold(cluster: TestCluster): Promise<void> {
  const since = Date.now() - 20_000;
  await waitFor('event of the setting', async () => {
    const events = await listed<{ reason?: string; count?: number; metadata: { creationTimestamp: string } }>(
      cluster,
      '/api/v1/namespaces/shop/events',
    );
    return events.some(({ reason, count, metadata }) => reason === 'Read' && count === 2 && Date.parse(metadata.creationTimestamp) > since);
  });
}
