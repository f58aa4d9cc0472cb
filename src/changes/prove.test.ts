import { describe, expect, test } from 'vitest';
import { Ledger } from '../record/index.ts';
import type { Patch } from '../rules/index.ts';
import type { Snapshot } from '../snapshot/index.ts';
import { type Evidence, type Proof, prove } from './prove.ts';
import { State } from './state.ts';
import { toState } from './state-examples.ts';

const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } };
const pod = (privileged: boolean): Record<string, unknown> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { containers: [{ name: 'c', image: 'x', securityContext: { privileged } }] },
});
const DENY = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'deny', namespace: 'other' },
  spec: { podSelector: {} },
};

function proved(
  patch: Patch,
  objects: readonly Record<string, unknown>[],
  kind: Snapshot['header']['kind'] = 'snapshot',
  evidence: Evidence = {},
): Proof {
  const before = toState(objects, kind);
  const change = { patches: [patch], effort: 'low' as const };
  return prove({ before, after: before.with(change) }, change, evidence);
}

/** Of one request: `create batch/jobs` by whom. */
function recorded(text: string, name: string, namespace = 'shop'): Evidence {
  const [verb = '', apiGroup = '', resource = '', subresource = ''] = text.split(/[ /]/);
  const ledger = new Ledger();
  const asked = { verb, apiGroup, resource, subresource, namespace, name: '', path: '', through: 'request' } as const;
  const stream = ledger.stream('cp1', 'audit').id;
  ledger.request(ledger.actor({ name, groups: [] }), asked, { stream, time: 20_000 * 86_400, outcome: 'allowed' });
  return { record: ledger.record() };
}

const label = (key: string, value: string): Patch => ({
  target: 'Namespace/shop',
  operation: 'patch',
  patch: [{ op: 'add', path: `/metadata/labels/${key.replace('/', '~1')}`, value }],
});
const codes = ({ unknownBecause }: Proof): string[] => unknownBecause.map(({ code }) => code);
const ENFORCE = label('pod-security.kubernetes.io/enforce', 'baseline');

