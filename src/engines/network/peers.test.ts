import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bruteForce } from '../../../test/network/brute-force.ts';
import { clusters } from '../../../test/network/clusters.ts';
import { RUNS } from '../../../test/runs.ts';
import { ANYBODY, connections } from './connections.ts';
import { contains } from './intervals.ts';
import { parsePeer } from './peer-text.ts';
import { type Peer, Peers } from './peers.ts';
import { connsOf, portRange } from './ports.ts';
import { query } from './query.ts';
import { Relation } from './relation.ts';
import { parseSelectorText } from './selector-text.ts';
import { readWorld } from './world.ts';

type Raw = Record<string, unknown>;

function pod(name: string, labels: Raw, more: { ip?: string; ports?: Raw[]; owner?: string } = {}): Raw {
  const [namespace, short] = name.split('/');
  const owners = more.owner === undefined ? {} : { ownerReferences: [{ controller: true, kind: 'ReplicaSet', name: more.owner }] };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: short, namespace, labels, ...owners },
    spec: { containers: [{ name: 'c', ports: more.ports ?? [] }] },
    status: more.ip === undefined ? {} : { podIP: more.ip },
  };
}
function service(name: string, spec: Raw): Raw {
  const [namespace, short] = name.split('/');
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: short, namespace }, spec };
}

const OBJECTS = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x', labels: { team: 'a' } } },
  pod('x/web-1', { app: 'web' }, { owner: 'web', ip: '10.1.0.1', ports: [{ name: 'http', containerPort: 8080 }] }),
  pod('x/web-2', { app: 'web', canary: '' }, { owner: 'web', ip: '10.1.0.2', ports: [{ name: 'http', containerPort: 9090 }] }),
  pod('x/db', { app: 'db' }, { ip: '10.1.0.3' }),
  pod('y/web', { app: 'web' }),
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'agent', namespace: 'z' },
    spec: { hostNetwork: true, containers: [] },
    status: { podIP: '10.1.0.9' },
  },
  service('x/web', {
    selector: { app: 'web' },
    ports: [
      { name: 'main', port: 80, targetPort: 'http' },
      { name: 'raw', port: 81 },
    ],
  }),
  // Without an address the names of Services are those of their pods.
  service('x/direct', { clusterIP: 'None', selector: { app: 'web' }, ports: [{ name: 'main', port: 80, targetPort: 'http' }] }),
  service('x/bare-direct', { clusterIP: 'None', ports: [{ name: 'p', port: 5432 }] }),
  service('x/bare', { ports: [{ name: 'p', port: 5432 }] }),
  service('x/away', { type: 'ExternalName', externalName: 'db.example.com' }),
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'bare-1', namespace: 'x', labels: { 'kubernetes.io/service-name': 'bare' } },
    endpoints: [{ addresses: ['10.1.0.3'] }, { addresses: ['192.0.2.1'] }],
    ports: [{ name: 'p', port: 6000 }],
  },
  {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'bare-direct', namespace: 'x' },
    subsets: [{ addresses: [{ ip: '10.1.0.3' }], ports: [{ name: 'p', port: 6000 }] }],
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'p', namespace: 'x' },
    spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '192.0.2.0/24' } }] }] },
  },
];

function find(text: string): Peer[] {
  return new Peers(new Relation(readWorld(OBJECTS), [ANYBODY])).find(text);
}
function texts(text: string): string[] {
  return find(text).map(
    ({ name, pods, ports }) => `${name} ${pods.length}${ports === undefined ? '' : ` ${JSON.stringify(connsOf(ports))}`}`,
  );
}

