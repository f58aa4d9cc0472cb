/**
 * Definitions of well-known custom resources with the right names, versions and scopes, which take any content: they
 * let a test keep such objects in a real API server, and check nothing in them. Our own, not those of their projects.
 */

/** Group, plural, kind, scope, versions (the stored one first). */
const TABLE = `
policy.networking.k8s.io clusternetworkpolicies ClusterNetworkPolicy Cluster v1alpha2
policy.networking.k8s.io adminnetworkpolicies AdminNetworkPolicy Cluster v1alpha1
policy.networking.k8s.io baselineadminnetworkpolicies BaselineAdminNetworkPolicy Cluster v1alpha1
gateway.networking.k8s.io gatewayclasses GatewayClass Cluster v1,v1beta1
gateway.networking.k8s.io gateways Gateway Namespaced v1,v1beta1
gateway.networking.k8s.io httproutes HTTPRoute Namespaced v1,v1beta1
gateway.networking.k8s.io grpcroutes GRPCRoute Namespaced v1
gateway.networking.k8s.io tlsroutes TLSRoute Namespaced v1,v1alpha3,v1alpha2
gateway.networking.k8s.io tcproutes TCPRoute Namespaced v1alpha2
gateway.networking.k8s.io udproutes UDPRoute Namespaced v1alpha2
gateway.networking.k8s.io referencegrants ReferenceGrant Namespaced v1beta1,v1
gateway.networking.k8s.io backendtlspolicies BackendTLSPolicy Namespaced v1,v1alpha3
security.istio.io peerauthentications PeerAuthentication Namespaced v1,v1beta1
security.istio.io authorizationpolicies AuthorizationPolicy Namespaced v1,v1beta1
security.istio.io requestauthentications RequestAuthentication Namespaced v1,v1beta1
networking.istio.io destinationrules DestinationRule Namespaced v1,v1beta1
networking.istio.io virtualservices VirtualService Namespaced v1,v1beta1
`;

/** Those of one group, as a list that kubectl applies. */
export function customResources(group: string): string {
  const rows = TABLE.trim().split('\n');
  const items = rows.map((row) => row.split(' ')).flatMap((row) => (row[0] === group ? [definition(row)] : []));
  if (items.length === 0) throw new Error(`no custom resources of the group ${group} are known here`);
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

function definition([group = '', plural = '', kind = '', scope = '', versions = '']: readonly string[]): unknown {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    // Without it the API server takes no definition of a group that belongs to Kubernetes.
    metadata: { name: `${plural}.${group}`, annotations: { 'api-approved.kubernetes.io': 'unapproved, a minimal definition for tests' } },
    spec: {
      group,
      scope,
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions: versions
        .split(',')
        .map((name, index) => ({ name, served: true, storage: index === 0, subresources: { status: {} }, schema: ANYTHING })),
    },
  };
}

const OPEN = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const ANYTHING = { openAPIV3Schema: { type: 'object', properties: { spec: OPEN, status: OPEN } } };
