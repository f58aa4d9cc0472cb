/**
 * What the rules of a role let somebody do to a cluster, as data. The rules about roles and the judgement of service
 * accounts both read it, so they agree about what is dangerous.
 */
import { isNeverNamed } from '../../engines/rbac/index.ts';
import { type PolicyRule, coversResource } from '../../model/index.ts';
import type { Severity } from '../finding.ts';

export interface Power {
  /** Completes "lets somebody …". */
  act: string;
  /** API groups that serve the resources; one of them is enough. */
  groups: readonly string[];
  resources: readonly string[];
  /** One of them is enough. */
  verbs: readonly string[];
  /** The resources have no namespace, so a Role or a RoleBinding cannot grant it. */
  clusterScoped?: true;
  /** The API server never asks for it, so that it grants nothing as it is written. */
  idle?: string;
  /** When it differs from that of the rule. */
  severity?: Severity;
  /** What the names in `resourceNames` make of it; one step milder where left out. */
  named?: (names: readonly string[]) => Severity;
}

export interface Match {
  power: Power;
  /** Index of the entry in `resources`. */
  resource: number;
  /** The verbs as they are written. */
  verbs: readonly string[];
}

const WRITE = ['create', 'update', 'patch', 'delete', 'deletecollection'] as const;
const RBAC_GROUP = 'rbac.authorization.k8s.io';
const CONTROLLERS = ['deployments', 'statefulsets', 'daemonsets', 'replicasets'] as const;

