import { cniNames } from '../../engines/cni/index.ts';
import { documents } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { CNI_TABLES, enforcementIn } from './enforcement.ts';

const daemon = (image: string): string => `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: kube-system}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {hostNetwork: true, containers: [{name: agent, image: "${image}"}]}`;
const ADMIN = `
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: deny}
spec: {priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}`;
const CLUSTER = `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: deny}
spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}`;

export const rule = defineRule({
  id: 'policy-kind-not-enforced',
  title: 'Kind of policy that the network plug-in does not know',
  severity: 'critical',
  area: 'network',
  rationale:
    'The definition of the kind is installed, so the API server takes the policy, but the network plug-in of the cluster does not enforce this kind: what the policy denies for everybody stays open.',
  remedy:
    'Write the policy in a kind that the plug-in enforces, upgrade the plug-in to a version that knows this kind and switch it on, or run kube-network-policies beside it.',
  controls: nsa('network-policies'),
  effort: 'medium',
  netLint: true,
  scope: 'object',
  kinds: ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy'],
  reads: CNI_TABLES,
  check(object, tables): Hit | undefined {
    const { cnis, of, objects } = enforcementIn(tables);
    const kind = object.known;
    if (kind === undefined || of[kind] !== 'no') return undefined;
    return {
      message: `does nothing: ${cniNames(cnis)} does not enforce policies of the kind ${kind}`,
      path: 'kind',
      also: cnis.flatMap((cni) => {
        const found = objects[cni.object];
        return found === undefined ? [] : [{ object: found, path: cni.path }];
      }),
    };
  },
  examples: () => ({
    good: [
      ADMIN,
      documents(daemon('docker.io/calico/node:v3.31.1'), ADMIN),
      documents(daemon('quay.io/calico/node:v3.32.0'), CLUSTER),
      documents(daemon('registry.k8s.io/networking/kube-network-policies:v0.8.1-npa-v1alpha1'), ADMIN),
      // Whether the gate is on stands in settings that are not in the input.
      documents(daemon('antrea/antrea-agent-ubuntu:v2.3.0'), ADMIN),
      documents(daemon('quay.io/cilium/cilium:v1.20.0'), CLUSTER),
    ],
    bad: [
      { yaml: documents(daemon('quay.io/cilium/cilium:v1.18.2'), ADMIN), path: 'kind', severity: 'critical' },
      { yaml: documents(daemon('quay.io/cilium/cilium:v1.18.2'), CLUSTER), path: 'kind' },
      { yaml: documents(daemon('docker.io/calico/node:v3.28.1'), ADMIN), path: 'kind' },
      { yaml: documents(daemon('quay.io/calico/node:v3.32.0'), ADMIN), path: 'kind' },
      { yaml: documents(daemon('registry.k8s.io/networking/kube-network-policies:v0.8.1'), CLUSTER), path: 'kind' },
    ],
  }),
});
