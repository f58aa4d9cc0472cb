/** Of something that is denied, the rules that came nearest to letting it pass, and what each failed on. */
import { type Intervals, intersection } from './intervals.ts';
import { type Direction, type Policy, type Rule, ruleRef } from './policy.ts';
import { PROTOCOLS, wholeProtocol } from './ports.ts';
import type { Relation } from './relation.ts';
import { peersText, portsText } from './rule-text.ts';

export interface Miss {
  readonly rule: string;
  /** What failed. `direction`: the rule is about connections that are opened the other way. */
  readonly on: 'peer' | 'port' | 'protocol' | 'direction';
  /** That which the rule asks for there. */
  readonly wants: string;
}

/** A rule with where it stands. */
export interface Cited {
  readonly policy: Policy;
  readonly rule: Rule;
  readonly direction: Direction;
}

export interface Denied {
  readonly direction: Direction;
  /** The end whose policies deny, and the other one; one of them is the destination. */
  readonly subject: number;
  readonly peer: number;
  readonly destination: number;
  readonly ports: Intervals<number>;
}

/** More are of no help. */
const MOST = 12;

/** From the nearest: what fails on one thing alone comes before what fails on its peers and its ports. */
export function nearest(relation: Relation, rules: readonly Cited[], denied: Denied): Miss[] {
  const found = rules.flatMap((cited) => {
    const miss = missOf(relation, cited, denied);
    return miss === undefined ? [] : [{ cited, ...miss }];
  });
  return found
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, MOST)
    .map(({ cited: { policy, rule, direction }, on }) => ({
      rule: ruleRef(policy, direction, rule),
      on,
      wants: on === 'peer' ? peersText(rule) : on === 'direction' ? directionText(direction, rule) : portsText(rule),
    }));
}

function directionText(direction: Direction, rule: Rule): string {
  return `${direction === 'ingress' ? 'from' : 'to'} ${peersText(rule)}`;
}

function missOf(relation: Relation, { rule, direction }: Cited, denied: Denied): { on: Miss['on']; distance: number } | undefined {
  const { rulePorts, ports: sets } = relation;
  const meets = relation.peersOf(rule)?.includes(denied.peer) ?? true;
  // Of a rule for the other way the ports would be those of the other end.
  const destination = direction === denied.direction ? denied.destination : direction === 'egress' ? denied.peer : denied.subject;
  const ports = sets.set(rulePorts.whereSame(rule, direction, destination) ?? rulePorts.of(rule, destination));
  const onPorts = intersection(ports, denied.ports).length > 0;
  if (direction !== denied.direction) return meets && onPorts ? { on: 'direction', distance: 2 } : undefined;
  if (!meets) return { on: 'peer', distance: onPorts ? 1 : 4 };
  // A named port that the destination does not have is a port as well.
  return ports.length === 0 || sameProtocol(ports, denied.ports) ? { on: 'port', distance: 0 } : { on: 'protocol', distance: 1 };
}

function sameProtocol(a: Intervals<number>, b: Intervals<number>): boolean {
  return PROTOCOLS.some((protocol) => {
    const whole = wholeProtocol(protocol);
    return intersection(a, whole).length > 0 && intersection(b, whole).length > 0;
  });
}
