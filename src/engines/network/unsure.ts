/**
 * What the policies of one side let pass, where the input does not tell whom they mean: surely, whatever is not told, and
 * possibly. Each port is followed by itself through what may become of it; what is not told is taken to be independent.
 */
import { groupBy } from '../../lib/groups.ts';
import { memo } from '../../lib/memo.ts';
import { type Doubt, doubtsOf, ofOnePriority } from './doubts.ts';
import { type Meant, asksLabels, isUntold, meansPod } from './meaning.ts';
import { type Action, type Direction, type Policy, type PodPeer, type Rule, type Tier, policyRef } from './policy.ts';
import type { Relation } from './relation.ts';
import { inOrder, saysAnything } from './signatures.ts';
import { labelsGiven } from './unknown-labels.ts';
import { rulesOf } from './vocabulary.ts';

/** Ids of sets of ports. What is sure is possible too. */
export interface Open {
  /** Whatever is not known. */
  readonly surely: number;
  readonly possibly: number;
}

/** A policy that is for the subject, or may be. */
interface Candidate {
  readonly policy: Policy;
  readonly sure: boolean;
}

/** A class as a subject; of the same key are those that the same is said of. */
interface Subject {
  readonly candidates: readonly Candidate[];
  readonly doubtful: boolean;
  readonly key: number;
}

const MEANT: readonly Meant[] = ['yes', 'maybe', 'no'];

/** What may become of ports when some policies were asked: one may be in several. */
type Outcome = Readonly<Record<Action | 'left', number>>;

interface At {
  readonly direction: Direction;
  readonly subject: number;
  readonly peer: number;
}

export const unsureOf: (relation: Relation) => Unsure = memo((relation) => new Unsure(relation));

export class Unsure {
  readonly #relation: Relation;
  /** Of which something depends on what is not told. */
  readonly #doubtful: ReadonlySet<Policy>;
  /** Of which that is whom they are for. */
  readonly #forWhom: readonly Policy[];
  readonly #subjects = new Map<string, Subject>();
  readonly #keys = new Map<string, number>();
  readonly #sides = new Map<number, Open>();
  /** By rule and peer, one more than the index of what is meant; 0 is not known yet. */
  readonly #meant = new Map<Rule, Uint8Array>();

  constructor(relation: Relation) {
    const { policies } = relation.world;
    this.#relation = relation;
    this.#forWhom = policies.filter(({ subject }) => this.#isOpen(subject));
    this.#doubtful = new Set([...sharingPriority(policies), ...this.#forWhom, ...policies.filter((policy) => this.#namesUnknown(policy))]);
  }

  side(at: At): Open {
    const { direction, subject, peer } = at;
    const of = this.#doubtful.size === 0 ? undefined : this.#subjectOf(direction, subject);
    if (of?.doubtful !== true) {
      const known = this.#relation.permitted(direction, subject, peer);
      return { surely: known, possibly: known };
    }
    const key = of.key * this.#relation.entities.count + peer;
    let side = this.#sides.get(key);
    if (side === undefined) this.#sides.set(key, (side = this.#work(at, of.candidates)));
    return side;
  }

