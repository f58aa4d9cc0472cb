/**
 * The answers of one signature: the ports that every peer may use.
 *
 * The tiers are asked in turn for each port by itself. Admin policies decide by their first rule that matches; Pass
 * leaves the port to the rest. Where a NetworkPolicy selects the subject, all of them together decide the rest, and
 * what none of them allows is denied. Elsewhere the baseline decides as the admin tier does, and what is left is allowed.
 */
import type { Compiler } from './compile.ts';
import type { Entities } from './entities.ts';
import { type Intervals, spans } from './intervals.ts';
import { REPRESENTATIVES, ZONES } from './places.ts';
import type { Action, Direction, Policy, Rule } from './policy.ts';
import type { RulePorts } from './rule-ports.ts';
import type { Selection } from './selection.ts';
import type { Signature } from './signatures.ts';
import { type Steps, changedIn, constant, merge, packed, stepsOf } from './steps.ts';

/** Sets of ports by the places of peers. */
export type Row = Steps;

export interface Known {
  readonly compiler: Compiler;
  readonly entities: Entities;
  readonly selection: Selection;
  readonly rulePorts: RulePorts;
}

/** Rows of one direction. Where `places` are given, only of these is right what a row says. */
export class Rows {
  readonly #direction: Direction;
  readonly #known: Known;
  readonly #places: Intervals<number> | undefined;
  readonly #decided = new Map<string, Steps>();
  readonly #named = new Map<Rule, Steps>();
  readonly #among = new Map<Rule, Intervals<number> | undefined>();
  readonly #states: States;

  constructor(direction: Direction, known: Known, places?: Intervals<number>) {
    this.#direction = direction;
    this.#known = known;
    this.#places = places;
    this.#states = new States(known.rulePorts);
  }

  of({ policies, example, portsKey }: Signature): Row {
    const { sets } = this.#known.rulePorts;
    const isolated = policies.some(({ tier }) => tier === 'network');
    const admin = policies.filter(({ tier }) => tier === 'admin');
    const rest = policies.filter(({ tier }) => (isolated ? tier === 'network' : tier === 'baseline'));
    const below = isolated ? this.#union(rest, example) : this.#ended(this.#inTurn(rest, example));
    if (admin.length === 0) return packed(below);
    return packed(
      merge(this.#decidedBy(admin, { example, portsKey }), below, (state, under) =>
        sets.union(this.#states.allowed(state), sets.common(this.#states.left(state), under)),
      ),
    );
  }

  /** Many signatures differ only in the policies that come after those of the admin tier. */
  #decidedBy(admin: readonly Policy[], { example, portsKey }: Pick<Signature, 'example' | 'portsKey'>): Steps {
    const key = `${admin.map((policy) => this.#known.compiler.policy(policy).serial).join()} ${portsKey}`;
    let states = this.#decided.get(key);
    if (states === undefined) this.#decided.set(key, (states = this.#inTurn(admin, example)));
    return states;
  }

  /** What any of the policies allows. */
  #union(policies: readonly Policy[], subject: number): Steps {
    const { sets } = this.#known.rulePorts;
    let allowed = constant(sets.none);
    for (const { rule, same, set } of this.#rules(policies, subject)) {
      allowed =
        same === undefined
          ? merge(allowed, this.#portsAlong(rule, set), (a, b) => sets.union(a, b))
          : changedIn(allowed, set, (value) => sets.union(value, same));
    }
    return allowed;
  }

