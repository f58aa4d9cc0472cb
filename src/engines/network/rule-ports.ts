/** The ports of a rule towards a destination: named ports are found on the pod that is the destination. */
import type { Entities } from './entities.ts';
import { type Intervals, union } from './intervals.ts';
import type { ContainerPort } from './pods.ts';
import type { Direction, NamedPort, Policy, Rule } from './policy.ts';
import { PortSets, SYMBOLS, portRange } from './ports.ts';

/** A named port on pods that are not there: by protocol, `*` where none is said. */
export interface Symbol {
  readonly protocol: string;
  readonly name: string;
}

interface Found {
  readonly sets: PortSets;
  readonly symbols: readonly Symbol[];
  /** Of rules that name no ports. */
  readonly fixed: Map<Rule, number>;
  /** Of the others, by the ports that the destination declares. */
  readonly resolved: Map<Rule, Map<string, number>>;
}

export class RulePorts {
  readonly #entities: Entities;
  readonly #found: Found;

  constructor(entities: Entities, found: Found) {
    this.#entities = entities;
    this.#found = found;
  }

  static of(entities: Entities, policies: readonly Policy[]): RulePorts {
    const symbols = entities.representatives.length === 0 ? [] : symbolsOf(policies);
    return new RulePorts(entities, { sets: new PortSets(symbols.length), symbols, fixed: new Map(), resolved: new Map() });
  }

  /** What was found of ports that classes declare holds for other classes that declare them. */
  with(entities: Entities): RulePorts {
    return new RulePorts(entities, this.#found);
  }

  get sets(): PortSets {
    return this.#found.sets;
  }
  /** What stands behind the ports in sets, where there are representatives. */
  get symbols(): readonly Symbol[] {
    return this.#found.symbols;
  }

  /** The ports where they are the same for every peer: the rule names none, or the subject itself is the destination. */
  whereSame(rule: Rule, direction: Direction, subject: number): number | undefined {
    if (rule.ports === undefined) return this.sets.all;
    if (rule.ports.names.length > 0) return direction === 'ingress' ? this.of(rule, subject) : undefined;
    let id = this.#found.fixed.get(rule);
    if (id === undefined) this.#found.fixed.set(rule, (id = this.sets.id(rule.ports.numbers)));
    return id;
  }

  of(rule: Rule, destination: number): number {
    if (rule.ports === undefined) return this.sets.all;
    const { numbers, names } = rule.ports;
    const { classes, firstRepresentative } = this.#entities;
    const one = classes[destination];
    const key = one?.portsKey ?? (destination >= firstRepresentative ? '?' : '');
    let found = this.#found.resolved.get(rule);
    if (found === undefined) this.#found.resolved.set(rule, (found = new Map()));
    let id = found.get(key);
    if (id === undefined) {
      const resolved = key === '?' ? this.#asSymbols(names) : resolve(names, one?.ports ?? []);
      found.set(key, (id = this.sets.id(union(numbers, resolved))));
    }
    return id;
  }

  #asSymbols(names: readonly NamedPort[]): Intervals<number> {
    let set: Intervals<number> = [];
    for (const { name, protocol = '*' } of names) {
      const place = SYMBOLS + this.symbols.findIndex((symbol) => symbol.name === name && symbol.protocol === protocol);
      set = union(set, [place, place + 1]);
    }
    return set;
  }
}

/** By name and, where the policy says one, by protocol. */
export function resolve(names: readonly NamedPort[], declared: readonly ContainerPort[]): Intervals<number> {
  let set: Intervals<number> = [];
  for (const wanted of names) {
    for (const { name, protocol, number } of declared) {
      if (name === wanted.name && (wanted.protocol ?? protocol) === protocol) set = union(set, portRange(protocol, number, number));
    }
  }
  return set;
}

function symbolsOf(policies: readonly Policy[]): Symbol[] {
  const symbols = new Map<string, Symbol>();
  for (const { egress = [] } of policies) {
    for (const { ports } of egress) {
      for (const { name, protocol = '*' } of ports?.names ?? []) symbols.set(`${protocol} ${name}`, { protocol, name });
    }
  }
  return [...symbols.values()];
}
