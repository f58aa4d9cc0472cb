/** Selectors of policies in words, and what one that finds nothing was probably meant to say. */
import { type PodPeer, type World, matches } from '../../engines/network/index.ts';
import { memo } from '../../lib/memo.ts';
import { nearestOf } from '../../lib/near.ts';
import type { Labels } from '../../model/index.ts';
import type { Network } from './network.ts';

type Selector = PodPeer['pods'];
type Requirement = Selector['requirements'][number];

/** `pod with app=web in namespace "shop"`. */
export function podWords({ namespaces, pods }: PodPeer): string {
  const what = pods.key === '' ? 'pod' : `pod with ${pods.key}`;
  if (typeof namespaces === 'string') return `${what} in namespace "${namespaces}"`;
  return namespaces.key === '' ? `${what} in any namespace` : `${what} in a namespace with ${namespaces.key}`;
}

/** A label that is there and nearly the one that is asked for: `app=catalog`. */
export function meantBy({ namespaces, pods }: PodPeer, { world }: Network): string | undefined {
  const inside = typeof namespaces === 'string' ? [namespaces] : namespacesWith(namespaces, world);
  if (inside.length === 0 && typeof namespaces !== 'string') return nearLabel(namespaces, valuesOf([...world.namespaces.values()]));
  const values = valuesIn(world);
  for (const namespace of inside) {
    const near = nearLabel(pods, values.get(namespace) ?? NONE);
    if (near !== undefined) return near;
  }
  return undefined;
}

export function namespacesWith(selector: Selector, { namespaces }: World): string[] {
  return [...namespaces].filter(([, labels]) => matches(selector, labels)).map(([name]) => name);
}

type Values = ReadonlyMap<string, ReadonlySet<string>>;

const NONE: Values = new Map();

/** Labels of the pods of each namespace that policies can select. */
const valuesIn = memo((world: World): ReadonlyMap<string, Values> => {
  const labels = new Map<string, Labels[]>();
  for (const pod of world.pods) {
    const others = labels.get(pod.namespace);
    if (pod.host) continue;
    if (others === undefined) labels.set(pod.namespace, [pod.labels]);
    else others.push(pod.labels);
  }
  return new Map([...labels].map(([namespace, all]) => [namespace, valuesOf(all)]));
});

function valuesOf(all: readonly Labels[]): Values {
  const values = new Map<string, Set<string>>();
  for (const labels of all) {
    for (const key in labels) {
      const known = values.get(key);
      if (known === undefined) values.set(key, new Set([labels[key] ?? '']));
      else known.add(labels[key] ?? '');
    }
  }
  return values;
}

function nearLabel({ requirements }: Selector, values: Values): string | undefined {
  for (const requirement of requirements) {
    const near = nearRequirement(requirement, values);
    if (near !== undefined) return near;
  }
  return undefined;
}

/** Of labels that nothing has: the same key with nearly the value, or nearly the key with the same value. */
function nearRequirement(requirement: Requirement, values: Values): string | undefined {
  const { key, operator } = requirement;
  if (operator === 'Exists' && !values.has(key)) return nearestOf(key, values.keys());
  if (operator !== 'In') return undefined;
  const known = values.get(key);
  if (requirement.values.some((value) => known?.has(value) === true)) return undefined;
  for (const value of requirement.values) {
    const near = known === undefined ? undefined : nearestOf(value, known);
    if (near !== undefined) return `${key}=${near}`;
    const others = [...values].filter(([, theirs]) => theirs.has(value)).map(([other]) => other);
    const other = known === undefined ? nearestOf(key, others) : undefined;
    if (other !== undefined) return `${other}=${value}`;
  }
  return undefined;
}

/** The end of a message: what was probably meant. */
export function meantWords(meant: string | undefined): string {
  return meant === undefined ? '' : `, though there is ${meant}`;
}
