/**
 * Rights by which somebody becomes more than the right says: one step each, decided by RBAC alone. What must be there
 * besides (a pod to enter, a Secret worth reading, admission that lets a pod be) is for a graph to know.
 */
import { RBAC_GROUP } from './write.ts';

/** One of the verbs on one of the resources. */
export interface Need {
  readonly verbs: readonly string[];
  readonly group: string;
  readonly resources: readonly string[];
}

export interface Step {
  readonly id: string;
  /** Completes "may …". */
  readonly act: string;
  /** Completes "which leads to …". */
  readonly leadsTo: string;
  /** All of them, in one scope. */
  readonly needs: readonly Need[];
  /** Counts only in the whole cluster. */
  readonly clusterOnly?: true;
  /** Before this minor release `get` is enough, as a websocket begins with it. */
  readonly getBefore?: number;
}

const CHANGE = ['create', 'update', 'patch'] as const;
const EDIT = ['update', 'patch'] as const;
/** Besides what reads: a patch, a delete in the foreground and a delete of all answer with the content, also as a dry run. */
const ANSWERED = ['patch', 'delete', 'deletecollection'] as const;
const CERTIFICATES = 'certificates.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io';

function need(group: string, resources: readonly string[], verbs: readonly string[]): Need {
  return { group, resources, verbs };
}

const CSR_CREATE = need(CERTIFICATES, ['certificatesigningrequests'], ['create']);

