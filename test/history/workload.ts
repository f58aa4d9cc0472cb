/** Workloads with their pods: when they started, what they are called, and the scheduler that bound them. */
import type { Dice } from './dice.ts';
import type { Raw, RequestEvent } from './event.ts';

export interface Pod {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Pods one after the other, each of which lives for about so long. */
export function podsOf(dice: Dice, name: string, { from, to, life }: { from: number; to: number; life: number }): Pod[] {
  const pods: Pod[] = [];
  // The first is older than the history.
  for (let start = from - dice.next() * life; start < to;) {
    const end = start + life * (0.5 + dice.next());
    pods.push({ name: `${name}-${dice.suffix(9)}-${dice.suffix(5)}`, start, end });
    start = end;
  }
  return pods;
}

export function deployment(namespace: string, name: string, { pods, since }: { pods: readonly Pod[]; since?: number }) {
  return (at: number): Raw[] => {
    if (since !== undefined && since > at) return [];
    const labels = { app: name };
    const spec = { serviceAccountName: name, containers: [{ name: 'main', image: `registry.example.com/${name}:1` }] };
    const live = pods.filter(({ start, end }) => start <= at && at < end);
    return [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, namespace, labels, ...(since !== undefined && { creationTimestamp: new Date(since * 1000).toISOString() }) },
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
      },
      ...live.flatMap((pod) => livePod(pod, { namespace, name, labels, spec })),
    ];
  };
}

/** With the replica set between, as the controller makes it. */
function livePod(
  { name: pod, start }: Pod,
  { namespace, name, labels, spec }: { namespace: string; name: string; labels: Record<string, string>; spec: unknown },
): Raw[] {
  const owner = pod.slice(0, -6);
  const owned = (kind: string, by: string): unknown => [{ apiVersion: 'apps/v1', kind, name: by, controller: true, uid: by }];
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: owner, namespace, labels, ownerReferences: owned('Deployment', name) },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: pod, namespace, labels, ownerReferences: owned('ReplicaSet', owner) },
      spec,
      status: { phase: 'Running', startTime: new Date(start * 1000).toISOString() },
    },
  ];
}

/** As many finished runs as the controller keeps by itself. */
const RUNS_KEPT = 3;

export function cronJob(namespace: string, name: string, { schedule, runs }: { schedule: string; runs: readonly number[] }) {
  const spec = { serviceAccountName: name, containers: [{ name: 'main', image: `registry.example.com/${name}:1` }] };
  return (at: number): Raw[] => [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name, namespace },
      spec: { schedule, jobTemplate: { spec: { template: { spec } } } },
    },
    ...runs
      .filter((start) => start <= at)
      .slice(-RUNS_KEPT)
      .flatMap((start) => finishedRun(start, { namespace, name, spec })),
  ];
}

export function podOfRun(name: string, start: number): string {
  return `${name}-${Math.floor(start / 60)}-x4k2p`;
}

function finishedRun(start: number, { namespace, name, spec }: { namespace: string; name: string; spec: unknown }): Raw[] {
  const pod = podOfRun(name, start);
  const job = pod.slice(0, -6);
  const owned = (kind: string, by: string): unknown => [{ apiVersion: 'batch/v1', kind, name: by, controller: true, uid: by }];
  return [
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: job, namespace, ownerReferences: owned('CronJob', name) },
      spec: { template: { spec } },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: pod, namespace, ownerReferences: owned('Job', job) },
      spec,
      status: { phase: 'Succeeded', startTime: new Date(start * 1000).toISOString() },
    },
  ];
}

/** What the scheduler asks for when a pod starts. */
export function bound(pod: string, { namespace, time, server }: { namespace: string; time: number; server: number }): RequestEvent {
  const what = { verb: 'create', apiGroup: '', resource: 'pods', subresource: 'binding', namespace, name: pod };
  return { ...what, time, server, allowed: true, caller: { name: 'system:kube-scheduler', groups: ['system:authenticated'] } };
}