describe('a peer', () => {
  it.each([
    ['x/web[ReplicaSet]', ['x/web[ReplicaSet] 2']],
    ['x/web', ['x/web[ReplicaSet] 2']],
    ['x/web-1', ['x/web[ReplicaSet] 1']],
    ['x/*', ['x/db[Pod] 1', 'x/web[ReplicaSet] 2']],
    ['*/*', ['x/db[Pod] 1', 'x/web[ReplicaSet] 2', 'y/web[Pod] 1', 'z/agent[Pod] 1']],
    ['*/[app=web]', ['x/web[ReplicaSet] 2', 'y/web[Pod] 1']],
    ['x/[app=web,!canary]', ['x/web[ReplicaSet] 1']],
    ['[team=a]/[app in (db,cache)]', ['x/db[Pod] 1']],
    ['[team notin (a)]/*', ['y/web[Pod] 1', 'z/agent[Pod] 1']],
    ['[kubernetes.io/metadata.name=y]/*', ['y/web[Pod] 1']],
    ['10.1.0.3', ['x/db[Pod] 1']],
    ['ip:10.1.0.3', ['x/db[Pod] 1']],
    // A range of one is the address, and what lies in a range is there with what is outside.
    ['10.1.0.3/32', ['x/db[Pod] 1']],
    ['ip:10.1.0.3-10.1.0.3', ['x/db[Pod] 1']],
    ['10.1.0.2/31', ['x/db[Pod] 1', 'x/web[ReplicaSet] 1']],
    ['10.1.0.0/30', ['x/db[Pod] 1', 'x/web[ReplicaSet] 2', 'ip:10.1.0.0-10.1.0.3 0']],
    ['ip:10.1.0.1,10.1.0.3', ['x/db[Pod] 1', 'x/web[ReplicaSet] 1']],
    // It is on the host's network.
    ['10.1.0.9/32', ['ip:10.1.0.9-10.1.0.9 0']],
    ['192.0.2.7', ['ip:192.0.2.7-192.0.2.7 0']],
    ['192.0.0.0/16', ['ip:192.0.0.0-192.0.1.255,192.0.3.0-192.0.255.255 0', 'ip:192.0.2.0-192.0.2.255 0']],
    ['ip:192.0.2.0-192.0.2.7,192.0.2.9', ['ip:192.0.2.0-192.0.2.7,192.0.2.9-192.0.2.9 0']],
    ['fd00::/8', ['ip6:fd00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 0']],
    ['svc:x/web:80', ['x/web[ReplicaSet] 1 {"TCP":["8080"]}', 'x/web[ReplicaSet] 1 {"TCP":["9090"]}']],
    ['svc:x/web:raw', ['x/web[ReplicaSet] 2 {"TCP":["81"]}']],
    ['svc:x/bare', ['x/db[Pod] 1 {"TCP":["6000"]}']],
    ['svc:x/direct:80', ['x/web[ReplicaSet] 2 {"TCP":["80"]}']],
    ['svc:x/direct:main', ['x/web[ReplicaSet] 2 {"TCP":["80"]}']],
    ['svc:x/bare-direct', ['x/db[Pod] 1 {"TCP":["5432"]}']],
    ['ingress-controller', ['ingress-controller 0']],
  ])('%s', (text, wanted) => expect(texts(text)).toEqual(wanted));

  it.each([
    ['x', 'names no end'],
    ['x/none', 'nothing that is in the input'],
    ['x/[app=none]', 'nothing that is in the input'],
    ['x/[app==]]', 'names no end'],
    ['x/[app>1]', 'no selector of labels'],
    ['ip:10.1.0', 'no address'],
    ['10.0.0.0/33', 'no address'],
    ['ip:10.0.0.9-10.0.0.1', 'no address'],
    ['svc:x', 'names no Service'],
    ['svc:x/none', 'there is no Service x/none'],
    ['svc:x/web:82', 'has no port 82'],
    ['svc:x/away', 'no pod of the input'],
  ])('%s is told of', (text, message) => expect(() => find(text)).toThrow(message));

  it.each([
    ['x/wbe[ReplicaSet]', 'x/web[ReplicaSet]'],
    ['x/web[Deployment]', 'x/web[ReplicaSet]'],
    ['x/web-1x', 'x/web-1'],
  ])('%s may have been meant to be %s', (text, meant) =>
    expect(() => find(text)).toThrow(expect.objectContaining({ remedy: `Did you mean ${meant}?` })),
  );

  it('may be several by its short name', () => {
    const template = { metadata: { labels: {} }, spec: { containers: [] } };
    const make = (kind: string): Raw => ({ apiVersion: 'apps/v1', kind, metadata: { name: 'a', namespace: 'x' }, spec: { template } });
    const peers = new Peers(new Relation(readWorld([make('Deployment'), make('StatefulSet')])));
    expect(() => peers.find('x/a')).toThrow('may be x/a[Deployment] or x/a[StatefulSet]');
    expect(peers.find('x/a[StatefulSet]')).toHaveLength(1);
    expect(() => peers.find('ingress-controller')).toThrow('nothing');
  });
});

