import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { clustersWithEnded } from '../../../test/network/clusters.ts';
import { RUNS } from '../../../test/runs.ts';
import { parseAddress } from './addresses.ts';
import type { Intervals } from './intervals.ts';
import { LiveNetwork } from './live.ts';
import type { NetworkEdits } from './live-state.ts';
import { Relation } from './relation.ts';
import { matrixSummary } from './summary.ts';
import { readWorld } from './world.ts';

type Raw = Record<string, unknown>;

const OUTSIDE = ['8.8.8.8', '192.0.2.7', '10.0.0.0', '10.0.0.1', '10.0.1.2', '10.77.0.1', '172.18.0.2', 'fd00::1', '2001:db8::1'];

function nameOf({ kind, metadata }: Raw): string {
  const { namespace, name } = metadata as { namespace?: string; name: string };
  return `${kind as string}/${namespace ?? ''}/${name}`;
}

/** The objects after the edits, as somebody would have them who reads all of them again. */
function edited(objects: readonly Raw[], { set = [], remove = [] }: NetworkEdits): Raw[] {
  const all = new Map(objects.map((object) => [nameOf(object), object]));
  for (const object of remove) all.delete(nameOf(object));
  for (const object of set) all.set(nameOf(object), object);
  return [...all.values()];
}

