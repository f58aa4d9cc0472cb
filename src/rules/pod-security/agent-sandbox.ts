import { type ApiObject, type Container, type Tables, type Workload, selectorMatches } from '../../model/index.ts';
import { documents, withContainer } from '../examples.ts';
import { type Hit, defineRule, mitre, nsa } from '../rule.ts';
import { floatingTag } from '../images/image-of.ts';
import { isSandbox } from './sandboxes.ts';

/** Labels of this domain are put on by the controller that runs sandboxes for agents. */
const DOMAIN = 'agents.x-k8s.io/';

/** `labels`: further labels (`key` or `key=value`) that mark a sandbox; `hardened`: further runtime classes that are one. */
interface Options {
  labels: readonly string[];
  hardened: readonly string[];
}
const OPTIONS: Options = { labels: [], hardened: [] };

export const rule = defineRule({
  id: 'agent-sandbox',
  title: 'Sandbox for an AI agent with a gap',
  severity: 'high',
  area: 'pod-security',
  rationale:
    'An agent runs code that a model wrote, and text that it reads can steer that code. Only the sandbox stands between it and the node, the network and the budget: it needs a kernel of its own, named destinations, limits and a fixed image.',
  remedy:
    'Set runtimeClassName to a sandboxed runtime (gVisor, Kata Containers), allow egress only to the destinations that the agent needs, set CPU and memory limits, and name the image by version or digest.',
  controls: [...nsa('sandboxing', 'network-policies', 'resource-policies'), ...mitre('T1611')],
  aliases: { kubescape: ['C-0297', 'C-0301', 'C-0303', 'C-0304'] },
  effort: 'medium',
  options: OPTIONS,
  scope: 'workload',
  reads: ['NetworkPolicy'],
  applies: (workload, _tables, { labels }) => isAgentSandbox(workload, labels),
  check(workload, { NetworkPolicy }, { hardened }) {
    const hits: Hit[] = [];
    const { runtimeClassName = '' } = workload.pod;
    if (!isSandbox(runtimeClassName, hardened)) {
      const what =
        runtimeClassName === ''
          ? 'no runtime class, so it shares the kernel of the node'
          : `runtime class "${runtimeClassName}", which is not known as a sandbox`;
      hits.push({ message: `the agent sandbox has ${what}`, path: `${workload.podPath}.runtimeClassName`, key: 'runtime' });
    }
    const egress =
      workload.object.known === 'SandboxTemplate'
        ? egressOfTemplate(workload.object as ApiObject<'SandboxTemplate'>)
        : egressOfPolicies(workload, NetworkPolicy);
    if (egress !== undefined) hits.push(egress);
    for (const container of workload.containers) hits.push(...hitsOfContainer(container, workload.pod.resources?.limits));
    return hits;
  },
  examples: () => ({
    good: [
      withContainer(''),
      template(
        'runtimeClassName: gvisor',
        'limits: {cpu: "1", memory: 512Mi}',
        'networkPolicyManagement: Managed\n  networkPolicy: {egress: [{to: [{podSelector: {matchLabels: {app: proxy}}}]}]}',
      ),
      template('runtimeClassName: kata-qemu', 'limits: {cpu: "1", memory: 512Mi}', 'networkPolicy: {}'),
      documents(pod('gvisor'), policy('{to: [{ipBlock: {cidr: 10.0.0.0/24}}]}')),
    ],
    bad: [
      {
        yaml: template('runtimeClassName: runc', 'limits: {cpu: "1", memory: 512Mi}', 'networkPolicy: {}'),
        path: 'spec.podTemplate.spec.runtimeClassName',
      },
      {
        yaml: template('runtimeClassName: gvisor', 'limits: {cpu: "1"}', 'networkPolicy: {}'),
        path: 'spec.podTemplate.spec.containers[0].resources.limits.memory',
      },
      {
        yaml: template('runtimeClassName: gvisor', 'limits: {cpu: "1", memory: 512Mi}', 'networkPolicyManagement: Unmanaged'),
        path: 'spec.networkPolicyManagement',
      },
      { yaml: template('runtimeClassName: gvisor', 'limits: {cpu: "1", memory: 512Mi}', ''), path: 'spec.networkPolicy' },
      {
        yaml: template(
          'runtimeClassName: gvisor',
          'limits: {cpu: "1", memory: 512Mi}',
          'networkPolicy: {egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}',
        ),
        path: 'spec.networkPolicy.egress',
      },
      { yaml: pod('gvisor'), path: 'metadata.labels' },
      { yaml: documents(pod('gvisor'), policy('{}')), path: 'metadata.labels' },
      { yaml: pod('gvisor').replace(':1.4.2', ':nightly'), path: 'spec.containers[0].image' },
    ],
  }),
});

type EgressRule = NonNullable<NonNullable<ApiObject<'NetworkPolicy'>['body']['spec']>['egress']>[number];

