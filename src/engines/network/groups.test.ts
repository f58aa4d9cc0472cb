import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusters } from '../../../test/network/clusters.ts';
import { RUNS } from '../../../test/runs.ts';
import { ANYBODY } from './connections.ts';
import { OUTSIDE, groupedMatrix } from './grouped-matrix.ts';
import { type Grouping, groupsOf, parseTenants } from './grouping.ts';
import { Peers } from './peers.ts';
import { connsOf, portRange } from './ports.ts';
import { type Answer, query } from './query.ts';
import { Relation } from './relation.ts';
import { tenants } from './tenants.ts';
import { readWorld } from './world.ts';

type Raw = Record<string, unknown>;

function pod(name: string, labels: Raw = {}): Raw {
  const [namespace, short] = name.split('/');
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: short, namespace, labels }, spec: { containers: [{ name: 'c' }] } };
}
function np(name: string, ingress: Raw[], podSelector: Raw = {}): Raw {
  const [namespace, short] = name.split('/');
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: short, namespace },
    spec: { podSelector, policyTypes: ['Ingress'], ingress },
  };
}
function team(namespace: string, name: string): Raw {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { team: name } } };
}

const SHOP = [
  team('x', 'a'),
  team('y', 'b'),
  team('z', 'b'),
  pod('x/1', { app: 'web' }),
  pod('x/2', { app: 'db' }),
  pod('y/3', { app: 'web' }),
  pod('z/4'),
  pod('free/5'),
  np('x/p', [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 5432 }] }], { matchLabels: { app: 'db' } }),
  np('y/p', [{ from: [{ namespaceSelector: { matchLabels: { team: 'b' } } }] }]),
];

describe('a question', () => {
  const ask = (from: string, to: string, port?: number): Answer => {
    const relation = new Relation(readWorld(SHOP), [ANYBODY]);
    const peers = new Peers(relation);
    return query(relation, { from: peers.find(from), to: peers.find(to) }, port === undefined ? undefined : portRange('TCP', port, port));
  };
  it('about two ends is answered with ports', () => {
    expect(ask('x/1', 'x/2')).toEqual({
      answer: 'yes',
      pairs: { asked: 1, open: 1 },
      allowed: { TCP: ['5432'] },
      always: { TCP: ['5432'] },
      connections: [{ src: 'x/1[Pod]', dst: 'x/2[Pod]', conns: { TCP: ['5432'] } }],
    });
    expect(ask('x/1', 'x/2', 5432).answer).toBe('yes');
    expect(ask('x/1', 'x/2', 80)).toMatchObject({ answer: 'no', allowed: {}, always: {}, connections: [] });
    expect(ask('x/1', 'x/1').pairs.asked).toBe(1);
  });
  it('about several says how many, and what all of them may', () => {
    const some = ask('*/[app=web]', 'x/*');
    expect([some.answer, some.pairs, some.allowed, some.always]).toEqual(['some', { asked: 3, open: 2 }, 'all', {}]);
    expect(ask('x/1', '[team=b]/*')).toMatchObject({ answer: 'some', pairs: { asked: 2, open: 1 } });
    expect(ask('y/*', 'z/*')).toMatchObject({ answer: 'yes', always: 'all' });
  });
  it('asks nothing of addresses among themselves', () => {
    expect(ask('10.0.0.0/8', '8.8.8.8').pairs.asked).toBe(0);
    expect(ask('0.0.0.0/0', 'x/*')).toMatchObject({ answer: 'some', pairs: { asked: 2, open: 1 } });
    expect(ask('ingress-controller', 'x/*')).toMatchObject({ answer: 'some' });
  });
});

describe('the matrix in groups', () => {
  it('counts pairs as one by one', { timeout: 60_000 + RUNS * 30 }, () => {
    const groupings: Grouping[] = [{ by: 'pod' }, { by: 'workload' }, { by: 'namespace' }, { by: 'label', key: 'app' }];
    fc.assert(
      fc.property(clusters, fc.constantFrom(...groupings), (objects, grouping) => {
        const relation = new Relation(readWorld(objects));
        const { entities, ports, world } = relation;
        const groups = groupsOf(relation, grouping);
        const wanted = new Map<string, { open: number; ports: number }>();
        const zones = entities.zones.all.map((_, index) => entities.firstZone + index);
        // Each pod is a workload of its own here.
        const ends = [
          ...world.pods.map((_, index) => [groups[index] ?? '', entities.classesOf[index] ?? []] as const),
          [OUTSIDE, zones] as const,
        ];
        for (const source of ends) {
          for (const destination of ends) {
            if (source === destination) continue;
            const [[from, sources], [to, destinations]] = [source, destination];
            let open = ports.none;
            for (const a of sources) for (const b of destinations) open = ports.union(open, relation.allowed(a, b));
            if (open === ports.none) continue;
            const cell = wanted.get(`${from} > ${to}`) ?? { open: 0, ports: ports.none };
            wanted.set(`${from} > ${to}`, { open: cell.open + 1, ports: ports.union(cell.ports, open) });
          }
        }
        const matrix = groupedMatrix(relation, grouping);
        const got = matrix.cells.map(({ from, to, open, ports: id }): [string, { open: number; ports: number }] => [
          `${matrix.groups[from]?.name} > ${matrix.groups[to]?.name}`,
          { open, ports: id },
        ]);
        expect(new Map(got)).toEqual(wanted);
        for (const { from, to, open, full } of matrix.cells) {
          expect(open).toBeLessThanOrEqual(matrix.pairs(from, to));
          expect(full).toBeLessThanOrEqual(open);
        }
      }),
      { numRuns: RUNS },
    );
  });
  it('counts a workload once, and leaves out who is in no group', () => {
    const relation = new Relation(readWorld([...SHOP, pod('x/6', { app: 'web' })]));
    const { groups, left, pairs } = groupedMatrix(relation, { by: 'namespace-label', key: 'team' });
    expect(groups).toEqual([
      { name: 'a', members: 3 },
      { name: 'b', members: 2 },
      { name: OUTSIDE, members: 1 },
    ]);
    expect(left).toBe(1);
    expect([pairs(0, 0), pairs(0, 1), pairs(1, 2), pairs(2, 2)]).toEqual([6, 6, 2, 0]);
    const byLabel = groupedMatrix(relation, { by: 'label', key: 'app' }).groups.map(({ name, members }) => `${name} ${members}`);
    expect(byLabel).toEqual(['db 1', 'web 3', '(none) 2', 'outside 1']);
  });
  it('is refused where nobody could read it', () => {
    expect(() => groupedMatrix(new Relation(readWorld(SHOP)), { by: 'pod' }, 4)).toThrow('a matrix of 5 groups is too large');
  });
});

