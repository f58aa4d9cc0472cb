/** What the API server would refuse, each by its category and the field that is wrong. */
import { expect, test } from 'vitest';
import { LiveNetwork } from './live.ts';
import { readWorld } from './world.ts';

type Raw = Record<string, unknown>;

function np(spec: unknown, name = 'p'): Raw {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace: 'x' }, spec };
}
function of(kind: string, spec: Raw, name = 'a'): Raw {
  const version = kind === 'ClusterNetworkPolicy' ? 'v1alpha2' : 'v1alpha1';
  return { apiVersion: `policy.networking.k8s.io/${version}`, kind, metadata: { name }, spec: { subject: { namespaces: {} }, ...spec } };
}
const anp = (spec: Raw, name?: string): Raw => of('AdminNetworkPolicy', { priority: 1, ...spec }, name);
const cnp = (spec: Raw, name?: string): Raw => of('ClusterNetworkPolicy', { priority: 1, tier: 'Admin', ...spec }, name);
const from = (peer: unknown): Raw => np({ ingress: [{ from: [peer] }] });
const port = (one: unknown): Raw => np({ ingress: [{ ports: [one] }] });
const rule = (more: Raw): Raw => ({ action: 'Deny', to: [{ namespaces: {} }], ...more });
const networks = (...list: unknown[]): Raw => cnp({ egress: [rule({ to: [{ networks: list }] })] });
const domains = (...list: unknown[]): Raw => cnp({ egress: [{ action: 'Accept', to: [{ domainNames: list }] }] });
const subject = (selector: unknown): Raw => cnp({ subject: { namespaces: selector } });
const CNP_RANGE = 'spec.egress[0].protocols[0].tcp.destinationPort.range';

