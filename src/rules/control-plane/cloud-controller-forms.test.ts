/** The cloud controller manager in each form in which providers deliver it: its flags are judged, and what it signs in with. */
import { describe, expect, it } from 'vitest';
import { clusterOf, nodeFacts, objectsOf } from '../../../test/rule-tester.ts';
import { RULES, judgeAll } from '../index.ts';

const RULE_IDS = /^(?:ccm-|credential-in-)/;

function told(yaml: string): string[] {
  const found = new Set<string>();
  const rules = RULES.filter(({ id }) => RULE_IDS.test(id));
  judgeAll(clusterOf(objectsOf(yaml)), { rules }, ({ rule, status, subject }) => {
    if (status === 'fail') found.add(`${rule.id} ${subject.kind}/${subject.name}`);
  });
  return [...found].toSorted();
}

function workload(kind: string, container: Readonly<Record<string, unknown>>): string {
  const metadata = { name: 'ccm', namespace: 'kube-system' };
  const spec = { hostNetwork: true, containers: [{ name: 'c', ...container }] };
  if (kind === 'Pod') return JSON.stringify({ apiVersion: 'v1', kind, metadata, spec });
  const template = { metadata: { labels: { a: 'b' } }, spec };
  return JSON.stringify({ apiVersion: 'apps/v1', kind, metadata, spec: { selector: { matchLabels: { a: 'b' } }, template } });
}

const OPEN = ['--profiling=true', '--bind-address=0.0.0.0'];
const CLOSED = ['--profiling=false', '--bind-address=127.0.0.1'];
/** By provider: where its manifest names the program, or that the image starts it by itself. */
const FORMS: readonly (readonly [string, string, (flags: readonly string[]) => Readonly<Record<string, unknown>>])[] = [
  ['AWS, chart', 'DaemonSet', (args) => ({ image: 'registry.example/provider-aws/cloud-controller-manager:v1.34.0', args })],
  ['AWS, by name', 'DaemonSet', (flags) => ({ image: 'a:1', command: ['/bin/aws-cloud-controller-manager', ...flags] })],
  ['Azure', 'Deployment', (args) => ({ image: 'a/azure-cloud-controller-manager:v1.34.0', command: ['cloud-controller-manager'], args })],
  ['Google Cloud', 'Pod', (flags) => ({ image: 'a:1', command: ['/usr/local/bin/cloud-controller-manager', ...flags] })],
  ['OpenStack', 'DaemonSet', (flags) => ({ image: 'a:1', args: ['/bin/openstack-cloud-controller-manager', ...flags] })],
  ['vSphere', 'DaemonSet', (args) => ({ image: 'registry.example/cloud-pv-vsphere/cloud-provider-vsphere:v1.34.0', args })],
  [
    'in a shell',
    'Pod',
    (flags) => ({ image: 'a:1', command: ['sh', '-c', `exec /bin/hcloud-cloud-controller-manager ${flags.join(' ')}`] }),
  ],
];

describe.each(FORMS)('of %s', (_name, kind, container) => {
  it('is judged by its flags', () => {
    expect(told(workload(kind, container(OPEN)))).toEqual([`ccm-bind-address ${kind}/ccm`, `ccm-profiling ${kind}/ccm`]);
    expect(told(workload(kind, container(CLOSED)))).toEqual([]);
  });
});

it('is judged as a process and as a static pod of a node', () => {
  const process = (flags: readonly string[]): string =>
    nodeFacts({ node: 'n1', processes: [['/usr/bin/aws-cloud-controller-manager', ...flags]] });
  expect(told(process(OPEN))).toEqual(['ccm-bind-address Node/n1', 'ccm-profiling Node/n1']);
  expect(told(process(CLOSED))).toEqual([]);
  const manifest = workload('Pod', { image: 'a:1', command: ['cloud-controller-manager', ...OPEN] });
  const files = { '/etc/kubernetes/manifests/ccm.yaml': `600 root:root ${manifest}` };
  expect(told(nodeFacts({ node: 'n1', files }))).toEqual(['ccm-bind-address Node/n1', 'ccm-profiling Node/n1']);
});

it('is told where its credentials of the cloud stand in the open', () => {
  const env = [{ name: 'HCLOUD_TOKEN', value: 'Zx81kQpLm20vRtYw7NbCs4HdGf6JeAu9Zx81kQpLm20vRtYw7NbCs4HdGf6JeAu9' }];
  const inEnvironment = workload('Deployment', { image: 'a:1', command: ['/bin/hcloud-cloud-controller-manager', ...CLOSED], env });
  expect(told(inEnvironment)).toEqual(['credential-in-env Deployment/ccm']);
  const config = { 'vsphere.conf': 'global:\n  user: admin\n  password: Ph8-kQpLm20vRtYw\n' };
  const inMap = JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'cloud-config', namespace: 'kube-system' },
    data: config,
  });
  expect(told(inMap)).toEqual(['credential-in-configmap ConfigMap/cloud-config']);
});

it('is no other program with a name like it', () => {
  expect(told(workload('Pod', { image: 'a:1', command: ['cloud-controller-manager-exporter', ...OPEN] }))).toEqual([]);
  expect(told(workload('Pod', { image: 'a/cloud-node-manager:1', args: OPEN }))).toEqual([]);
});
