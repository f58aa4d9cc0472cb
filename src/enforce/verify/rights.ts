/** The rights that a run needs. The ClusterRole of `castellan permissions --for net-verify` is made from them. */
import type { Feature } from './features.ts';

export interface Right {
  verb: string;
  group: string;
  resource: string;
}

export const ADMIN_GROUP = 'policy.networking.k8s.io';
/** By kind the plural of the cluster-scoped policies. */
export const ADMIN_PLURALS: Readonly<Record<string, string>> = {
  AdminNetworkPolicy: 'adminnetworkpolicies',
  BaselineAdminNetworkPolicy: 'baselineadminnetworkpolicies',
  ClusterNetworkPolicy: 'clusternetworkpolicies',
};

/** Its namespaces have names of their own, so the rights are for all of them. No `exec`: the pods write logs. */
const ALWAYS: readonly Right[] = [
  ...['create', 'delete', 'get', 'list'].map((verb) => ({ verb, group: '', resource: 'namespaces' })),
  ...['create', 'list'].map((verb) => ({ verb, group: '', resource: 'pods' })),
  { verb: 'get', group: '', resource: 'pods/log' },
  ...['create', 'delete', 'list'].map((verb) => ({ verb, group: 'networking.k8s.io', resource: 'networkpolicies' })),
];

const PULL_SECRET: readonly Right[] = ['create', 'get'].map((verb) => ({ verb, group: '', resource: 'secrets' }));

/** Without it nobody knows whether there is a second node; the rest goes on. */
const NODES: Right = { verb: 'list', group: '', resource: 'nodes' };

/** Of a run that tries these features. */
export function rightsOf(features: readonly Feature[], { pullSecret }: { pullSecret: boolean }): Right[] {
  const kinds = new Set(features.flatMap(pluralOf));
  return [...ALWAYS, ...[...kinds].flatMap(rightsOfKind), ...(pullSecret ? PULL_SECRET : [])];
}

/** Of everything that `net verify` may do, with what it can do without. */
export function allRights(): Right[] {
  return [...ALWAYS, ...Object.values(ADMIN_PLURALS).flatMap(rightsOfKind), NODES, ...PULL_SECRET];
}

function rightsOfKind(resource: string): Right[] {
  return ['create', 'delete', 'list'].map((verb) => ({ verb, group: ADMIN_GROUP, resource }));
}

function pluralOf(feature: Feature): string[] {
  if (feature === 'admin-network-policy') return ['adminnetworkpolicies'];
  if (feature === 'baseline-admin-network-policy') return ['baselineadminnetworkpolicies'];
  return feature.startsWith('cluster-network-policy') ? ['clusternetworkpolicies'] : [];
}