test.each<[string, string, Raw[]]>([
  ['cidr-invalid', 'spec.ingress[0].from[0].ipBlock.cidr', [from({ ipBlock: { cidr: '10.0.0.0' } })]],
  ['cidr-invalid', 'spec.ingress[0].from[0].ipBlock.except[0]', [from({ ipBlock: { cidr: '10.0.0.0/8', except: ['x'] } })]],
  ['except-not-inside', 'spec.ingress[0].from[0].ipBlock.except[0]', [from({ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/9'] } })]],
  ['except-not-inside', 'spec.ingress[0].from[0].ipBlock.except[0]', [from({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] } })]],
  ['label-key-invalid', 'spec.podSelector.matchLabels["a b"]', [np({ podSelector: { matchLabels: { 'a b': 'c' } } })]],
  ['label-key-invalid', 'spec.podSelector.matchExpressions[0].key', [np({ podSelector: { matchExpressions: [{ operator: 'Exists' }] } })]],
  ['label-value-invalid', 'spec.podSelector.matchLabels.a', [np({ podSelector: { matchLabels: { a: '-' } } })]],
  [
    'selector-operator-unknown',
    'spec.podSelector.matchExpressions[0].operator',
    [np({ podSelector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } })],
  ],
  ['selector-values', 'spec.podSelector.matchExpressions[0]', [np({ podSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } })]],
  [
    'selector-values',
    'spec.podSelector.matchExpressions[0]',
    [np({ podSelector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] } })],
  ],
  ['peer-combines-ipblock-and-selector', 'spec.ingress[0].from[0]', [from({ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} })]],
  ['peer-empty', 'spec.ingress[0].from[0]', [from({ podSelector: null })]],
  ['policy-type-unknown', 'spec.policyTypes[0]', [np({ policyTypes: ['ingress'] })]],
  ['endport-with-named-port', 'spec.ingress[0].ports[0].endPort', [port({ port: 'web', endPort: 80 })]],
  ['endport-without-port', 'spec.ingress[0].ports[0].endPort', [port({ endPort: 80 })]],
  ['port-range-reversed', 'spec.ingress[0].ports[0].endPort', [port({ port: 81, endPort: 80 })]],
  ['port-invalid', 'spec.ingress[0].ports[0].port', [port({ port: 0 })]],
  ['port-invalid', 'spec.ingress[0].ports[0].port', [port({ port: '80' })]],
  ['protocol-unknown', 'spec.ingress[0].ports[0].protocol', [port({ protocol: 'tcp' })]],
  ['field-type-wrong', 'spec.ingress', [np({ ingress: {} })]],
  ['field-type-wrong', 'spec.ingress[0].from[0]', [from(5)]],
  ['priority-out-of-range', 'spec.priority', [anp({ priority: 1001 })]],
  ['priority-missing', 'spec.priority', [of('AdminNetworkPolicy', {})]],
  ['subject-empty', 'spec.subject', [anp({ subject: {} })]],
  ['subject-two-fields', 'spec.subject', [anp({ subject: { namespaces: {}, pods: {} } })]],
  ['peer-two-fields', 'spec.egress[0].to[0]', [anp({ egress: [rule({ to: [{ namespaces: {}, networks: ['10.0.0.0/8'] }] })] })]],
  ['peer-empty', 'spec.ingress[0].from[0]', [anp({ ingress: [{ action: 'Deny', from: [{ networks: ['10.0.0.0/8'] }] }] })]],
  ['egress-peers-empty', 'spec.egress[0].to', [anp({ egress: [rule({ to: null })] })]],
  ['egress-peers-missing', 'spec.egress[0]', [anp({ egress: [{ action: 'Deny' }] })]],
  ['ingress-peers-empty', 'spec.ingress[0].from', [cnp({ ingress: [{ action: 'Deny', from: [] }] })]],
  ['ingress-peers-missing', 'spec.ingress[0]', [cnp({ ingress: [{ action: 'Deny' }] })]],
  ['action-unknown', 'spec.egress[0].action', [anp({ egress: [rule({ action: 'Accept' })] })]],
  ['action-unknown', 'spec.egress[0].action', [cnp({ egress: [rule({ action: 'Allow' })] })]],
  ['action-unknown', 'spec.egress[0].action', [of('BaselineAdminNetworkPolicy', { egress: [rule({ action: 'Pass' })] }, 'default')]],
  ['action-missing', 'spec.egress[0].action', [anp({ egress: [rule({ action: undefined })] })]],
  ['port-two-fields', 'spec.egress[0].ports[0]', [anp({ egress: [rule({ ports: [{ portNumber: { port: 1 }, namedPort: 'a' }] })] })]],
  ['port-empty', 'spec.egress[0].protocols[0]', [cnp({ egress: [rule({ protocols: [{}] })] })]],
  [
    'port-two-fields',
    'spec.egress[0].protocols[0].tcp.destinationPort',
    [cnp({ egress: [rule({ protocols: [{ tcp: { destinationPort: { number: 1, range: { start: 1, end: 2 } } } }] })] })],
  ],
  ['too-many-items', 'spec.policyTypes', [np({ policyTypes: ['Ingress', 'Egress', 'Ingress'] })]],
  ['name-missing', 'metadata.name', [np({}, '')]],
  ['rule-name-too-long', 'spec.egress[0].name', [cnp({ egress: [rule({ name: 'n'.repeat(101) })] })]],
  ['field-type-wrong', 'spec.egress[0].name', [anp({ egress: [rule({ name: 5 })] })]],
  ['port-empty', 'spec.egress[0].protocols', [cnp({ egress: [rule({ protocols: [] })] })]],
  [
    'port-range-reversed',
    CNP_RANGE,
    [cnp({ egress: [rule({ protocols: [{ tcp: { destinationPort: { range: { start: 2, end: 1 } } } }] })] })],
  ],
  [
    'port-range-reversed',
    CNP_RANGE,
    [cnp({ egress: [rule({ protocols: [{ tcp: { destinationPort: { range: { start: 5, end: 5 } } } }] })] })],
  ],
  ['cidr-invalid', 'spec.egress[0].to[0].networks[0]', [networks('010.0.0.0/8')]],
  ['cidr-invalid', 'spec.egress[0].to[0].networks[0]', [networks('10.0.0.0/08')]],
  ['cidr-invalid', 'spec.egress[0].to[0].networks[0]', [networks('::ffff:10.0.0.0/104')]],
  ['cidr-invalid', 'spec.egress[0].to[0].networks[0]', [networks('ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128')]],
  ['duplicate-item', 'spec.egress[0].to[0].networks[1]', [networks('10.0.0.0/8', '10.0.0.0/8')]],
  ['peer-empty', 'spec.egress[0].to[0].domainNames', [domains()]],
  ['duplicate-item', 'spec.egress[0].to[0].domainNames[1]', [domains('example.com', 'example.com')]],
  ['domain-name-invalid', 'spec.egress[0].to[0].domainNames[0]', [domains('a.*.com')]],
  ['domain-name-invalid', 'spec.egress[0].to[0].domainNames[0]', [domains('*.com')]],
  ['domain-name-invalid', 'spec.egress[0].to[0].domainNames[0]', [domains('localhost')]],
  ['domain-name-invalid', 'spec.egress[0].to[0].domainNames[0]', [domains('')]],
  [
    'peer-empty',
    'spec.egress[0].to[0]',
    [of('BaselineAdminNetworkPolicy', { egress: [{ action: 'Allow', to: [{ domainNames: ['a.com'] }] }] }, 'default')],
  ],
  [
    'named-port-on-ipblock',
    'spec.egress[0].protocols',
    [cnp({ egress: [{ action: 'Accept', to: [{ domainNames: ['a.com'] }], protocols: [{ destinationNamedPort: 'web' }] }] })],
  ],
  ['field-missing', 'spec.subject.namespaces.matchExpressions[0]', [subject({ matchExpressions: [{ key: 'a' }] })]],
  [
    'field-type-wrong',
    'spec.subject.namespaces.matchExpressions[0].values[0]',
    [subject({ matchExpressions: [{ key: 'a', operator: 'In', values: [null] }] })],
  ],
  [
    'named-port-on-ipblock',
    'spec.egress[0].ports',
    [anp({ egress: [rule({ to: [{ networks: ['10.0.0.0/8'] }], ports: [{ namedPort: 'web' }] })] })],
  ],
  ['tier-unknown', 'spec.tier', [cnp({ tier: 'admin' })]],
  ['banp-name-not-default', 'metadata.name', [of('BaselineAdminNetworkPolicy', {}, 'other')]],
])('%s at %s', (category, path, objects) => {
  const { problems, policies } = readWorld(objects);
  expect(problems.filter(({ refused }) => refused)).toContainEqual(expect.objectContaining({ category, path }));
  expect(policies).toEqual([]);
});