it('selectors are those of kubectl', () => {
  const key = (text: string): string | undefined => parseSelectorText(text)?.key;
  expect(key('app = web , tier in (a, b),env,!old,x!=y')).toBe('!old,app=web,env,tier in (a,b),x notin (y)');
  expect(key('a==b')).toBe('a=b');
  expect(key('')).toBe('');
  expect(key('a=')).toBe('a=');
  expect(key('a notin ()')).toBe('a notin ()');
  expect([key('a>1'), key('a=b=c'), key('!'), key('a in b')]).toEqual([undefined, undefined, undefined, undefined]);
});

it('a text names what it names', () => {
  expect(parsePeer('svc:a/b:8080')).toEqual({ kind: 'service', namespace: 'a', name: 'b', port: 8080 });
  expect(parsePeer('a/b[CronJob]')).toEqual({ kind: 'workload', namespace: 'a', name: 'b', workload: 'CronJob' });
});

it('names pods by what is above their controller', () => {
  const owner = (kind: string, name: string, uid: string): Raw => ({ ownerReferences: [{ controller: true, kind, name, uid }] });
  const template = { metadata: {}, spec: { containers: [{ name: 'c' }] } };
  const world = readWorld([
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'x', uid: 'd' }, spec: { template } },
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'web-1', namespace: 'x', uid: 'r', ...owner('Deployment', 'web', 'd') },
      spec: { template },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web-1-a', namespace: 'x', ...owner('ReplicaSet', 'web-1', 'r') },
      spec: { containers: [{ name: 'c' }] },
    },
  ]);
  const peers = new Peers(new Relation(world));
  for (const text of ['x/web', 'x/web[Deployment]', 'x/web-1[ReplicaSet]', 'x/web-1-a'])
    expect(peers.find(text).map(({ name }) => name)).toEqual(['x/web-1[ReplicaSet]']);
});

it('names single pods of a StatefulSet of which only the template is there', () => {
  const set = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: 'x' },
    spec: { replicas: 2, template: { metadata: { labels: { app: 'db' } }, spec: { containers: [] } } },
  };
  const closed = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'p', namespace: 'x' },
    spec: { podSelector: { matchLabels: { 'statefulset.kubernetes.io/pod-name': 'db-0' } }, ingress: [] },
  };
  const answer = (objects: readonly Raw[], from: string, to: string): string => {
    const relation = new Relation(readWorld([pod('y/web', {}), ...objects]));
    const peers = new Peers(relation);
    return query(relation, { from: peers.find(from), to: peers.find(to) }).answer;
  };
  for (const [to, wanted] of [
    ['x/db-0', 'no'],
    ['x/db-1', 'yes'],
    ['x/db', 'yes'],
  ] as const)
    expect([to, answer([set, closed], 'y/web', to), answer([set], 'y/web', to)]).toEqual([to, wanted, 'yes']);
  // No policy keeps a pod from itself.
  expect([answer([set, closed], 'x/db-0', 'x/db-0'), answer([set, closed], 'x/db-1', 'x/db-0')]).toEqual(['yes', 'no']);
  for (const objects of [[set], [set, closed]]) expect(() => answer(objects, 'y/web', 'x/db-2')).toThrow('names nothing');
});

