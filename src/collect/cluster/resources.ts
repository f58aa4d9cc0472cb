/**
 * What a scan reads of a cluster. One table: the collector lists what of it the server serves, and the ClusterRole of
 * `castellan permissions` is made from it.
 */

/** By API group ('' is the core group) the resources that are listed; `*` where a group makes its kinds at run time. */
export const COLLECTED: Readonly<Record<string, readonly string[]>> = {
  '': [
    'configmaps',
    'endpoints',
    'limitranges',
    'namespaces',
    'nodes',
    'persistentvolumeclaims',
    'persistentvolumes',
    'pods',
    'podtemplates',
    'replicationcontrollers',
    'resourcequotas',
    'secrets',
    'serviceaccounts',
    'services',
  ],
  'admissionregistration.k8s.io': [
    'mutatingadmissionpolicies',
    'mutatingadmissionpolicybindings',
    'mutatingwebhookconfigurations',
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
    'validatingwebhookconfigurations',
  ],
  'apiextensions.k8s.io': ['customresourcedefinitions'],
  'apiregistration.k8s.io': ['apiservices'],
  apps: ['daemonsets', 'deployments', 'replicasets', 'statefulsets'],
  autoscaling: ['horizontalpodautoscalers'],
  batch: ['cronjobs', 'jobs'],
  'certificates.k8s.io': ['certificatesigningrequests', 'clustertrustbundles', 'podcertificaterequests'],
  'discovery.k8s.io': ['endpointslices'],
  extensions: ['ingresses'],
  'flowcontrol.apiserver.k8s.io': ['flowschemas', 'prioritylevelconfigurations'],
  'networking.k8s.io': ['ingressclasses', 'ingresses', 'networkpolicies', 'servicecidrs'],
  'node.k8s.io': ['runtimeclasses'],
  policy: ['poddisruptionbudgets', 'podsecuritypolicies'],
  'rbac.authorization.k8s.io': ['clusterrolebindings', 'clusterroles', 'rolebindings', 'roles'],
  'resource.k8s.io': ['deviceclasses', 'resourceclaims', 'resourceclaimtemplates'],
  'scheduling.k8s.io': ['priorityclasses'],
  'storage.k8s.io': ['csidrivers', 'csinodes', 'storageclasses', 'volumeattachments', 'volumeattributesclasses'],
  // Not part of Kubernetes itself: what decides who may do, reach or run what.
  'agents.x-k8s.io': ['sandboxes'],
  'apps.openshift.io': ['deploymentconfigs'],
  'argoproj.io': ['applications', 'applicationsets', 'appprojects', 'cronworkflows', 'rollouts', 'workflowtemplates'],
  'bitnami.com': ['sealedsecrets'],
  'cert-manager.io': ['certificates', 'clusterissuers', 'issuers'],
  'cilium.io': ['ciliumclusterwidenetworkpolicies', 'ciliumnetworkpolicies'],
  'constraints.gatekeeper.sh': ['*'],
  'crd.projectcalico.org': ['globalnetworkpolicies', 'globalnetworksets', 'networkpolicies', 'networksets', 'tiers'],
  'extensions.agents.x-k8s.io': ['sandboxclaims', 'sandboxtemplates', 'sandboxwarmpools'],
  'external-secrets.io': ['clusterexternalsecrets', 'clustersecretstores', 'externalsecrets', 'secretstores'],
  'gateway.networking.k8s.io': [
    'backendtlspolicies',
    'gatewayclasses',
    'gateways',
    'grpcroutes',
    'httproutes',
    'referencegrants',
    'tcproutes',
    'tlsroutes',
    'udproutes',
  ],
  'helm.toolkit.fluxcd.io': ['helmreleases'],
  'keda.sh': ['scaledjobs', 'scaledobjects'],
  'kubernetes-client.io': ['externalsecrets'],
  'kustomize.toolkit.fluxcd.io': ['kustomizations'],
  'kyverno.io': ['clusterpolicies', 'policies', 'policyexceptions'],
  'monitoring.coreos.com': ['podmonitors', 'probes', 'servicemonitors'],
  'networking.istio.io': ['destinationrules', 'gateways', 'serviceentries', 'sidecars', 'virtualservices'],
  'operators.coreos.com': ['clusterserviceversions', 'subscriptions'],
  'policies.kyverno.io': ['mutatingpolicies', 'validatingpolicies'],
  'policy.linkerd.io': ['authorizationpolicies', 'meshtlsauthentications', 'networkauthentications', 'servers'],
  'policy.networking.k8s.io': ['adminnetworkpolicies', 'baselineadminnetworkpolicies', 'clusternetworkpolicies'],
  'projectcalico.org': ['globalnetworkpolicies', 'networkpolicies'],
  'route.openshift.io': ['routes'],
  'secrets-store.csi.x-k8s.io': ['secretproviderclasses'],
  'security.istio.io': ['authorizationpolicies', 'peerauthentications', 'requestauthentications'],
  'security.openshift.io': ['securitycontextconstraints'],
  'serving.knative.dev': ['services'],
  'templates.gatekeeper.sh': ['constrainttemplates'],
};

/** Left out on purpose: they change by themselves, or repeat what other objects say. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  '': ['bindings', 'componentstatuses', 'events'],
  apps: ['controllerrevisions'],
  'coordination.k8s.io': ['leasecandidates', 'leases'],
  'events.k8s.io': ['events'],
  'internal.apiserver.k8s.io': ['storageversions'],
  'metrics.k8s.io': ['nodes', 'pods'],
  'networking.k8s.io': ['ipaddresses'],
  'resource.k8s.io': ['resourceslices'],
  'scheduling.k8s.io': ['podgroups', 'workloads'],
  'storage.k8s.io': ['csistoragecapacities'],
  'storagemigration.k8s.io': ['storageversionmigrations'],
};

export function isCollected(group: string, resource: string): boolean {
  const resources = COLLECTED[group];
  return resources !== undefined && (resources.includes(resource) || resources[0] === '*');
}

/** Of a group and version such as `metrics.k8s.io/v1beta1`: whether anything of the group is listed. */
export function isGroupCollected(groupVersion: string): boolean {
  return COLLECTED[groupVersion.split('/')[0] ?? ''] !== undefined;
}

/** What is listed of a group; `*` is everything. */
export function collectedOf(group: string): readonly string[] {
  return COLLECTED[group] ?? [];
}

export function isLeftOut(group: string, resource: string): boolean {
  return LEFT_OUT[group]?.includes(resource) === true;
}

/** `deployments.apps`, `pods`: as kubectl names them. */
export function nameOf({ group, resource }: { group: string; resource: string }): string {
  return group === '' ? resource : `${resource}.${group}`;
}
