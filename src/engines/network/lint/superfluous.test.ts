import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusters } from '../../../../test/network/clusters.ts';
import { type Row, comparable, cutsOf, differences } from '../../../../test/conformance/network-rows.ts';
import { RUNS } from '../../../../test/runs.ts';
import { connections } from '../connections.ts';
import type { Policy, Rule } from '../policy.ts';
import { Relation } from '../relation.ts';
import { type World, readWorld } from '../world.ts';
import { conflicts } from './conflicts.ts';
import { rulesText, shadowed, superfluous } from './superfluous.ts';

const PATIENCE = { timeout: 60_000 + RUNS * 60 };

function without(world: World, { policies, rules }: { policies: ReadonlySet<Policy>; rules: ReadonlySet<Rule> }): World {
  const kept = world.policies
    .filter((policy) => !policies.has(policy))
    .map((policy) => ({
      ...policy,
      ingress: policy.ingress?.filter((rule) => !rules.has(rule)),
      egress: policy.egress?.filter((rule) => !rules.has(rule)),
    }));
  return { ...world, policies: kept };
}

/** What is allowed otherwise, whatever the ranges that policies cut addresses by. */
function changed(before: World, after: World): string[] {
  const [old, now] = [connections({ ...before, entrances: [] }) as Row[], connections({ ...after, entrances: [] }) as Row[]];
  const cuts = cutsOf(old, now);
  return differences(comparable(old, cuts), comparable(now, cuts));
}

const policy = (name: string, spec: unknown): Record<string, unknown> => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace: 'shop' },
  spec,
});
const admin = (name: string, priority: number, ingress: unknown[]): Record<string, unknown> => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  kind: 'AdminNetworkPolicy',
  metadata: { name },
  spec: { priority, subject: { namespaces: {} }, ingress },
});
const pod = (name: string, namespace: string): Record<string, unknown> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: name } },
  spec: { containers: [{ name: 'app' }] },
});
const from = (app: string): unknown => ({ podSelector: { matchLabels: { app } } });

