/** Pods in the groups that people think in: workloads, namespaces, teams, tenants. */
import { CastellanError } from '../../lib/errors.ts';
import { isRecord } from '../../lib/record.ts';
import { Peers } from './peers.ts';
import type { Relation } from './relation.ts';

export type Grouping =
  | { readonly by: 'pod' | 'workload' | 'namespace' }
  /** A label of the pods, or of their namespaces. */
  | { readonly by: 'label' | 'namespace-label'; readonly key: string }
  | { readonly by: 'tenants'; readonly tenants: ReadonlyMap<string, readonly string[]> };

/** Of those that have no such label. */
export const NO_LABEL = '(none)';

/** For each pod, by index, the name of its group; undefined for those that are in none, as those are that have ended. */
export function groupsOf(relation: Relation, grouping: Grouping): (string | undefined)[] {
  const groups = groupsOfAll(relation, grouping);
  return relation.world.pods.map(({ finished }, pod) => (finished ? undefined : groups[pod]));
}

function groupsOfAll(relation: Relation, grouping: Grouping): (string | undefined)[] {
  const { pods, namespaces } = relation.world;
  switch (grouping.by) {
    case 'pod':
      return pods.map(({ namespace, name }) => `${namespace}/${name}`);
    case 'workload':
      return pods.map(({ workload }) => workload);
    case 'namespace':
      return pods.map(({ namespace }) => namespace);
    case 'label':
      return pods.map(({ labels }) => (Object.hasOwn(labels, grouping.key) ? labels[grouping.key] : NO_LABEL));
    case 'namespace-label':
      return pods.map(({ namespace }) => {
        const labels = namespaces.get(namespace) ?? {};
        return Object.hasOwn(labels, grouping.key) ? labels[grouping.key] : undefined;
      });
    default:
      return tenantsOf(relation, grouping.tenants);
  }
}

function tenantsOf(relation: Relation, tenants: ReadonlyMap<string, readonly string[]>): (string | undefined)[] {
  const peers = new Peers(relation);
  const { pods } = relation.world;
  const groups: (string | undefined)[] = pods.map(() => undefined);
  for (const [name, texts] of tenants) {
    for (const pod of texts.flatMap((text) => peers.find(text)).flatMap((peer) => peer.pods)) {
      const other = groups[pod];
      if (other !== undefined && other !== name)
        throw new CastellanError('CAS_TENANTS', `${pods[pod]?.workload} is in the tenants ${other} and ${name}`);
      groups[pod] = name;
    }
  }
  return groups;
}

/** `{tenants: {NAME: [PEER, …]}}` as it was parsed. */
export function parseTenants(value: unknown, file: string): ReadonlyMap<string, readonly string[]> {
  const tenants = isRecord(value) ? value.tenants : undefined;
  if (!isRecord(tenants) || Object.keys(tenants).length === 0) throw new CastellanError('CAS_TENANTS', `${file} has no "tenants"`);
  return new Map(
    Object.entries(tenants).map(([name, peers]) => {
      if (!Array.isArray(peers) || peers.length === 0 || !peers.every((peer) => typeof peer === 'string'))
        throw new CastellanError('CAS_TENANTS', `${file}: tenants.${name} is no list of ends of connections`);
      return [name, peers];
    }),
  );
}
