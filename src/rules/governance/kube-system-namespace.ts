import type { Workload } from '../../model/index.ts';
import { defineRule, nsa } from '../rule.ts';

export const rule = defineRule({
  id: 'kube-system-namespace',
  title: 'Workload of its own in kube-system',
  severity: 'medium',
  area: 'governance',
  rationale:
    'Accounts of kube-system hold the strongest rights of a cluster and its Secrets the strongest credentials. Policies and admission webhooks often leave the namespace out, so a workload there escapes them and whoever may change it stands beside the control plane.',
  remedy:
    'Move the workload to a namespace of its own; node agents get one with the Pod Security level that they need. Service names and references to Secrets change with the namespace.',
  controls: nsa('namespace-separation'),
  aliases: { trivy: ['KSV-0037'] },
  effort: 'medium',
  scope: 'workload',
  check(workload) {
    if (workload.namespace !== 'kube-system' || belongs(workload)) return undefined;
    return { message: 'runs in kube-system without being a part of the cluster', path: 'metadata.namespace' };
  },
  examples: () => ({
    good: [
      '{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}, spec: {containers: [{name: web, image: web}]}}',
      '{apiVersion: v1, kind: Pod, metadata: {name: kube-apiserver-a, namespace: kube-system, labels: {component: kube-apiserver, tier: control-plane}}, spec: {containers: [{name: a, image: a}]}}',
      '{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: cilium, namespace: kube-system}, spec: {template: {metadata: {labels: {k8s-app: cilium}}, spec: {containers: [{name: a, image: a}]}}}}',
      '{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: agent, namespace: kube-system}, spec: {template: {spec: {priorityClassName: system-node-critical, containers: [{name: a, image: a}]}}}}',
    ],
    bad: [
      {
        yaml: '{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: kube-system, labels: {name: web}}, spec: {containers: [{name: web, image: nginx}]}}',
        path: 'metadata.namespace',
      },
      {
        yaml: '{apiVersion: batch/v1, kind: CronJob, metadata: {name: backup, namespace: kube-system}, spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: a}]}}}}}}',
        path: 'metadata.namespace',
      },
    ],
  }),
});

/** Add-ons that clusters and their vendors install here. */
const ADD_ONS: ReadonlySet<string> = new Set([
  'kube-dns',
  'coredns',
  'kube-dns-autoscaler',
  'kube-proxy',
  'metrics-server',
  'cilium',
  'cilium-operator',
  'hubble-relay',
  'hubble-ui',
  'cilium-envoy',
  'calico-node',
  'calico-kube-controllers',
  'calico-typha',
  'canal',
  'flannel',
  'kube-flannel-ds',
  'weave-net',
  'kube-router',
  'antrea',
  'aws-node',
  'azure-cns',
  'konnectivity-agent',
  'konnectivity-server',
  'node-local-dns',
  'cluster-autoscaler',
  'cloud-controller-manager',
  'snapshot-controller',
  'local-path-provisioner',
  'storage-provisioner',
  'aws-load-balancer-controller',
  'ebs-csi-controller',
  'ebs-csi-node',
  'efs-csi-controller',
  'efs-csi-node',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'etcd',
]);
const NAMING_LABELS = ['k8s-app', 'app.kubernetes.io/name', 'app', 'component', 'name'] as const;

function belongs(workload: Workload): boolean {
  if (workload.isMirrorPod) return true;
  // Only add-ons of the cluster may take these classes by convention, and admission limits them to trusted namespaces.
  const { priorityClassName = '' } = workload.pod;
  if (priorityClassName === 'system-cluster-critical' || priorityClassName === 'system-node-critical') return true;
  if (ADD_ONS.has(workload.name)) return true;
  return marks(workload.labels) || marks(workload.object.labels);
}

function marks(labels: Readonly<Record<string, string>>): boolean {
  if (labels.tier === 'control-plane' || labels['kubernetes.io/cluster-service'] === 'true') return true;
  if (labels['addonmanager.kubernetes.io/mode'] !== undefined) return true;
  return NAMING_LABELS.some((key) => {
    const name = labels[key];
    return name !== undefined && ADD_ONS.has(name);
  });
}