export const STEPS: readonly Step[] = [
  {
    id: 'BIND_CLUSTER',
    act: 'bind any cluster role to anybody',
    leadsTo: 'the whole cluster',
    needs: [need(RBAC_GROUP, ['clusterrolebindings'], CHANGE), need(RBAC_GROUP, ['clusterroles'], ['bind'])],
    clusterOnly: true,
  },
  {
    id: 'BIND_NAMESPACE',
    act: 'bind roles beyond its own rights',
    leadsTo: 'everything in the namespace',
    needs: [need(RBAC_GROUP, ['rolebindings'], CHANGE), need(RBAC_GROUP, ['roles', 'clusterroles'], ['bind'])],
  },
  {
    id: 'ROLE_ESCALATE',
    act: 'write any right into roles',
    leadsTo: 'whatever the holders of these roles are given, itself among them',
    needs: [need(RBAC_GROUP, ['roles', 'clusterroles'], EDIT), need(RBAC_GROUP, ['roles', 'clusterroles'], ['escalate'])],
  },
  {
    id: 'IMPERSONATE_GROUP',
    act: 'act as any group',
    leadsTo: 'system:masters, and so the whole cluster',
    needs: [need('', ['groups'], ['impersonate']), need('', ['users', 'serviceaccounts'], ['impersonate'])],
    clusterOnly: true,
  },
  {
    id: 'IMPERSONATE_USER',
    act: 'act as other users',
    leadsTo: 'their rights',
    needs: [need('', ['users'], ['impersonate'])],
    clusterOnly: true,
  },
  {
    id: 'IMPERSONATE_SA',
    act: 'act as service accounts',
    leadsTo: 'the rights of every account of the scope',
    needs: [need('', ['serviceaccounts'], ['impersonate'])],
  },
  {
    id: 'TOKEN_REQUEST',
    act: 'mint tokens of service accounts',
    leadsTo: 'the rights of every account of the scope',
    needs: [need('', ['serviceaccounts/token'], ['create'])],
  },
  {
    id: 'TOKEN_SECRET_MINT',
    act: 'make token Secrets and read them',
    leadsTo: 'the rights of every account of the scope',
    needs: [need('', ['secrets'], ['create']), need('', ['secrets'], ['get', 'list', 'watch', ...ANSWERED])],
  },
  {
    id: 'SECRET_LIST',
    act: 'list Secrets with what is in them',
    leadsTo: 'every credential kept there',
    needs: [need('', ['secrets'], ['list', 'watch', 'deletecollection'])],
  },
  {
    id: 'SECRET_GET',
    act: 'read Secrets by name',
    leadsTo: 'the credentials in those whose names pods tell',
    needs: [need('', ['secrets'], ['get', 'patch', 'delete'])],
  },
  {
    id: 'POD_CREATE_AS_SA',
    act: 'create pods',
    leadsTo: 'the rights of every account and the content of every Secret of the scope, and where admission lets it to nodes',
    needs: [need('', ['pods'], ['create'])],
  },
  {
    id: 'CONTROLLER_CREATE_AS_SA',
    act: 'create workloads',
    leadsTo: 'the same as creating pods',
    needs: [need('apps', ['deployments', 'daemonsets', 'statefulsets', 'replicasets'], ['create'])],
  },
  {
    id: 'JOB_CREATE_AS_SA',
    act: 'create jobs',
    leadsTo: 'the same as creating pods',
    needs: [need('batch', ['jobs', 'cronjobs'], ['create'])],
  },
  {
    id: 'CONTROLLER_PATCH_AS_SA',
    act: 'change workloads',
    leadsTo: 'the same as creating pods, where there is one to change',
    needs: [need('apps', ['deployments', 'daemonsets', 'statefulsets', 'replicasets'], EDIT)],
  },
  { id: 'POD_IMAGE_PATCH', act: 'change the images of running pods', leadsTo: 'what those pods hold', needs: [need('', ['pods'], EDIT)] },
  {
    id: 'POD_EXEC',
    act: 'run commands in pods',
    leadsTo: 'what those pods hold',
    needs: [need('', ['pods/exec'], ['create'])],
    getBefore: 35,
  },
  {
    id: 'POD_ATTACH',
    act: 'attach to pods',
    leadsTo: 'the programs that run there',
    needs: [need('', ['pods/attach'], ['create'])],
    getBefore: 35,
  },
  {
    id: 'EPHEMERAL_CONTAINER',
    act: 'put debug containers into pods',
    leadsTo: 'what those pods hold',
    needs: [need('', ['pods/ephemeralcontainers'], EDIT)],
  },
  {
    id: 'POD_PORTFORWARD',
    act: 'open connections to any port of pods',
    leadsTo: 'what listens there for itself alone',
    needs: [need('', ['pods/portforward'], ['create'])],
    getBefore: 35,
  },
  {
    id: 'NODES_PROXY',
    act: "reach the kubelets' API",
    leadsTo: 'commands in every pod, past admission and audit',
    needs: [need('', ['nodes/proxy'], ['get', 'create'])],
    clusterOnly: true,
  },
  {
    id: 'CSR_APPROVE',
    act: 'request and approve client certificates',
    leadsTo: 'any user name',
    needs: [CSR_CREATE, need(CERTIFICATES, ['certificatesigningrequests/approval'], EDIT), need(CERTIFICATES, ['signers'], ['approve'])],
    clusterOnly: true,
  },
  {
    id: 'CSR_SIGN',
    act: 'sign client certificates',
    leadsTo: 'any user name that is trusted from this signer',
    needs: [need(CERTIFICATES, ['certificatesigningrequests/status'], EDIT), need(CERTIFICATES, ['signers'], ['sign'])],
    clusterOnly: true,
  },
  {
    id: 'PV_HOSTPATH',
    act: 'make volumes of host paths and mount them',
    leadsTo: 'the files of nodes, unseen by Pod Security',
    needs: [need('', ['persistentvolumes'], ['create']), need('', ['persistentvolumeclaims'], ['create']), need('', ['pods'], ['create'])],
    clusterOnly: true,
  },
  {
    id: 'NAMESPACE_RELABEL',
    act: 'relabel namespaces',
    leadsTo: 'pods that Pod Security would refuse',
    needs: [need('', ['namespaces'], EDIT), need('', ['pods'], ['create'])],
  },
  {
    id: 'MUTATING_WEBHOOK',
    act: 'put webhooks before every write',
    leadsTo: 'every object that is written, and any change of it',
    needs: [need(ADMISSION, ['mutatingwebhookconfigurations'], CHANGE)],
    clusterOnly: true,
  },
  {
    id: 'VALIDATING_WEBHOOK_TAP',
    act: 'have every written object sent to a webhook',
    leadsTo: 'the Secrets among them',
    needs: [need(ADMISSION, ['validatingwebhookconfigurations'], CHANGE)],
    clusterOnly: true,
  },
  {
    id: 'MUTATING_POLICY',
    act: 'change objects on their way by policy',
    leadsTo: 'any change of what is written',
    needs: [need(ADMISSION, ['mutatingadmissionpolicies'], CHANGE), need(ADMISSION, ['mutatingadmissionpolicybindings'], CHANGE)],
    clusterOnly: true,
  },
  {
    id: 'APISERVICE_HIJACK',
    act: 'put another server behind an API group',
    leadsTo: 'the requests that go there, with who sent them',
    needs: [need('apiregistration.k8s.io', ['apiservices'], CHANGE)],
    clusterOnly: true,
  },
  {
    id: 'CRD_CONVERSION_WEBHOOK',
    act: 'have custom resources converted by a webhook',
    leadsTo: 'their content, and any change of it',
    needs: [need('apiextensions.k8s.io', ['customresourcedefinitions'], EDIT)],
    clusterOnly: true,
  },
  {
    id: 'AGGREGATION_LABEL',
    act: 'write cluster roles',
    leadsTo: 'more rights for the holders of admin, edit and view, as far as its own go',
    needs: [need(RBAC_GROUP, ['clusterroles'], CHANGE)],
    clusterOnly: true,
  },
];
