/** What can be tried, and which of it the policies of a cluster use. */
import { isRecord } from '../../lib/record.ts';
import type { Fields } from './api.ts';

export const DIRECTIONS = ['ingress', 'egress'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Of NetworkPolicy, each in both directions. */
export const PARTS = {
  deny: 'default deny',
  'pod-selectors': 'pods by their labels',
  'namespace-selectors': 'namespaces by their labels',
  'pods-in-namespaces': 'pods in namespaces, both by labels',
  blocks: 'ranges of addresses',
  'block-exceptions': 'ranges with exceptions',
  ports: 'ports by number',
  'port-ranges': 'ranges of ports (endPort)',
  'named-ports': 'ports by name',
  udp: 'UDP',
  sctp: 'SCTP',
} as const;
export type Part = keyof typeof PARTS;

export const ADMIN_FEATURES = {
  'admin-network-policy': 'AdminNetworkPolicy',
  'baseline-admin-network-policy': 'BaselineAdminNetworkPolicy',
  'cluster-network-policy-admin': 'ClusterNetworkPolicy, tier Admin',
  'cluster-network-policy-baseline': 'ClusterNetworkPolicy, tier Baseline',
} as const;
export type AdminFeature = keyof typeof ADMIN_FEATURES;
export const ACROSS_NODES = 'across-nodes';
export type Feature = `${Direction}-${Part}` | AdminFeature | typeof ACROSS_NODES;

const PART_NAMES = Object.keys(PARTS) as Part[];
const ADMIN_NAMES = Object.keys(ADMIN_FEATURES) as AdminFeature[];
/** In the order in which they are tried and told. */
export const FEATURES: readonly Feature[] = [
  ...DIRECTIONS.flatMap((direction) => PART_NAMES.map((part): Feature => `${direction}-${part}`)),
  ACROSS_NODES,
  ...ADMIN_NAMES,
];

export function isAdminFeature(feature: Feature): feature is AdminFeature {
  return Object.hasOwn(ADMIN_FEATURES, feature);
}

export function titleOf(feature: Feature): string {
  if (feature === ACROSS_NODES) return 'policies across nodes';
  if (isAdminFeature(feature)) return ADMIN_FEATURES[feature];
  const direction = feature.startsWith('ingress-') ? 'ingress' : 'egress';
  return `${direction}: ${PARTS[feature.slice(direction.length + 1) as Part]}`;
}

/** For each feature that occurs the policies that use it, as `Kind/namespace/name`. */
export type Uses = ReadonlyMap<Feature, readonly string[]>;

/** NetworkPolicies and policies of the cluster-scoped kinds, as the API server gives them. */
export function usesOf(policies: Iterable<Fields>): Uses {
  const uses = new Map<Feature, string[]>();
  for (const policy of policies) {
    const ref = refOf(policy);
    for (const feature of new Set(featuresOf(policy))) {
      const users = uses.get(feature);
      if (users === undefined) uses.set(feature, [ref]);
      else users.push(ref);
    }
  }
  // Whatever a policy says, it is meant for pods of all nodes.
  if (uses.size > 0) uses.set(ACROSS_NODES, []);
  return uses;
}

function featuresOf(policy: Fields): Feature[] {
  const spec = recordAt(policy, 'spec');
  switch (policy.kind) {
    case 'NetworkPolicy':
      return directionsOf(spec).flatMap((direction) => partsOf(spec, direction).map((part): Feature => `${direction}-${part}`));
    case 'AdminNetworkPolicy':
      return ['admin-network-policy'];
    case 'BaselineAdminNetworkPolicy':
      return ['baseline-admin-network-policy'];
    case 'ClusterNetworkPolicy':
      return [spec.tier === 'Baseline' ? 'cluster-network-policy-baseline' : 'cluster-network-policy-admin'];
    default:
      return [];
  }
}

/** Without types: ingress always, egress where there are rules for it. */
function directionsOf(spec: Fields): Direction[] {
  const types = Array.isArray(spec.policyTypes) ? (spec.policyTypes as unknown[]) : [];
  if (types.length === 0) return recordsAt(spec, 'egress').length > 0 ? ['ingress', 'egress'] : ['ingress'];
  return DIRECTIONS.filter((direction) => types.includes(direction === 'ingress' ? 'Ingress' : 'Egress'));
}

function partsOf(spec: Fields, direction: Direction): Part[] {
  const rules = recordsAt(spec, direction);
  const peers = rules.flatMap((rule) => recordsAt(rule, direction === 'ingress' ? 'from' : 'to'));
  return ['deny', ...peers.flatMap(peerParts), ...rules.flatMap((rule) => recordsAt(rule, 'ports')).flatMap(portParts)];
}

function peerParts({ podSelector, namespaceSelector, ipBlock }: Fields): Part[] {
  if (isRecord(ipBlock)) return recordsOrTexts(ipBlock.except) > 0 ? ['blocks', 'block-exceptions'] : ['blocks'];
  if (namespaceSelector === undefined) return ['pod-selectors'];
  return podSelector === undefined ? ['namespace-selectors'] : ['pods-in-namespaces'];
}

function portParts({ port, endPort, protocol }: Fields): Part[] {
  const form: Part[] = typeof port === 'string' ? ['named-ports'] : [];
  if (typeof port === 'number') form.push(endPort === undefined ? 'ports' : 'port-ranges');
  if (protocol === 'UDP') form.push('udp');
  if (protocol === 'SCTP') form.push('sctp');
  return form;
}

function refOf({ kind, metadata }: Fields): string {
  const { namespace, name } = isRecord(metadata) ? metadata : {};
  return [kind, namespace, name].filter((part) => typeof part === 'string').join('/');
}

function recordAt(value: Fields, key: string): Fields {
  const found = value[key];
  return isRecord(found) ? found : {};
}

function recordsAt(value: Fields, key: string): Fields[] {
  const found = value[key];
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

function recordsOrTexts(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