test.each<[string, string | undefined, Raw]>([
  ['spec.policytypes', 'policyTypes', np({ policytypes: ['Egress'] })],
  ['spec.ingress[0].form', 'from', np({ ingress: [{ form: [{ podSelector: {} }] }] })],
  ['spec.egress[0].from', 'to', np({ egress: [{ from: [{ podSelector: {} }] }] })],
  ['spec.ingress[0].from[0].podSelectors', 'podSelector', from({ podSelectors: {}, namespaceSelector: {} })],
  ['spec.ingress[0].from[0].podSelector.matchlabels', 'matchLabels', from({ podSelector: { matchlabels: { app: 'q' } } })],
  [
    'spec.podSelector.matchExpressions[0].value',
    'values',
    np({ podSelector: { matchExpressions: [{ key: 'a', operator: 'Exists', value: [] }] } }),
  ],
  ['spec.ingress[0].from[0].ipBlock.excepts', 'except', from({ ipBlock: { cidr: '10.0.0.0/8', excepts: [] } })],
  ['spec.ingress[0].ports[0].endport', 'endPort', port({ port: 80, endport: 90 })],
  ['spec.ingress[0].ports[0].number', undefined, port({ number: 80 })],
  ['spec.egress[0].ports', 'protocols', cnp({ egress: [rule({ ports: [{ portNumber: { port: 80 } }] })] })],
  ['spec.egress[0].protocols', 'ports', anp({ egress: [rule({ protocols: [{ tcp: {} }] })] })],
  ['spec.tier', undefined, anp({ tier: 'Admin' })],
  ['spec.subject.namespace', 'namespaces', anp({ subject: { pods: { namespaceSelector: {}, podSelector: {} }, namespace: {} } })],
  [
    'spec.egress[0].protocols[0].tcp.port',
    undefined,
    cnp({ egress: [rule({ protocols: [{ tcp: { port: 80, destinationPort: { number: 80 } } }] })] }),
  ],
])('%s is told, and the rest judged', (path, meant, object) => {
  const { problems, policies } = readWorld([object]);
  expect(problems).toEqual([expect.objectContaining({ category: 'field-unknown', path, refused: false })]);
  const guess = /did you mean "(.*?)"/.exec(problems[0]?.message ?? '')?.[1];
  expect(guess).toBe(meant);
  expect(policies).toHaveLength(1);
});

