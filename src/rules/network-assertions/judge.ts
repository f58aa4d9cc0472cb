/**
 * Whether assertions hold. A deny holds when of every pair of the two selections no port that is named is open; an
 * allow when of every pair all ports that are named are open (with `any` one of them, whichever). A pair is two
 * workloads, or a workload and addresses outside; of a workload each pod counts. No workload is a pair with itself.
 * What has no pair says nothing and so fails, unless it may be empty; so does what names something that is not there.
 */
import {
  ALL_PORTS,
  ANYBODY,
  type Intervals,
  Relation,
  type World,
  anywhere,
  askedOn,
  resolve,
  union,
  reasonsFor,
  reasonsText,
} from '../../engines/network/index.ts';
import { plural } from '../../lib/terminal.ts';
import type { Assertion, AssertionException, Assertions, End, PortsAsked } from './assertion.ts';
import { type View, groupsOf } from './groups.ts';
import { type Pair, judgePair } from './pairs.ts';
import { type Selected, Selector } from './select.ts';
import type { Counterexample, ExceptionOutcome, Outcome, Verdicts } from './verdicts.ts';

const MOST_SHOWN = 20;

/** `today` as 2026-11-21. */
export function judgeAssertions(world: World, assertions: Assertions, today: string): Verdicts {
  const judge = new Judge(world, assertions, today);
  return { outcomes: assertions.assertions.map((assertion) => judge.outcome(assertion)), exceptions: judge.exceptions() };
}

interface Exempt {
  exception: AssertionException;
  from: Selected;
  to: Selected;
  used: boolean;
}

interface Tally {
  pairs: number;
  failing: number;
  unsure: number;
  excepted: number;
  counterexamples: Counterexample[];
  empty: string[];
  unknown: string[];
  /** What the first that is unsure depends on. */
  because: string[];
}

class Judge {
  readonly #relation: Relation;
  readonly #world: World;
  readonly #selector: Selector;
  readonly #today: string;
  readonly #exempt: readonly Exempt[];

