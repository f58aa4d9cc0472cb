/**
 * Policies of which the input does not tell whom they mean, in words: by labels of namespaces that are not in it, by nodes
 * that are not in it, by DNS names, by labels that controllers give, or since nobody knows which of two is asked first.
 * Whether an answer depends on it is for `unsure.ts`.
 */
import { memo } from '../../lib/memo.ts';
import { groupBy } from '../../lib/groups.ts';
import { asksLabels } from './meaning.ts';
import { DIRECTIONS, type Policy, type PodPeer, policyRef } from './policy.ts';
import type { Selector } from './selector.ts';
import { unknownLabels } from './unknown-labels.ts';
import { rulesOf } from './vocabulary.ts';
import type { World } from './world.ts';

export interface Doubt {
  readonly code: 'namespace-labels-unknown' | 'nodes-unknown' | 'names-unknown' | 'priority-undefined' | 'label-value-unknown';
  readonly policy: Policy;
  readonly message: string;
}

export const doubtsOf: (world: World) => readonly Doubt[] = memo((world) => [
  ...ofNamespaces(world),
  ...ofPlaces(world),
  ...ofPriorities(world),
  ...ofLabels(world),
]);

function ofNamespaces({ undeclared, policies }: World): Doubt[] {
  if (undeclared.size === 0) return [];
  const [first = ''] = undeclared;
  const names = undeclared.size === 1 ? `the namespace ${first}` : `the namespaces ${first} and ${undeclared.size - 1} more`;
  return policies
    .filter((policy) =>
      [policy.subject, ...rulesOf(policy).flatMap(({ peers = [] }) => peers)].some(
        (one) => one.kind === 'pods' && asksLabels(one.namespaces),
      ),
    )
    .map((policy) => ({
      code: 'namespace-labels-unknown',
      policy,
      message: `${policyRef(policy)} selects namespaces by labels, and those of ${names} are not in the input: they are taken to have none`,
    }));
}

function ofPlaces({ policies, nodes }: World): Doubt[] {
  return policies.flatMap((policy): Doubt[] => {
    const kinds = new Set(rulesOf(policy).flatMap(({ peers = [] }) => peers.map(({ kind }) => kind)));
    const aboutNodes = `${policyRef(policy)} is about nodes, and there are none in the input: it is taken to mean nobody`;
    const aboutNames = `${policyRef(policy)} is about DNS names, whose addresses nobody knows beforehand: they are taken to have none`;
    return [
      ...(kinds.has('nodes') && nodes.length === 0 ? [{ code: 'nodes-unknown', policy, message: aboutNodes } as const] : []),
      ...(kinds.has('names') ? [{ code: 'names-unknown', policy, message: aboutNames } as const] : []),
    ];
  });
}

/** Of more policies of one priority than this it is not looked at which of them may be for the same pods. */
const MANY = 300;

/** One for each policy, with the first before it that may say something else of the same pods. */
function ofPriorities({ policies }: World): Doubt[] {
  const groups = groupBy(
    policies.filter(({ tier }) => tier !== 'network'),
    ({ tier, priority }) => `${tier} ${priority}`,
  );
  return [...groups.values()].flatMap((group) =>
    group.flatMap((policy, index) => {
      const other = group.slice(0, index).find((one) => group.length > MANY || mayDisagree(one, policy));
      return other === undefined ? [] : [ofOnePriority(policy, other)];
    }),
  );
}

export function ofOnePriority(policy: Policy, other: Policy): Doubt {
  const message = `${policyRef(policy)} and ${policyRef(other)} have the same priority: what they say depends on which of them is asked first, and that is not defined`;
  return { code: 'priority-undefined', policy, message };
}

function mayDisagree(one: Policy, other: Policy): boolean {
  if (areApart(one.subject, other.subject)) return false;
  return DIRECTIONS.some((direction) => {
    const [own, others] = [one[direction] ?? [], other[direction] ?? []];
    return own.length > 0 && others.length > 0 && new Set([...own, ...others].map(({ action }) => action)).size > 1;
  });
}

/** As far as plain labels tell. */
function areApart(one: PodPeer, other: PodPeer): boolean {
  if (typeof one.namespaces !== 'string' && typeof other.namespaces !== 'string' && exclude(one.namespaces, other.namespaces)) return true;
  return exclude(one.pods, other.pods);
}

function exclude(one: Selector, other: Selector): boolean {
  return one.requirements.some(
    (own) =>
      own.operator === 'In' &&
      other.requirements.some(
        (rival) => rival.operator === 'In' && rival.key === own.key && !own.values.some((value) => rival.values.includes(value)),
      ),
  );
}

function ofLabels(world: World): Doubt[] {
  return unknownLabels(world).map(({ policy, key, workload }) => ({
    code: 'label-value-unknown',
    policy,
    message: `${policyRef(policy)} selects by values of ${key}, which a controller gives to the pods of ${workload} only when it makes them: they are taken for pods with another value`,
  }));
}