/** All that a relation says, without the numbers that are its own. */
function told(relation: Relation): Map<string, Intervals<number>> {
  const { world, entities, ports } = relation;
  const pods = world.pods.map(({ workload }, index): [string, readonly number[]] => [workload, entities.classesOf[index] ?? []]);
  const addresses = OUTSIDE.map((text): [string, readonly number[]] => [text, [entities.zoneAt(parseAddress(text) ?? 0n)]]);
  const said = new Map<string, Intervals<number>>();
  const merged = (ends: [readonly number[], readonly number[]], of: (a: number, b: number) => number): Intervals<number> =>
    ports.set(ends[0].flatMap((a) => ends[1].map((b) => of(a, b))).reduce((all, one) => ports.union(all, one), ports.none));
  for (const [from, sources] of [...pods, ...addresses]) {
    for (const [to, targets] of [...pods, ...addresses]) {
      if (OUTSIDE.includes(from) && OUTSIDE.includes(to)) continue;
      said.set(
        `${from} ${to}`,
        merged([sources, targets], (a, b) => relation.allowed(a, b)),
      );
      for (const direction of ['ingress', 'egress'] as const)
        if (!OUTSIDE.includes(from))
          said.set(
            `${direction} ${from} ${to}`,
            merged([sources, targets], (a, b) => relation.permitted(direction, a, b)),
          );
    }
  }
  return new Map([...said].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function expectSame(live: LiveNetwork, objects: readonly Raw[]): void {
  const world = readWorld(objects);
  const fresh = new Relation(world);
  expect(live.world.pods.map(({ workload }) => workload).toSorted()).toEqual(world.pods.map(({ workload }) => workload).toSorted());
  expect(live.world.namespaces).toEqual(world.namespaces);
  expect(told(live.relation)).toEqual(told(fresh));
  expect(matrixSummary(live.relation)).toEqual(matrixSummary(fresh));
  for (const { subject } of world.policies)
    expect(live.relation.selection.pods(subject).length === 0).toBe(fresh.selection.pods(subject).length === 0);
}

const edits = clustersWithEnded.chain((objects) =>
  fc.record({ set: fc.subarray(objects, { minLength: 1, maxLength: 3 }), remove: fc.subarray(objects, { maxLength: 2 }) }),
);

describe('a relation that changes', { timeout: 60_000 + RUNS * 60 }, () => {
  it('says what one says that is made anew, and those before say what they said', () => {
    fc.assert(
      fc.property(clustersWithEnded, fc.array(edits, { minLength: 1, maxLength: 6 }), (first, steps) => {
        let [live, objects] = [LiveNetwork.of(first), first];
        const states: [LiveNetwork, readonly Raw[]][] = [[live, objects]];
        for (const step of steps) {
          if (states.length % 2 === 1) expectSame(live, objects);
          live = live.with(step);
          objects = edited(objects, step);
          states.push([live, objects]);
        }
        for (const [state, its] of states.toReversed()) expectSame(state, its);
      }),
      { numRuns: RUNS },
    );
  });
});

function made(kind: string, name: string, { uid = name, owner = '', ...spec }: Raw & { uid?: string; owner?: string } = {}): Raw {
  const ownerReferences = owner === '' ? undefined : [{ kind: 'Any', name: owner, uid: owner, controller: true }];
  const [group, inside] = kind === 'Pod' ? ['v1', { containers: [{ name: 'c' }], ...spec }] : ['apps/v1', template(spec)];
  return { apiVersion: group, kind, metadata: { name, namespace: 'n', uid, labels: { app: name }, ownerReferences }, spec: inside };
}

function template(spec: Raw): Raw {
  return { template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c' }], ...spec } } };
}

const CLOSED = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'closed', namespace: 'n' },
  spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'] },
};

/** The edits one after the other, each compared with what is read at once. */
function follow(first: readonly Raw[], ...steps: NetworkEdits[]): LiveNetwork {
  let [live, objects] = [LiveNetwork.of(first), first];
  for (const step of steps) {
    live = live.with(step);
    objects = edited(objects, step);
    expectSame(live, objects);
  }
  return live;
}

function running(live: LiveNetwork): string[] {
  return live.world.pods.flatMap(({ workload, finished }) => (finished ? [] : [workload])).toSorted();
}

test('a workload object stands for a pod as long as none of its pods is there', () => {
  const deployment = made('Deployment', 'web');
  const set = made('ReplicaSet', 'web-1', { owner: 'web' });
  const pods = ['a', 'b'].map((name) => made('Pod', name, { owner: 'web-1' }));
  const first = LiveNetwork.of([deployment, set, ...pods, CLOSED]);
  expect(running(first)).toEqual(['n/web-1[Any]', 'n/web-1[Any]']);
  const none = follow([deployment, set, ...pods, CLOSED], { remove: pods.slice(0, 1) }, { remove: pods.slice(1) });
  expect(running(none)).toEqual(['n/web[Deployment]']);
  expect(running(none.with({ remove: [deployment] }))).toEqual(['n/web-1[ReplicaSet]']);
  const back = follow(
    [deployment, set, CLOSED],
    { set: [made('Deployment', 'web', { hostNetwork: true })] },
    { set: pods },
    { remove: [set] },
  );
  expect(running(back)).toEqual(['n/web-1[Any]', 'n/web-1[Any]', 'n/web[Deployment]']);
});

test('of what has ended only a Job is not run again', () => {
  const ended = (name: string, owner?: string): Raw => ({
    ...made('Pod', name, { ...(owner !== undefined && { owner }) }),
    status: { phase: 'Failed' },
  });
  const live = follow(
    [made('Deployment', 'web'), made('Pod', 'a', { owner: 'web' }), CLOSED],
    { set: [ended('a', 'web')] },
    { set: [made('Pod', 'b', { owner: 'web' })] },
  );
  expect(running(live)).toEqual(['n/web[Any]']);
  expect(running(live.with({ remove: [made('Pod', 'b')] }))).toEqual(['n/web[Deployment]']);
  const batch = (kind: string, name: string, owner?: string): Raw => {
    const { metadata, spec } = made('Deployment', name, { ...(owner !== undefined && { owner }) });
    return { apiVersion: 'batch/v1', kind, metadata, spec: kind === 'Job' ? spec : { jobTemplate: { spec } } };
  };
  const complete = (job: Raw): Raw => ({ ...job, status: { conditions: [{ type: 'Complete', status: 'True' }] } });
  const [cron, job] = [batch('CronJob', 'report'), batch('Job', 'report-1', 'report')];
  const ran = follow(
    [cron, job, CLOSED],
    { set: [made('Pod', 'run', { owner: 'report-1' })] },
    { set: [ended('run', 'report-1')] },
    { set: [complete(job)] },
  );
  expect(running(ran)).toEqual(['n/report[CronJob]']);
  // A Job that is not done makes another for one that failed; of one that is done nothing runs, whether its pods are there or not.
  const once = follow([batch('Job', 'once'), CLOSED], { set: [ended('run', 'once')] });
  expect(running(once)).toEqual(['n/once[Job]']);
  expect(running(once.with({ set: [complete(batch('Job', 'once'))] }))).toEqual([]);
  expect(running(LiveNetwork.of([complete(batch('Job', 'once')), CLOSED]))).toEqual([]);
});

test('a pod on the network of its node has the addresses of the node', () => {
  const node = (...addresses: string[]): Raw => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'one' },
    status: { addresses: addresses.map((address) => ({ type: 'InternalIP', address })) },
  });
  const from = [{ ipBlock: { cidr: '172.18.0.0/16' } }];
  const opened = { ...CLOSED, spec: { ...CLOSED.spec, ingress: [{ from }] } };
  const host = made('Pod', 'host', { hostNetwork: true, nodeName: 'one' });
  const web = made('Pod', 'web');
  follow(
    [node('172.18.0.2'), web, opened],
    { set: [host] },
    { set: [node('172.18.0.2')] },
    { set: [node('172.19.0.2')] },
    { remove: [host] },
  );
});

