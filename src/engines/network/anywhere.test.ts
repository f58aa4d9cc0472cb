import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bruteForce } from '../../../test/network/brute-force.ts';
import { clusters } from '../../../test/network/clusters.ts';
import { RUNS } from '../../../test/runs.ts';
import { parseAddress, parseCidr } from './addresses.ts';
import { anywhere, unplaced, withPodRanges } from './anywhere.ts';
import { Peers } from './peers.ts';
import { portRange } from './ports.ts';
import { query } from './query.ts';
import { Relation } from './relation.ts';
import { tenants } from './tenants.ts';
import { type World, readWorld } from './world.ts';

type Raw = Record<string, unknown>;

/** One of each group of private addresses that the ranges of the random clusters tell apart. */
const PLACES = [
  '10.0.0.0',
  '10.0.0.1',
  '10.0.1.2',
  '10.0.1.9',
  '10.9.0.9',
  '172.18.0.9',
  '172.16.0.9',
  '192.168.0.9',
  'fd00::1',
  'fd00::9',
  'fc00::9',
];

interface PodObject {
  metadata: { namespace: string; name: string };
  spec: { hostNetwork?: boolean };
  status: { podIPs: { ip: string }[] };
}

function podsOf(objects: readonly Raw[]): PodObject[] {
  return objects.filter(({ kind }) => kind === 'Pod') as unknown as PodObject[];
}

function isUnplaced({ status }: PodObject): boolean {
  return status.podIPs.length === 0;
}

/** It may be anywhere: what is on the host's network is on the only node. */
function mayRoam(pod: PodObject): boolean {
  return isUnplaced(pod) && pod.spec.hostNetwork !== true;
}

function nameOf({ metadata }: PodObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** The objects once for each two places that these pods may be at together; a place is one pod's. */
function* placements(objects: readonly Raw[], first: PodObject, second: PodObject): Generator<Raw[]> {
  const taken = new Set(['172.18.0.2', ...podsOf(objects).flatMap(({ status }) => status.podIPs.map(({ ip }) => ip))]);
  const free = PLACES.filter((place) => !taken.has(place));
  const places = (pod: PodObject): (string | undefined)[] => (isUnplaced(pod) ? (mayRoam(pod) ? free : ['172.18.0.2']) : [undefined]);
  for (const one of places(first)) {
    for (const other of places(second)) {
      const at = (object: Raw, place: string | undefined): Raw =>
        place === undefined ? object : { ...object, status: { ...(object.status as Raw), podIPs: [{ ip: place }] } };
      yield objects.map((object) =>
        (object as unknown) === first ? at(object, one) : (object as unknown) === second ? at(object, other) : object,
      );
    }
  }
}

/** Whether packets can go from one to the other: of a family that both have. */
function canMeet(objects: readonly Raw[], first: PodObject, second: PodObject): boolean {
  const families = (pod: PodObject): Set<boolean> => {
    const now = podsOf(objects).find((one) => nameOf(one) === nameOf(pod));
    return new Set(now?.status.podIPs.map(({ ip }) => ip.includes(':')));
  };
  const [own, others] = [families(first), families(second)];
  return own.size === 0 || others.size === 0 || [...own].some((family) => others.has(family));
}

describe('pods whose addresses nobody knows', { timeout: 60_000 + RUNS * 120 }, () => {
  it('are open surely where they are at every place, and perhaps where they are at one', () => {
    const probes = fc.record({ protocol: fc.constantFrom('TCP' as const, 'UDP' as const), port: fc.constantFrom(53, 80) });
    fc.assert(
      fc.property(clusters, probes, (objects, { protocol, port }) => {
        const relation = new Relation(anywhere(readWorld(objects)));
        const peers = new Peers(relation);
        for (const source of podsOf(objects)) {
          for (const target of podsOf(objects)) {
            // Two that may be anywhere may be at places of one group, of which there is only one address here.
            if (source === target || (mayRoam(source) && mayRoam(target))) continue;
            const probe = { from: nameOf(source), to: nameOf(target), protocol, port };
            const met = [...placements(objects, source, target)].filter((all) => canMeet(all, source, target));
            // Whether they have a family in common is not asked here.
            if (met.length === 0) continue;
            const answers = new Set(met.map((all) => bruteForce(all, probe).allowed));
            const ends = { from: peers.find(probe.from), to: peers.find(probe.to) };
            const { answer } = query(relation, ends, portRange(protocol, port, port));
            const wanted = !answers.has(true) ? 'no' : answers.has(false) ? 'unknown' : 'yes';
            expect(answer, JSON.stringify(probe)).toBe(wanted);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });
});

function pod(name: string, labels: Raw = {}): Raw {
  const [namespace, own] = name.split('/');
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name: own, labels }, spec: { containers: [{ name: 'c' }] } };
}

function opened(...from: Raw[]): Raw {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'p', namespace: 'x' },
    spec: { podSelector: {}, ingress: [{ from: from.map((ipBlock) => ({ ipBlock })) }] },
  };
}

function ask(world: World): string {
  const relation = new Relation(anywhere(world));
  const peers = new Peers(relation);
  return query(relation, { from: peers.find('y/a'), to: peers.find('x/b') }).answer;
}

const PODS = [pod('y/a'), pod('x/b')];
const TEAMS = ['x', 'y'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { team: name } } }));

