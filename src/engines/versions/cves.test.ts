import { describe, expect, it } from 'vitest';
import { clusterOf, nodeFacts, objectsOf } from '../../../test/rule-tester.ts';
import { type CveVerdict, inventoryOf, judgeCves } from './index.ts';

function verdicts(yaml: readonly string[], complete = true): Map<string, CveVerdict> {
  const { tables } = clusterOf(objectsOf(yaml.join('\n---\n')), complete);
  return new Map(judgeCves(inventoryOf(tables), tables).map((verdict) => [verdict.cve.id, verdict]));
}

function node(name: string, info: string): string {
  return `{apiVersion: v1, kind: Node, metadata: {name: ${name}}, status: {nodeInfo: {${info}}}}`;
}

function server(version: string, ...flags: string[]): string {
  const command = JSON.stringify(['kube-apiserver', ...flags]);
  return `{apiVersion: v1, kind: Pod, metadata: {name: api, namespace: kube-system}, spec: {containers: [{name: a, image: "registry.k8s.io/kube-apiserver:${version}", command: ${command}}]}}`;
}

const LINUX = 'kubeletVersion: v1.30.1, operatingSystem: linux';
const GITREPO =
  '{apiVersion: v1, kind: Pod, metadata: {name: clone}, spec: {containers: [{name: c, image: a}], volumes: [{name: v, gitRepo: {repository: "https://example.com/a"}}]}}';
const KUBELET = (fields: string): string =>
  `{apiVersion: v1, kind: ConfigMap, metadata: {name: kubelet-config, namespace: kube-system}, data: {kubelet: "{apiVersion: kubelet.config.k8s.io/v1beta1, kind: KubeletConfiguration, ${fields}}"}}`;

const KUBELET_FILE = (fields: string): string => `{apiVersion: kubelet.config.k8s.io/v1beta1, kind: KubeletConfiguration, ${fields}}`;
const OLD = 'kubeletVersion: v1.14.1, operatingSystem: linux';
const NEW = 'kubeletVersion: v1.33.1, operatingSystem: linux';

