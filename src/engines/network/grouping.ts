/** Pods in the groups that people think in: workloads, namespaces, teams, tenants. */
import { CastellanError } from '../../lib/errors.ts';
import type { PathSegment } from '../../lib/field-path.ts';
import { isRecord } from '../../lib/record.ts';
import { Peers } from './peers.ts';
import type { Relation } from './relation.ts';

export type Grouping =
  | { readonly by: 'pod' | 'workload' | 'namespace' }
  /** A label of the pods, or of their namespaces. */
  | { readonly by: 'label' | 'namespace-label'; readonly key: string }
  | { readonly by: 'tenants'; readonly tenants: ReadonlyMap<string, readonly string[]>; readonly placeOf?: PlaceOf };

/** `FILE:LINE` of a field of the file that tenants are read from. */
export type PlaceOf = (path: readonly PathSegment[]) => string;

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
      return tenantsOf(relation, grouping);
  }
}

function tenantsOf(relation: Relation, { tenants, placeOf }: Extract<Grouping, { by: 'tenants' }>): (string | undefined)[] {
  const peers = new Peers(relation);
  const { pods } = relation.world;
  const groups: ({ name: string; place: string } | undefined)[] = pods.map(() => undefined);
  for (const [name, texts] of tenants) {
    for (const [index, text] of texts.entries()) {
      const place = placeOf?.(['tenants', name, index]) ?? '';
      for (const pod of findAt(place, () => peers.find(text)).flatMap((peer) => peer.pods)) {
        const other = groups[pod];
        if (other !== undefined && other.name !== name)
          throw new CastellanError('CAS_TENANTS', prefixed(place, `${pods[pod]?.workload} is in the tenants ${named(other)} and ${name}`));
        groups[pod] ??= { name, place };
      }
    }
  }
  return groups.map((group) => group?.name);
}

function named({ name, place }: { name: string; place: string }): string {
  return place === '' ? name : `${name} (${place})`;
}

function prefixed(place: string, message: string): string {
  return place === '' ? message : `${place}: ${message}`;
}

/** An end that is not there is told of with the line that names it. */
function findAt<T>(place: string, find: () => T): T {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof CastellanError) || place === '') throw error;
    throw new CastellanError(error.code, `${place}: ${error.message}`, { remedy: error.remedy, cause: error });
  }
}

/**
 * `{tenants: {NAME: [PEER, …]}}` as it was parsed.
 * @throws CAS_TENANTS with the place of what is wrong
 */
export function parseTenants(value: unknown, placeOf: PlaceOf): ReadonlyMap<string, readonly string[]> {
  const wrong = (path: readonly PathSegment[], message: string): CastellanError =>
    new CastellanError('CAS_TENANTS', `${placeOf(path)}: ${message}`);
  if (!isRecord(value) || !('tenants' in value)) throw wrong([], 'there is no "tenants"');
  const { tenants, ...others } = value;
  const [other] = Object.keys(others);
  if (other !== undefined) throw wrong([other], `a file of tenants has the field "tenants" only, and not ${JSON.stringify(other)}`);
  if (!isRecord(tenants) || Object.keys(tenants).length === 0) throw wrong(['tenants'], '"tenants" names no tenant');
  return new Map(
    Object.entries(tenants).map(([name, peers]) => {
      if (!Array.isArray(peers) || peers.length === 0) throw wrong(['tenants', name], `tenants.${name} is no list of ends of connections`);
      return [
        name,
        peers.map((peer: unknown, index) => {
          if (typeof peer === 'string') return peer;
          throw wrong(['tenants', name, index], `tenants.${name}[${index}] is no end of a connection, but ${JSON.stringify(peer)}`);
        }),
      ];
    }),
  );
}
