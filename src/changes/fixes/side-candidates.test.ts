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

describe('default deny and what no log need hold', () => {
  const time = 20_000 * 86_400;
  const apiServer = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'kubernetes', namespace: 'default' },
    subsets: [{ addresses: [{ ip: '10.1.0.1' }], ports: [{ port: 6443 }] }],
  };
  const coredns = { ...pod('coredns'), metadata: { name: 'coredns', namespace: 'kube-system', labels: { app: 'coredns' } } };
  const dns = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kube-dns', namespace: 'kube-system' },
    spec: { selector: { app: 'coredns' }, ports: [{ port: 53, protocol: 'UDP' }] },
  };
  const hook = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'hook' },
    webhooks: [{ name: 'a.b.c', clientConfig: { service: { namespace: 'shop', name: 'store', port: 80 } } }],
  };
  const store = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'store', namespace: 'shop' },
    spec: { selector: { app: 'store' }, ports: [{ port: 80 }] },
  };
  const asking = pod('web', { automountServiceAccountToken: true, serviceAccountName: 'web' });
  /** Three weeks in which the account of one asks the API server, and each talks to the next. */
  const record = (): NonNullable<Evidence['record']> => {
    const ledger = new Ledger();
    const [flows, audit] = [ledger.stream('flows', 'flows'), ledger.stream('cp1', 'audit')];
    for (let at = time; at <= time + 21 * 86_400; at += 60) flows.event(at);
    for (const [source, destination] of [
      ['web', 'store'],
      ['audit', 'web'],
      ['store', 'audit'],
    ])
      ledger.flow(
        { source: `pod:shop/${source}`, destination: `pod:shop/${destination}`, protocol: 'TCP', port: 80 },
        { stream: flows.id, time: time + 1000, outcome: 'allowed' },
      );
    ledger.flow(
      { source: 'pod:kube-system/coredns', destination: 'pod:shop/web', protocol: 'TCP', port: 80 },
      { stream: flows.id, time: time + 1000, outcome: 'denied' },
    );
    const actor = ledger.actor({ name: 'system:serviceaccount:shop:web', groups: [], bound: 'pod' });
    const asked = {
      verb: 'get',
      apiGroup: '',
      resource: 'configmaps',
      subresource: '',
      namespace: 'shop',
      name: 'x',
      path: '',
      through: 'request',
    } as const;
    ledger.request(actor, asked, { stream: audit.id, time: time + 1000, outcome: 'allowed' });
    return ledger.record();
  };
  const started = (one: Raw): Raw =>
    one.kind === 'Pod' ? { ...one, status: { ...(one.status as Raw), startTime: new Date((time + 500) * 1000).toISOString() } } : one;
  const deny = (objects: readonly Raw[]): Fix | undefined =>
    titled(fixes([namespace('shop'), account('web'), ...objects].map(started), { evidence: { record: record() } }), 'default deny in shop');

  test('lets it through, and is safe where the record is whole', () => {
    const fix = deny([asking, pod('store'), pod('audit'), coredns, dns, hook, store, apiServer]);
    expect(fix?.proof).toMatchObject({ verdict: 'safe', denies: [], domains: { flows: 'safe' } });
    const text = JSON.stringify(fix?.change.patches);
    for (const opened of ['"app":"coredns"', '"cidr":"10.1.0.1/32"', '"port":6443', '"port":53']) expect(text).toContain(opened);
  });

  test('does not cut off an API server whose address is not known, and is not safe then', () => {
    const fix = deny([asking, pod('store'), pod('audit'), coredns, dns, hook, store]);
    expect(fix?.proof).toMatchObject({ verdict: 'unknown', denies: [] });
    expect(new Set(fix?.proof.unknownBecause.map(({ code }) => code))).toEqual(new Set(['api-server-unknown']));
    const web = fix?.change.patches.find(({ target }) => target === 'NetworkPolicy/shop/web');
    expect(JSON.stringify(web?.object)).toContain(
      '"to":[{"ipBlock":{"cidr":"0.0.0.0/0"}}],"ports":[{"protocol":"TCP","port":443},{"protocol":"TCP","port":6443}]',
    );
  });

  test('is not proposed where it would', () => {
    const nameless = { ...pod('audit'), metadata: { name: 'audit', namespace: 'shop' } };
    expect(deny([asking, pod('store'), nameless, coredns, dns, apiServer])).toBeUndefined();
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

test('a role whose lists hold what is no text is read otherwise than it is written, and has no change of its own', () => {
  const ledger = new Ledger();
  const stream = ledger.stream('cp1', 'audit');
  const asked = { verb: 'get', apiGroup: '', resource: 'configmaps', subresource: '', namespace: 'shop', name: 'c', path: '' };
  const web = ledger.actor({ name: 'system:serviceaccount:shop:web', groups: [] });
  ledger.request(web, { ...asked, through: 'request' }, { stream: stream.id, time: 0, outcome: 'allowed' });
  const objects = (verbs: readonly unknown[]): Raw[] => [
    namespace('shop'),
    account('web'),
    role('reader', { ...READ, resources: ['configmaps', 'secrets'], verbs }),
    binding('one', 'reader', 'web'),
    pod('web', { serviceAccountName: 'web', automountServiceAccountToken: true }),
  ];
  const titles = (verbs: readonly unknown[]): string[] =>
    fixes(objects(verbs), { evidence: { record: ledger.record() } })
      .map(({ title }) => title)
      .filter((title) => title.includes('shop/reader'));
  expect(titles(['get', 'list'])).toEqual(['shrink Role shop/reader to what is used: 3 rights less']);
  expect(titles(['get', ['list']])).toEqual([]);
});
