import { describe, expect, it } from 'vitest';
import { connections } from './connections.ts';
import { networkDiff } from './diff.ts';
import { exposure } from './exposure.ts';
import { lint } from './lint.ts';
import { type World, readWorld } from './world.ts';

type Raw = Record<string, unknown>;

function pod(name: string, more: { labels?: Raw; ip?: string; owner?: Raw; ports?: Raw[]; spec?: Raw } = {}): Raw {
  const [namespace, short] = name.split('/');
  const owners = more.owner === undefined ? {} : { ownerReferences: [{ controller: true, ...more.owner }] };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: short, namespace, labels: more.labels ?? { app: short }, ...owners },
    spec: { containers: [{ name: 'c', ports: more.ports ?? [] }], ...more.spec },
    status: more.ip === undefined ? {} : { podIP: more.ip },
  };
}
function deployment(name: string, uid = '', owner = ''): Raw {
  const [namespace, short] = name.split('/');
  const owners = owner === '' ? {} : { ownerReferences: [{ controller: true, kind: 'Deployment', name: 'x', uid: owner }] };
  const template = {
    metadata: { labels: { app: short } },
    spec: { containers: [{ name: 'c', ports: [{ containerPort: 8080, name: 'web' }] }] },
  };
  return {
    apiVersion: 'apps/v1',
    kind: owner === '' ? 'Deployment' : 'ReplicaSet',
    metadata: { name: short, namespace, uid, ...owners },
    spec: { template },
  };
}
function np(name: string, spec: Raw): Raw {
  const [namespace, short] = name.split('/');
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: short, namespace },
    spec: { podSelector: {}, ...spec },
  };
}
function texts(world: World, options = {}): string[] {
  return connections(world, options).map(({ src, dst, conns }) => `${src} > ${dst} ${JSON.stringify(conns)}`);
}
const ALL_V4 = 'ip:0.0.0.0-255.255.255.255';

describe('the list', () => {
  it('has workloads and what is outside, by name', () => {
    expect(texts(readWorld([deployment('x/web'), pod('x/db')]))).toEqual([
      `x/db[Pod] > x/web[Deployment] "all"`,
      `x/db[Pod] > ${ALL_V4} "all"`,
      `x/web[Deployment] > x/db[Pod] "all"`,
      `x/web[Deployment] > ${ALL_V4} "all"`,
      `${ALL_V4} > x/db[Pod] "all"`,
      `${ALL_V4} > x/web[Deployment] "all"`,
    ]);
  });
  it('tells of IPv6 when asked, and of what is cut', () => {
    const world = readWorld([
      pod('x/a'),
      np('x/p', {
        ingress: [
          {
            from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }, { ipBlock: { cidr: 'fd00::/8' } }],
            ports: [{ port: 80 }],
          },
        ],
      }),
    ]);
    expect(texts(world, { ipv6: true })).toEqual([
      `x/a[Pod] > ${ALL_V4} "all"`,
      'x/a[Pod] > ip6:::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "all"',
      'ip:10.0.0.0-10.0.255.255,10.2.0.0-10.255.255.255 > x/a[Pod] {"TCP":["80"]}',
      'ip6:fd00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff > x/a[Pod] {"TCP":["80"]}',
    ]);
  });
  it('joins what the pods of a workload may do', () => {
    const owner = { kind: 'ReplicaSet', name: 'r' };
    const world = readWorld([
      pod('x/1', { owner, labels: { v: '1' } }),
      pod('x/2', { owner, labels: { v: '2' } }),
      pod('y/c'),
      np('x/p', { podSelector: { matchLabels: { v: '1' } }, ingress: [{ ports: [{ port: 80 }] }] }),
      np('x/q', { podSelector: { matchLabels: { v: '2' } }, ingress: [{ ports: [{ port: 81 }] }] }),
    ]);
    expect(texts(world)).toContain('y/c[Pod] > x/r[ReplicaSet] {"TCP":["80-81"]}');
    expect(lint(world).map(({ category, ref }) => `${category} ${ref}`)).toEqual(['replicas-with-different-selected-labels Pod/x/2']);
  });
  it('leads an ingress controller to the ports behind Services, as far as anybody is let in', () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's', namespace: 'x' },
      spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'web' }] },
    };
    const backend = { service: { name: 's', port: { number: 80 } } };
    const ingress = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'i', namespace: 'x' },
      spec: { rules: [{ http: { paths: [{ backend }] } }] },
    };
    const route = {
      apiVersion: 'route.openshift.io/v1',
      kind: 'Route',
      metadata: { name: 'r', namespace: 'x' },
      spec: { to: { name: 's' }, port: { targetPort: 8080 } },
    };
    const entered = (objects: Raw[]): string[] =>
      texts(readWorld([deployment('x/web'), service, ...objects])).filter((line) => line.startsWith('ingress'));
    expect(entered([ingress])).toEqual(['ingress-controller > x/web[Deployment] {"TCP":["8080"]}']);
    expect(entered([route])).toEqual(['ingress-controller > x/web[Deployment] {"TCP":["8080"]}']);
    expect(entered([ingress, np('x/p', {})])).toEqual([]);
    expect(entered([ingress, np('x/p', { ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 'web' }] }] })])).toHaveLength(1);
    expect(entered([ingress, np('x/p', { ingress: [{ from: [{ namespaceSelector: { matchLabels: { a: 'b' } } }] }] })])).toEqual([]);
  });
});

