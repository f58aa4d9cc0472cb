import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bruteForce } from '../../../test/network/brute-force.ts';
import { probesOf } from '../../../test/network/clusters.ts';
import { RUNS } from '../../../test/runs.ts';
import { Ends } from './ask.ts';
import { contains } from './intervals.ts';
import { type Protocol, placeOf } from './ports.ts';
import { Relation } from './relation.ts';
import { unsureOf } from './unsure.ts';
import { readWorld } from './world.ts';

type Raw = Record<string, unknown>;
type Told = 'yes' | 'no' | 'unknown';

const PATIENCE = { timeout: 60_000 + RUNS * 60 };

/** What is told of some connections, and what is so in each of the states that the input may be of. */
function compare(
  given: readonly Raw[],
  states: readonly (readonly Raw[])[],
  check: (told: Told, truths: ReadonlySet<boolean>, label: string) => void,
): void {
  const relation = new Relation(readWorld(given));
  const [ends, unsure] = [new Ends(relation), unsureOf(relation)];
  // On the ports that policies are about, and some others.
  for (const probe of probesOf(given).filter(
    ({ protocol, port }, index) => (protocol === 'TCP' && (port === 80 || port === 81)) || index % 23 === 0,
  )) {
    const [source, ...more] = ends.find(probe.from.includes('/') ? probe.from : `ip:${probe.from}`) ?? [];
    const [target, ...others] = ends.find(probe.to.includes('/') ? probe.to : `ip:${probe.to}`) ?? [];
    // Of several classes one way is enough, which the sides by themselves do not say.
    if (source === undefined || target === undefined || more.length + others.length > 0) continue;
    if ((relation.entities.familiesOf(source) & relation.entities.familiesOf(target)) === 0) continue;
    const truths = states.map((objects) => bruteForce([...objects], probe));
    const place = placeOf(probe.protocol as Protocol, probe.port);
    for (const direction of ['ingress', 'egress'] as const) {
      const [subject, peer] = direction === 'ingress' ? [target, source] : [source, target];
      const { surely, possibly } = unsure.side({ direction, subject, peer });
      const has = (id: number): boolean => contains(relation.ports.set(id), place);
      expect(has(possibly) || !has(surely)).toBe(true);
      check(
        has(surely) ? 'yes' : has(possibly) ? 'unknown' : 'no',
        new Set(truths.map((truth) => truth[direction])),
        `${direction} ${JSON.stringify(probe)}`,
      );
    }
  }
}

const PODS = ['n1', 'n1', 'n2'].map((namespace, index): Raw => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `p${index}`, namespace, labels: { app: index === 1 ? 'b' : 'a' } },
  spec: { containers: [{ name: 'c' }] },
  status: { podIPs: [{ ip: `10.0.0.${index + 1}` }] },
}));
const space = (name: string, labels: Raw): Raw => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });

