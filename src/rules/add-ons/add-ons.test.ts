/** Recognised add-ons: the shapes that projects really ship, and those that only look like them. */
import { describe, expect, it } from 'vitest';
import { clusterOf, objectsOf } from '../../../test/rule-tester.ts';
import type { Finding } from '../finding.ts';
import { RULES, judge } from '../index.ts';
import { ADD_ONS, addOnOf } from './recognise.ts';

interface Options {
  kind?: string;
  name?: string;
  namespace?: string;
  image?: string;
  /** Further lines of the container and of the pod, each one YAML flow entry. */
  container?: string;
  pod?: string;
  more?: string;
}

const CALICO: Options = {
  name: 'calico-node',
  namespace: 'kube-system',
  image: 'quay.io/calico/node:v3.29.1',
  container: 'securityContext: {privileged: true}, volumeMounts: [{name: bin, mountPath: /host/opt/cni/bin}]',
  pod: 'hostNetwork: true, volumes: [{name: bin, hostPath: {path: /opt/cni/bin}}]',
};
const EXPORTER: Options = {
  name: 'node-exporter',
  namespace: 'monitoring',
  image: 'quay.io/prometheus/node-exporter:v1.8.2',
  container: 'volumeMounts: [{name: root, mountPath: /host/root, readOnly: true}]',
  pod: 'hostNetwork: true, hostPID: true, volumes: [{name: root, hostPath: {path: /}}]',
};

function manifest({ kind = 'DaemonSet', name = 'a', namespace = 'kube-system', image = 'a', container, pod, more }: Options): string {
  const spec = `{${[pod, `containers: [{name: main, image: "${image}"${container === undefined ? '' : `, ${container}`}}${more === undefined ? '' : `, ${more}`}]`].filter((part) => part !== undefined).join(', ')}}`;
  if (kind === 'Pod')
    return `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: ${namespace}, labels: {k8s-app: calico-node}}, spec: ${spec}}`;
  return `{apiVersion: apps/v1, kind: ${kind}, metadata: {name: ${name}, namespace: ${namespace}}, spec: {selector: {matchLabels: {app: ${name}}}, template: {metadata: {labels: {app: ${name}}}, spec: ${spec}}}}`;
}

function judged(yaml: string, everyRule = false): Finding[] {
  const found: Finding[] = [];
  judge(clusterOf(objectsOf(yaml)), { rules: RULES, everyRule }, (finding) => found.push(finding));
  return found;
}

function recognised(options: Options): string | undefined {
  const [workload] = clusterOf(objectsOf(manifest(options))).workloads;
  if (workload === undefined) throw new Error('no workload');
  return addOnOf(workload)?.id;
}

function of(found: readonly Finding[], rule: string): Finding {
  const finding = found.find((candidate) => candidate.rule.id === rule);
  if (finding === undefined) throw new Error(`no finding of ${rule}`);
  return finding;
}