describe('pods of templates', () => {
  const names = (objects: Raw[]): string[] => readWorld(objects).pods.map(({ workload }) => workload);
  it('stand in only where there are no pods', () => {
    const replicaSet = deployment('x/web-1', 'rs', 'dep');
    expect(names([deployment('x/web', 'dep')])).toEqual(['x/web[Deployment]']);
    expect(names([deployment('x/web', 'dep'), replicaSet])).toEqual(['x/web[Deployment]']);
    const made = pod('x/web-1-2', { owner: { kind: 'ReplicaSet', name: 'web-1', uid: 'rs' } });
    expect(names([deployment('x/web', 'dep'), replicaSet, made])).toEqual(['x/web-1[ReplicaSet]']);
  });
  it('are not hidden by whoever claims to be of them', () => {
    const claims = pod('x/other', { owner: { kind: 'Deployment', name: 'web' } });
    expect(names([deployment('x/web', 'dep'), claims])).toEqual(['x/web[Deployment]', 'x/web[Deployment]']);
    expect(names([deployment('x/a', 'a', 'b'), deployment('x/b', 'b', 'a')])).toHaveLength(2);
  });
  it('are named by who controls them', () => {
    expect(names([pod('x/a', { owner: { kind: 'Node', name: 'n' } }), pod('x/b', { owner: { name: 'o' } })])).toEqual([
      'x/a[Pod]',
      'x/o[Pod]',
    ]);
  });
});

describe('exposure', () => {
  it('tells of everybody, of whom selectors may mean, and of exceptions', () => {
    const world = readWorld([
      pod('x/a'),
      np('x/p', {
        ingress: [
          { from: [{ namespaceSelector: {} }], ports: [{ port: 80 }] },
          {
            from: [
              {
                namespaceSelector: { matchLabels: { team: 'b' } },
                podSelector: { matchExpressions: [{ key: 'role', operator: 'NotIn', values: ['web'] }] },
              },
            ],
            ports: [{ port: 81 }],
          },
        ],
      }),
    ]);
    const { ingress, unprotected } = exposure(world);
    expect(ingress).toEqual([
      { src: 'entire-cluster', dst: 'x/a[Pod]', conns: { TCP: ['80'] } },
      { src: '[namespace with {team=b}]/[pod with {role notin (web)}]', dst: 'x/a[Pod]', conns: { TCP: ['80-81'] } },
    ]);
    expect(unprotected).toEqual([{ workload: 'x/a[Pod]', direction: 'Egress' }]);
  });
  it('is about addresses of the families that the pods have', () => {
    const world = readWorld([
      { ...pod('x/four'), status: { podIPs: [{ ip: '10.0.0.1' }] } },
      { ...pod('x/six'), status: { podIPs: [{ ip: 'fd00::1' }] } },
      { ...pod('x/both'), status: { podIPs: [{ ip: '10.0.0.2' }, { ip: 'fd00::2' }] } },
      pod('x/unknown'),
    ]);
    const from = (workload: string): string[] =>
      exposure(world, { ipv6: true }).ingress.flatMap(({ src, dst }) => (dst === `x/${workload}[Pod]` ? [src.split(':')[0] ?? ''] : []));
    expect(['four', 'six', 'both', 'unknown'].map(from)).toEqual([
      ['ip', 'entire-cluster'],
      ['ip6', 'entire-cluster'],
      ['ip', 'ip6', 'entire-cluster'],
      ['ip', 'ip6', 'entire-cluster'],
    ]);
  });
  it('leaves names of ports as names where nobody has them', () => {
    const world = readWorld([
      pod('x/a'),
      np('x/p', {
        policyTypes: ['Egress'],
        egress: [{ to: [{ podSelector: { matchLabels: { app: 'new' } } }], ports: [{ port: 'web' }] }],
      }),
    ]);
    expect(exposure(world).egress).toEqual([{ src: 'x/a[Pod]', dst: 'x/[pod with {app=new}]', conns: { TCP: ['web'] } }]);
  });
});

describe('two states', () => {
  it('differ in connections, workloads and ranges', () => {
    const open = [pod('x/a'), pod('x/b')];
    const before = readWorld([...open, np('x/p', { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] })]);
    const after = readWorld([
      pod('x/a'),
      pod('x/c'),
      np('x/p', { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/9' } }, { podSelector: {} }] }] }),
    ]);
    const changes = networkDiff(before, after).filter(({ dst }) => dst === 'x/a[Pod]');
    expect(changes).toEqual([
      { type: 'removed', src: 'ip:10.128.0.0-10.255.255.255', dst: 'x/a[Pod]', before: 'all', after: {} },
      { type: 'added', src: 'x/c[Pod]', dst: 'x/a[Pod]', before: {}, after: 'all', workloads: 'workload x/c[Pod] added' },
    ]);
    expect(networkDiff(before, before)).toEqual([]);
  });
  it('are asked for some ends only', () => {
    const before = readWorld([pod('x/a'), pod('x/b'), pod('y/c')]);
    const after = readWorld([pod('x/a'), pod('x/b'), pod('z/d'), np('x/p', { podSelector: { matchLabels: { app: 'a' } }, ingress: [] })]);
    const changes = (options: { from?: string; to?: string }): string[] =>
      networkDiff(before, after, options).map(({ type, src, dst }) => `${type} ${src} > ${dst}`);
    expect(changes({ from: 'x/b', to: 'x/*' })).toEqual(['removed x/b[Pod] > x/a[Pod]']);
    expect(changes({ from: '10.0.0.0/8', to: 'x/a' })).toEqual(['removed ip:10.0.0.0-10.255.255.255 > x/a[Pod]']);
    // What is in one state only can be named as well.
    expect(changes({ from: 'y/c', to: 'x/*' })).toEqual(['removed y/c[Pod] > x/a[Pod]', 'removed y/c[Pod] > x/b[Pod]']);
    expect(changes({ from: 'z/d', to: 'x/b' })).toEqual(['added z/d[Pod] > x/b[Pod]']);
    expect(() => changes({ from: 'z/none' })).toThrow('names nothing');
  });
});