describe('tenants', () => {
  const find = (grouping: Grouping): string[] =>
    tenants(new Relation(readWorld(SHOP)), grouping).pairs.map(
      ({ from, to, apart, open, example }) =>
        `${from} > ${to} ${apart ? 'apart' : `${open} ${example?.src} > ${example?.dst} by ${example?.ingress.by.join() || 'default'}`}`,
    );
  it('are apart, or an example shows how they are not', () => {
    expect(find({ by: 'namespace-label', key: 'team' })).toEqual([
      'a > b 2 x/1[Pod] > z/4[Pod] by default',
      'b > a 2 y/3[Pod] > x/1[Pod] by default',
    ]);
    const closed = tenants(new Relation(readWorld([...SHOP, np('x/deny', []), np('z/deny', [])])), { by: 'namespace-label', key: 'team' });
    expect(closed.pairs.map(({ apart, example }) => [apart, example])).toEqual([
      [true, undefined],
      [true, undefined],
    ]);
    expect(closed).toMatchObject({
      tenants: [
        { name: 'a', members: 2 },
        { name: 'b', members: 2 },
      ],
      left: 1,
    });
  });
  it('without pods are named and not judged', () => {
    const nobody = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'empty', labels: { team: 'c' } } };
    const of = (objects: readonly Record<string, unknown>[]): unknown =>
      tenants(new Relation(readWorld(objects)), { by: 'namespace-label', key: 'team' }).empty;
    expect([of(SHOP), of([...SHOP, nobody])]).toEqual([undefined, ['c']]);
  });
  it('may be written in a file', () => {
    const place = (path: readonly (string | number)[]): string => `f:${path.length}`;
    const written = parseTenants({ tenants: { one: ['x/1'], two: ['y/*', 'z/*'] } }, place);
    expect(find({ by: 'tenants', tenants: written })).toEqual([
      'one > two 1 x/1[Pod] > z/4[Pod] by default',
      'two > one 2 y/3[Pod] > x/1[Pod] by default',
    ]);
    expect(() =>
      find({
        by: 'tenants',
        tenants: new Map([
          ['one', ['x/*']],
          ['two', ['x/1']],
        ]),
      }),
    ).toThrow('x/1[Pod] is in the tenants one and two');
    expect(() =>
      find({
        by: 'tenants',
        tenants: new Map([
          ['one', ['x/*']],
          ['two', ['x/1']],
        ]),
        placeOf: place,
      }),
    ).toThrow('f:3: x/1[Pod] is in the tenants one (f:3) and two');
    expect(() => find({ by: 'tenants', tenants: new Map([['one', ['q/*']]]), placeOf: place })).toThrow(
      'f:3: "q/*" names nothing that is in the input',
    );
    for (const bad of [undefined, [], {}]) expect(() => parseTenants(bad, place)).toThrow('f:0: there is no "tenants"');
    expect(() => parseTenants({ tenants: {} }, place)).toThrow('f:1: "tenants" names no tenant');
    expect(() => parseTenants({ tenants: { a: ['x/*'] }, other: 1 }, place)).toThrow('f:1: a file of tenants has the field "tenants" only');
    for (const bad of ['x/*', []]) expect(() => parseTenants({ tenants: { a: bad } }, place)).toThrow('f:2: tenants.a is no list');
    expect(() => parseTenants({ tenants: { a: [1] } }, place)).toThrow('f:3: tenants.a[0] is no end of a connection, but 1');
  });
});

it('an answer is what the relation says', () => {
  const relation = new Relation(readWorld(SHOP));
  const cell = groupedMatrix(relation, { by: 'namespace' }).cells.find(({ from, to }) => from === 1 && to === 1);
  expect(cell).toMatchObject({ open: 2, full: 1 });
  expect(connsOf(relation.ports.set(cell?.ports ?? 0))).toBe('all');
});