function isAgentSandbox({ object, labels }: Workload, marks: readonly string[]): boolean {
  if (object.known === 'SandboxTemplate' || object.known === 'Sandbox') return true;
  for (const key in labels) {
    if (key.startsWith(DOMAIN)) return true;
    if (marks.length > 0 && (marks.includes(key) || marks.includes(`${key}=${labels[key]}`))) return true;
  }
  return false;
}

/** A template carries the policy that the controller writes for its sandboxes. */
function egressOfTemplate(object: ApiObject<'SandboxTemplate'>): Hit | undefined {
  const { networkPolicyManagement = 'Managed', networkPolicy } = object.body.spec ?? {};
  const key = 'egress';
  if (networkPolicyManagement !== 'Managed') {
    return {
      message: `the network policy of the sandbox is ${networkPolicyManagement}, so nothing limits where the agent connects`,
      path: 'spec.networkPolicyManagement',
      key,
    };
  }
  if (networkPolicy === undefined)
    return { message: 'the sandbox names no network policy, so nothing limits where the agent connects', path: 'spec.networkPolicy', key };
  return networkPolicy.egress?.some(isOpen) === true
    ? { message: 'an egress rule of the sandbox lets the agent connect to everything', path: 'spec.networkPolicy.egress', key }
    : undefined;
}

function egressOfPolicies(workload: Workload, table: Tables['NetworkPolicy']): Hit | undefined {
  const path = `${workload.podMetadataPath}.labels`;
  const policies = egressPolicies(workload, table);
  if (policies.length === 0) return { message: 'no NetworkPolicy limits where the agent connects', path, key: 'egress' };
  const open = policies.find((policy) => policy.body.spec?.egress?.some(isOpen) === true);
  if (open === undefined) return undefined;
  return {
    message: `NetworkPolicy "${open.name}" lets the agent connect to everything`,
    path,
    also: [{ object: open, path: 'spec.egress' }],
    key: 'egress',
  };
}

/** Without peers a rule allows every destination; an empty peer, every pod or every address are as good. */
function isOpen({ to = [] }: EgressRule): boolean {
  return (
    to.length === 0 ||
    to.some(({ podSelector, namespaceSelector, ipBlock }) => {
      if (ipBlock !== undefined) return (ipBlock.cidr === '0.0.0.0/0' || ipBlock.cidr === '::/0') && (ipBlock.except ?? []).length === 0;
      return isUnset(podSelector) && isUnset(namespaceSelector);
    })
  );
}

function isUnset(selector: { readonly matchLabels?: object; readonly matchExpressions?: readonly unknown[] } | undefined): boolean {
  return Object.keys(selector?.matchLabels ?? {}).length === 0 && (selector?.matchExpressions ?? []).length === 0;
}

function hitsOfContainer({ name, path, spec, type }: Container, podLimits: Readonly<Record<string, unknown>> | undefined): Hit[] {
  const hits: Hit[] = [];
  for (const resource of type === 'ephemeral' ? [] : ['cpu', 'memory']) {
    if (spec.resources?.limits?.[resource] !== undefined || podLimits?.[resource] !== undefined) continue;
    hits.push({
      message: `container "${name}" of the agent sandbox has no ${resource} limit`,
      path: `${path}.resources.limits.${resource}`,
      key: `limits ${name} ${resource}`,
    });
  }
  const tag = floatingTag(spec.image);
  if (tag !== undefined)
    hits.push({
      message: `container "${name}" of the agent sandbox runs whatever ${spec.image ?? ''} is at the time (tag ${tag})`,
      path: `${path}.image`,
      key: `image ${name}`,
    });
  return hits;
}

/** Sandboxes are few, so each may look at the policies of its namespace. */
function egressPolicies({ namespace, labels }: Workload, policies: Tables['NetworkPolicy']): readonly ApiObject<'NetworkPolicy'>[] {
  return policies.in(namespace).filter((policy) => {
    const { policyTypes, egress, podSelector = {} } = policy.body.spec ?? {};
    // Without policyTypes a policy is about egress when it has egress rules.
    return (policyTypes?.includes('Egress') ?? egress !== undefined) && selectorMatches(podSelector, labels);
  });
}

function template(podYaml: string, resources: string, spec: string): string {
  return `apiVersion: extensions.agents.x-k8s.io/v1alpha1
kind: SandboxTemplate
metadata: {name: coder, namespace: agents}
spec:
  ${spec}
  podTemplate:
    spec:
      ${podYaml}
      containers: [{name: app, image: "registry.example.com/agents/python:3.13.1", resources: {${resources}}}]`;
}

function pod(runtimeClass: string): string {
  return `apiVersion: v1
kind: Pod
metadata: {name: coder, namespace: agents, labels: {agents.x-k8s.io/sandbox-name-hash: 1a2b3c}}
spec:
  runtimeClassName: ${runtimeClass}
  containers: [{name: app, image: "registry.example.com/agents/python:1.4.2", resources: {limits: {cpu: "1", memory: 512Mi}}}]`;
}

function policy(egress: string): string {
  return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: agents, namespace: agents}\nspec: {podSelector: {}, policyTypes: [Egress], egress: [${egress}]}`;
}