describe('what decides whether a hole applies', () => {
  it.each<[string, string, string[], boolean, string]>([
    // Nodes with Windows.
    ['windows', 'CVE-2024-5321', [node('a', LINUX)], true, 'no'],
    ['windows', 'CVE-2024-5321', [node('a', LINUX), node('w', 'kubeletVersion: v1.30.1, operatingSystem: windows')], true, 'yes'],
    ['windows', 'CVE-2024-5321', [node('a', 'kubeletVersion: v1.30.1')], true, 'unknown'],
    ['windows', 'CVE-2024-9042', [node('w', 'kubeletVersion: v1.30.1, operatingSystem: windows')], true, 'unknown'],
    [
      'windows',
      'CVE-2024-9042',
      [
        node('w', 'kubeletVersion: v1.30.1, operatingSystem: windows'),
        KUBELET('enableSystemLogQuery: true, featureGates: {NodeLogQuery: true}'),
      ],
      true,
      'yes',
    ],
    // Volumes.
    ['gitRepo', 'CVE-2024-10220', [node('a', LINUX), GITREPO], true, 'yes'],
    ['gitRepo', 'CVE-2025-1767', [node('a', LINUX)], true, 'yes'],
    ['gitRepo', 'CVE-2025-1767', [node('a', NEW), GITREPO], true, 'unknown'],
    ['gitRepo', 'CVE-2025-1767', [node('a', NEW)], true, 'unknown'],
    ['gitRepo', 'CVE-2025-1767', [node('a', NEW), KUBELET('readOnlyPort: 0')], true, 'unknown'],
    ['gitRepo', 'CVE-2025-1767', [node('a', NEW), KUBELET_FILE('readOnlyPort: 0')], true, 'no'],
    ['gitRepo', 'CVE-2025-1767', [node('a', NEW), node('b', NEW), KUBELET_FILE('readOnlyPort: 0')], true, 'unknown'],
    ['gitRepo', 'CVE-2025-1767', [node('a', 'kubeletVersion: v1.33.1'), KUBELET('featureGates: {GitRepoVolumeDriver: true}')], true, 'yes'],
    // The kubelet's configuration.
    ['port', 'CVE-2025-0426', [node('a', LINUX)], true, 'unknown'],
    ['port', 'CVE-2025-0426', [node('a', LINUX), KUBELET('readOnlyPort: 0')], true, 'unknown'],
    ['port', 'CVE-2025-0426', [node('a', LINUX), KUBELET_FILE('readOnlyPort: 0')], true, 'no'],
    ['port', 'CVE-2025-0426', [node('a', LINUX), node('b', LINUX), KUBELET_FILE('readOnlyPort: 0')], true, 'unknown'],
    ['port', 'CVE-2025-0426', [node('a', LINUX), node('b', NEW), KUBELET_FILE('readOnlyPort: 0')], true, 'unknown'],
    ['healthz', 'CVE-2019-11248', [node('a', OLD), KUBELET('readOnlyPort: 0')], true, 'unknown'],
    ['healthz', 'CVE-2019-11248', [node('a', OLD), KUBELET_FILE('readOnlyPort: 0')], true, 'no'],
    ['healthz', 'CVE-2019-11248', [node('a', OLD), KUBELET('healthzBindAddress: 0.0.0.0')], true, 'yes'],
    ['port', 'CVE-2025-0426', [node('a', LINUX), KUBELET('readOnlyPort: 10255')], true, 'yes'],
    // Admission plugins and flags.
    ['plugin', 'CVE-2025-5187', [server('v1.31.0')], true, 'yes'],
    ['plugin', 'CVE-2025-5187', [server('v1.31.0', '--enable-admission-plugins=OwnerReferencesPermissionEnforcement')], true, 'no'],
    ['plugin', 'CVE-2023-2727', [server('v1.26.0', '--enable-admission-plugins=ImagePolicyWebhook')], true, 'yes'],
    ['plugin', 'CVE-2023-2727', [server('v1.26.0')], true, 'no'],
    ['gate', 'CVE-2025-4563', [server('v1.32.1', '--feature-gates=DynamicResourceAllocation=true')], true, 'yes'],
    ['gate', 'CVE-2025-4563', [server('v1.32.1')], true, 'no'],
    ['webhook', 'CVE-2020-8561', [server('v1.34.0', '--profiling=false')], true, 'no'],
    ['webhook', 'CVE-2020-8561', [server('v1.34.0', '--profiling=false', '--v=10')], true, 'yes'],
    ['webhook', 'CVE-2020-8561', [server('v1.34.0')], true, 'yes'],
    ['webhook', 'CVE-2020-8561', [server('v1.34.0', '--profiling=$(P)')], true, 'yes'],
    // External addresses.
    ['external', 'CVE-2020-8554', [server('v1.34.0')], true, 'yes'],
    ['external', 'CVE-2020-8554', [server('v1.34.0', '--enable-admission-plugins=DenyServiceExternalIPs')], true, 'no'],
    [
      'external',
      'CVE-2020-8554',
      [
        server('v1.34.0', '--enable-admission-plugins=DenyServiceExternalIPs'),
        '{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {externalIPs: [192.0.2.1]}}',
      ],
      true,
      'yes',
    ],
    [
      'external',
      'CVE-2020-8554',
      [
        server('v1.34.0'),
        '{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {name: no-external}, spec: {validations: [{expression: "!has(object.spec.externalIPs)"}]}}',
        '{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, metadata: {name: b}, spec: {policyName: no-external, validationActions: [Deny]}}',
      ],
      true,
      'no',
    ],
    [
      'external',
      'CVE-2020-8554',
      [
        server('v1.34.0', '--enable-admission-plugins=DenyServiceExternalIPs'),
        '{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: lb}, rules: [{apiGroups: [""], resources: [services/status], verbs: [patch]}]}',
        '{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: lb}, roleRef: {kind: ClusterRole, name: lb}, subjects: [{kind: User, name: eve}]}',
      ],
      true,
      'yes',
    ],
    // Rights.
    ['endpoints', 'CVE-2021-25740', [server('v1.34.0')], true, 'no'],
    ['endpoints', 'CVE-2021-25740', [server('v1.34.0')], false, 'unknown'],
    [
      'endpoints',
      'CVE-2021-25740',
      [
        server('v1.34.0'),
        '{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: e, namespace: shop}, rules: [{apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: ["*"]}]}',
        '{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: e, namespace: shop}, roleRef: {kind: Role, name: e}, subjects: [{kind: ServiceAccount, name: ci, namespace: shop}]}',
      ],
      true,
      'yes',
    ],
    // Objects.
    ['aggregated', 'CVE-2022-3172', [server('v1.24.1')], true, 'no'],
    [
      'aggregated',
      'CVE-2022-3172',
      [
        server('v1.24.1'),
        '{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1beta1.metrics.k8s.io}, spec: {service: {namespace: kube-system, name: metrics}}}',
      ],
      true,
      'yes',
    ],
    // Kernels of distributions.
    ['kernel', 'CVE-2022-0185', [node('a', 'kernelVersion: 5.10.0-8-amd64')], true, 'unknown'],
    ['kernel', 'CVE-2022-0185', [node('a', 'kernelVersion: 5.10.50')], true, 'yes'],
  ])('%s: %s', (_what, id, yaml, complete, applies) => {
    expect(verdicts(yaml, complete).get(id)?.applies).toBe(applies);
  });

  it('says which nodes are meant, and what fixes it there', () => {
    const found = verdicts([node('a', LINUX), node('w', 'kubeletVersion: v1.30.1, operatingSystem: windows')]).get('CVE-2024-5321');
    expect(found?.instances.map(({ node: name }) => name)).toEqual(['w']);
    expect(found?.fixed).toEqual(['1.30.3']);
  });

  it('is told once of Kubernetes as a whole', () => {
    const { tables } = clusterOf(objectsOf([server('v1.34.0'), node('a', 'kubeletVersion: v1.34.0')].join('\n---\n')), true);
    const told = judgeCves(inventoryOf(tables), tables).filter(({ cve }) => cve.id === 'CVE-2020-8554');
    expect(told.map(({ component }) => component)).toEqual(['kube-apiserver']);
  });

  it('leaves open what an image without a version may have, but not what has no fix', () => {
    const found = verdicts([server('latest')]);
    expect(found.has('CVE-2025-5187')).toBe(false);
    expect(found.get('CVE-2021-25740')?.applies).toBe('no');
  });
});

