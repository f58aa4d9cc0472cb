import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bruteForce } from '../../../test/network/brute-force.ts';
import { clusters, probesOf } from '../../../test/network/clusters.ts';
import { RUNS } from '../../../test/runs.ts';
import { SET_QUESTIONS, askSets } from './sets.ts';
import { readWorld } from './world.ts';

type Raw = Record<string, unknown>;

const PATIENCE = { timeout: 60_000 + RUNS * 60 };

function isPolicy({ kind }: Raw): boolean {
  return String(kind).endsWith('NetworkPolicy');
}

const pod = (name: string, address?: string): Raw => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: { app: name } },
  spec: { containers: [{ name: 'app' }] },
  ...(address !== undefined && { status: { podIP: address } }),
});
const PODS = [pod('a', '10.0.0.1'), pod('b', '10.0.0.2'), pod('c', '10.0.0.3')];
const policy = (name: string, spec: unknown): Raw => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace: 'shop' },
  spec,
});
const into = (app: string, ...ingress: unknown[]): Raw => policy(`into-${app}`, { podSelector: { matchLabels: { app } }, ingress });
const from = (app: string, port: number): unknown => ({ from: [{ podSelector: { matchLabels: { app } } }], ports: [{ port }] });

function answers(first: readonly Raw[], second: readonly Raw[]): string {
  const [one, other] = [readWorld([...PODS, ...first]), readWorld([...PODS, ...second])];
  return SET_QUESTIONS.filter((question) => askSets(question, one, other).answer).join(' ');
}

describe('sets of policies', PATIENCE, () => {
  it('are told apart where single connections are', () => {
    let differing = 0;
    fc.assert(
      fc.property(clusters, fc.nat(), (objects, pick) => {
        const policies = objects.filter(isPolicy);
        const gone = policies[pick % Math.max(1, policies.length)];
        const less = objects.filter((object) => object !== gone);
        const [one, other] = [readWorld(objects), readWorld(less)];
        const contains = askSets('contains', one, other).answer;
        const contained = askSets('contains', other, one).answer;
        expect(askSets('equivalent', one, other).answer).toBe(contains && contained);
        for (const probe of probesOf(objects)) {
          // A pod with itself is no business of policies.
          if (probe.from === probe.to) continue;
          const [was, is] = [bruteForce(objects, probe).allowed, bruteForce(less, probe).allowed];
          if (was !== is) differing += 1;
          if (is && !was) expect([probe, contains]).toEqual([probe, false]);
          if (was && !is) expect([probe, contained]).toEqual([probe, false]);
        }
        // Whoever says nothing allows whatever is asked for.
        const bare = readWorld(objects.filter((object) => !isPolicy(object)));
        expect(askSets('contains', bare, one).answer).toBe(true);
        expect(askSets('permits', bare, one).answer).toBe(true);
      }),
      { numRuns: RUNS },
    );
    expect(differing).toBeGreaterThan(0);
  });

  it.each([
    ['the same', [into('a', from('b', 80))], [into('a', from('b', 80))], 'equivalent contains permits'],
    [
      'the same otherwise written',
      [into('a', from('b', 80), from('b', 81))],
      [into('a', { from: [{ podSelector: { matchLabels: { app: 'b' } } }], ports: [{ port: 80, endPort: 81 }] })],
      'equivalent contains permits',
    ],
    ['less', [into('a', from('b', 80), from('c', 80))], [into('a', from('b', 80))], 'contains permits'],
    ['more', [into('a', from('b', 80))], [into('a', from('b', 80), from('c', 80))], 'interferes'],
    ['other pods', [into('a', from('b', 80))], [into('b', from('c', 80))], 'permits'],
    ['what is cut off', [into('a')], [into('a', from('b', 80))], 'forbids interferes'],
  ])('%s', (_what, first, second, want) => expect(answers(first, second)).toBe(want));

  it('says which connection it is', () => {
    const [one, other] = [readWorld([...PODS, into('a', from('b', 80))]), readWorld([...PODS, into('a', from('b', 80), from('c', 81))])];
    expect(askSets('contains', one, other)).toEqual({ answer: false, example: { src: 'shop/c', dst: 'shop/a', conns: { TCP: ['81'] } } });
  });

  it('sees ranges of addresses that only one of them cuts', () => {
    const block = (cidr: string): Raw[] => [into('a', { from: [{ ipBlock: { cidr } }] })];
    expect(answers(block('192.0.2.0/24'), block('192.0.2.0/25'))).toBe('contains permits');
    expect(answers(block('10.0.0.2/32'), [into('a', { from: [{ podSelector: { matchLabels: { app: 'b' } } }] })])).toBe('contains permits');
  });

  it('has pods that are in one state only', () => {
    const [one, other] = [readWorld(PODS), readWorld(PODS.slice(1))];
    expect(askSets('contains', one, other).answer).toBe(true);
    expect(askSets('contains', other, one).example).toMatchObject({ dst: 'shop/a' });
  });
});

it('pairs the pods of a StatefulSet by their numbers', () => {
  const template = { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'c' }] } };
  const made = (kind: string): Raw => ({
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'db', namespace: 'shop' },
    spec: { replicas: 2, template },
  });
  const set = made('StatefulSet');
  const closing = (index: string): Raw =>
    policy(`close-${index}`, { podSelector: { matchLabels: { 'apps.kubernetes.io/pod-index': index } }, policyTypes: ['Ingress'] });
  expect(answers([set], [set, closing('0')])).toBe('contains permits forbids');
  expect(answers([set, closing('0')], [set])).toBe('permits forbids');
  expect(answers([set, closing('0')], [set, closing('1')])).toBe('permits forbids');
  expect(answers([set, closing('1')], [set, closing('1')])).toContain('equivalent');
  const [before, after] = [readWorld([...PODS, set]), readWorld([...PODS, set, closing('1')])];
  expect(askSets('equivalent', before, after).example).toMatchObject({ dst: 'shop/db-1' });
  // Another kind of the same name is nobody's counterpart.
  const both = [made('Deployment'), set];
  expect(answers([...both, closing('0')], [...both.toReversed(), closing('0')])).toContain('equivalent');
});