  /** Each port is decided by the first rule that matches it. */
  #inTurn(policies: readonly Policy[], subject: number): Steps {
    let states = constant(this.#states.start);
    for (const { rule, same, set } of this.#rules(policies, subject)) {
      const { action } = rule;
      states =
        same === undefined
          ? merge(states, this.#portsAlong(rule, set), (state, ports) => this.#states.after(state, ports, action))
          : changedIn(states, set, (state) => this.#states.after(state, same, action));
    }
    return states;
  }

  #ended(states: Steps): Steps {
    const { sets } = this.#known.rulePorts;
    return changedIn(states, undefined, (state) => sets.union(this.#states.allowed(state), this.#states.left(state)));
  }

  *#rules(
    policies: readonly Policy[],
    subject: number,
  ): Generator<{ rule: Rule; same: number | undefined; set: Intervals<number> | undefined }> {
    const { selection, rulePorts } = this.#known;
    for (const policy of policies) {
      for (const rule of policy[this.#direction] ?? []) {
        const set = this.#places === undefined ? selection.peers(rule) : this.#peersAmong(rule, this.#places);
        if (set === undefined || set.length > 0) yield { rule, same: rulePorts.whereSame(rule, this.#direction, subject), set };
      }
    }
  }

  #peersAmong(rule: Rule, places: Intervals<number>): Intervals<number> | undefined {
    if (!this.#among.has(rule)) this.#among.set(rule, this.#known.selection.peersAmong(rule, places));
    return this.#among.get(rule);
  }

  /** Of a rule whose named ports are different ports on each destination. */
  #portsAlong(rule: Rule, set: Intervals<number> | undefined): Steps {
    let steps = this.#named.get(rule);
    if (steps === undefined) {
      const { rulePorts, entities } = this.#known;
      const outside = rulePorts.of(rule, entities.firstZone);
      const base = set === undefined ? outside : rulePorts.sets.none;
      this.#named.set(rule, (steps = stepsOf(base, this.#pieces(rule, set ?? this.#places ?? EVERYWHERE, outside))));
    }
    return steps;
  }

  *#pieces(rule: Rule, set: Intervals<number>, outside: number): Generator<readonly [start: number, end: number, ports: number]> {
    const { rulePorts, entities } = this.#known;
    for (const [start, end] of spans(set)) {
      const inside = Math.min(end, entities.classes.length);
      for (let id = start; id < inside; id += 1) yield [id, id + 1, rulePorts.of(rule, id)];
      if (end > ZONES && start < REPRESENTATIVES) yield [Math.max(start, ZONES), Math.min(end, REPRESENTATIVES), outside];
      const unknown = Math.max(start, REPRESENTATIVES);
      if (end > unknown && entities.representatives.length > 0) yield [unknown, end, rulePorts.of(rule, entities.firstRepresentative)];
    }
  }
}

const EVERYWHERE: Intervals<number> = [0, 0x7fff_fffe];

/** How far rules have decided the ports of a peer, under a number. */
class States {
  readonly start: number;
  readonly #rulePorts: RulePorts;
  readonly #all: { allowed: number; open: number; passed: number; after: Map<string, number> }[] = [];
  readonly #ids = new Map<string, number>();

  constructor(rulePorts: RulePorts) {
    this.#rulePorts = rulePorts;
    const { none, all } = rulePorts.sets;
    this.start = this.#id(none, all, none);
  }

  allowed(state: number): number {
    return this.#all[state]?.allowed ?? 0;
  }

  /** What none decided, or some passed. */
  left(state: number): number {
    const { sets } = this.#rulePorts;
    const one = this.#all[state];
    return one === undefined ? sets.none : sets.union(one.open, one.passed);
  }

  after(state: number, ports: number, action: Action): number {
    const one = this.#all[state];
    if (one === undefined) return state;
    const key = `${ports} ${action}`;
    let next = one.after.get(key);
    if (next === undefined) one.after.set(key, (next = this.#decide(one, ports, action)));
    return next;
  }

  #decide({ allowed, open, passed }: { allowed: number; open: number; passed: number }, ports: number, action: Action): number {
    const { sets } = this.#rulePorts;
    const decided = sets.common(open, ports);
    const left = sets.without(open, decided);
    if (action === 'Accept') return this.#id(sets.union(allowed, decided), left, passed);
    return this.#id(allowed, left, action === 'Pass' ? sets.union(passed, decided) : passed);
  }

  #id(allowed: number, open: number, passed: number): number {
    const key = `${allowed} ${open} ${passed}`;
    let id = this.#ids.get(key);
    if (id === undefined) {
      this.#ids.set(key, (id = this.#all.length));
      this.#all.push({ allowed, open, passed, after: new Map() });
    }
    return id;
  }
}