  constructor(world: World, assertions: Assertions, today: string) {
    this.#world = world;
    this.#relation = new Relation(anywhere(world), [ANYBODY]);
    this.#selector = new Selector(this.#relation, assertions);
    this.#today = today;
    this.#exempt = assertions.exceptions.map((exception) => ({
      exception,
      from: this.#selector.select(exception.from, 'deny', 'source'),
      to: this.#selector.select(exception.to, 'deny', 'destination'),
      used: false,
    }));
  }

  outcome(assertion: Assertion): Outcome {
    const tally: Tally = { pairs: 0, failing: 0, unsure: 0, excepted: 0, counterexamples: [], empty: [], unknown: [], because: [] };
    const each = this.#tenantByTenant(assertion);
    for (const one of each) this.#judge(one, tally);
    if (each.length === 0) tally.empty.push('there are no tenants for it');
    const { pairs, failing, unsure, excepted, counterexamples } = tally;
    if (unsure > 0)
      tally.unknown.push(
        `for ${unsure} of ${plural(pairs, 'pair')} it depends on what the input does not tell: ${reasonsText(tally.because)}`,
      );
    return { assertion, pairs, failing, excepted, counterexamples, ...verdictOf(assertion, tally) };
  }

  /** After all assertions: whether each was needed. */
  exceptions(): ExceptionOutcome[] {
    return this.#exempt.map(({ exception, from, to, used }) => {
      if (exception.until < this.#today) return { exception, status: 'expired', reason: `it held until ${exception.until}` };
      if (used) return { exception, status: 'used', reason: exception.reason };
      const [nobody = 'nothing that is denied is open there'] = [...from.empty, ...to.empty];
      return { exception, status: 'unused', reason: nobody };
    });
  }

  /** `tenant(*)` is each tenant in turn; where both ends are, each with each other. */
  #tenantByTenant(assertion: Assertion): Assertion[] {
    const [from, to] = [isEveryTenant(assertion.from), isEveryTenant(assertion.to)];
    if (!from && !to) return [assertion];
    const tenants = this.#selector.tenants();
    const sources = from ? tenants.map(tenantEnd) : [assertion.from];
    const destinations = to ? tenants.map(tenantEnd) : [assertion.to];
    return sources.flatMap((source) =>
      destinations.flatMap((destination) => (source.text === destination.text ? [] : [{ ...assertion, from: source, to: destination }])),
    );
  }

  #judge(assertion: Assertion, tally: Tally): void {
    const { verb, ports } = assertion;
    const [from, to] = [this.#selector.select(assertion.from, verb, 'source'), this.#selector.select(assertion.to, verb, 'destination')];
    tally.empty.push(...from.empty, ...to.empty);
    tally.unknown.push(...from.unknown, ...to.unknown);
    // An exception is from what is denied; what is allowed needs none.
    const exempt = verb === 'deny' ? this.#exempt.filter(({ exception }) => exception.until >= this.#today) : [];
    const sources = groupsOf(this.#relation, from, this.#view(undefined, exempt, 'from'));
    const destinations = groupsOf(this.#relation, to, this.#view(ports, exempt, 'to'));
    const before = tally.pairs;
    for (const source of sources) {
      for (const destination of destinations) {
        const verdict = judgePair(this.#relation, assertion, { source, destination });
        if (verdict === undefined) continue;
        const { count, src, dst, wrong, unsure, exceptions } = verdict;
        tally.pairs += count;
        for (const index of exceptions) (exempt[index] ?? { used: true }).used = true;
        if (wrong.length === 0) tally.excepted += exceptions.length > 0 ? count : 0;
        else tally.failing += count;
        if (wrong.length === 0 && unsure.length > 0) {
          tally.unsure += count;
          if (tally.because.length === 0) tally.because.push(...this.#reasonsOf({ source, destination }));
        }
        if (wrong.length > 0 && tally.counterexamples.length < MOST_SHOWN)
          tally.counterexamples.push({ src, dst, conns: verdict.conns(), why: verdict.why() });
      }
    }
    const isServed = [...to.pods.values()].some((meant) => meant.some(({ translated }) => translated !== undefined));
    if (tally.pairs === before && isServed && from.pods.size > 0 && ports !== undefined && ports.names.length === 0)
      tally.empty.push(`the Service at "${assertion.to.text}" has no such port`);
    if (tally.pairs === before && to.pods.size > 0 && ports !== undefined && ports.names.length > 0)
      tally.empty.push(`no pod of "${assertion.to.text}" has a port named ${ports.names.map(({ name }) => name).join(' or ')}`);
  }

  #reasonsOf({ source, destination }: Pair): string[] {
    const kinds = source.variants.flatMap((from) => destination.variants.map((to) => ({ from: from.choices, to: to.choices })));
    return reasonsFor(this.#world, this.#relation, kinds);
  }

  #view(ports: PortsAsked | undefined, exempt: readonly Exempt[], side: 'from' | 'to'): View {
    const exceptions = exempt.map(({ exception, [side]: selected }) => {
      const wanted = side === 'to' ? exception.ports : undefined;
      return { selected, ports: (pod?: number) => narrowed(selected, pod, this.#asked(wanted, pod)) };
    });
    return { asked: (pod) => this.#asked(ports, pod), exceptions };
  }

  /** The numbers of the ports on one destination. */
  #asked(wanted: PortsAsked | undefined, pod: number | undefined): Intervals<number> {
    if (wanted === undefined || wanted.any) return ALL_PORTS;
    if (wanted.names.length === 0 || pod === undefined) return wanted.numbers;
    return union(wanted.numbers, resolve(wanted.names, this.#relation.world.pods[pod]?.ports ?? []));
  }
}

/** Behind a Service only its ports are meant. */
function narrowed({ pods }: Selected, pod: number | undefined, ports: Intervals<number>): Intervals<number> {
  const own = pod === undefined ? undefined : pods.get(pod);
  return own === undefined ? ports : own.reduce<Intervals<number>>((all, meant) => union(all, askedOn(meant, ports)), []);
}

function isEveryTenant({ names }: End): boolean {
  return names.some((name) => name.kind === 'tenant' && name.text === '*');
}

function tenantEnd(name: string): End {
  return { text: `tenant(${name})`, names: [{ kind: 'tenant', text: name }] };
}

function verdictOf(assertion: Assertion, tally: Tally): Pick<Outcome, 'status' | 'reason'> {
  const { pairs, failing, excepted, empty, unknown } = tally;
  const [nobody] = empty;
  if (failing > 0) return { status: 'fail', reason: failureText(assertion, tally) };
  // What names nothing is no matter of what is not known.
  if (!assertion.mayBeEmpty && nobody !== undefined) return { status: 'fail', reason: nobody };
  if (unknown[0] !== undefined) return { status: 'unknown', reason: unknown[0] };
  if (!assertion.mayBeEmpty && pairs === 0) return { status: 'fail', reason: 'there are no two different ends to judge' };
  if (pairs === 0) return { status: 'pass', reason: 'selects nothing, as it may' };
  const all = `holds for ${plural(pairs, 'pair')}`;
  return { status: 'pass', reason: excepted === 0 ? all : `${all}, for ${excepted} of them thanks to an exception` };
}

function failureText({ verb, ports }: Assertion, { pairs, failing }: Tally): string {
  const of = `${failing} of ${plural(pairs, 'pair')} ${failing === 1 ? 'is' : 'are'}`;
  if (verb === 'deny') return `${of} open`;
  return ports === undefined ? `${of} not open on all ports; name the port that is meant, or :any` : `${of} closed`;
}