const labels = (matchLabels: Raw): Raw => subject({ matchLabels });
test.each<[string, string, Raw]>([
  ['cidr-not-canonical', 'spec.ingress[0].from[0].ipBlock.cidr', from({ ipBlock: { cidr: '010.0.0.0/8' } })],
  ['cidr-not-canonical', 'spec.ingress[0].from[0].ipBlock.cidr', from({ ipBlock: { cidr: '10.0.0.1/8' } })],
  ['cidr-not-canonical', 'spec.ingress[0].from[0].ipBlock.cidr', from({ ipBlock: { cidr: '::ffff:10.0.0.0/104' } })],
  ['cidr-not-canonical', 'spec.ingress[0].from[0].ipBlock.except[0]', from({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.2.3/16'] } })],
  ['name-invalid', 'metadata.name', np({}, 'Web')],
  ['name-invalid', 'metadata.generateName', { ...np({}), metadata: { generateName: 'Web-', namespace: 'x' } }],
  ['name-invalid', 'metadata.name', cnp({}, 'a_b')],
  ['metadata-invalid', 'metadata.labels["a b"]', { ...np({}), metadata: { name: 'p', namespace: 'x', labels: { 'a b': '' } } }],
  ['metadata-invalid', 'metadata.labels.app', { ...cnp({}), metadata: { name: 'p', labels: { app: 'a b' } } }],
  [
    'metadata-invalid',
    'metadata.annotations["a b"]',
    { ...np({}), metadata: { name: 'p', namespace: 'x', annotations: { 'a b': 'c d' } } },
  ],
  ['port-missing', 'spec.egress[0].protocols[0].udp', cnp({ egress: [rule({ protocols: [{ udp: {} }] })] })],
  ['port-missing', 'spec.egress[0].protocols[0].sctp', cnp({ egress: [rule({ protocols: [{ sctp: { destinationPort: null } }] })] })],
  ['selector-missing', 'spec.subject.pods.podSelector', cnp({ subject: { pods: { namespaceSelector: {} } } })],
  ['selector-missing', 'spec.egress[0].to[0].pods.namespaceSelector', anp({ egress: [rule({ to: [{ pods: { podSelector: {} } }] })] })],
  ['selector-missing', 'spec.subject.pods.namespaceSelector', cnp({ subject: { pods: { podSelector: {} } } })],
  ['port-range-reversed', 'spec.egress[0].ports[0].portRange', anp({ egress: [rule({ ports: [{ portRange: { start: 2, end: 1 } }] })] })],
  [
    'protocol-unknown',
    'spec.egress[0].ports[0].portNumber.protocol',
    anp({ egress: [rule({ ports: [{ portNumber: { port: 80, protocol: 'tcp' } }] })] }),
  ],
  [
    'port-invalid',
    'spec.egress[0].protocols[0].destinationNamedPort',
    cnp({ egress: [rule({ protocols: [{ destinationNamedPort: 'Web_1' }] })] }),
  ],
  ['names-not-accepted', 'spec.egress[0].to[0].domainNames', cnp({ egress: [rule({ to: [{ domainNames: ['example.com'] }] })] })],
  ['label-key-invalid', 'spec.subject.namespaces.matchLabels["a b"]', labels({ 'a b': 'x' })],
  ['label-value-invalid', 'spec.subject.namespaces.matchLabels.a', labels({ a: 'not ok' })],
  [
    'selector-operator-unknown',
    'spec.subject.namespaces.matchExpressions[0].operator',
    subject({ matchExpressions: [{ key: 'a', operator: 'Is' }] }),
  ],
  ['selector-values', 'spec.subject.namespaces.matchExpressions[0]', subject({ matchExpressions: [{ key: 'a', operator: 'In' }] })],
])('%s at %s counts, and is told', (category, path, object) => {
  const { problems, policies } = readWorld([object]);
  expect(problems).toEqual([expect.objectContaining({ category, path, refused: false })]);
  expect(policies).toHaveLength(1);
});

test('what is taken and cannot be meant matches nothing', () => {
  const [odd] = readWorld([
    anp({ egress: [rule({ ports: [{ portRange: { start: 2, end: 1 } }, { portNumber: { port: 80, protocol: 'tcp' } }] })] }),
  ]).policies;
  expect(odd?.egress?.[0]?.ports).toEqual({ numbers: [], names: [] });
  const [unread] = readWorld([subject({ matchExpressions: [{ key: 'a', operator: 'Is' }] })]).policies;
  expect(unread?.subject.namespaces).toMatchObject({ requirements: [{ key: 'a', operator: 'In', values: [] }] });
});

test('a label of null is one without a value, and of a custom resource none', () => {
  const wanted = [{ key: 'a', operator: 'In', values: [''] }];
  expect(readWorld([np({ podSelector: { matchLabels: { a: null } } })]).policies[0]?.subject.pods.requirements).toEqual(wanted);
  expect(readWorld([labels({ a: null })]).policies[0]?.subject.namespaces).toMatchObject({ requirements: [] });
});

test.each<[string, Raw[], number]>([
  ['duplicate-policy-name', [np({}), np({ ingress: [{}] })], 1],
  ['banp-more-than-one', [of('BaselineAdminNetworkPolicy', {}, 'default'), of('BaselineAdminNetworkPolicy', {}, 'default')], 1],
  ['duplicate-priority', [anp({}, 'a'), anp({}, 'b')], 2],
  ['duplicate-priority', [cnp({}, 'a'), cnp({}, 'b')], 2],
  ['duplicate-priority', [anp({}, 'b'), cnp({}, 'a')], 2],
  ['duplicate-priority', [cnp({ tier: 'Baseline', priority: 0 }), of('BaselineAdminNetworkPolicy', {}, 'default')], 2],
  [
    'duplicate-namespace',
    [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } },
    ],
    0,
  ],
])('%s is told, and nothing is refused', (category, objects, inForce) => {
  const { problems, policies } = readWorld(objects);
  expect(problems).toContainEqual(expect.objectContaining({ category, refused: false }));
  expect(policies).toHaveLength(inForce);
});

test.each([
  ['AdminNetworkPolicy', 'v1alpha2'],
  ['BaselineAdminNetworkPolicy', 'v1alpha2'],
  ['ClusterNetworkPolicy', 'v1alpha1'],
  ['AdminNetworkPolicy', 'v1'],
])('%s of %s is not served', (kind, version) => {
  const policy = of(kind, { priority: 1, tier: 'Admin' }, 'default');
  const { problems, policies } = readWorld([{ ...policy, apiVersion: `policy.networking.k8s.io/${version}` }]);
  expect(problems).toEqual([expect.objectContaining({ category: 'version-unknown', path: 'apiVersion', refused: true })]);
  expect(policies).toEqual([]);
});

const times = (count: number, item: unknown): unknown[] => Array.from({ length: count }, () => item);
const OLD_RULE = { action: 'Deny', from: [{ namespaces: {} }] };
const NEW_PORT = { tcp: { destinationPort: { number: 80 } } };
test.each<[string, (count: number) => Raw, number]>([
  ['spec.ingress', (count) => anp({ ingress: times(count, OLD_RULE) }), 100],
  ['spec.egress', (count) => anp({ egress: times(count, rule({})) }), 100],
  ['spec.ingress[0].from', (count) => anp({ ingress: [{ ...OLD_RULE, from: times(count, { namespaces: {} }) }] }), 100],
  ['spec.egress[0].ports', (count) => anp({ egress: [rule({ ports: times(count, { portNumber: { port: 80 } }) })] }), 100],
  ['spec.ingress', (count) => of('BaselineAdminNetworkPolicy', { ingress: times(count, OLD_RULE) }, 'default'), 100],
  [
    'spec.egress[0].to[0].networks',
    (count) => anp({ egress: [rule({ to: [{ networks: times(count, 0).map((_, index) => `10.${index}.0.0/16`) }] })] }),
    25,
  ],
  ['spec.ingress', (count) => cnp({ ingress: times(count, OLD_RULE) }), 25],
  ['spec.egress[0].to', (count) => cnp({ egress: [rule({ to: times(count, { namespaces: {} }) })] }), 25],
  ['spec.egress[0].protocols', (count) => cnp({ egress: [rule({ protocols: times(count, NEW_PORT) })] }), 25],
])('%s is only so long', (path, make, most) => {
  expect(readWorld([make(most)])).toMatchObject({ problems: [], policies: [{}] });
  const { problems, policies } = readWorld([make(most + 1)]);
  expect(problems).toEqual([expect.objectContaining({ category: 'too-many-items', path, refused: true })]);
  expect(policies).toEqual([]);
});

test.each<[string, string, Raw]>([
  ['Pod/default/p', 'metadata.namespace', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: true } }],
  ['Pod/y/', 'metadata.name', { apiVersion: 'v1', kind: 'Pod', metadata: { name: false, namespace: 'y' } }],
  [
    'Pod/y/p',
    'metadata.labels.on',
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'y', labels: { on: true, a: 'b' } } },
  ],
  ['Namespace/', 'metadata.name', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: true } }],
  ['Namespace/y', 'metadata.labels.team', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'y', labels: { team: 5 } } }],
  ['Deployment/default/d', 'metadata.namespace', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd', namespace: 1 } }],
  ['Service/default/s', 'metadata.namespace', { apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: [] } }],
])('%s: %s is no text, which is told', (ref, path, object) => {
  expect(readWorld([object]).problems).toEqual([expect.objectContaining({ category: 'field-type-wrong', object: 0, ref, path })]);
});