describe('what is superfluous', PATIENCE, () => {
  it('changes nothing when it goes, all of it at once', () => {
    let told = 0;
    fc.assert(
      fc.property(clusters, (objects) => {
        const world = readWorld(objects);
        const found = superfluous(world);
        told += found.policies.length + found.rules.length;
        const less = without(world, {
          policies: new Set(found.policies.map((one) => one.policy)),
          rules: new Set(found.rules.map(({ rule }) => rule)),
        });
        expect(changed(world, less)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
    expect(told).toBeGreaterThan(0);
  });

  it('is a rule that others of the policy say together', () => {
    const rules = [
      { from: [from('a')], ports: [{ port: 80 }] },
      { from: [from('a')], ports: [{ port: 1, endPort: 79 }] },
      { from: [from('a')], ports: [{ port: 70, endPort: 80 }] },
    ];
    const { rules: found, policies } = superfluous(readWorld([policy('web', { podSelector: {}, ingress: rules })]));
    expect(policies).toEqual([]);
    expect(found.map(({ rule, by }) => [rule.number, rulesText(by)])).toEqual([
      [3, 'NetworkPolicy/shop/web rule 1 and NetworkPolicy/shop/web rule 2'],
    ]);
  });

  it('is a range in parts of others', () => {
    const to = (...cidrs: string[]): unknown => ({ to: cidrs.map((cidr) => ({ ipBlock: { cidr } })) });
    const world = readWorld([
      policy('web', {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [to('10.0.0.0/23'), to('10.0.0.0/24', '192.0.2.0/24'), to('10.0.1.0/24')],
      }),
    ]);
    expect(superfluous(world).rules.map(({ rule }) => rule.number)).toEqual([3]);
  });

  it('is one of two equal policies, and no default deny', () => {
    const one = { podSelector: {}, ingress: [{ from: [from('a')] }] };
    const deny = { podSelector: {}, policyTypes: ['Ingress'] };
    const { policies } = superfluous(readWorld([policy('a', one), policy('b', one), policy('deny', deny)]));
    expect(policies.map(({ policy: { name }, by }) => [name, by.map((other) => other.name)])).toEqual([['b', ['a']]]);
  });

  it('is no policy that isolates a direction by itself', () => {
    const both = { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [{ from: [from('a')] }] };
    const world = readWorld([policy('a', { podSelector: {}, ingress: [{}] }), policy('b', both)]);
    expect(superfluous(world).policies).toEqual([]);
    expect(superfluous(world).rules.map(({ policy: { name } }) => name)).toEqual(['b']);
  });
});

describe('what is shadowed', PATIENCE, () => {
  it('changes nothing when it goes', () => {
    let told = 0;
    fc.assert(
      fc.property(clusters, (objects) => {
        const world = readWorld(objects);
        for (const { rule } of shadowed(world)) {
          told += 1;
          expect(changed(world, without(world, { policies: new Set(), rules: new Set([rule]) }))).toEqual([]);
        }
      }),
      { numRuns: RUNS },
    );
    expect(told).toBeGreaterThan(0);
  });

  it('is what a Pass or a Deny decides before', () => {
    const all = [{ namespaces: {} }];
    const rules = [
      { action: 'Pass', from: all, ports: [{ portNumber: { port: 80 } }] },
      { action: 'Deny', from: all },
      { action: 'Allow', from: [{ namespaces: { matchLabels: { team: 'a' } } }] },
    ];
    expect(shadowed(readWorld([admin('a', 1, rules)])).map(({ rule, by }) => [rule.number, rulesText(by)])).toEqual([
      [3, 'AdminNetworkPolicy/a rule 1 and AdminNetworkPolicy/a rule 2'],
    ]);
  });

  it('is what a NetworkPolicy lets in though the admin tier denies it, but not behind a Pass', () => {
    const lets = policy('web', { podSelector: {}, ingress: [{ from: [from('a')] }] });
    const deny = { action: 'Deny', from: [{ namespaces: {} }] };
    const pass = { action: 'Pass', from: [{ namespaces: { matchLabels: { team: 'a' } } }] };
    expect(shadowed(readWorld([lets, admin('deny', 1, [deny])])).map(({ by }) => rulesText(by))).toEqual([
      'AdminNetworkPolicy/deny rule 1',
    ]);
    expect(shadowed(readWorld([lets, admin('deny', 1, [pass, deny])]))).toEqual([]);
  });
});

describe('policies of one priority', () => {
  const to = (action: string, port?: number): unknown => ({
    action,
    from: [{ namespaces: {} }],
    ...(port !== undefined && { ports: [{ portNumber: { port } }] }),
  });
  const pods = [pod('a', 'n1'), pod('b', 'n2')];

  it('disagree where a connection is allowed by one and denied by the other', () => {
    const relation = new Relation(readWorld([...pods, admin('x', 5, [to('Allow', 80)]), admin('y', 5, [to('Deny')])]));
    const [conflict, ...more] = conflicts(relation);
    expect(more).toEqual([]);
    expect([conflict?.one.name, conflict?.other.name, conflict?.subject]).toEqual(['x', 'y', 'n1/a[Pod]']);
  });

  it.each([
    ['other ports', [to('Allow', 80)], [to('Deny', 81)]],
    ['the same action', [to('Deny', 80)], [to('Deny')]],
  ])('do not for %s', (_what, one, other) => {
    expect(conflicts(new Relation(readWorld([...pods, admin('x', 5, one), admin('y', 5, other)])))).toEqual([]);
  });
  it('do not of different priorities', () => {
    expect(conflicts(new Relation(readWorld([...pods, admin('x', 5, [to('Allow')]), admin('y', 6, [to('Deny')])])))).toEqual([]);
  });
});