describe('a stricter level of Pod Security', () => {
  test('is safe where all that runs meets it, and breaks what does not', () => {
    expect(proved(ENFORCE, [NAMESPACE, pod(false)])).toMatchObject({ verdict: 'safe', domains: { admission: 'safe' } });
    expect(proved(ENFORCE, [NAMESPACE, pod(true)])).toMatchObject({ verdict: 'breaks', denies: [{ who: 'Pod/shop/web' }] });
  });

  test('is unknown where something else may make pods of a template of its own', () => {
    const templates = [{ name: 't', container: { image: 'x', securityContext: { privileged: true } } }];
    const custom = { apiVersion: 'argoproj.io/v1alpha1', kind: 'WorkflowTemplate', spec: { templates } };
    const inShop = (namespace: string): Record<string, unknown> => ({ ...custom, metadata: { name: 'w', namespace } });
    const proof = proved(ENFORCE, [NAMESPACE, pod(false), inShop('shop')]);
    expect([proof.verdict, codes(proof)]).toEqual(['unknown', ['input-partial']]);
    expect(proved(ENFORCE, [NAMESPACE, pod(false), inShop('other')]).verdict).toBe('safe');
  });

  test.each([
    ['a pod of a pipeline', 'create /pods', 'system:serviceaccount:ci:runner', [NAMESPACE]],
    ['a job of a pipeline', 'create batch/jobs', 'system:serviceaccount:ci:runner', [NAMESPACE, pod(false)]],
    ['containers to look into one that runs', 'patch /pods/ephemeralcontainers', 'ann', [NAMESPACE, pod(false)]],
  ])('is unknown where somebody made %s, and they are gone', (_what, text, name, objects) => {
    const proof = proved(ENFORCE, objects, 'snapshot', recorded(text, name));
    expect([proof.verdict, codes(proof)]).toEqual(['unknown', ['input-partial']]);
    expect(proved(ENFORCE, objects, 'snapshot', recorded(text, name, 'other')).verdict).toBe('safe');
  });

  test('is safe where what somebody made is there, and what controllers made is what templates say', () => {
    const runner = recorded('create /pods', 'system:serviceaccount:ci:runner');
    expect(proved(ENFORCE, [NAMESPACE, pod(false)], 'snapshot', runner).verdict).toBe('safe');
    for (const name of ['system:serviceaccount:kube-system:replicaset-controller', 'system:node:a'])
      expect(proved(ENFORCE, [NAMESPACE], 'snapshot', recorded('create /pods', name)).verdict).toBe('safe');
  });

  test('is unknown of templates without a pod, where something changes pods as they are created', () => {
    const template = { spec: { containers: [{ name: 'c', image: 'x' }] } };
    const job = (name: string): Record<string, unknown> => ({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name, namespace: 'shop' },
      spec: { schedule: '0 1 * * *', jobTemplate: { spec: { template } } },
    });
    const mutating = (key: string, resource = 'pods'): Record<string, unknown> => ({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'injector' },
      webhooks: [
        {
          namespaceSelector: { matchLabels: { [key]: 'enabled' } },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: [resource], operations: ['CREATE'] }],
        },
      ],
    });
    expect(proved(ENFORCE, [NAMESPACE, job('report'), mutating('istio-injection')])).toMatchObject({
      verdict: 'unknown',
      unknownBecause: [{ code: 'input-partial', about: 'MutatingWebhookConfiguration/injector may change pods of CronJob/shop/report' }],
    });
    expect(proved(ENFORCE, [NAMESPACE, job('report'), mutating('other')]).verdict).toBe('safe');
    expect(proved(ENFORCE, [NAMESPACE, job('report'), mutating('istio-injection', 'services')]).verdict).toBe('safe');
    const live = {
      ...pod(false),
      metadata: { name: 'report-1', namespace: 'shop', ownerReferences: [{ kind: 'CronJob', name: 'report', controller: true }] },
      status: { startTime: '2026-03-01T00:00:00Z' },
    };
    expect(proved(ENFORCE, [NAMESPACE, job('report'), live, mutating('istio-injection')]).verdict).toBe('safe');
  });

  test('may be written as the whole namespace', () => {
    const whole = (labels: Record<string, string>): Patch => ({
      target: 'Namespace/shop',
      operation: 'patch',
      patch: [{ op: 'replace', path: '', value: { ...NAMESPACE, metadata: { name: 'shop', labels } } }],
    });
    const level = { 'pod-security.kubernetes.io/enforce': 'baseline' };
    expect(proved(whole({ ...NAMESPACE.metadata.labels, ...level }), [NAMESPACE, pod(false)]).verdict).toBe('safe');
    expect(codes(proved(whole(level), [NAMESPACE, pod(false)]))).toEqual(['behaviour-unseen']);
  });

  test('is refused where it is none', () => {
    const wrong = label('pod-security.kubernetes.io/enforce', 'restrictd');
    expect(() => proved(wrong, [NAMESPACE, pod(false)])).toThrow('API servers refuse pod-security.kubernetes.io/enforce: "restrictd"');
    const version = label('pod-security.kubernetes.io/enforce-version', '1.30');
    expect(() => proved(version, [NAMESPACE, pod(false)])).toThrow('API servers refuse');
  });

  test('is unknown of another release of the standard, and from files', () => {
    const pinned = { ...NAMESPACE, metadata: { name: 'shop', labels: { 'pod-security.kubernetes.io/enforce-version': 'v1.24' } } };
    expect(codes(proved(ENFORCE, [pinned, pod(false)]))).toEqual(['other-version']);
    const fromFiles = proved(ENFORCE, [NAMESPACE, pod(false)], 'manifests');
    expect(fromFiles.verdict).toBe('unknown');
    expect(new Set(codes(fromFiles))).toEqual(new Set(['input-partial']));
  });
});

describe('nobody has watched', () => {
  test.each<[string, Patch]>([
    ['what another label of a namespace chooses', label('istio-injection', 'disabled')],
    ['what a release of the standard changes', label('pod-security.kubernetes.io/enforce-version', 'latest')],
    ['what goes with a namespace', { target: 'Namespace/shop', operation: 'delete', patch: [] }],
    [
      'what a program does under other settings',
      { target: 'Pod/shop/web', operation: 'patch', patch: [{ op: 'add', path: '/spec/hostPID', value: true }] },
    ],
  ])('%s', (_what, patch) => {
    const proof = proved(patch, [NAMESPACE, pod(false)]);
    expect(proof.verdict).toBe('unknown');
    expect(codes(proof)).toContain('behaviour-unseen');
  });

  test('whether a program opens its token', () => {
    const patch: Patch = {
      target: 'Pod/shop/web',
      operation: 'patch',
      patch: [{ op: 'add', path: '/spec/automountServiceAccountToken', value: false }],
    };
    expect(codes(proved(patch, [NAMESPACE, pod(false)]))).toEqual(['token-reads-unseen']);
  });
});

