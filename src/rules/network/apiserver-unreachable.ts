import { automountsToken } from '../../model/index.ts';
import { documents, withPod } from '../examples.ts';
import { rightsOfAccount } from '../rbac/account-rights.ts';
import { defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, type Network, allows, hasPolicies, networkOf } from './network.ts';
import { allowing, apiServersOf, isIsolated, meetsAddress, podsOfRoots } from './reach.ts';

const policy = (egress: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress], egress: ${egress}}`;
const RIGHTS = `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules: [{apiGroups: [""], resources: [configmaps], verbs: [get, list, watch]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: watcher, namespace: shop}]`;
const ENDPOINTS = `
apiVersion: v1
kind: Endpoints
metadata: {name: kubernetes, namespace: default}
subsets: [{addresses: [{ip: 192.0.2.10}], ports: [{name: https, port: 6443}]}]`;
const WATCHER = withPod('serviceAccountName: watcher');
const DNS = '{to: [{namespaceSelector: {}}], ports: [{port: 53, protocol: UDP}]}';

export const rule = defineRule({
  id: 'apiserver-unreachable',
  title: 'Pod that may use the API but cannot reach it',
  severity: 'medium',
  area: 'network',
  rationale:
    'The account of the pods has rights in the API and its token is mounted, but their policies let them connect to no address where the API server could be: what they watch or write does not happen, mostly without an error that anybody sees.',
  remedy:
    'Allow TCP to the addresses of the endpoints of the Service kubernetes (mostly port 6443, not its ClusterIP), or take the rights and the token away where the pods do not use them.',
  controls: nsa('network-policies'),
  netLint: true,
  scope: 'workload',
  reads: [...NETWORK_TABLES, 'access', 'ServiceAccount', 'Endpoints'],
  applies: (_workload, tables) => hasPolicies(tables),
  check(workload, tables) {
    const network = networkOf(tables);
    const pod = podsOfRoots(network).get(workload.object)?.[0];
    const ids = network.relation.entities.classesOf[pod ?? -1] ?? [];
    if (workload.pod.hostNetwork === true || !ids.some((id) => isIsolated(network, 'egress', id))) return undefined;
    const { namespace, serviceAccount } = workload;
    if (!automountsToken(workload.pod, tables.ServiceAccount.get(namespace, serviceAccount))) return undefined;
    const rights = rightsOfAccount(tables.access, namespace, serviceAccount);
    // What every account has by a group is no sign that this one uses it.
    const own = rights.grants.filter(({ subjects }) =>
      subjects.some((subject) => subject.kind !== 'Group' && subject.name.endsWith(serviceAccount)),
    );
    if (own.length === 0) return undefined;
    const servers = apiServersOf(tables.Endpoints);
    if (
      ids.some((id) =>
        servers.length > 0
          ? servers.some((server) =>
              meetsAddress(network, { direction: 'egress', id, address: server.address }, { protocol: 'TCP', port: server.port }),
            )
          : mayBeMeant(network, id),
      )
    )
      return undefined;
    return {
      message: `its account "${serviceAccount}" ${rights.text}, but its policies let it connect to ${servers.length > 0 ? 'none of the API servers' : 'no address where the API server could be'}`,
      path: `${workload.podPath}.serviceAccountName`,
      also: own.slice(0, 3).map(({ binding }) => ({ object: binding, path: 'roleRef.name' })),
    };
  },
  examples: () => ({
    good: [
      documents(WATCHER, RIGHTS),
      documents(WATCHER, RIGHTS, policy(`[${DNS}, {ports: [{port: 443}]}]`)),
      documents(WATCHER, RIGHTS, policy('[{to: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 6443}]}]')),
      documents(WATCHER, RIGHTS, ENDPOINTS, policy('[{to: [{ipBlock: {cidr: 192.0.2.10/32}}]}]')),
      // No rights, only those of every account, or no token.
      documents(WATCHER, policy(`[${DNS}]`)),
      documents(WATCHER, RIGHTS.replace(/kind: ServiceAccount.*\}/, 'kind: Group, name: "system:serviceaccounts"}'), policy(`[${DNS}]`)),
      documents(WATCHER, RIGHTS.replace('[get, list, watch]', '[use]'), policy(`[${DNS}]`)),
      documents(
        WATCHER.replace('serviceAccountName: watcher', 'serviceAccountName: watcher\n      automountServiceAccountToken: false'),
        RIGHTS,
        policy(`[${DNS}]`),
      ),
      // Policies do not reach the node's network.
      documents(WATCHER.replace('serviceAccountName', 'hostNetwork: true\n      serviceAccountName'), RIGHTS, policy(`[${DNS}]`)),
    ],
    bad: [
      { yaml: documents(WATCHER, RIGHTS, policy(`[${DNS}]`)), path: 'spec.template.spec.serviceAccountName' },
      {
        yaml: documents(
          WATCHER,
          RIGHTS,
          policy('[{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: default}}}], ports: [{port: 443}]}]'),
        ),
        path: 'spec.template.spec.serviceAccountName',
      },
      // The ClusterIP in place of the endpoints.
      {
        yaml: documents(WATCHER, RIGHTS, ENDPOINTS, policy('[{to: [{ipBlock: {cidr: 10.96.0.1/32}}], ports: [{port: 443}]}]')),
        path: 'spec.template.spec.serviceAccountName',
      },
    ],
  }),
});

/** Whether some rule is for addresses on a port of API servers. */
function mayBeMeant(network: Network, id: number): boolean {
  return allowing(network, 'egress', id).some(
    (rule) =>
      [443, 6443, 8443, 16443].some((port) => allows(rule, 'TCP', port)) &&
      (rule.peers === undefined || rule.peers.some(({ kind }) => kind !== 'pods')),
  );
}