/** Policies that nearly always meet: few labels, two ports. */
const selector = fc.oneof(
  fc.constant({}),
  fc.constantFrom('a', 'b').map((app) => ({ matchLabels: { app } })),
  fc.constantFrom('In', 'NotIn').map((operator) => ({ matchExpressions: [{ key: 'app', operator, values: ['a'] }] })),
  fc.constantFrom('Exists', 'DoesNotExist').map((operator) => ({ matchExpressions: [{ key: 'tier', operator }] })),
  fc.constant({ matchLabels: { 'kubernetes.io/metadata.name': 'n1' } }),
);
const pods = fc.oneof(
  fc.constant({ namespaces: {} }),
  selector.map((namespaces) => ({ namespaces })),
  fc.record({ pods: fc.record({ namespaceSelector: selector, podSelector: selector }) }),
);
const places = fc.constantFrom({ networks: ['0.0.0.0/0'] }, { networks: ['10.0.0.0/31'] });
const ports = fc.constantFrom(80, 81).map((number) => [{ tcp: { destinationPort: { number } } }]);
function rules(side: 'from' | 'to'): fc.Arbitrary<Raw[]> {
  const rule = fc.record(
    {
      action: fc.constantFrom('Accept', 'Deny', 'Pass'),
      [side]: fc.array(side === 'to' ? fc.oneof(pods, places) : pods, { minLength: 1, maxLength: 2 }),
      protocols: ports,
    },
    { requiredKeys: ['action', side] },
  );
  return fc.array(rule, { minLength: 1, maxLength: 3 });
}
const admin = fc
  .array(
    fc.record({
      tier: fc.constantFrom('Admin', 'Admin', 'Baseline'),
      subject: pods,
      ingress: rules('from'),
      egress: rules('to'),
      priority: fc.constantFrom(1, 1, 1, 2),
    }),
    {
      minLength: 2,
      maxLength: 3,
    },
  )
  .map((all) =>
    all.map((spec, index) => ({
      apiVersion: 'policy.networking.k8s.io/v1alpha2',
      kind: 'ClusterNetworkPolicy',
      metadata: { name: `c${index}` },
      spec,
    })),
  );
const network = fc
  .array(
    fc.record({
      podSelector: selector,
      policyTypes: fc.constantFrom(['Ingress'], ['Egress']),
      ingress: fc.array(fc.record({ from: fc.array(fc.record({ namespaceSelector: selector }), { minLength: 1, maxLength: 2 }) }), {
        maxLength: 2,
      }),
      egress: fc.array(fc.record({ to: fc.array(fc.record({ namespaceSelector: selector }), { minLength: 1, maxLength: 2 }) }), {
        maxLength: 2,
      }),
    }),
    { maxLength: 2 },
  )
  .map((all) =>
    all.map((spec, index) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `np${index}`, namespace: index === 0 ? 'n1' : 'n2' },
      spec,
    })),
  );

function orders<T>(items: readonly T[]): T[][] {
  return items.length === 0 ? [[]] : items.flatMap((item, index) => orders(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

/** How often each was told: what is never unknown proves nothing. */
const TOLD = { yes: 0, no: 0, unknown: 0 };

test('of policies of one priority every order is thought of, and nothing else', PATIENCE, () => {
  const spaces = [space('n1', { app: 'a' }), space('n2', { tier: 'b' })];
  fc.assert(
    fc.property(admin, network, (admins, others) => {
      const rest = [...spaces, ...PODS, ...others];
      compare(
        [...rest, ...admins],
        orders(admins).map((order) => [...rest, ...order]),
        (told, truths, label) => {
          TOLD[told] += 1;
          expect(told, label).toBe(truths.size > 1 ? 'unknown' : truths.has(true) ? 'yes' : 'no');
        },
      );
    }),
    { numRuns: RUNS },
  );
  for (const times of Object.values(TOLD)) expect(times).toBeGreaterThan(RUNS / 4);
});

test('what is told of namespaces without their labels holds whichever they have', PATIENCE, () => {
  const values = [undefined, 'a', 'b'];
  const labels = values.flatMap((app) =>
    values.map((tier) => ({ ...(app !== undefined && { app }), ...(tier !== undefined && { tier }) })),
  );
  let sure = 0;
  fc.assert(
    fc.property(admin, network, (admins, others) => {
      const byPriority = admins.map((one, index) => ({ ...one, spec: { ...one.spec, priority: index } }));
      const rest = [space('n2', { tier: 'b' }), ...PODS, ...others, ...byPriority];
      compare(
        rest,
        labels.map((own) => [...rest, space('n1', own)]),
        (told, truths, label) => {
          if (told === 'unknown') return;
          sure += 1;
          expect([...truths], label).toEqual([told === 'yes']);
        },
      );
    }),
    { numRuns: Math.ceil(RUNS / 4) },
  );
  expect(sure).toBeGreaterThan(RUNS);
});