test('of a cluster that was read more than a week before the record ended, or before today, nothing is safe', () => {
  const fresh = toState([NAMESPACE, pod(false)]);
  const before = new State({ ...fresh.snapshot, header: { ...fresh.snapshot.header, takenAt: '2026-03-01T00:00:00Z' } });
  const change = { patches: [ENFORCE], effort: 'low' as const };
  const provedWith = (evidence: Evidence): Proof => prove({ before, after: before.with(change) }, change, evidence);
  const on = (day: number): number => Date.UTC(2026, 2, day) / 1000;
  const ledger = new Ledger();
  ledger.stream('cp1', 'audit').event(on(20));
  expect(provedWith({ now: on(7) }).verdict).toBe('safe');
  expect(codes(provedWith({ now: on(9) }))).toEqual(['input-old']);
  expect(codes(provedWith({ record: ledger.record() }))).toEqual(['input-old']);
});

describe('an account that gives no token any more', () => {
  const NO_TOKEN: Patch = {
    target: 'ServiceAccount/shop/web',
    operation: 'patch',
    patch: [{ op: 'add', path: '/automountServiceAccountToken', value: false }],
  };
  const WEB = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web', namespace: 'shop' } };
  const uses = (name: string, mounts?: boolean): Raw => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          serviceAccountName: 'web',
          containers: [{ name: 'c', image: 'x' }],
          ...(mounts !== undefined && { automountServiceAccountToken: mounts }),
        },
      },
    },
  });
  const ledger = new Ledger();
  const actor = ledger.actor({ name: 'system:serviceaccount:shop:web', groups: [], bound: 'pod', maker: 'cart' });
  const asked = { verb: 'get', apiGroup: '', resource: 'pods', subresource: '', namespace: 'shop', name: '', path: '' };
  const { id } = ledger.stream('cp1', 'audit');
  ledger.request(actor, { ...asked, through: 'request' }, { stream: id, time: 1_700_000_000, outcome: 'allowed' });
  const provedWith = (...workloads: readonly Raw[]): Proof => {
    const before = toState([NAMESPACE, WEB, ...workloads]);
    const change = { patches: [NO_TOKEN], effort: 'low' as const };
    return prove({ before, after: before.with(change) }, change, { record: ledger.record() });
  };

  test('breaks the workloads that were seen using it, and no others', () => {
    expect(provedWith(uses('cart'), uses('shop'))).toMatchObject({ verdict: 'breaks', denies: [{ what: 'any request with its token' }] });
    const other = provedWith(uses('cart', true), uses('shop'));
    expect([other.verdict, other.unknownBecause]).toEqual(['unknown', [{ code: 'token-reads-unseen', about: 'Deployment/shop/shop' }]]);
    expect(provedWith()).toMatchObject({ verdict: 'unknown' });
  });

  test('is that of workflows too', () => {
    const spec = { schedule: '@daily', workflowSpec: { serviceAccountName: 'web' } };
    const cron = { apiVersion: 'argoproj.io/v1alpha1', kind: 'CronWorkflow', metadata: { name: 'report', namespace: 'shop' }, spec };
    const abouts = provedWith(uses('shop'), cron).unknownBecause.map(({ about }) => about);
    expect(abouts).toEqual(['Deployment/shop/shop', 'CronWorkflow/shop/report']);
  });
});

test('a policy that cuts nobody off is safe in a whole cluster, and unknown from files', () => {
  const create: Patch = { target: 'NetworkPolicy/other/deny', operation: 'create', patch: [], object: DENY };
  expect(proved(create, [NAMESPACE, pod(false)]).verdict).toBe('safe');
  expect(codes(proved(create, [NAMESPACE, pod(false)], 'manifests'))).toEqual(['input-partial']);
});

type Raw = Record<string, unknown>;