// A patch is answered with the whole object, so it reads as well.
export const READ_SECRETS: Power = { act: 'read secrets', groups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch', 'patch'] };
export const CHANGE_SECRETS: Power = { act: 'change secrets', groups: [''], resources: ['secrets'], verbs: WRITE, severity: 'medium' };

export const CREATE_PODS: Power = { act: 'create pods', groups: [''], resources: ['pods'], verbs: ['create'] };
export const CHANGE_PODS: Power = {
  act: 'change the images of running pods',
  groups: [''],
  resources: ['pods'],
  verbs: ['update', 'patch'],
};
export const RUN_APPS: Power = {
  act: 'run pods through workloads',
  groups: ['apps', 'extensions'],
  resources: CONTROLLERS,
  verbs: ['create', 'update', 'patch'],
};
export const RUN_JOBS: Power = {
  act: 'run pods through jobs',
  groups: ['batch'],
  resources: ['jobs', 'cronjobs'],
  verbs: ['create', 'update', 'patch'],
};
export const RUN_CONTROLLERS: Power = {
  act: 'run pods through replication controllers',
  groups: [''],
  resources: ['replicationcontrollers'],
  verbs: ['create', 'update', 'patch'],
};

// Before Kubernetes 1.35 a websocket needs only get.
export const EXEC: Power = { act: 'run commands in pods', groups: [''], resources: ['pods/exec', 'pods/attach'], verbs: ['create', 'get'] };
export const DEBUG: Power = {
  act: 'put debug containers into pods',
  groups: [''],
  resources: ['pods/ephemeralcontainers'],
  verbs: ['update', 'patch'],
};
export const PORT_FORWARD: Power = {
  act: 'open connections to any port of pods',
  groups: [''],
  resources: ['pods/portforward'],
  verbs: ['create', 'get'],
};

export const BIND: Power = {
  act: 'hand out roles beyond its own rights',
  groups: [RBAC_GROUP],
  resources: ['roles', 'clusterroles'],
  verbs: ['bind'],
};
export const ESCALATE: Power = {
  act: 'write rights it does not have into roles',
  groups: [RBAC_GROUP],
  resources: ['roles', 'clusterroles'],
  verbs: ['escalate'],
};
export const IMPERSONATE: Power = {
  act: 'act as other users and groups',
  groups: [''],
  resources: ['users', 'groups'],
  verbs: ['impersonate'],
  clusterScoped: true,
};
export const IMPERSONATE_ACCOUNTS: Power = {
  act: 'act as service accounts',
  groups: [''],
  resources: ['serviceaccounts'],
  verbs: ['impersonate'],
  severity: 'high',
};
export const BIND_BINDINGS: Power = {
  act: 'bind or escalate on bindings',
  groups: [RBAC_GROUP],
  resources: ['rolebindings', 'clusterrolebindings'],
  verbs: ['bind', 'escalate'],
  idle: 'these verbs count on roles and clusterroles only',
};

export const NODES_PROXY: Power = {
  act: "reach the kubelets' API",
  groups: [''],
  resources: ['nodes/proxy'],
  verbs: ['get', 'create'],
  clusterScoped: true,
};
export const APPROVE_CERTIFICATES: Power = {
  act: 'approve certificate requests',
  groups: ['certificates.k8s.io'],
  resources: ['certificatesigningrequests/approval'],
  verbs: ['update', 'patch'],
  clusterScoped: true,
};
export const APPROVE_FOR_SIGNERS: Power = {
  act: 'approve or sign for certificate signers',
  groups: ['certificates.k8s.io'],
  resources: ['signers'],
  verbs: ['approve', 'sign'],
  clusterScoped: true,
};
export const CHANGE_WEBHOOKS: Power = {
  act: 'change admission webhooks',
  groups: ['admissionregistration.k8s.io'],
  resources: ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'],
  verbs: WRITE,
  clusterScoped: true,
};
export const CHANGE_ADMISSION_POLICIES: Power = {
  act: 'change admission policies',
  groups: ['admissionregistration.k8s.io'],
  resources: [
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
    'mutatingadmissionpolicies',
    'mutatingadmissionpolicybindings',
  ],
  verbs: WRITE,
  clusterScoped: true,
};
export const CREATE_TOKENS: Power = {
  act: 'mint tokens of service accounts',
  groups: [''],
  resources: ['serviceaccounts/token'],
  verbs: ['create'],
};
export const CREATE_VOLUMES: Power = {
  act: 'create persistent volumes',
  groups: [''],
  resources: ['persistentvolumes'],
  verbs: ['create'],
  clusterScoped: true,
};
export const SERVICE_STATUS: Power = {
  act: 'write the status of services',
  groups: [''],
  resources: ['services/status'],
  verbs: ['update', 'patch'],
};

/** ConfigMaps that decide about DNS, network or who is let in. */
const SYSTEM_CONFIGMAPS = new Set([
  'coredns',
  'kube-dns',
  'node-local-dns',
  'aws-auth',
  'kube-proxy',
  'kubeadm-config',
  'kubelet-config',
  'cluster-info',
  'extension-apiserver-authentication',
]);
export const CHANGE_CONFIGMAPS: Power = {
  act: 'change config maps',
  groups: [''],
  resources: ['configmaps'],
  verbs: WRITE,
  named: (names) => (names.some((name) => SYSTEM_CONFIGMAPS.has(name)) ? 'high' : 'low'),
};

export const CHANGE_POLICIES: Power = {
  act: 'change network policies',
  groups: ['networking.k8s.io', 'extensions'],
  resources: ['networkpolicies'],
  verbs: WRITE,
};
export const CHANGE_ENDPOINTS: Power = {
  act: 'change endpoints',
  groups: ['', 'discovery.k8s.io'],
  resources: ['endpoints', 'endpointslices'],
  verbs: WRITE,
};
export const CHANGE_SERVICES: Power = { act: 'change services', groups: [''], resources: ['services'], verbs: WRITE };
export const CHANGE_INGRESSES: Power = {
  act: 'change ingresses',
  groups: ['networking.k8s.io', 'extensions'],
  resources: ['ingresses'],
  verbs: WRITE,
};

const DELETE = ['delete', 'deletecollection'] as const;
export const DELETE_CLAIMS: Power = {
  act: 'delete claims with their data',
  groups: [''],
  resources: ['persistentvolumeclaims'],
  verbs: DELETE,
};
export const DELETE_PODS: Power = { act: 'delete pods', groups: [''], resources: ['pods', 'replicationcontrollers'], verbs: DELETE };
export const DELETE_APPS: Power = {
  act: 'delete workloads',
  groups: ['apps', 'extensions', 'batch'],
  resources: [...CONTROLLERS, 'jobs', 'cronjobs'],
  verbs: DELETE,
};
// The namespace of a request to delete a namespace is that namespace, so a Role grants it for its own.
export const DELETE_NAMESPACES: Power = { act: 'delete whole namespaces', groups: [''], resources: ['namespaces'], verbs: DELETE };
export const DELETE_EVENTS: Power = { act: 'delete events', groups: ['', 'events.k8s.io'], resources: ['events'], verbs: DELETE };
export const DELETE_LOGS: Power = {
  act: 'delete logs of pods',
  groups: [''],
  resources: ['pods/log'],
  verbs: DELETE,
  idle: 'the API offers no such call',
};

/** What leads from one account to the whole cluster, the worst first. */
export const TAKEOVER_POWERS: readonly Power[] = [
  ESCALATE,
  BIND,
  IMPERSONATE,
  IMPERSONATE_ACCOUNTS,
  NODES_PROXY,
  CREATE_TOKENS,
  READ_SECRETS,
  CREATE_PODS,
  RUN_APPS,
  RUN_JOBS,
  RUN_CONTROLLERS,
  EXEC,
  DEBUG,
  CHANGE_PODS,
  APPROVE_FOR_SIGNERS,
  CHANGE_WEBHOOKS,
  CHANGE_ADMISSION_POLICIES,
  CREATE_VOLUMES,
];

/** How a rule gives a power, or undefined. `pods/*` is no wildcard in RBAC; `*` covers subresources too. */
export function matchOf(rule: PolicyRule, power: Power): Match | undefined {
  const { verbs, apiGroups, resources } = rule;
  if (verbs === undefined || apiGroups === undefined || resources === undefined) return undefined;
  if (!overlaps(apiGroups, power.groups) || !overlaps(verbs, power.verbs)) return undefined;
  // A name keeps out what has none: a pod is never created by a rule with resourceNames.
  const isNamed = (rule.resourceNames ?? []).length > 0 && rule.resourceNames?.includes('') !== true;
  const isAsked = (resource: string): boolean =>
    !isNamed || power.verbs.some((verb) => overlaps(verbs, [verb]) && !isNeverNamed({ verb, subresource: resource.split('/')[1] ?? '' }));
  const resource = resources.findIndex((entry) => power.resources.some((resource) => coversResource(entry, resource) && isAsked(resource)));
  if (resource < 0) return undefined;
  return { power, resource, verbs: verbs.filter((verb) => verb === '*' || power.verbs.includes(verb)) };
}

const ALL_VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'] as const;

/** Everything but in name: each verb on each resource of each group. */
export function isEverything(rule: PolicyRule): boolean {
  const { verbs, apiGroups, resources } = rule;
  if (verbs === undefined || apiGroups?.includes('*') !== true || resources?.includes('*') !== true) return false;
  return (rule.resourceNames ?? []).length === 0 && (verbs.includes('*') || ALL_VERBS.every((verb) => verbs.includes(verb)));
}

function overlaps(written: readonly string[], wanted: readonly string[]): boolean {
  for (const entry of written) if (entry === '*' || wanted.includes(entry)) return true;
  return false;
}
