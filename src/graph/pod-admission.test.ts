/** What policies leave of the ways that begin with creating a pod. */
import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../test/rule-tester.ts';
import { AttackGraph } from './attack-graph.ts';
import type { GraphContext } from './context.ts';
import { account, allowEverywhereTo, allowTo, deployment, namespace, node, restricted, strong } from './example-objects.ts';
import type { PlainObject } from './family.ts';
import { COUNTED } from './graph.ts';

type Answer = 'counted' | 'possible' | 'no';
type Fields = Readonly<Record<string, unknown>>;

const GROUP = 'admissionregistration.k8s.io/v1';
const PODS = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] };
const EVERY = 'object.spec.containers + object.spec.?initContainers.orValue([]) + object.spec.?ephemeralContainers.orValue([])';
/** What the standard `baseline` refuses, as far as it leads to the node. */
const BASELINE = [
  '!object.spec.?hostPID.orValue(false)',
  'variables.all.all(c, !c.?securityContext.?privileged.orValue(false))',
  "variables.all.all(c, c.?securityContext.?capabilities.?add.orValue([]).all(a, a in ['CHOWN']))",
  'object.spec.?volumes.orValue([]).all(v, !has(v.hostPath))',
];

interface Options {
  readonly spec?: Fields;
  readonly binding?: Fields;
  readonly name?: string;
}

function bound(expressions: readonly string[], { spec = {}, binding = {}, name = 'p' }: Options = {}): PlainObject[] {
  const policy = {
    matchConstraints: { resourceRules: [PODS] },
    variables: [{ name: 'all', expression: EVERY }],
    validations: expressions.map((expression) => ({ expression })),
    ...spec,
  };
  return [
    { apiVersion: GROUP, kind: 'ValidatingAdmissionPolicy', metadata: { name }, spec: policy },
    {
      apiVersion: GROUP,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: `${name}-bound` },
      spec: { policyName: name, validationActions: ['Deny'], ...binding },
    },
  ];
}

const WORLD = [node('n'), namespace('a', { tier: 'shop' }), namespace('b'), account('a/x')];

function lead(objects: readonly PlainObject[], { to = 'Node/n', ...context }: GraphContext & { to?: string } = {}): Answer {
  const graph = new AttackGraph(clusterOf([...WORLD, ...objects]), context);
  const [start, end] = [graph.find('ServiceAccount/a/x'), graph.find(to)];
  if (start === undefined || end === undefined) throw new Error(`${to} is no vertex`);
  return graph.reaches(start, end, COUNTED) ? 'counted' : graph.reaches(start, end) ? 'possible' : 'no';
}

const CREATES = allowTo('a/x', 'a', 'create pods');
const DEPLOYS = allowTo('a/x', 'a', 'create deployments');

