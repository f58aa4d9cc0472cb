/**
 * Policies of which the input does not tell whom they mean: by labels of namespaces that are not in it, by nodes that are
 * not in it, by DNS names, by labels that controllers give, or since nobody knows which of two is asked first.
 */
import { UNKNOWN_VALUE } from '../../model/index.ts';
import { memo } from '../../lib/memo.ts';
import { listIn } from '../../lib/groups.ts';
import type { PodClass } from './entities.ts';
import { DIRECTIONS, type Direction, type Policy, type PodPeer, type Rule, policyRef } from './policy.ts';
import type { Relation } from './relation.ts';
import { matches, selectorOf } from './selector.ts';
import { unknownLabels } from './unknown-labels.ts';
import { NAME_LABEL, type World } from './world.ts';

export interface Doubt {
  readonly code: 'namespace-labels-unknown' | 'nodes-unknown' | 'names-unknown' | 'priority-undefined' | 'label-value-unknown';
  readonly policy: Policy;
  readonly message: string;
}

/** Whom a doubt is about, at the other end of a connection: a class or zone. */
type Meets = (relation: Relation, peer: number) => boolean;

interface Doubtful extends Doubt {
  readonly direction: Direction | 'both';
  readonly meets: Meets;
  /** Of a NetworkPolicy, a rule that may be for the peer too: it can only open more. */
  readonly opens?: Rule;
}

export const doubtsOf: (world: World) => Doubts = memo((world) => new Doubts(world));

export class Doubts {
  readonly all: readonly Doubt[];
  readonly #of = new Map<Policy, Doubtful[]>();

  constructor(world: World) {
    const found = [...ofNamespaces(world), ...ofPlaces(world), ...ofPriorities(world), ...ofLabels(world)];
    for (const doubt of found) listIn(this.#of, doubt.policy).push(doubt);
    this.all = [...new Map(found.map((doubt) => [doubt.message, doubt])).values()];
  }

  /** What of the policies of a subject may mean a peer otherwise than it seems to. */
  about(
    relation: Relation,
    direction: Direction,
    { subject, peer }: { subject: number; peer: number },
  ): readonly Pick<Doubtful, 'opens'>[] {
    if (this.#of.size === 0) return NONE;
    return (relation.signatureOf(direction, subject)?.policies ?? []).flatMap((policy) =>
      (this.#of.get(policy) ?? []).filter(
        (doubt) => (doubt.direction === 'both' || doubt.direction === direction) && doubt.meets(relation, peer),
      ),
    );
  }
}

const NONE: readonly Doubtful[] = [];

function isZone({ entities }: Relation, id: number): boolean {
  return id >= entities.firstZone && id < entities.firstRepresentative;
}

function* rulesIn(policies: readonly Policy[]): Generator<{ policy: Policy; direction: Direction; rule: Rule }> {
  for (const policy of policies)
    for (const direction of DIRECTIONS) for (const rule of policy[direction] ?? []) yield { policy, direction, rule };
}

/** Every namespace has its name for a label, and nobody knows its others without the object. */
function ofNamespaces(world: World): Doubtful[] {
  const { undeclared } = world;
  if (undeclared.size === 0) return [];
  const asks = ({ namespaces }: PodPeer): boolean =>
    typeof namespaces !== 'string' && namespaces.requirements.some(({ key }) => key !== NAME_LABEL);
  const mayMean = ({ namespaces, pods }: PodPeer, { namespace, labels }: PodClass): boolean =>
    typeof namespaces !== 'string' &&
    matches(selectorOf(namespaces.requirements.filter(({ key }) => key === NAME_LABEL)), { [NAME_LABEL]: namespace }) &&
    matches(pods, labels);
  const found: Doubtful[] = [];
  const [first = ''] = undeclared;
  const names = undeclared.size === 1 ? `the namespace ${first}` : `the namespaces ${first} and ${undeclared.size - 1} more`;
  for (const { policy, direction, rule } of rulesIn(world.policies)) {
    const doubtful = (rule.peers ?? []).filter((peer): peer is PodPeer => peer.kind === 'pods' && asks(peer));
    if (doubtful.length === 0) continue;
    found.push({
      code: 'namespace-labels-unknown',
      policy,
      direction,
      message: `${policyRef(policy)} selects namespaces by labels, and those of ${names} are not in the input: they are taken to have none`,
      meets({ entities }, peer) {
        const kind = entities.classes[peer];
        return kind !== undefined && !kind.host && undeclared.has(kind.namespace) && doubtful.some((one) => mayMean(one, kind));
      },
      ...(policy.tier === 'network' && { opens: rule }),
    });
  }
  return found;
}

function ofPlaces(world: World): Doubtful[] {
  const found: Doubtful[] = [];
  for (const { policy, direction, rule } of rulesIn(world.policies)) {
    const kinds = new Set((rule.peers ?? []).map(({ kind }) => kind));
    if (kinds.has('nodes') && world.nodes.length === 0)
      found.push({
        code: 'nodes-unknown',
        policy,
        direction,
        message: `${policyRef(policy)} is about nodes, and there are none in the input: it is taken to mean nobody`,
        meets: (relation, peer) => isZone(relation, peer) || relation.entities.classes[peer]?.host === true,
      });
    if (kinds.has('names'))
      found.push({
        code: 'names-unknown',
        policy,
        direction,
        message: `${policyRef(policy)} is about DNS names, whose addresses nobody knows beforehand: they are taken to have none`,
        meets: (relation, peer) => isZone(relation, peer) || relation.entities.classes[peer]?.host === true,
      });
  }
  return found;
}

/** Of the same tier and priority; where they say the same of somebody the order does not matter, which is not looked at. */
function ofPriorities({ policies }: World): Doubtful[] {
  const first = new Map<string, Policy>();
  return policies.flatMap((policy) => {
    const { tier, priority } = policy;
    if (tier === 'network') return [];
    const other = first.get(`${tier} ${priority}`);
    if (other === undefined) {
      first.set(`${tier} ${priority}`, policy);
      return [];
    }
    const message = `${policyRef(policy)} and ${policyRef(other)} have the same priority: what they say depends on which of them is asked first, and that is not defined`;
    return (
      [
        [policy, other],
        [other, policy],
      ] as const
    ).map(([one, rival]): Doubtful => ({
      code: 'priority-undefined',
      policy: one,
      direction: 'both',
      message,
      meets: (relation, peer) => disagree([one, rival], (rule) => relation.isPeer(rule, peer)),
    }));
  });
}

/** Whether both have rules for a peer, with different actions. */
function disagree(policies: readonly Policy[], isFor: (rule: Rule) => boolean): boolean {
  return DIRECTIONS.some((direction) => {
    const actions = policies.map((policy) => (policy[direction] ?? []).filter(isFor).map(({ action }) => action));
    return actions.every((own) => own.length > 0) && new Set(actions.flat()).size > 1;
  });
}

function ofLabels(world: World): Doubtful[] {
  return unknownLabels(world).map(({ policy, key, workload }) => ({
    code: 'label-value-unknown',
    policy,
    direction: 'both',
    message: `${policyRef(policy)} selects by values of ${key}, which a controller gives to the pods of ${workload} only when it makes them: they are taken for pods with another value`,
    meets: ({ entities }, peer) => entities.classes[peer]?.labels[key] === UNKNOWN_VALUE,
  }));
}
