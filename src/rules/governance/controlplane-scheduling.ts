import type { Workload } from '../../model/index.ts';
import { POD, withPod } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { isSystemNamespace } from '../system-namespaces.ts';

export const rule = defineRule({
  id: 'controlplane-scheduling',
  title: 'Workload may run on control-plane nodes',
  severity: 'medium',
  area: 'governance',
  rationale:
    'Nodes of the control plane hold the keys of the cluster authority and the data of etcd. A container that breaks out there, or only starves the node of memory, takes the cluster and not one node.',
  remedy:
    'Remove the toleration of node-role.kubernetes.io/control-plane and the selector that asks for such nodes. Agents that must run on every node (CNI, logs, metrics) keep it; leave it off everything else.',
  controls: nsa('worker-segmentation'),
  aliases: { 'kyverno-policies': ['restrict-controlplane-scheduling', 'restrict-node-selection', 'restrict-node-affinity'] },
  scope: 'workload',
  check(workload) {
    if (workload.isMirrorPod) return undefined;
    const asked = askedFor(workload);
    const hit = asked === undefined ? tolerated(workload) : { message: 'asks to run on control-plane nodes', path: asked };
    if (hit === undefined || !isSystemNamespace(workload.namespace)) return hit;
    return { ...hit, message: `${hit.message}, as parts of the cluster in ${workload.namespace} do`, severity: 'info' };
  },
  examples: () => ({
    good: [
      withPod(''),
      withPod('tolerations: [{key: dedicated, operator: Equal, value: gpu, effect: NoSchedule}]'),
      withPod('tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoExecute}]'),
      withPod(
        'affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: node-role.kubernetes.io/control-plane, operator: DoesNotExist}]}]}}}',
      ),
    ],
    bad: [
      {
        yaml: withPod('tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoSchedule}]'),
        path: `${POD}.tolerations[0]`,
        severity: 'medium',
      },
      { yaml: withPod('tolerations: [{key: a, operator: Exists}, {operator: Exists}]'), path: `${POD}.tolerations[1]` },
      {
        yaml: withPod('tolerations: [{operator: Exists}]').replace('Deployment', 'DaemonSet'),
        path: `${POD}.tolerations[0]`,
        severity: 'info',
      },
      {
        yaml: withPod('tolerations: [{operator: Exists}]').replace('namespace: shop', 'namespace: kube-system'),
        path: `${POD}.tolerations[0]`,
        severity: 'info',
      },
      {
        yaml: withPod('nodeSelector: {node-role.kubernetes.io/master: ""}'),
        path: `${POD}.nodeSelector["node-role.kubernetes.io/master"]`,
      },
    ],
  }),
});

const ROLES = [
  'node-role.kubernetes.io/control-plane',
  'node-role.kubernetes.io/master',
  'node-role.kubernetes.io/controlplane',
  'node-role.kubernetes.io/etcd',
] as const;

function isRole(key: string | undefined): boolean {
  return key !== undefined && (ROLES as readonly string[]).includes(key);
}

function askedFor({ pod, podPath }: Workload): string | undefined {
  for (const key in pod.nodeSelector) if (isRole(key)) return `${podPath}.nodeSelector["${key}"]`;
  const terms = pod.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  for (const [term, { matchExpressions = [] }] of terms.entries()) {
    const index = matchExpressions.findIndex(({ key, operator }) => isRole(key) && (operator === 'Exists' || operator === 'In'));
    if (index >= 0)
      return `${podPath}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${term}].matchExpressions[${index}]`;
  }
  return undefined;
}

function tolerated({ pod, podPath, kind }: Workload): Hit | undefined {
  const tolerations = pod.tolerations ?? [];
  const index = tolerations.findIndex(
    ({ key = '', operator = 'Equal', value = '', effect = '' }) =>
      (effect === '' || effect === 'NoSchedule') &&
      (key === '' ? operator === 'Exists' : isRole(key) && (operator === 'Exists' || value === '')),
  );
  if (index < 0) return undefined;
  const path = `${podPath}.tolerations[${index}]`;
  const role = tolerations[index]?.key ?? '';
  const what = role === '' ? 'tolerates every taint, also that of control-plane nodes' : `tolerates the taint ${role}`;
  // A DaemonSet is there to run on every node.
  return kind === 'DaemonSet'
    ? { message: `${what}; one of its pods runs on each of them`, path, severity: 'info' }
    : { message: what, path };
}