describe('a policy', () => {
  it('that refuses every pod that gives its node takes the way away', () => {
    expect(lead([...CREATES, ...bound([])])).toBe('counted');
    expect(lead([...CREATES, ...bound(BASELINE)])).toBe('no');
    expect(lead([...DEPLOYS, ...bound(BASELINE)])).toBe('no');
    expect(lead([...CREATES, ...bound(['false'])])).toBe('no');
  });

  it('that lets pods in where it fails may be made to fail by a pod that is long, unless it goes through nothing', () => {
    expect(lead([...CREATES, ...bound(BASELINE, { spec: { failurePolicy: 'Ignore' } })])).toBe('possible');
    expect(lead([...CREATES, ...bound(['false'], { spec: { failurePolicy: 'Ignore' } })])).toBe('no');
  });

  it('may be several', () => {
    const parts = BASELINE.flatMap((expression, index) => bound([expression], { name: `p${index}` }));
    expect(lead([...CREATES, ...parts])).toBe('no');
  });

  it.each(BASELINE.slice(1))('that leaves out one way leaves the node open: %s', (left) => {
    expect(lead([...CREATES, ...bound(BASELINE.filter((each) => each !== left))])).toBe('counted');
  });

  it('that forgets init containers is avoided by one', () => {
    const expressions = BASELINE.map((each) => each.replaceAll('variables.all', 'object.spec.containers'));
    expect(lead([...CREATES, ...bound(expressions)])).toBe('counted');
  });

  it('that only tells, is bound nowhere, or is about something else changes nothing', () => {
    for (const binding of [
      { validationActions: ['Warn', 'Audit'] },
      { policyName: 'other' },
      { matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'b' } } } },
      { matchResources: { objectSelector: { matchLabels: { guard: 'on' } } } },
      { matchResources: { objectSelector: { matchExpressions: [{ key: 'free', operator: 'DoesNotExist' }] } } },
    ])
      expect([binding, lead([...CREATES, ...bound(BASELINE, { binding })])]).toEqual([binding, 'counted']);
    const rules = { matchConstraints: { resourceRules: [{ ...PODS, operations: ['UPDATE'] }] } };
    expect(lead([...CREATES, ...bound(['false'], { spec: rules })])).toBe('counted');
    const never = { matchConditions: [{ name: 'never', expression: 'false' }] };
    expect(lead([...CREATES, ...bound(['false'], { spec: never })])).toBe('counted');
    const excluded = { matchConstraints: { resourceRules: [PODS], excludeResourceRules: [{ ...PODS, resourceNames: ['spared'] }] } };
    expect(lead([...CREATES, ...bound(['false'], { spec: excluded })])).toBe('counted');
  });

  it('that asks for other things lets through a pod that has them', () => {
    expect(lead([...CREATES, ...bound(["object.spec.containers.all(c, has(c.resources.limits) && 'memory' in c.resources.limits)"])])).toBe(
      'counted',
    );
    const asks = bound(["object.metadata.?labels.?team.orValue('') == 'shop'"]);
    expect(lead([...CREATES, ...asks])).toBe('possible');
    expect(lead([...CREATES, ...asks, deployment('a/web', { containers: [{ name: 'c', image: 'i' }] })])).toBe('possible');
    const labelled = { metadata: { labels: { team: 'shop' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'a' }, spec: { template: labelled } };
    expect(lead([...CREATES, ...asks, web])).toBe('counted');
  });

  it('of which the input does not tell enough is unknown', () => {
    expect(lead([...CREATES, ...bound(["authorizer.group('').resource('nodes').check('get').allowed()"])])).toBe('possible');
    expect(lead([...CREATES, ...bound(['this is no expression'])])).toBe('possible');
    const parameters = {
      spec: { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } },
      binding: { paramRef: { name: 'q', namespace: 'b' } },
    };
    expect(lead([...CREATES, ...bound(["params.data['open'] == 'no'"], parameters)])).toBe('possible');
    const known = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'q', namespace: 'b' }, data: { open: 'no' } };
    expect(lead([...CREATES, ...bound(["params.data['open'] != 'no'"], parameters), known])).toBe('no');
    expect(lead([...CREATES, ...bound(["params.data['open'] == 'no'"], parameters), known])).toBe('counted');
    expect(lead([...CREATES, ...bound(BASELINE)], { minor: 29 })).toBe('possible');
  });

  it('that spares accounts of the system is avoided by a workload', () => {
    const spares = {
      matchConditions: [{ name: 'users', expression: "!('system:serviceaccounts:kube-system' in request.userInfo.groups)" }],
    };
    expect(lead([...DEPLOYS, ...bound(BASELINE, { spec: spares })])).toBe('counted');
    expect(lead([...CREATES, ...bound(BASELINE, { spec: spares })])).toBe('possible');
  });

  it('that counts by labels of the namespace is avoided by who changes them', () => {
    const binding = { matchResources: { namespaceSelector: { matchLabels: { tier: 'shop' } } } };
    expect(lead([...CREATES, ...bound(BASELINE, { binding })])).toBe('no');
    expect(lead([...CREATES, ...allowTo('a/x', 'a', 'patch namespaces'), ...bound(BASELINE, { binding })])).toBe('counted');
    const byName = { matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'a' } } } };
    expect(lead([...CREATES, ...allowTo('a/x', 'a', 'patch namespaces'), ...bound(BASELINE, { binding: byName })])).toBe('no');
  });

  it('that refuses stays where Pod Security is taken off', () => {
    const relabels = [restricted('a'), ...CREATES, ...allowTo('a/x', 'a', 'patch namespaces')];
    expect(lead(relabels)).toBe('counted');
    expect(lead([...relabels, ...bound(BASELINE)])).toBe('no');
  });

  it('can be switched off', () => {
    for (const right of ['delete validatingadmissionpolicies:p', 'delete validatingadmissionpolicybindings:p-bound'])
      expect([right, lead([...CREATES, ...allowEverywhereTo('a/x', right), ...bound(BASELINE)])]).toEqual([right, 'counted']);
    const two = [...bound(BASELINE), ...bound(BASELINE, { name: 'q' })];
    expect(lead([...CREATES, ...allowEverywhereTo('a/x', 'delete validatingadmissionpolicies:p'), ...two])).toBe('no');
  });

  it('of an API server that runs without them is none', () => {
    const server = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'kube-apiserver-m', namespace: 'kube-system' },
      spec: {
        containers: [
          { name: 'kube-apiserver', image: 'i', command: ['kube-apiserver', '--disable-admission-plugins=ValidatingAdmissionPolicy'] },
        ],
      },
    };
    expect(lead([...CREATES, ...bound(BASELINE), server])).toBe('counted');
  });

  it('may refuse pods of an account', () => {
    const own = bound(["object.spec.serviceAccountName in ['default', 'x']"]);
    expect(lead([...strong(), ...CREATES], { to: 'ClusterAdmin' })).toBe('counted');
    expect(lead([...strong(), ...CREATES, ...own, ...bound(BASELINE, { name: 'q' })], { to: 'ServiceAccount/a/strong' })).toBe('no');
    expect(lead([...strong(), ...DEPLOYS, ...own, ...bound(BASELINE, { name: 'q' })], { to: 'ServiceAccount/a/strong' })).toBe('no');
    const others = bound(["object.spec.serviceAccountName != 'other'"]);
    expect(lead([...strong(), ...CREATES, ...others], { to: 'ServiceAccount/a/strong' })).toBe('counted');
  });

  it('may refuse containers that are put into a running pod', () => {
    const debugs = [...allowTo('a/x', 'a', 'patch pods/ephemeralcontainers'), deployment('a/web', { nodeName: 'n' })];
    const running = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'r', namespace: 'a' },
      spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] },
    };
    expect(lead([...debugs, running])).toBe('counted');
    expect(lead([...debugs, running, ...bound(BASELINE)])).toBe('counted');
    const rules = { matchConstraints: { resourceRules: [{ ...PODS, resources: ['pods', 'pods/ephemeralcontainers'] }] } };
    expect(lead([...debugs, running, ...bound(BASELINE, { spec: rules })])).toBe('no');
  });
});