describe('a range', () => {
  it.each([
    ['of everything', [{ cidr: '0.0.0.0/0' }, { cidr: '::/0' }], 'yes'],
    ['of one family', [{ cidr: '0.0.0.0/0' }], 'unknown'],
    ['of private addresses', [{ cidr: '10.0.0.0/8' }], 'unknown'],
    // What opens the internet opens no pods.
    [
      'of all but private addresses',
      [{ cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'] }],
      'no',
    ],
    ['of public addresses', [{ cidr: '192.0.2.0/24' }], 'no'],
  ])('%s', (_, ranges, wanted) => {
    const world = readWorld([...PODS, opened(...ranges)]);
    expect(ask(world)).toBe(wanted);
    const proof = tenants(new Relation(readWorld([...PODS, ...TEAMS, opened(...ranges)])), { by: 'namespace-label', key: 'team' });
    const first = proof.pairs.find(({ from }) => from === 'y');
    expect([first?.apart, first?.unknown]).toEqual([wanted === 'no', wanted === 'unknown' ? true : undefined]);
    expect(unplaced(world)?.rules).toEqual(wanted === 'no' ? undefined : ['NetworkPolicy/x/p ingress rule 1']);
  });

  it('is told from where pods are, if that is said', () => {
    const world = readWorld([...PODS, opened({ cidr: '10.0.0.0/8', except: ['10.0.1.0/24'] })]);
    const at = (cidr: string): World => withPodRanges(world, parseCidr(cidr) ?? []);
    expect(['10.244.0.0/16', '10.0.1.0/25', '192.168.0.0/16', '10.0.0.0/16'].map((cidr) => ask(at(cidr)))).toEqual([
      'yes',
      'no',
      'no',
      'unknown',
    ]);
    expect(unplaced(at('10.244.0.0/16'))).toBeUndefined();
    expect(unplaced(at('10.0.0.0/16'))?.pods).toBe(2);
    // Nobody has the address that stands for the place.
    expect(new Peers(new Relation(at('10.244.0.0/16'))).find('10.244.0.0').map(({ outside }) => outside)).toEqual([true]);
    expect(parseAddress('10.244.0.0')).toBe(at('10.244.0.0/16').pods[0]?.addresses[0]);
  });

  it('that holds an address of a pod on its host is one where nobody else is', () => {
    const closed = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'p', namespace: 'x' },
      spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.1.2/32' } }] }] },
    };
    const host = { ...pod('y/h'), spec: { hostNetwork: true, containers: [{ name: 'c' }] }, status: { podIPs: [{ ip: '10.0.1.2' }] } };
    expect(ask(readWorld([...PODS, closed]))).toBe('unknown');
    expect(ask(readWorld([...PODS, closed, host]))).toBe('no');
  });

  it('of one of the two addresses that a pod has tells who can reach it by the other', () => {
    const both = { ...pod('x/b'), status: { podIPs: [{ ip: '10.0.0.9' }, { ip: 'fd00::9' }] } };
    const denied = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'p', namespace: 'y' },
      spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '10.0.0.9/32' } }] }] },
    };
    expect(ask(readWorld([pod('y/a'), both, denied]))).toBe('unknown');
  });
});