test.each([
  ['metadata.name', { ...np({}), metadata: { name: true, namespace: 'x' } }],
  ['metadata.namespace', { ...np({}), metadata: { name: 'p', namespace: true } }],
  ['metadata.name', { ...anp({}), metadata: { name: false } }],
  ['metadata.labels.version', { ...np({}), metadata: { name: 'p', namespace: 'x', labels: { version: 2 } } }],
  ['metadata.labels', { ...cnp({}), metadata: { name: 'p', labels: ['a'] } }],
  ['metadata.annotations.note', { ...np({}), metadata: { name: 'p', namespace: 'x', annotations: { note: true } } }],
])('a policy whose %s is no text is not in force', (path, object) => {
  const { problems, policies } = readWorld([object]);
  expect(problems).toEqual([expect.objectContaining({ category: 'field-type-wrong', path, refused: true })]);
  expect(policies).toEqual([]);
});

test('a live network forgets what was wrong with an object that is set right', () => {
  const pod = (on: unknown): Raw => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'y', labels: { on } } });
  const live = LiveNetwork.of([pod(true)]);
  expect(live.world.problems).toHaveLength(1);
  expect(live.with({ set: [pod('true')] }).world.problems).toEqual([]);
});

test('the same priority in two tiers is no problem', () => {
  expect(readWorld([cnp({}, 'a'), cnp({ tier: 'Baseline' }, 'b'), anp({ priority: 2 }, 'c')]).problems).toEqual([]);
});

