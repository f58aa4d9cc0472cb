/**
 * What the Node authorizer lets a kubelet do (kubernetes, plugin/pkg/auth/authorizer/node): of Secrets, ConfigMaps,
 * volumes, claims and accounts only what the pods of its node refer to, everything else by a fixed list. It stands
 * before RBAC in the chain, so that a no of it is only one when RBAC says no as well.
 */
import type { ApiObject } from '../../model/index.ts';
import { type Rule, type RbacRequest, type ResourceRequest, type User, NODES, isResourceRequest, ruleAllows } from '../rbac/index.ts';
import { nodeRules } from './node-rules.ts';
import { type Referred, ReferenceGraph } from './reference-graph.ts';

/** A list or watch may carry field selectors, of which only equality counts here. */
export type NodeRequest = RbacRequest & { readonly fields?: Readonly<Record<string, string>> };

export interface NodeDecision {
  readonly allowed: boolean;
  /** Completes "the Node authorizer …": why it is allowed or not. */
  readonly reason: string;
  /** From what is asked for to the pod or object that is of the node, as `PersistentVolumeClaim/a/c`, `Pod/a/p`. */
  readonly through: readonly string[];
  /** What the admission plugin NodeRestriction still asks of the object that is written. */
  readonly admission?: string;
}

const PREFIX = 'system:node:';
const LEASES = 'kube-node-lease';
/** AuthorizeNodeWithSelectors: nodes read only themselves and their pods. */
const SELECTORS_SINCE = 32;
/** KubeletServiceAccountTokenForCredentialProviders: nodes read the accounts of their pods. */
const READS_ACCOUNTS_SINCE = 34;
/** ServiceAccountNodeAudienceRestriction, which is asked by NodeRestriction. */
const AUDIENCES_SINCE = 33;

const READ: ReadonlySet<string> = new Set(['get', 'list', 'watch']);
const OWN: ReadonlySet<string> = new Set(['get', 'create', 'update', 'patch', 'delete']);

export class NodeAuthorizer {
  readonly #graph: ReferenceGraph;
  readonly #rules: readonly Rule[];
  readonly #minor: number;

  /** `objects` are all that the server has: pods, volumes, attachments and slices count. `minor` is 34 of 1.34. */
  constructor(objects: Iterable<ApiObject>, minor: number) {
    this.#graph = new ReferenceGraph(objects);
    this.#rules = nodeRules(minor);
    this.#minor = minor;
  }

  /** Undefined for who is no node: name and group must both say so. */
  authorize(user: User, request: NodeRequest): NodeDecision | undefined {
    if (!user.name.startsWith(PREFIX) || !user.groups.includes(NODES)) return undefined;
    const node = user.name.slice(PREFIX.length);
    if (node === '') return no('knows no node without a name');
    if (!isResourceRequest(request)) return this.#byRules(request);
    return this.#ofResource(node, request) ?? this.#byRules(request);
  }

  /** Undefined where the fixed list decides. */
  #ofResource(node: string, request: ResourceRequest & NodeRequest): NodeDecision | undefined {
    const kind = KINDS[`${request.resource}.${request.apiGroup}`];
    if (kind === 'Secret' || kind === 'ConfigMap') return this.#readNamed(node, kind, request);
    if (kind === 'PersistentVolumeClaim' && request.subresource === 'status') {
      if (!['update', 'patch'].includes(request.verb)) return no('lets nodes only change the status of claims');
      return this.#related(node, kind, request);
    }
    if (kind === 'PersistentVolumeClaim' || kind === 'PersistentVolume' || kind === 'ResourceClaim' || kind === 'VolumeAttachment')
      return this.#get(node, kind, request);
    if (kind === 'ServiceAccount') return this.#account(node, request);
    if (kind === 'Lease') return lease(node, request);
    if (kind === 'CSINode') return csiNode(node, request);
    if (kind === 'ResourceSlice') return this.#slice(node, request);
    if (this.#minor < SELECTORS_SINCE) return undefined;
    if (kind === 'Node') return ofNode(node, request);
    if (kind === 'Pod') return this.#pod(node, request);
    return undefined;
  }

