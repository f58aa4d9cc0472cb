/**
 * What detections and proofs need from an audit log: classes of requests, each with the least level at which the log
 * answers what is asked of it. Metadata tells who did what to which object and whether it was allowed; bodies tell what
 * was changed.
 */
import type { Level } from './policy.ts';
import { ANONYMOUS, ANY, AUTHENTICATED, type RequestSet, type ResourceScope, type ResourceTarget } from './request-set.ts';

export interface RequestClass {
  readonly id: string;
  /** What is done, as the subject of a sentence. */
  readonly title: string;
  readonly need: Level;
  readonly requests: RequestSet;
}

const READS = ['get', 'list', 'watch'] as const;
const WRITES = ['create', 'update', 'patch', 'delete', 'deletecollection'] as const;
const CHANGES = ['create', 'update', 'patch'] as const;
/** Connections: a client of HTTP/2 or WebSockets opens one with GET, an older one with POST. */
const CONNECTS = ['get', 'create'] as const;
const EVERY_CONNECT = ['get', 'create', 'update', 'patch', 'delete'] as const;

export const REQUEST_CLASSES: readonly RequestClass[] = [
  of(['role-writes', 'changes of roles and bindings', 'Request'], WRITES, rbac()),
  of(['role-reads', 'reads of roles and bindings', 'Metadata'], READS, rbac()),
  of(['secret-reads', 'reads of Secrets', 'Metadata'], READS, core('secrets')),
  of(['secret-writes', 'changes of Secrets', 'Metadata'], WRITES, core('secrets')),
  of(['configmap-reads', 'reads of ConfigMaps', 'Metadata'], READS, core('configmaps')),
  of(['configmap-writes', 'changes of ConfigMaps', 'Metadata'], WRITES, core('configmaps')),
  of(
    ['pod-entry', 'commands run in pods and ports forwarded to them', 'Metadata'],
    CONNECTS,
    core('pods/exec', 'pods/attach', 'pods/portforward'),
  ),
  of(['debug-containers', 'debug containers put into pods', 'Request'], ['update', 'patch'], core('pods/ephemeralcontainers')),
  of(['proxied-requests', 'requests proxied to pods and Services', 'Metadata'], EVERY_CONNECT, core('pods/proxy', 'services/proxy')),
  of(['kubelet-requests', 'requests proxied to the kubelet of a node', 'Metadata'], EVERY_CONNECT, cluster('', 'nodes/proxy')),
  of(['log-reads', 'reads of container logs', 'Metadata'], ['get'], core('pods/log')),
  of(['pod-writes', 'changes of pods', 'Request'], WRITES, core('pods')),
  of(['pod-evictions', 'evictions and bindings of pods', 'Metadata'], ['create'], core('pods/eviction', 'pods/binding')),
  of(['workload-writes', 'changes of workloads', 'Request'], WRITES, [
    ...core('replicationcontrollers'),
    ...inNamespace('apps', 'deployments', 'daemonsets', 'statefulsets', 'replicasets'),
    ...inNamespace('batch', 'jobs', 'cronjobs'),
  ]),
  of(['token-requests', 'tokens requested for service accounts', 'Metadata'], ['create'], core('serviceaccounts/token')),
  of(['service-account-writes', 'changes of service accounts', 'Metadata'], WRITES, core('serviceaccounts')),
  of(
    ['token-reviews', 'tokens given for review', 'Metadata'],
    ['create'],
    cluster('authentication.k8s.io', 'tokenreviews', 'selfsubjectreviews'),
  ),
  of(
    ['access-reviews', 'questions who may do what', 'Metadata'],
    ['create'],
    [
      ...cluster('authorization.k8s.io', 'selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'subjectaccessreviews'),
      ...inNamespace('authorization.k8s.io', 'localsubjectaccessreviews'),
    ],
  ),
  of(['certificate-requests', 'certificate requests and their approval', 'Request'], CHANGES, [
    ...cluster(
      'certificates.k8s.io',
      'certificatesigningrequests',
      'certificatesigningrequests/approval',
      'certificatesigningrequests/status',
    ),
  ]),
  of(['admission-writes', 'changes of admission webhooks and policies', 'Request'], WRITES, [
    ...cluster('admissionregistration.k8s.io', 'mutatingwebhookconfigurations', 'validatingwebhookconfigurations'),
    ...cluster('admissionregistration.k8s.io', 'validatingadmissionpolicies', 'validatingadmissionpolicybindings'),
    ...cluster('admissionregistration.k8s.io', 'mutatingadmissionpolicies', 'mutatingadmissionpolicybindings'),
  ]),
  of(['api-extensions', 'changes of the APIs that the cluster serves', 'Metadata'], WRITES, [
    ...cluster('apiextensions.k8s.io', 'customresourcedefinitions'),
    ...cluster('apiregistration.k8s.io', 'apiservices'),
  ]),
  of(['namespace-writes', 'changes of namespaces', 'Request'], WRITES, [target('', 'namespaces', 'namespace')]),
  of(['node-writes', 'changes of nodes', 'Metadata'], WRITES, cluster('', 'nodes')),
  of(['network-writes', 'changes of network policies, Services and routes', 'Request'], WRITES, [
    ...core('services', 'endpoints'),
    ...inNamespace('networking.k8s.io', 'networkpolicies', 'ingresses'),
  ]),
  of(['volume-writes', 'changes of volumes', 'Request'], WRITES, [...cluster('', 'persistentvolumes'), ...core('persistentvolumeclaims')]),
  of(
    ['event-deletes', 'deletion of events', 'Metadata'],
    ['delete', 'deletecollection'],
    [...core('events'), ...inNamespace('events.k8s.io', 'events')],
  ),
  of(['every-read', 'reads of whatever the cluster holds', 'Metadata'], READS, anything()),
  of(['every-write', 'changes of whatever the cluster holds', 'Metadata'], WRITES, anything()),
  // What is done in another's name is judged by the policy as a request of the one who impersonates, whatever it is.
  of(['impersonation', 'requests in the name of others', 'Metadata'], [ANY], anything()),
  sentBy(ANONYMOUS, of(['anonymous', 'requests without credentials', 'Metadata'], [ANY], anything())),
  sentBy(undefined, of(['failed-authentication', 'requests with credentials that are refused', 'Metadata'], [ANY], anything())),
];

function of(
  [id, title, need]: readonly [id: string, title: string, need: Level],
  verbs: readonly string[],
  targets: readonly ResourceTarget[],
): RequestClass {
  return { id, title, need, requests: { who: AUTHENTICATED, verbs, targets, paths: [] } };
}

function sentBy(who: RequestSet['who'], one: RequestClass): RequestClass {
  return { ...one, requests: { ...one.requests, who } };
}

function rbac(): ResourceTarget[] {
  const group = 'rbac.authorization.k8s.io';
  return [...inNamespace(group, 'roles', 'rolebindings'), ...cluster(group, 'clusterroles', 'clusterrolebindings')];
}

function core(...resources: readonly string[]): ResourceTarget[] {
  return inNamespace('', ...resources);
}
function inNamespace(group: string, ...resources: readonly string[]): ResourceTarget[] {
  return resources.map((resource) => target(group, resource, 'namespaced'));
}
function cluster(group: string, ...resources: readonly string[]): ResourceTarget[] {
  return resources.map((resource) => target(group, resource, 'cluster'));
}
function anything(): ResourceTarget[] {
  return [{ group: ANY, resource: ANY, subresource: ANY, scope: 'any' }];
}

function target(group: string, whole: string, scope: ResourceScope): ResourceTarget {
  const [resource = '', subresource = ''] = whole.split('/');
  return { group, resource, subresource, scope };
}