test('the priority to change is of the one that has it', () => {
  const { problems } = readWorld([cnp({ tier: 'Baseline', priority: 0 }), of('BaselineAdminNetworkPolicy', {}, 'default')]);
  expect(problems).toEqual([
    expect.objectContaining({
      object: 0,
      path: 'spec.priority',
      message: 'BaselineAdminNetworkPolicy/default has no priority, and stands where 0 is: which of them is asked first is not defined',
    }),
  ]);
});

test('a name that is accepted matches no known address, and the rest of the policy holds', () => {
  const { problems, policies } = readWorld([cnp({ egress: [{ action: 'Accept', to: [{ domainNames: ['*.example.com'] }] }] })]);
  expect(problems).toEqual([]);
  expect(policies).toHaveLength(1);
});

test('what is hostile does not throw', () => {
  const odd = [null, 5, 'x', [], { a: 1 }];
  for (const value of odd) {
    for (const kind of ['NetworkPolicy', 'Pod', 'Namespace', 'Node', 'Service', 'Ingress', 'Deployment']) {
      readWorld([
        {
          apiVersion: kind === 'NetworkPolicy' || kind === 'Ingress' ? 'networking.k8s.io/v1' : 'v1',
          kind,
          metadata: value,
          spec: value,
          status: value,
        },
      ]);
    }
    for (const make of [anp, cnp]) readWorld([make({ subject: value, ingress: value, egress: [value] })]);
    readWorld([np(value), np({ podSelector: value, ingress: [value], egress: [{ to: [value], ports: [value] }] })]);
  }
});
