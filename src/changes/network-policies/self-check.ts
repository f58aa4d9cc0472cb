/** Reads what was written once more, and compares every connection that it allows with what was meant. */
import { type Intervals, type Raw, Relation, connsOf, rangesText, readWorld } from '../../engines/network/index.ts';
import { CastellanError } from '../../lib/errors.ts';
import { parseYaml } from '../../lib/yaml.ts';
import { isRecord, textOf } from '../../lib/record.ts';
import type { Intended, Stranger } from './intended.ts';
import type { Inventory } from './inventory.ts';

/** The documents of a text that was written here. */
export function objectsIn(yaml: string): Raw[] {
  return yaml.split(/^---$/m).flatMap((document) => {
    const result = parseYaml(document);
    if ('error' in result) throw slip(`what was written is no YAML: ${result.error.reason}`);
    return isRecord(result.value) ? [result.value] : [];
  });
}

/** Everything of the input but its policies, of whatever kind. */
export function withoutPolicies({ sources }: Inventory): Raw[] {
  return sources.map(({ object }) => object).filter(({ kind }) => !POLICIES.has(textOf(kind)));
}

const POLICIES = new Set(['NetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy']);

/**
 * Each side of each connection by itself, as the policies of one end may hide what those of the other let through.
 * @throws CAS_SELF_CHECK with the first connection that is otherwise than meant
 */
export function selfCheck(inventory: Inventory, intended: Intended, { yaml, kind }: { yaml: string; kind: string }): void {
  const world = readWorld([...withoutPolicies(inventory), ...intended.strangers.map(strangerObject), ...objectsIn(yaml)]);
  const problem = world.problems.find(({ refused }) => refused);
  if (problem !== undefined) throw slip(`${problem.ref}: ${problem.message}`);
  if (world.pods.length !== inventory.world.pods.length + intended.strangers.length) throw slip('the pods are not the same');
  const relation = new Relation(world);
  const { zones, firstZone } = relation.entities;
  const different = [...kindsOfPods(relation, intended).values()];
  const name = (pod: number): string => world.pods[pod]?.workload ?? '';
  for (const direction of ['egress', 'ingress'] as const) {
    const way = direction === 'egress' ? '->' : '<-';
    for (const own of different) {
      // A policy is for pods of its own namespace.
      if (kind === 'NetworkPolicy' && !intended.namespaces.has(world.pods[own]?.namespace ?? '')) continue;
      const faces = facesOf(relation, own);
      for (const other of different) {
        if (kind === 'ClusterNetworkPolicy' && isBeyond(inventory, other, direction)) continue;
        const got = permitted(relation, direction, { own: faces, other: facesOf(relation, other) });
        check(got, intended.side(direction, own, other), () => `${name(own)} ${way} ${name(other)}`);
      }
      // No such policy is for what comes from outside.
      if (kind === 'ClusterNetworkPolicy' && direction === 'ingress') continue;
      for (const [index, { set }] of zones.all.entries()) {
        const got = permitted(relation, direction, { own: faces, other: [firstZone + index] });
        check(got, intended.outside(direction, own, set[0] ?? 0n), () => `${name(own)} ${way} ${rangesText(set)}`);
      }
    }
  }
}

/** As a template, so that it comes behind all pods of the input. */
function strangerObject({ namespace, labels }: Stranger, index: number): Raw {
  const template = { metadata: { labels }, spec: { containers: [] } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace, name: `stranger ${index}` }, spec: { template } };
}

/** One pod of each class of each unit. */
function kindsOfPods(relation: Relation, intended: Intended): Map<string, number> {
  const found = new Map<string, number>();
  for (const index of relation.world.pods.keys()) {
    const unit = intended.unitOf(index);
    const key = `${unit?.namespace}/${unit?.name} ${unit?.policed} ${facesOf(relation, index).join()} ${relation.world.pods[index]?.addresses.length === 0}`;
    if (!found.has(key)) found.set(key, index);
  }
  return found;
}

/**
 * Such policies name no addresses as sources, and so nothing that comes from a node; and no rule for addresses is seen to
 * mean a node whose address is not known.
 */
function isBeyond({ world }: Inventory, index: number, direction: 'ingress' | 'egress'): boolean {
  const pod = world.pods[index];
  return pod?.host === true && (direction === 'ingress' || pod.addresses.length === 0);
}

function facesOf({ entities }: Relation, pod: number): readonly number[] {
  return entities.classesOf[pod] ?? [];
}

interface Faces {
  own: readonly number[];
  other: readonly number[];
}

/** What the policies of one end say of the other, over any family that both have. */
function permitted(relation: Relation, direction: 'ingress' | 'egress', { own, other }: Faces): Intervals<number> {
  const { entities, ports } = relation;
  let open = ports.none;
  for (const one of own)
    for (const two of other)
      if ((entities.familiesOf(one) & entities.familiesOf(two)) !== 0) open = ports.union(open, relation.permitted(direction, one, two));
  return ports.set(open);
}

function check(got: Intervals<number>, want: Intervals<number>, name: () => string): void {
  if (got.join() === want.join()) return;
  throw slip(`${name()} would be ${JSON.stringify(connsOf(got))}, but ${JSON.stringify(connsOf(want))} is meant`);
}

function slip(what: string): CastellanError {
  return new CastellanError('CAS_SELF_CHECK', `the policies that were made do not do what they should, so they are not shown: ${what}`);
}