describe('what was collected on nodes decides too', () => {
  const facts = (name: string, fields: string): string =>
    nodeFacts({
      node: name,
      processes: [['kubelet', '--config=/k.yaml']],
      files: { '/k.yaml': `600 root:root ${KUBELET_FILE(fields)}` },
    });
  const closed = (name: string): string => facts(name, 'readOnlyPort: 0');
  const open = (name: string): string => facts(name, 'readOnlyPort: 10255');
  const port = (...yaml: string[]): string => {
    const verdict = verdicts(yaml).get('CVE-2025-0426');
    return `${verdict?.applies} ${(verdict?.instances ?? []).map((each) => each.node).join(',')}`;
  };

  it.each<[string, string[]]>([
    ['no a,b', [node('a', LINUX), node('b', LINUX), closed('a'), closed('b')]],
    ['unknown a,b', [node('a', LINUX), node('b', LINUX), closed('a')]],
    ['yes b', [node('a', LINUX), node('b', LINUX), closed('a'), open('b')]],
    // The node that has it open runs a version that has the fix.
    ['no a', [node('a', LINUX), node('b', NEW), closed('a'), open('b')]],
    // Without a file the port is open unless a flag closes it.
    ['yes a', [node('a', LINUX), nodeFacts({ node: 'a', processes: [['kubelet', '--v=2']] })]],
    ['no a', [node('a', LINUX), nodeFacts({ node: 'a', processes: [['kubelet', '--read-only-port=0']] })]],
    // Of a file that was not read nothing is known.
    ['unknown a', [node('a', LINUX), nodeFacts({ node: 'a', processes: [['kubelet', '--config=/gone']] })]],
  ])('the port of kubelets: %s', (expected, yaml) => {
    expect(port(...yaml)).toBe(expected);
  });

  it('the process of the API server, before the pod that stands for it', () => {
    const mirror = server('v1.34.0', '--profiling=true')
      .replace('name: api', 'name: api, annotations: {kubernetes.io/config.mirror: x}')
      .replace('spec: {', 'spec: {nodeName: cp1, ');
    const process = (value: string): string => nodeFacts({ node: 'cp1', processes: [['kube-apiserver', `--profiling=${value}`]] });
    const applies = (...yaml: string[]): string | undefined => verdicts(yaml).get('CVE-2020-8561')?.applies;
    expect([applies(mirror), applies(mirror, process('False')), applies(mirror, process('true'))]).toEqual(['yes', 'no', 'yes']);
    expect(applies(mirror, nodeFacts({ node: 'cp2', processes: [['kube-apiserver', '--profiling=false']] }))).toBe('yes');
  });

  it('shows where it stands', () => {
    const evidence = verdicts([node('a', LINUX), open('a')]).get('CVE-2025-0426')?.evidence ?? [];
    expect(evidence.map(({ object }) => [object.kind, object.name, object.origin.source])).toEqual([
      ['KubeletConfiguration', 'a', 'a:/k.yaml'],
    ]);
  });
});