test('what is refused, and what leads to pods, is told of as when it is read at once', () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: 'n' }, spec: { selector: { app: 'web' } } };
  const wrong = { ...CLOSED, spec: { ...CLOSED.spec, ingress: [{ from: [{}] }] } };
  const live = follow([made('Pod', 'web'), CLOSED], { set: [wrong, service] });
  expect(live.world.problems.map(({ ref, category }) => [ref, category])).toEqual([['NetworkPolicy/n/closed', 'peer-empty']]);
  expect(live.world.policies).toEqual([]);
  expect(live.world.services).toEqual([service]);
  const again = live.with({ set: [CLOSED], remove: [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: 'n' } }] });
  expect([again.world.problems, again.world.services, again.world.policies.length]).toEqual([[], [], 1]);
});

test('what a change does not touch is shared', () => {
  const others = ['a', 'b', 'c'].map((name) => made('Pod', name));
  const other = { ...CLOSED, metadata: { name: 'other', namespace: 'n' }, spec: { podSelector: { matchLabels: { app: 'a' } } } };
  const first = LiveNetwork.of([...others, made('Pod', 'web'), CLOSED, other]);
  const rowsOf = ({ relation }: LiveNetwork): unknown[] =>
    relation.world.pods.map((_, pod) => relation.row('ingress', relation.ingress.of[relation.entities.classesOf[pod]?.[0] ?? 0] ?? 0));
  const before = rowsOf(first);
  const after = rowsOf(first.with({ set: [{ ...CLOSED, spec: { ...CLOSED.spec, ingress: [{}] } }] }));
  expect(before.map((row, pod) => row === after[pod])).toEqual([true, true, true, false]);
});

test('a long life leaves nothing behind that counts', () => {
  const pods = ['a', 'b', 'c'].map((name) => made('Pod', name));
  let live = LiveNetwork.of([...pods, CLOSED]);
  let most = 0;
  for (let port = 1; port <= 1500; port += 1) {
    const spec = { podSelector: { matchLabels: { app: 'abc'[port % 3] } }, ingress: [{ ports: [{ port }] }] };
    const steps = { set: [{ ...CLOSED, spec }, made('Pod', `p${port % 7}`)], remove: [made('Pod', `p${(port + 3) % 7}`)] };
    live = live.with(steps);
    live.relation.row('ingress', live.relation.ingress.of[0] ?? 0);
    most = Math.max(most, live.relation.ingress.all.length);
    if (port % 500 === 0) expect(told(live.relation)).toEqual(told(new Relation(live.world)));
  }
  expect(most).toBeLessThan(250);
});