it('an address is of the pod that runs, not of one that had it before', () => {
  const ended = (phase: string): Raw => ({ ...pod('y/job', {}), status: { phase, podIP: '10.1.0.3' } });
  for (const phase of ['Succeeded', 'Failed']) {
    // The later object would have the address otherwise.
    const peers = new Peers(new Relation(readWorld([...OBJECTS, ended(phase)])));
    expect(peers.find('10.1.0.3').map(({ name }) => name)).toEqual(['x/db[Pod]']);
    expect(() => peers.find('y/job')).toThrow('"y/job" has ended');
    const alone = new Relation(readWorld([ended(phase), OBJECTS.at(-1) ?? {}]));
    expect(new Peers(alone).find('10.1.0.3/32').map(({ outside }) => outside)).toEqual([true]);
  }
  expect(find('svc:x/bare').map(({ name }) => name)).toEqual(['x/db[Pod]']);
});

it('no range holds a pod by the address that it had', () => {
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'p', namespace: 'x' },
    spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.1.0.9/32' } }] }] },
  };
  const sources = (phase: string): string[] =>
    connections(readWorld([pod('x/db', {}), policy, { ...pod('y/job', {}), status: { phase, podIP: '10.1.0.9' } }]))
      .filter(({ dst }) => dst === 'x/db[Pod]')
      .map(({ src }) => src);
  expect([sources('Running'), sources('Succeeded'), sources('Failed')]).toEqual([
    ['y/job[Pod]', 'ip:10.1.0.9-10.1.0.9'],
    ['ip:10.1.0.9-10.1.0.9'],
    ['ip:10.1.0.9-10.1.0.9'],
  ]);
});

it('ranges are open exactly to who in them is', { timeout: 60_000 + RUNS * 60 }, () => {
  const ranges = fc.constantFrom('10.0.0.0/8', '10.0.0.0/31', '10.0.1.2/32', 'ip:10.0.0.1-10.0.1.2', 'fd00::/16', '192.0.2.7', '0.0.0.0/0');
  fc.assert(
    fc.property(clusters, ranges, fc.constantFrom(53, 80, 8080), (all, range, port) => {
      // Of two addresses of a pod a range may hold one; here each has one, so that who is in it is asked of as a whole.
      const objects = all.map((object): Raw => {
        const { podIPs = [] } = (object.status ?? {}) as { podIPs?: Raw[] };
        return object.kind === 'Pod' ? { ...object, status: { podIPs: podIPs.slice(0, 1) } } : object;
      });
      const world = readWorld(objects);
      const relation = new Relation(world);
      const peers = new Peers(relation);
      const parsed = parsePeer(range);
      const set = parsed.kind === 'addresses' ? parsed.set : [];
      // Of two pods with one address the later has it.
      const holders = new Map(world.pods.flatMap((pod) => (pod.host ? [] : pod.addresses.map((address) => [address, pod] as const))));
      const inside = [...holders].filter(([address]) => contains(set, address)).map(([, pod]) => pod);
      const found = peers.find(range).filter(({ outside }) => !outside);
      expect(found.map(({ name }) => name)).toEqual(inside.map(({ workload }) => workload).toSorted());
      for (const target of inside) {
        const to = found.filter(({ name }) => name === target.workload);
        for (const source of world.pods) {
          if (source === target) continue;
          const from = peers.find(source.workload);
          const probe = { from: `${source.namespace}/${source.name}`, to: `${target.namespace}/${target.name}`, protocol: 'TCP', port };
          const wanted = bruteForce(objects, probe).allowed ? 'yes' : 'no';
          expect(query(relation, { from, to }, portRange('TCP', port, port)).answer).toBe(wanted);
        }
      }
    }),
    { numRuns: RUNS },
  );
});