  #work(at: At, candidates: readonly Candidate[]): Open {
    const { ports } = this.#relation;
    const admin = this.#inTurn(at, candidates, 'admin');
    const rest = ports.union(admin.left, admin.Pass);
    const below = this.#below(at, candidates);
    return {
      surely: ports.without(ports.without(ports.all, admin.Deny), ports.without(rest, below.surely)),
      possibly: ports.union(admin.Accept, ports.common(rest, below.possibly)),
    };
  }

  /** Those that are for the subject, or may be. */
  policies({ direction, subject }: At): readonly Policy[] {
    return this.#subjectOf(direction, subject).candidates.map(({ policy }) => policy);
  }

  /** What is not told, and concerns this side. */
  doubts(at: At): readonly Doubt[] {
    const { candidates } = this.#subjectOf(at.direction, at.subject);
    const codes = new Map(candidates.map(({ policy, sure }) => [policy, this.#codesOf(policy, at, sure)]));
    return [
      ...doubtsOf(this.#relation.world).filter(({ policy, code }) => codes.get(policy)?.has(code) === true),
      ...candidates.flatMap(({ policy }, index) =>
        candidates.slice(0, index).flatMap((one) => (this.#disagree(policy, one.policy, at) ? [ofOnePriority(policy, one.policy)] : [])),
      ),
    ];
  }

  #codesOf(policy: Policy, at: At, sure: boolean): ReadonlySet<Doubt['code']> {
    const isOpen = [...this.#rules(policy, at)].some(({ meant }) => meant === 'maybe');
    const isOutside = this.#relation.entities.classes[at.peer]?.host !== false;
    return new Set<Doubt['code']>([
      ...(isOpen && isOutside ? (['nodes-unknown', 'names-unknown'] as const) : []),
      ...(!sure || (isOpen && !isOutside) ? (['namespace-labels-unknown', 'label-value-unknown'] as const) : []),
    ]);
  }

  /** Of one priority, with different actions for the peer. */
  #disagree(policy: Policy, other: Policy, at: At): boolean {
    if (policy.tier === 'network' || policy.tier !== other.tier || policy.priority !== other.priority) return false;
    const [own, others] = [policy, other].map((one) => [...this.#rules(one, at)].map(({ action }) => action));
    return (own?.length ?? 0) > 0 && (others?.length ?? 0) > 0 && new Set([...(own ?? []), ...(others ?? [])]).size > 1;
  }

  /** NetworkPolicies where any is for the subject, else the baseline. */
  #below(at: At, candidates: readonly Candidate[]): Open {
    const { ports } = this.#relation;
    const network = candidates.filter(({ policy }) => policy.tier === 'network');
    const sure = network.filter((one) => one.sure);
    const possibly = network.reduce((all, { policy }) => ports.union(all, this.#allowed(policy, at).possibly), ports.none);
    if (sure.length > 0)
      return { surely: sure.reduce((all, { policy }) => ports.union(all, this.#allowed(policy, at).surely), ports.none), possibly };
    const { Accept, Deny, Pass, left } = this.#inTurn(at, candidates, 'baseline');
    const open = ports.union(Accept, ports.union(Pass, left));
    return {
      // Any one of them may be the only one that is for it.
      surely: network.reduce((all, { policy }) => ports.common(all, this.#allowed(policy, at).surely), ports.without(ports.all, Deny)),
      possibly: ports.union(open, possibly),
    };
  }

  #allowed(policy: Policy, at: At): Open {
    const { ports } = this.#relation;
    let [surely, possibly] = [ports.none, ports.none];
    for (const { meant, set } of this.#rules(policy, at)) {
      possibly = ports.union(possibly, set);
      if (meant === 'yes') surely = ports.union(surely, set);
    }
    return { surely, possibly };
  }

  /** By priority; of policies that share one any may be asked first. */
  #inTurn(at: At, candidates: readonly Candidate[], tier: Tier): Outcome {
    const { ports } = this.#relation;
    const start = { Accept: ports.none, Deny: ports.none, Pass: ports.none, left: ports.all };
    const byPriority = groupBy(
      candidates.filter(({ policy }) => policy.tier === tier),
      ({ policy }) => policy.priority,
    );
    return [...byPriority.values()].reduce<Outcome>((before, group) => {
      const outcomes = group.map((one) => this.#after(before.left, one, at));
      return {
        Accept: outcomes.reduce((all, { Accept }) => ports.union(all, Accept), before.Accept),
        Deny: outcomes.reduce((all, { Deny }) => ports.union(all, Deny), before.Deny),
        Pass: outcomes.reduce((all, { Pass }) => ports.union(all, Pass), before.Pass),
        left: outcomes.reduce((all, { left }) => ports.common(all, left), before.left),
      };
    }, start);
  }

  #after(open: number, { policy, sure }: Candidate, at: At): Outcome {
    const { ports } = this.#relation;
    const outcome = { Accept: ports.none, Deny: ports.none, Pass: ports.none, left: open };
    for (const { action, meant, set } of this.#rules(policy, at)) {
      const decided = ports.common(outcome.left, set);
      outcome[action] = ports.union(outcome[action], decided);
      if (meant === 'yes') outcome.left = ports.without(outcome.left, decided);
    }
    return sure ? outcome : { ...outcome, left: open };
  }

  *#rules(policy: Policy, { direction, subject, peer }: At): Generator<{ action: Action; meant: Meant; set: number }> {
    const { rulePorts } = this.#relation;
    const destination = direction === 'ingress' ? subject : peer;
    for (const rule of policy[direction] ?? []) {
      const meant = this.#means(rule, peer);
      if (meant !== 'no')
        yield { action: rule.action, meant, set: rulePorts.whereSame(rule, direction, subject) ?? rulePorts.of(rule, destination) };
    }
  }

  #means(rule: Rule, peer: number): Meant {
    let known = this.#meant.get(rule);
    if (known === undefined) this.#meant.set(rule, (known = new Uint8Array(this.#relation.entities.count)));
    const index = known[peer] ?? 0;
    const meant = MEANT[index - 1] ?? this.#findMeant(rule, peer);
    known[peer] = MEANT.indexOf(meant) + 1;
    return meant;
  }

  #findMeant(rule: Rule, peer: number): Meant {
    const { entities, world, selection } = this.#relation;
    const known = this.#relation.isPeer(rule, peer) ? 'yes' : 'no';
    const kind = entities.classes[peer];
    const [pods, others] = [
      (rule.peers ?? []).filter((one) => one.kind === 'pods'),
      (rule.peers ?? []).filter((one) => one.kind !== 'pods'),
    ];
    const isOutside = kind === undefined ? peer < entities.firstRepresentative : kind.host;
    if (known === 'no' && isOutside && others.some((one) => one.kind === 'names' || (one.kind === 'nodes' && world.nodes.length === 0)))
      return 'maybe';
    if (kind === undefined || pods.length === 0) return known;
    if (selection.hasAddressOf(rule, entities.placeOf(peer))) return 'yes';
    const meant = new Set(pods.map((one) => meansPod(world, one, kind)));
    return meant.has('yes') ? 'yes' : meant.has('maybe') ? 'maybe' : 'no';
  }

  #subjectOf(direction: Direction, subject: number): Subject {
    const key = `${direction} ${subject}`;
    let found = this.#subjects.get(key);
    if (found === undefined) {
      const candidates = this.#candidatesOf(direction, subject);
      found = {
        candidates,
        doubtful: candidates.some(({ policy }) => this.#doubtful.has(policy)),
        key: this.#keyOf(direction, subject, candidates),
      };
      this.#subjects.set(key, found);
    }
    return found;
  }

  #keyOf(direction: Direction, subject: number, candidates: readonly Candidate[]): number {
    const ports = direction === 'ingress' ? this.#relation.entities.classes[subject]?.portsKey : '';
    const text = JSON.stringify([direction, ports, candidates.map(({ policy, sure }) => [policyRef(policy), sure])]);
    let key = this.#keys.get(text);
    if (key === undefined) this.#keys.set(text, (key = this.#keys.size));
    return key;
  }

  /** Those that are for a class in any case, and those that may be. */
  #candidatesOf(direction: Direction, subject: number): readonly Candidate[] {
    const { world, entities } = this.#relation;
    const known = this.#relation.signatureOf(direction, subject)?.policies ?? [];
    const kind = entities.classes[subject];
    if (kind === undefined || kind.host) return [];
    const maybe = isUntold(world, kind)
      ? new Set(this.#forWhom.filter((policy) => saysAnything(policy, direction) && meansPod(world, policy.subject, kind) === 'maybe'))
      : NOBODY;
    return inOrder([...new Set([...known, ...maybe])]).map((policy) => ({ policy, sure: !maybe.has(policy) }));
  }

  #isOpen({ namespaces, pods }: PodPeer): boolean {
    const { world } = this.#relation;
    return (
      (world.undeclared.size > 0 && asksLabels(namespaces)) ||
      pods.requirements.some((one) => 'values' in one && labelsGiven(world).has(one.key))
    );
  }

  #namesUnknown(policy: Policy): boolean {
    const { world } = this.#relation;
    return rulesOf(policy).some(({ peers = [] }) =>
      peers.some((peer) =>
        peer.kind === 'pods' ? this.#isOpen(peer) : peer.kind === 'names' || (peer.kind === 'nodes' && world.nodes.length === 0),
      ),
    );
  }
}

const NOBODY: ReadonlySet<Policy> = new Set();

function sharingPriority(policies: readonly Policy[]): Policy[] {
  const groups = groupBy(
    policies.filter(({ tier }) => tier !== 'network'),
    ({ tier, priority }) => `${tier} ${priority}`,
  );
  return [...groups.values()].filter(({ length }) => length > 1).flat();
}
