import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../snapshot/index.ts';
import { Ledger } from '../../record/index.ts';
import type { Evidence } from '../prove.ts';
import { toState } from '../state-examples.ts';
import { type Fix, fixesFor } from './fixes.ts';

type Raw = Record<string, unknown>;

const rbac = 'rbac.authorization.k8s.io/v1';
const namespace = (name: string, labels: Raw = {}): Raw => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
const account = (name: string): Raw => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'shop' } });
const role = (name: string, ...rules: readonly Raw[]): Raw => ({
  apiVersion: rbac,
  kind: 'Role',
  metadata: { name, namespace: 'shop' },
  rules,
});
const binding = (name: string, to: string, ...accounts: readonly string[]): Raw => ({
  apiVersion: rbac,
  kind: 'RoleBinding',
  metadata: { name, namespace: 'shop' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: to },
  subjects: accounts.map((one) => ({ kind: 'ServiceAccount', name: one, namespace: 'shop' })),
});
const pod = (name: string, spec: Raw = {}, more: Raw = {}): Raw => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: { app: name } },
  spec: {
    automountServiceAccountToken: false,
    containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 80 }], ...more }],
    ...spec,
  },
  status: { podIP: `10.0.0.${name.length}`, phase: 'Running' },
});
const READ = { apiGroups: [''], resources: ['configmaps'], verbs: ['get'] };

function fixes(
  objects: readonly Raw[],
  { kind = 'snapshot', evidence = {} }: { kind?: Snapshot['header']['kind']; evidence?: Evidence } = {},
): readonly Fix[] {
  return fixesFor(toState(objects, kind), { top: 20, evidence }).fixes;
}
const titled = (found: readonly Fix[], text: string): Fix | undefined => found.find(({ title }) => title.includes(text));

describe('what gives nothing', () => {
  const GRANTS = [
    namespace('shop'),
    account('web'),
    role('reader', READ),
    binding('one', 'reader', 'web'),
    binding('two', 'reader', 'web'),
    binding('gone', 'missing', 'web'),
    binding('mixed', 'reader', 'nobody'),
  ];

  test('is one change, and safe without a record', () => {
    const fix = titled(fixes(GRANTS), 'that give nobody anything');
    expect(fix?.title).toBe('delete 3 bindings that give nobody anything');
    expect(new Set(fix?.change.patches.map(({ target }) => target))).toEqual(
      new Set(['RoleBinding/shop/two', 'RoleBinding/shop/gone', 'RoleBinding/shop/mixed']),
    );
    expect(fix?.proof.verdict).toBe('safe');
  });

  test('may give something where the input need not be everything', () => {
    const found = fixes(GRANTS, { kind: 'manifests' });
    // Of files only what is said twice is sure.
    expect(titled(found, 'nobody anything')?.change.patches.map(({ target }) => target)).toContain('RoleBinding/shop/two');
    for (const { proof, change } of found)
      if (change.patches.some(({ target }) => target === 'RoleBinding/shop/gone')) expect(proof.verdict).toBe('unknown');
  });

  test('are rules that no request matches', () => {
    const objects = [
      namespace('shop'),
      account('web'),
      role('r', READ, { apiGroups: [''], resources: ['nodes'], verbs: ['get'] }),
      binding('b', 'r', 'web'),
    ];
    const fix = titled(fixes(objects), 'rules that grant nothing');
    expect(fix?.change.patches).toMatchObject([{ target: 'Role/shop/r', patch: [{ op: 'test' }, { op: 'remove', path: '/rules/1' }] }]);
    expect(fix?.proof.verdict).toBe('safe');
  });

  test('is not what gives something', () => {
    const found = fixes([namespace('shop'), account('web'), role('reader', READ), binding('one', 'reader', 'web')]);
    expect(found.flatMap(({ change }) => change.patches.map(({ target }) => target)).filter((target) => target.startsWith('Role'))).toEqual(
      [],
    );
  });
});

describe('a level that everything meets', () => {
  test('is safe from a cluster, unknown from files, and not proposed where something does not meet it', () => {
    const objects = [namespace('shop'), pod('web')];
    const title = 'enforce the Pod Security level baseline in shop, which meets it';
    expect(titled(fixes(objects), title)?.proof).toMatchObject({ verdict: 'safe', domains: { admission: 'safe' } });
    expect(titled(fixes(objects, { kind: 'manifests' }), title)?.proof.verdict).toBe('unknown');
    expect(titled(fixes([namespace('shop'), pod('web', { hostPID: true })]), 'Pod Security')).toBeUndefined();
    expect(titled(fixes([namespace('shop')]), 'Pod Security')).toBeUndefined();
  });
});

describe('default deny', () => {
  const OBJECTS = [namespace('shop'), pod('web'), pod('store'), pod('audit')];

  test('cuts off what nothing asks for, and is unknown without a record', () => {
    const fix = titled(fixes(OBJECTS), 'default deny in shop');
    expect(fix?.title).toBe('default deny in shop, with 3 allows');
    expect(fix?.proof.closes.reachablePairs).toBeGreaterThan(0);
    expect(fix?.proof).toMatchObject({ verdict: 'unknown', domains: { flows: 'unknown' } });
  });

  test('lets through what was recorded', () => {
    const ledger = new Ledger();
    const stream = ledger.stream('flows', 'flows');
    const time = 20_000 * 86_400;
    stream.event(time, { beat: false });
    ledger.flow(
      { source: 'pod:shop/web', destination: 'pod:shop/store', protocol: 'TCP', port: 80 },
      { stream: stream.id, time, outcome: 'allowed' },
    );
    const fix = titled(fixes(OBJECTS, { evidence: { record: ledger.record() } }), 'default deny in shop');
    expect(fix?.title).toBe('default deny in shop, with 5 allows');
    expect(fix?.proof.denies).toEqual([]);
    expect(fix?.proof.replayed).toBe(1);
  });
});

describe('remedies of rules', () => {
  test('settle controls, and what a program does then is unknown', () => {
    const template = { metadata: { labels: { app: 'web' } }, spec: pod('web', {}, { securityContext: { privileged: true } }).spec };
    const metadata = { name: 'web', namespace: 'shop' };
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { template } };
    const fix = titled(fixes([namespace('shop'), deployment]), 'privileged');
    // A pod that runs cannot be changed.
    expect(titled(fixes([namespace('shop'), pod('web', {}, { securityContext: { privileged: true } })]), 'privileged')).toBeUndefined();
    expect(fix?.title).toMatch(/privileged/);
    expect(fix?.proof.closes.controls).toContain('cis-1.12/5.2.2');
    expect(fix?.proof).toMatchObject({ verdict: 'unknown', domains: { starts: 'unknown' } });
  });
});