describe('recognition', () => {
  it.each<[string, Options, string]>([
    ['its own registry', CALICO, 'calico-node'],
    ['Docker Hub, short', { ...CALICO, image: 'calico/node:v3.29.1' }, 'calico-node'],
    ['by digest', { ...CALICO, image: `quay.io/calico/node:v3.29.1@sha256:${'ab'.repeat(32)}` }, 'calico-node'],
    ["Rancher's copy", { ...CALICO, image: 'rancher/mirrored-calico-node:v3.29.1' }, 'calico-node'],
    ['a release of Helm', { ...EXPORTER, name: 'kps-prometheus-node-exporter', image: 'prom/node-exporter' }, 'node-exporter'],
    ['the account of EKS', { name: 'aws-node', image: '602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1.19.0' }, 'aws-node'],
    ['the old host of Kubernetes', { name: 'kube-proxy', image: 'k8s.gcr.io/kube-proxy:v1.24.0' }, 'kube-proxy'],
    ["Microsoft's copy", { name: 'kube-proxy', image: 'mcr.microsoft.com/oss/kubernetes/kube-proxy:v1.30.0' }, 'kube-proxy'],
    ['a static pod', { kind: 'Pod', name: 'etcd-cp-1', image: 'registry.k8s.io/etcd:3.5.15-0' }, 'etcd'],
    ['a Deployment', { kind: 'Deployment', name: 'coredns', image: 'registry.k8s.io/coredns/coredns:v1.11.3' }, 'coredns'],
    ['Flannel beside Calico', { ...CALICO, name: 'canal', more: '{name: flannel, image: "docker.io/flannel/flannel:v0.26.1"}' }, 'canal'],
    ['with a companion', { ...EXPORTER, more: '{name: proxy, image: "quay.io/brancz/kube-rbac-proxy:v0.18.1"}' }, 'node-exporter'],
    [
      'behind its companion',
      { ...EXPORTER, image: 'quay.io/brancz/kube-rbac-proxy:v0.18.1', more: '{name: exporter, image: "prom/node-exporter:v1.8.2"}' },
      'node-exporter',
    ],
  ])('knows it from %s', (_case, options, id) => {
    expect(recognised(options)).toBe(id);
  });

  it.each<[string, Options]>([
    ['its name on another image', { ...CALICO, image: 'docker.io/evil/miner:1' }],
    ['its image path on a host of anybody', { ...CALICO, image: 'registry.example.com/calico/node:v3.29.1' }],
    ['its last part in the account of another', { ...CALICO, image: 'quay.io/evil/node:v3.29.1' }],
    ['another customer of the same cloud', { name: 'aws-node', image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1' }],
    ['its image in a Deployment', { ...CALICO, kind: 'Deployment' }],
    ['its image in a Pod of its own', { ...CALICO, kind: 'Pod' }],
    ['its image under another name', { ...CALICO, name: 'node-tools' }],
    ['a longer word in the name', { ...EXPORTER, name: 'supernode-exporters' }],
    ['a stranger in the pod', { ...CALICO, more: '{name: shell, image: "docker.io/library/alpine:3.20"}' }],
    ['only companions', { ...EXPORTER, image: 'quay.io/brancz/kube-rbac-proxy:v0.18.1' }],
    ['a static pod in another namespace', { kind: 'Pod', name: 'etcd', namespace: 'shop', image: 'registry.k8s.io/etcd:3.5.15-0' }],
    ['no valid image', { ...CALICO, image: 'QUAY.io/calico/node::' }],
  ])('does not fall for %s', (_case, options) => {
    expect(recognised(options)).toBeUndefined();
  });

  it('knows the pod of an add-on whose DaemonSet is not in the input', () => {
    const yaml = manifest({ ...CALICO, kind: 'Pod', name: 'calico-node-x2b8k' }).replace(
      'labels:',
      'ownerReferences: [{apiVersion: apps/v1, kind: DaemonSet, name: calico-node, controller: true}], labels:',
    );
    const [workload] = clusterOf(objectsOf(yaml)).workloads;
    expect(workload && addOnOf(workload)?.id).toBe('calico-node');
  });
});

describe('findings of a recognised add-on', () => {
  it('stay, are low, say why and propose nothing', () => {
    const found = judged(manifest(CALICO));
    for (const rule of ['privileged', 'host-network', 'host-path-sensitive', 'automount-token']) {
      expect(of(found, rule), rule).toMatchObject({
        status: 'fail',
        severity: 'low',
        change: undefined,
        addOn: { name: 'Calico node agent' },
      });
    }
    expect(of(found, 'host-path-sensitive').addOn?.reason).toContain('plug-in');
  });

  it('stay as severe as before where the add-on does not need it', () => {
    const found = judged(manifest(CALICO));
    expect(of(found, 'memory-limit')).toMatchObject({ severity: 'medium', addOn: undefined });
    const wide = judged(manifest({ ...CALICO, pod: 'hostNetwork: true, hostIPC: true, volumes: [{name: bin, hostPath: {path: /}}]' }));
    expect(of(wide, 'host-ipc')).toMatchObject({ severity: 'high', addOn: undefined });
    expect(of(wide, 'host-path-sensitive')).toMatchObject({ severity: 'critical', addOn: undefined });
  });

  it('are told apart by what is mounted, and how', () => {
    const reading = judged(manifest(EXPORTER));
    expect(of(reading, 'host-path-sensitive')).toMatchObject({ severity: 'low', addOn: { name: 'Prometheus node exporter' } });
    expect(of(reading, 'host-pid')).toMatchObject({ severity: 'low' });
    const writing = judged(manifest({ ...EXPORTER, container: 'volumeMounts: [{name: root, mountPath: /host/root}]' }));
    expect(of(writing, 'host-path-sensitive')).toMatchObject({ severity: 'critical', addOn: undefined });
    const privileged = judged(manifest({ ...EXPORTER, container: 'securityContext: {privileged: true}' }));
    expect(of(privileged, 'privileged')).toMatchObject({ severity: 'critical', addOn: undefined });
  });

  it('are told apart by the capability', () => {
    const found = judged(
      manifest({ ...EXPORTER, container: 'securityContext: {capabilities: {drop: [ALL], add: [SYS_TIME, SYS_PTRACE]}}' }),
    ).filter(({ rule }) => rule.id === 'added-capabilities');
    expect(found.map(({ key, severity, addOn }) => [key, severity, addOn?.name])).toEqual([
      ['SYS_TIME', 'low', 'Prometheus node exporter'],
      ['SYS_PTRACE', 'medium', undefined],
    ]);
  });

  it('of its companions stay as severe as before', () => {
    const yaml = manifest({
      name: 'ebs-csi-node',
      image: 'public.ecr.aws/ebs-csi-driver/aws-ebs-csi-driver:v1.37.0',
      container: 'securityContext: {privileged: true}',
      more: '{name: registrar, image: "registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.12.0", securityContext: {privileged: true}}',
    });
    const found = judged(yaml).filter(({ rule }) => rule.id === 'privileged');
    expect(found.map(({ subject, severity }) => [subject.container, severity])).toEqual([
      ['main', 'low'],
      ['registrar', 'critical'],
    ]);
  });

  it('keep their status when every rule is asked for', () => {
    const found = judged(manifest(CALICO), true);
    for (const rule of ['privileged', 'drop-all-capabilities', 'run-as-non-root'])
      expect(of(found, rule), rule).toMatchObject({ status: 'fail', severity: 'low' });
  });

  it('are never raised', () => {
    const found = judged(manifest({ ...CALICO, container: 'securityContext: {runAsNonRoot: true}' }));
    expect(of(found, 'low-uid')).toMatchObject({ severity: 'info', addOn: { name: 'Calico node agent' } });
  });

  it('of one that only looks like it stay as severe as before', () => {
    for (const options of [
      { ...CALICO, image: 'docker.io/evil/miner:1' },
      { ...CALICO, kind: 'Deployment' },
    ]) {
      const found = judged(manifest(options));
      expect(of(found, 'privileged')).toMatchObject({ severity: 'critical', addOn: undefined });
      expect(of(found, 'host-network')).toMatchObject({ severity: 'high', addOn: undefined });
    }
  });
});

describe('the table', () => {
  const ids = new Set(RULES.map((rule) => rule.id));

  it('has each add-on once', () => {
    expect(ADD_ONS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(ADD_ONS.map(({ id }) => id)).size).toBe(ADD_ONS.length);
  });

  it.each(ADD_ONS.map((addOn) => [addOn.id, addOn] as const))(
    '%s is recognised by each of its images and names rules that exist',
    (_id, addOn) => {
      for (const image of addOn.images) {
        // Of the accounts of EKS the table names only what they have in common.
        const full = image.replace(/^amazonaws\.com\//, '602401143452.dkr.ecr.eu-west-1.amazonaws.com/');
        const options: Options = { image: `${full}:v1`, name: addOn.names[0] ?? '', kind: addOn.kinds[0] ?? '' };
        const [workload] = clusterOf(objectsOf(manifest(options))).workloads;
        expect(workload && addOnOf(workload)?.name, image).toBe(addOn.name);
      }
      for (const need of addOn.needs) {
        expect(need.rules.length).toBeGreaterThan(0);
        for (const rule of need.rules) expect(ids, `${addOn.id}: ${rule}`).toContain(rule);
        for (const path of need.paths ?? []) expect(path).toMatch(/^\/(?!var\/run)(?:.*[^/])?$/);
      }
    },
  );
});
