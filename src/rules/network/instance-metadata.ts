import { parseAddress } from '../../engines/network/index.ts';
import type { Workload } from '../../model/index.ts';
import { documents, withPod } from '../examples.ts';
import { defineRule, mitre, nsa } from '../rule.ts';
import { METADATA_ADDRESS, allowedToMetadata, cloudOf } from './metadata-service.ts';
import { classesOf } from './admin-isolation.ts';
import { type Network, networkOf } from './network.ts';
import { meetsAddress } from './reach.ts';
import { POLICY_TABLES, isReachedByPolicies, isolationOf } from './policies.ts';

const node = (provider: string, labels = '{}'): string => `
apiVersion: v1
kind: Node
metadata: {name: node-1, labels: ${labels}}
spec: {providerID: "${provider}"}`;
const AZURE = node('azure:///subscriptions/0/resourceGroups/k8s/providers/Microsoft.Compute/virtualMachines/node-1');
const policy = (egress: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: egress, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress], egress: ${egress}}`;
const admin = (address: string): string => `
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: metadata}
spec: {priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: [${address}]}]}]}`;

export const rule = defineRule({
  id: 'instance-metadata',
  title: 'Pods may reach the metadata service',
  severity: 'high',
  area: 'network',
  rationale:
    "The cloud answers at 169.254.169.254 with the credentials of the node: a pod that was taken over, or that fetches addresses which users give it, gets the node's rights in the cloud account and often a way to join the cluster as a node.",
  remedy:
    'Deny the address in the egress rules of NetworkPolicies (an ipBlock of 0.0.0.0/0 with except 169.254.169.254/32). On AWS also demand IMDSv2 with a hop limit of 1, on Google Cloud use Workload Identity. Pods that take their cloud rights from the node lose them.',
  controls: [...nsa('cloud-metadata'), ...mitre('T1552.005')],
  aliases: {
    kubescape: ['C-0052'],
  },
  effort: 'medium',
  scope: 'cluster',
  reads: POLICY_TABLES,
  check(_cluster, tables) {
    const cloud = cloudOf(tables.Node.all);
    if (cloud === undefined) return undefined;
    const allowed = allowedToMetadata(tables.NetworkPolicy, tables.workloads);
    const open: Workload[] = [];
    let judged = 0;
    for (const workload of tables.workloads.all) {
      if (!isReachedByPolicies(workload)) continue;
      judged += 1;
      const { egress, unclear, administered } = isolationOf(workload, tables);
      if (administered) {
        if (meetsMetadata(workload, networkOf(tables))) open.push(workload);
        continue;
      }
      const isAllowed = egress ? allowed.namespaces.has(workload.namespace) || allowed.workloads.has(workload) : unclear === undefined;
      if (isAllowed) open.push(workload);
    }
    if (open.length === 0) return undefined;
    return {
      // With IMDSv2 and a hop limit of 1 the answer does not get as far as a pod, which objects of the cluster do not tell.
      severity: cloud === 'aws' ? 'medium' : 'high',
      message: `no NetworkPolicy keeps ${open.length} of ${judged} workloads from the metadata service of the cloud at ${METADATA_ADDRESS}`,
      path: '',
      also: open.slice(0, 10).map(({ object, podMetadataPath }) => ({ object, path: `${podMetadataPath}.labels` })),
    };
  },
  examples: () => ({
    good: [
      // No cloud, as far as is known.
      withPod(''),
      documents(withPod(''), node('kind://docker/kind/kind-control-plane')),
      // Google's own server stands between, and answers each pod for itself.
      documents(withPod(''), node('gce://project/zone/node-1', '{iam.gke.io/gke-metadata-server-enabled: "true"}')),
      documents(withPod(''), AZURE, policy('[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16]}}]}]')),
      documents(withPod(''), AZURE, policy('[{to: [{namespaceSelector: {}}]}, {ports: [{port: 443}, {port: 53, protocol: UDP}]}]')),
      documents(withPod(''), AZURE, admin('169.254.0.0/16')),
    ],
    bad: [
      { yaml: documents(withPod(''), AZURE, admin('10.0.0.0/8')), path: '' },
      { yaml: documents(withPod(''), AZURE), path: '', severity: 'high' },
      { yaml: documents(withPod(''), node('aws:///eu-west-1a/i-0123456789abcdef0')), path: '', severity: 'medium' },
      { yaml: documents(withPod(''), AZURE, policy('[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]')), path: '' },
      { yaml: documents(withPod(''), AZURE, policy('[{ports: [{port: 1, endPort: 1024}]}]')), path: '' },
    ],
  }),
});

const ADDRESS = parseAddress(METADATA_ADDRESS) ?? 0n;

/** As all policies together have it. */
function meetsMetadata(workload: Workload, network: Network): boolean {
  const http = { protocol: 'TCP', port: 80 } as const;
  return classesOf(workload, network).some((id) => meetsAddress(network, { direction: 'egress', id, address: ADDRESS }, http));
}
