/** Reads what was written once more, and compares every connection that it allows with what was meant. */
import { type Intervals, type Raw, Relation, connsOf, rangesText, readWorld } from '../../engines/network/index.ts';
import { CastellanError } from '../../lib/errors.ts';
import { parseYaml } from '../../lib/yaml.ts';
import { isRecord } from '../../lib/record.ts';
import type { Intended } from './intended.ts';
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
  return sources.map(({ object }) => object).filter(({ kind }) => !POLICIES.has(String(kind)));
}

const POLICIES = new Set(['NetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy']);

/** @throws CAS_SELF_CHECK with the first connection that is otherwise than meant */
export function selfCheck(inventory: Inventory, intended: Intended, { yaml, kind }: { yaml: string; kind: string }): void {
  const world = readWorld([...withoutPolicies(inventory), ...objectsIn(yaml)]);
  const problem = world.problems.find(({ refused }) => refused);
  if (problem !== undefined) throw slip(`${problem.ref}: ${problem.message}`);
  if (world.pods.length !== inventory.world.pods.length) throw slip('the pods are not the same');
  const relation = new Relation(world);
  const different = [...kindsOfPods(relation, intended).values()];
  for (const source of different) {
    for (const destination of different) {
      // Nobody's rule for addresses is seen to mean a node whose address is not known.
      if (kind === 'ClusterNetworkPolicy' && [source, destination].some((pod) => isNowhere(inventory, pod))) continue;
      const want = intended.between(source, destination);
      check(
        union(relation, { from: facesOf(relation, source), to: facesOf(relation, destination) }),
        want,
        () => `${nameOf(inventory, source)} -> ${nameOf(inventory, destination)}`,
      );
    }
    for (const [index, { set }] of relation.entities.zones.all.entries()) {
      const zone = [relation.entities.firstZone + index];
      const [address = 0n] = set;
      check(
        union(relation, { from: facesOf(relation, source), to: zone }),
        intended.outside('egress', source, address),
        () => `${nameOf(inventory, source)} -> ${rangesText(set)}`,
      );
      // No such policy is for what comes from outside.
      if (kind !== 'ClusterNetworkPolicy')
        check(
          union(relation, { from: zone, to: facesOf(relation, source) }),
          intended.outside('ingress', source, address),
          () => `${rangesText(set)} -> ${nameOf(inventory, source)}`,
        );
    }
  }
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

function isNowhere({ world }: Inventory, index: number): boolean {
  const pod = world.pods[index];
  return pod?.host === true && pod.addresses.length === 0;
}

function facesOf({ entities }: Relation, pod: number): readonly number[] {
  return entities.classesOf[pod] ?? [];
}

function union(relation: Relation, { from, to }: { from: readonly number[]; to: readonly number[] }): Intervals<number> {
  let open = relation.ports.none;
  for (const source of from) for (const destination of to) open = relation.ports.union(open, relation.allowed(source, destination));
  return relation.ports.set(open);
}

function check(got: Intervals<number>, want: Intervals<number>, name: () => string): void {
  if (got.join() === want.join()) return;
  throw slip(`${name()} would be ${JSON.stringify(connsOf(got))}, but ${JSON.stringify(connsOf(want))} is meant`);
}

function nameOf({ world }: Inventory, pod: number): string {
  return world.pods[pod]?.workload ?? '';
}

function slip(what: string): CastellanError {
  return new CastellanError('CAS_SELF_CHECK', `the policies that were made do not do what they should, so they are not shown: ${what}`);
}
