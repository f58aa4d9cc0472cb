import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusters } from '../../../test/network/clusters.ts';
import { RUNS } from '../../../test/runs.ts';
import { Peers } from './peers.ts';
import { connsOf } from './ports.ts';
import { type Reach, reach } from './reach.ts';
import { Relation } from './relation.ts';
import { readWorld } from './world.ts';

type Raw = Record<string, unknown>;

function pod(name: string, labels: Raw = {}, owner = ''): Raw {
  const [namespace, short] = name.split('/');
  const owners = owner === '' ? {} : { ownerReferences: [{ controller: true, kind: 'ReplicaSet', name: owner }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: short, namespace, labels, ...owners }, spec: { containers: [{ name: 'c' }] } };
}
/** Lets in only from pods of one name, on one port. */
function only(to: string, from: string, port: number): Raw {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `${to}-from-${from}`, namespace: 'x' },
    spec: {
      podSelector: { matchLabels: { app: to } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: { matchLabels: { app: from } } }], ports: [{ port }] }],
      egress: [{ to: [{ podSelector: {} }] }],
    },
  };
}
function from(peer: string, ...objects: Raw[]): Reach {
  const relation = new Relation(readWorld(objects));
  return reach(relation, new Peers(relation).find(peer));
}

describe('reach', () => {
  const LINE = [pod('x/a', { app: 'a' }), pod('x/b', { app: 'b' }), pod('x/c', { app: 'c' }), pod('x/d', { app: 'd' })];
  const POLICIES = [only('a', 'none', 1), only('b', 'a', 80), only('c', 'b', 81), only('d', 'none', 82)];
  it('goes from pod to pod, and says by which', () => {
    const found = from('x/a', ...LINE, ...POLICIES);
    expect(found).toEqual({
      hops: [
        { hop: 1, workloads: 1, pods: 1 },
        { hop: 2, workloads: 1, pods: 1 },
      ],
      workloads: [
        { name: 'x/b[Pod]', pods: 1, hop: 1, chain: [{ src: 'x/a[Pod]', dst: 'x/b[Pod]', conns: { TCP: ['80'] } }] },
        {
          name: 'x/c[Pod]',
          pods: 1,
          hop: 2,
          chain: [
            { src: 'x/a[Pod]', dst: 'x/b[Pod]', conns: { TCP: ['80'] } },
            { src: 'x/b[Pod]', dst: 'x/c[Pod]', conns: { TCP: ['81'] } },
          ],
        },
      ],
      outside: [],
      never: ['x/d[Pod]'],
    });
  });
  it('goes outside through whoever may', () => {
    const open = { ...only('c', 'b', 81), spec: { ...(only('c', 'b', 81).spec as Raw), policyTypes: ['Ingress'] } };
    const { outside } = from('x/a', ...LINE, only('a', 'none', 1), only('b', 'a', 80), open, only('d', 'none', 82));
    expect(outside.map(({ name, hop, chain }) => [name, hop, chain.map(({ src }) => src)])).toEqual([
      ['ip:0.0.0.0-255.255.255.255', 3, ['x/a[Pod]', 'x/b[Pod]', 'x/c[Pod]']],
    ]);
  });
  it('goes through the replicas of one pod', () => {
    const replicas = [pod('x/a', { app: 'a' }, 'r'), pod('x/b', { app: 'b' }, 'r'), pod('x/c', { app: 'c' })];
    const { workloads } = from('x/a', ...replicas, ...POLICIES.slice(0, 3));
    expect(workloads.map(({ chain }) => chain.map(({ src, dst }) => `${src} > ${dst}`))).toEqual([
      ['x/r[ReplicaSet] > x/r[ReplicaSet]', 'x/r[ReplicaSet] > x/c[Pod]'],
    ]);
    expect(from('x/r', ...replicas, ...POLICIES.slice(0, 3)).workloads[0]?.hop).toBe(1);
  });
  it('begins outside as well', () => {
    expect(from('0.0.0.0/0', ...LINE, ...POLICIES).workloads).toEqual([]);
    const found = from('0.0.0.0/0', ...LINE, POLICIES[2] as Raw);
    expect(found.workloads.map(({ name, hop }) => `${name} ${hop}`)).toEqual(['x/a[Pod] 1', 'x/b[Pod] 1', 'x/d[Pod] 1', 'x/c[Pod] 2']);
  });

  it('is as far as one gets step by step', { timeout: 60_000 + RUNS * 30 }, () => {
    fc.assert(
      fc.property(clusters, (objects) => {
        const relation = new Relation(readWorld(objects));
        const { pods } = relation.world;
        const idsOf = (index: number): readonly number[] => relation.entities.classesOf[index] ?? [];
        const open = (source: number, target: number): number => {
          let ports = relation.ports.none;
          for (const a of idsOf(source)) for (const b of idsOf(target)) ports = relation.ports.union(ports, relation.allowed(a, b));
          return ports;
        };
        const hops = new Map([[0, 0]]);
        for (const [at, hop] of hops)
          for (const target of pods.keys()) if (!hops.has(target) && open(at, target) !== relation.ports.none) hops.set(target, hop + 1);
        const found = reach(relation, new Peers(relation).find(pods[0]?.workload ?? ''));
        const wanted = [...hops].filter(([, hop]) => hop > 0).map(([index, hop]) => `${pods[index]?.workload} ${hop}`);
        expect(found.workloads.map(({ name, hop }) => `${name} ${hop}`).toSorted()).toEqual(wanted.toSorted());
        expect(found.workloads.length + found.never.length).toBe(pods.length - 1);
        const indexOf = new Map(pods.map(({ workload }, index) => [workload, index]));
        for (const { name, hop, chain } of found.workloads) {
          expect(chain).toHaveLength(hop);
          expect([chain[0]?.src, chain.at(-1)?.dst]).toEqual([pods[0]?.workload, name]);
          for (const [index, { src, dst, conns }] of chain.entries()) {
            if (index > 0) expect(src).toBe(chain[index - 1]?.dst);
            const ports = relation.ports.set(open(indexOf.get(src) ?? 0, indexOf.get(dst) ?? 0));
            expect(conns).toEqual(connsOf(ports));
            expect(ports).not.toEqual([]);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });
});