  #byRules(request: RbacRequest): NodeDecision {
    return this.#rules.some((rule) => ruleAllows(rule, request)) ? yes('lets every node do that') : no('lets no node do that');
  }

  #related(node: string, kind: Referred, { namespace, name }: ResourceRequest): NodeDecision {
    if (name === '') return no('lets nodes ask for single objects only');
    const through = this.#graph.wayTo(node, { kind, namespace, name });
    return through === undefined
      ? no(`finds nothing on node ${node} that refers to it`)
      : { ...yes(`finds it in use on node ${node}`), through };
  }

  #get(node: string, kind: Referred, request: ResourceRequest): NodeDecision {
    if (request.verb !== 'get' || request.subresource !== '') return no('lets nodes only get single objects of it');
    return this.#related(node, kind, request);
  }

  #readNamed(node: string, kind: Referred, request: ResourceRequest): NodeDecision {
    if (!READ.has(request.verb) || request.subresource !== '') return no('lets nodes only read objects of it');
    if (request.namespace === '') return no('lets nodes read inside of a namespace only');
    return this.#related(node, kind, request);
  }

  #account(node: string, request: ResourceRequest): NodeDecision {
    if (request.verb === 'get' && request.subresource === '') {
      if (this.#minor < READS_ACCOUNTS_SINCE) return no('lets nodes read no accounts before 1.34');
      return this.#readNamed(node, 'ServiceAccount', request);
    }
    if (request.verb !== 'create' || request.subresource !== 'token' || request.name === '')
      return no('lets nodes only make tokens of single accounts');
    const audience = this.#minor < AUDIENCES_SINCE ? '' : ', and for an audience that a volume of the pod names';
    return {
      ...this.#related(node, 'ServiceAccount', request),
      admission: `the token must be bound to a pod of the account on the node${audience}`,
    };
  }

  #slice(node: string, request: ResourceRequest & NodeRequest): NodeDecision {
    const { verb, subresource } = request;
    if (subresource !== '') return no('lets nodes ask for no part of a slice');
    if (verb === 'create') return { ...yes('lets every node create slices'), admission: 'the slice must be of the node' };
    if (['get', 'update', 'patch', 'delete'].includes(verb)) return this.#related(node, 'ResourceSlice', request);
    if (!['watch', 'list', 'deletecollection'].includes(verb)) return no('knows no such verb for slices');
    if (this.#minor < SELECTORS_SINCE || request.fields?.['spec.nodeName'] === node) return yes('lets nodes list slices of their own');
    return no(`takes this only with the field selector spec.nodeName=${node}`);
  }

  #pod(node: string, request: ResourceRequest & NodeRequest): NodeDecision {
    const { verb, subresource, name } = request;
    if (subresource === 'status' && ['update', 'patch'].includes(verb)) return { ...yes('lets every node do that'), admission: OWN_PODS };
    if (subresource === 'eviction' && verb === 'create') return { ...yes('lets every node do that'), admission: OWN_PODS };
    if (subresource !== '') return no('lets no node do that');
    if (verb === 'get') return this.#get(node, 'Pod', request);
    if (verb === 'create' || verb === 'delete')
      return { ...yes('lets every node do that'), admission: `${OWN_PODS}; those that it creates are mirrors of static pods` };
    if (verb !== 'list' && verb !== 'watch') return no('lets no node do that');
    if (request.fields?.['spec.nodeName'] === node) return yes('lets nodes list their own pods');
    if (name !== '') return this.#related(node, 'Pod', request);
    return no(`takes this only with the field selector spec.nodeName=${node}`);
  }
}

const KINDS: Readonly<Record<string, string>> = {
  'secrets.': 'Secret',
  'configmaps.': 'ConfigMap',
  'persistentvolumeclaims.': 'PersistentVolumeClaim',
  'persistentvolumes.': 'PersistentVolume',
  'serviceaccounts.': 'ServiceAccount',
  'nodes.': 'Node',
  'pods.': 'Pod',
  'resourceclaims.resource.k8s.io': 'ResourceClaim',
  'resourceslices.resource.k8s.io': 'ResourceSlice',
  'volumeattachments.storage.k8s.io': 'VolumeAttachment',
  'csinodes.storage.k8s.io': 'CSINode',
  'leases.coordination.k8s.io': 'Lease',
};

const OWN_PODS = 'the pod must be on the node';
const OWN_NODE =
  'it must be the node itself, its taints as they are, with no label under node-restriction.kubernetes.io, and under kubernetes.io and k8s.io only labels that kubelets set';

function yes(reason: string): NodeDecision {
  return { allowed: true, reason, through: [] };
}

function no(reason: string): NodeDecision {
  return { allowed: false, reason, through: [] };
}

/** The name of what is created is not known to an authorizer. */
function lease(node: string, { verb, namespace, name }: ResourceRequest): NodeDecision {
  if (!OWN.has(verb)) return no('lets nodes only get and write their own lease');
  if (namespace !== LEASES) return no(`lets nodes have leases in ${LEASES} only`);
  if (verb !== 'create' && name !== node) return no('lets nodes only get and write the lease of their name');
  return { ...yes('lets nodes keep their own lease'), admission: 'the lease must have the name of the node' };
}

function csiNode(node: string, { verb, subresource, name }: ResourceRequest): NodeDecision {
  if (!OWN.has(verb) || subresource !== '') return no('lets nodes only get and write their own CSINode');
  if (verb !== 'create' && name !== node) return no('lets nodes only get and write the CSINode of their name');
  return { ...yes('lets nodes keep their own CSINode'), admission: 'the CSINode must have the name of the node' };
}

function ofNode(node: string, { verb, subresource, name }: ResourceRequest): NodeDecision {
  if (subresource === 'status' && ['update', 'patch'].includes(verb)) return { ...yes('lets every node do that'), admission: OWN_NODE };
  if (subresource !== '') return no('lets no node do that');
  if (['create', 'update', 'patch'].includes(verb)) return { ...yes('lets every node do that'), admission: OWN_NODE };
  if (!READ.has(verb)) return no('lets no node do that');
  if (name === node) return yes('lets nodes read themselves');
  return no(name === '' ? 'lets nodes read only themselves, not all' : 'lets nodes read only themselves');
}