const deployment = (name: string): Raw => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop', uid: name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name, role: name } }, spec: { containers: [{ name: 'c', image: 'x' }] } },
  },
});
const podOf = (name: string): Raw => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `${name}-7d4b9c6f5-abcde`,
    namespace: 'shop',
    labels: { app: name, role: name },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-7d4b9c6f5`, uid: `${name}-set`, controller: true }],
  },
  spec: { containers: [{ name: 'c', image: 'x' }] },
  status: { podIP: name === 'db' ? '10.0.0.2' : '10.0.0.1' },
});
const setOf = (name: string): Raw => ({
  ...deployment(name),
  kind: 'ReplicaSet',
  metadata: {
    name: `${name}-7d4b9c6f5`,
    namespace: 'shop',
    uid: `${name}-set`,
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name, uid: name, controller: true }],
  },
});
const CARTS_ONLY: Raw = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'db', namespace: 'shop' },
  spec: {
    podSelector: { matchLabels: { app: 'db' } },
    ingress: [{ from: [{ podSelector: { matchLabels: { role: 'cart' } } }] }],
  },
};
const LABELS = { app: 'cart', role: 'other' };
const edit = (path: string, value: unknown, target = 'Deployment/shop/cart'): Patch => ({
  target,
  operation: 'patch',
  patch: [{ op: 'replace', path, value }],
});

describe('a recorded connection breaks where', () => {
  const ledger = new Ledger();
  const stream = ledger.stream('flows', 'flows');
  stream.event(1_700_000_000);
  ledger.flow(
    { source: 'workload:shop/cart', destination: 'workload:shop/db', protocol: 'TCP', port: 100 },
    { stream: stream.id, time: 1_700_000_000, outcome: 'allowed' },
  );
  const record = ledger.record();
  const templates = [NAMESPACE, deployment('cart'), deployment('db'), CARTS_ONLY];
  const running = [...templates, setOf('cart'), setOf('db'), podOf('cart'), podOf('db')];
  const provedOf = (objects: readonly Raw[], ...patches: readonly Patch[]): Proof => {
    const before = toState(objects);
    const change = { patches: [...patches], effort: 'low' as const };
    return prove({ before, after: before.with(change) }, change, { record });
  };
  const template = { metadata: { labels: LABELS }, spec: { containers: [{ name: 'c', image: 'x' }] } };
  const whole = { ...deployment('cart'), spec: { selector: { matchLabels: { app: 'cart' } }, template } };

  test.each<[string, readonly Patch[]]>([
    ['pods get another label', [edit('/spec/template/metadata/labels/role', 'other')]],
    ['the labels come with their template', [edit('/spec/template', template)]],
    ['the labels come with the whole object', [edit('', whole)]],
    ['the workload goes', [{ target: 'Deployment/shop/cart', operation: 'delete', patch: [] }]],
    [
      'a policy of another namespace is made too',
      [
        edit('/spec/template/metadata/labels/role', 'other'),
        { target: 'NetworkPolicy/other/deny', operation: 'create', patch: [], object: DENY },
      ],
    ],
  ])('%s', (_what, patches) => {
    for (const objects of [templates, running])
      expect(provedOf(objects, ...patches), objects === running ? 'running' : 'templates').toMatchObject({
        verdict: 'breaks',
        domains: { flows: 'breaks' },
      });
  });
});

describe('policies of a network plug-in', () => {
  const foreign = (apiVersion: string, kind: string): Raw => ({
    apiVersion,
    kind,
    metadata: { name: 'deny', namespace: 'other' },
    spec: {},
  });
  const CALICO = foreign('crd.projectcalico.org/v1', 'NetworkPolicy');
  const create: Patch = { target: 'NetworkPolicy/other/deny', operation: 'create', patch: [], object: DENY };

  test.each<[string, Raw]>([
    ['NetworkPolicy.crd.projectcalico.org/other/deny', CALICO],
    ['NetworkPolicy.projectcalico.org/other/deny', foreign('projectcalico.org/v3', 'NetworkPolicy')],
    ['CiliumNetworkPolicy/other/deny', foreign('cilium.io/v2', 'CiliumNetworkPolicy')],
    [
      'ClusterNetworkPolicy.crd.antrea.io/deny',
      { ...foreign('crd.antrea.io/v1beta1', 'ClusterNetworkPolicy'), metadata: { name: 'deny' } },
    ],
  ])('are not taken for those of Kubernetes: %s', (target, object) => {
    for (const proof of [
      proved({ target, operation: 'create', patch: [], object }, [NAMESPACE, pod(false)]),
      proved({ target, operation: 'delete', patch: [] }, [NAMESPACE, pod(false), object]),
    ]) {
      expect(proof).toMatchObject({ verdict: 'unknown', domains: { flows: 'unknown' } });
      expect(proof.unknownBecause).toContainEqual({ code: 'plugin-policies', about: target });
    }
  });

  test('have a say beside them, and keep their own names', () => {
    expect(codes(proved(create, [NAMESPACE, pod(false), CALICO]))).toEqual(['plugin-policies']);
    expect(codes(proved({ target: 'NetworkPolicy/other/deny', operation: 'delete', patch: [] }, [NAMESPACE, DENY, CALICO]))).toEqual([
      'plugin-policies',
    ]);
    expect(() => proved({ target: 'NetworkPolicy/other/deny', operation: 'delete', patch: [] }, [NAMESPACE, CALICO])).toThrow(
      'there is no',
    );
  });

  test('that are staged only are none', () => {
    expect(proved(create, [NAMESPACE, pod(false), foreign('projectcalico.org/v3', 'StagedNetworkPolicy')]).verdict).toBe('safe');
  });

  test('nor is a role of something else one of Kubernetes', () => {
    const role = { apiVersion: 'iam.aws.upbound.io/v1beta1', kind: 'Role', metadata: { name: 'r' }, spec: {} };
    const proof = proved({ target: 'Role.iam.aws.upbound.io/default/r', operation: 'delete', patch: [] }, [NAMESPACE, pod(false), role]);
    expect(proof).toMatchObject({ verdict: 'unknown', domains: { requests: 'not-touched' } });
  });
});

describe('a right that no request can match needs no record, but', () => {
  const rbac = 'rbac.authorization.k8s.io/v1';
  const account = { kind: 'ServiceAccount', name: 'web', namespace: 'shop' };
  const granting = (apiGroup: string, resource: string, verb: string): Record<string, unknown>[] => [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web', namespace: 'shop' } },
    {
      apiVersion: rbac,
      kind: 'Role',
      metadata: { name: 'r', namespace: 'shop' },
      rules: [{ apiGroups: [apiGroup], resources: [resource], verbs: [verb] }],
    },
    {
      apiVersion: rbac,
      kind: 'RoleBinding',
      metadata: { name: 'b', namespace: 'shop' },
      roleRef: { kind: 'Role', name: 'r' },
      subjects: [account],
    },
  ];
  const unbind: Patch = { target: 'RoleBinding/shop/b', operation: 'delete', patch: [] };

  test('of files nobody knows which definitions are missing', () => {
    const gadgets = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'gadgets.example.com' },
      spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'gadgets', kind: 'Gadget' } },
    };
    const objects = [...granting('example.com', 'widgets', 'get'), gadgets];
    expect(proved(unbind, objects).verdict).toBe('safe');
    expect(codes(proved(unbind, objects, 'manifests'))).toEqual(['no-record']);
  });

  test('of a release to come nobody knows the resources', () => {
    const objects = granting('apps', 'widgets', 'get');
    expect(proved(unbind, objects).verdict).toBe('safe');
    const { snapshot } = toState(objects);
    const before = new State({ ...snapshot, header: { ...snapshot.header, kubernetesVersion: '1.99' } });
    const change = { patches: [unbind], effort: 'low' as const };
    expect(codes(prove({ before, after: before.with(change) }, change, {}))).toEqual(['no-record']);
  });

  test('whether a policy for pods may be used is asked with their namespace', () => {
    expect(codes(proved(unbind, granting('policy', 'podsecuritypolicies', 'use')))).toEqual(['no-record']);
    expect(proved(unbind, granting('policy', 'podsecuritypolicies', 'get')).verdict).toBe('safe');
  });
});

describe('what makes pods from time to time', () => {
  const cron = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'CronWorkflow',
    metadata: { name: 'report', namespace: 'shop' },
    spec: { schedule: '@monthly', workflowSpec: { serviceAccountName: 'web', templates: [] } },
  };
  const deny = { ...DENY, metadata: { name: 'deny', namespace: 'shop' } };
  const create: Patch = { target: 'NetworkPolicy/shop/deny', operation: 'create', patch: [], object: deny };

  test('may make some that a policy cuts off', () => {
    const told = ({ unknownBecause }: Proof): string[] =>
      unknownBecause.flatMap(({ code, about }) => (code === 'input-partial' ? [about] : []));
    expect(told(proved(create, [NAMESPACE, pod(false)]))).toEqual([]);
    expect(told(proved(create, [NAMESPACE, pod(false), cron]))).toEqual(['CronWorkflow/shop/report may make pods that are not there now']);
  });
});
