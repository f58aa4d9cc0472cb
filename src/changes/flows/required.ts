/**
 * Connections that a cluster needs, asked of changed policies: what no log need hold is not safe to close because no log
 * holds it. One that is closed breaks the change; where it is not sure who or where an end is, nothing can be said.
 */
import {
  type Conns,
  type Intervals,
  connsOf,
  connsText,
  connsWithout,
  contains,
  isNothing,
  query,
  spans,
} from '../../engines/network/index.ts';
import { attestationText } from '../../rules/index.ts';
import type { Attestations } from '../attestations.ts';
import type { NeedEnd, RequiredUse } from '../network-policies/index.ts';
import type { Denial, RequiredCode, UnknownBecause } from '../proof.ts';
import type { LostConnection } from './replay.ts';
import { EVERYWHERE, type Side } from './side.ts';

export interface RequiredProof {
  readonly denies: readonly Denial[];
  readonly unknownBecause: readonly UnknownBecause[];
  readonly said: readonly string[];
}

interface Sides {
  readonly before: Side;
  readonly after: Side;
}

/** `lost` is what the change closes at all; what has no part in it is not asked for. */
export function replayRequired(
  sides: Sides,
  uses: readonly RequiredUse[],
  { lost, attestations }: { lost: readonly LostConnection[]; attestations?: Attestations | undefined },
): RequiredProof {
  const concerned = new Set(lost.flatMap(({ src, dst }) => [src, dst]));
  const judge = new Judge(sides, lost, attestations);
  const groups = new Map<string, RequiredUse[]>();
  for (const [index, use] of uses.entries()) {
    if (![use.from, use.to].some((end) => end.kind === 'app' && sides.before.namesOf(end.app.key).some((name) => concerned.has(name))))
      continue;
    const key = use.either === undefined ? String(index) : `${use.code} ${use.either}`;
    groups.set(key, [...(groups.get(key) ?? []), use]);
  }
  for (const group of groups.values()) judge.judge(group);
  return judge.proof();
}

/** `whole` where it is open, `part` where nobody knows whether it is. */
type Left = 'whole' | 'part' | 'none';

class Judge {
  readonly #sides: Sides;
  readonly #lost: readonly LostConnection[];
  readonly #attestations: Attestations | undefined;
  readonly #denies: Denial[] = [];
  readonly #because = new Map<string, UnknownBecause>();
  readonly #said = new Set<string>();

  constructor(sides: Sides, lost: readonly LostConnection[], attestations: Attestations | undefined) {
    this.#sides = sides;
    this.#lost = lost;
    this.#attestations = attestations;
  }

  proof(): RequiredProof {
    return { denies: this.#denies, unknownBecause: [...this.#because.values()], said: [...this.#said] };
  }

  /** One use, or several of which one may stand for the others. */
  judge(group: readonly RequiredUse[]): void {
    const judged = group.map((use) => ({ use, ...this.#changeOf(use) }));
    const closed = judged.filter(({ was, is }) => was && is !== 'whole');
    const [first] = closed;
    if (first === undefined) return;
    const { use } = first;
    const about = aboutOf(use);
    const word = this.#attestations?.ofConnection({ src: endText(use.from), dst: endText(use.to) });
    if (word?.needed === false) {
      this.#said.add(attestationText(word));
      return;
    }
    if (judged.some(({ was, is }) => was && is === 'whole')) this.#doubt('resolver-unknown', about);
    else if (closed.some(({ is }) => is === 'part')) this.#doubt(use.doubt ?? 'input-partial', about);
    else if (use.doubt === 'account-shared' || use.doubt === 'scraper-unknown') this.#doubt(use.doubt, about);
    else this.#denies.push({ who: nameOf(use, use.from), what: whatOf(use), count: use.count, last: use.last, code: use.code });
  }

  #doubt(code: UnknownBecause['code'], about: string): void {
    this.#because.set(`${code} ${about}`, { code, about });
  }

  #changeOf(use: RequiredUse): { was: boolean; is: Left } {
    const { from, to, ports } = use;
    // What is gone needs nothing.
    if (from.kind === 'app' && this.#sides.after.find(endText(from)) === undefined) return { was: false, is: 'none' };
    if (from.kind === 'anybody' || to.kind === 'anybody') return this.#somewhere(use);
    const texts = [endText(from), endText(to)] as const;
    const was = isOpen(this.#sides.before, texts, { ports });
    if (was !== 'yes' && was !== 'some') return { was: false, is: 'none' };
    const is = isOpen(this.#sides.after, texts, { ports });
    if (is === was || is === 'yes') return { was: true, is: 'whole' };
    // Of pods that are not in the input a rule may know labels that nobody else does.
    return { was: true, is: to.kind === 'pods' && this.#opensPods(texts[0], ports) ? 'part' : 'none' };
  }

  /** Of an end that may have any address: whether some of them are closed, and whether any stay open. */
  #somewhere({ code, from, to, ports }: RequiredUse): { was: boolean; is: Left } {
    const [own, isSource] = from.kind === 'app' ? [from, true] : [to, false];
    const names = new Set(this.#sides.before.namesOf(endText(own)));
    const isLost = this.#lost.some(({ src, dst, before, after }) => {
      const [mine, other] = isSource ? [src, dst] : [dst, src];
      if (!names.has(mine) || (code !== 'scrape' && other.includes('['))) return false;
      // Nor is its port known where its address is not.
      if (code === 'api-server') return hasTcp(connsWithout(before, after));
      return [...spans(ports)].some(([start, end]) => {
        const asked = connsOf([start, end]);
        return isNothing(connsWithout(asked, before)) && !isNothing(connsWithout(asked, after));
      });
    });
    if (!isLost) return { was: false, is: 'none' };
    const isLeft = EVERYWHERE.some((text) => {
      const ends = isSource ? ([endText(own), text] as const) : ([text, endText(own)] as const);
      const answer = isOpen(this.#sides.after, ends, { ports, any: true });
      return answer === 'yes' || answer === 'some';
    });
    return { was: true, is: isLeft ? 'part' : 'none' };
  }

  /** Whether any rule lets the workload out to pods on such a port. */
  #opensPods(text: string, ports: Intervals<number>): boolean {
    const { relation } = this.#sides.after;
    const classes = (this.#sides.after.find(text) ?? []).flatMap(({ ids }) => ids);
    const policies = classes.flatMap((id) => relation.signatureOf('egress', id)?.policies ?? []);
    return policies.some(({ egress = [] }) =>
      egress.some(
        ({ ports: open, peers }) =>
          (peers === undefined || peers.some(({ kind }) => kind === 'pods')) &&
          (open === undefined || open.names.length > 0 || [...spans(ports)].some(([start]) => contains(open.numbers, start))),
      ),
    );
  }
}

function hasTcp(conns: Conns): boolean {
  return conns === 'all' || (typeof conns === 'object' && (conns.TCP ?? []).length > 0);
}

/** On each of the ports; with `any` on one of them at least. Undefined where an end is not there. */
function isOpen(
  side: Side,
  [from, to]: readonly [string, string],
  { ports, any = false }: { ports: Intervals<number>; any?: boolean },
): 'yes' | 'some' | 'no' | undefined {
  const [sources, destinations] = [side.find(from), side.find(to)];
  if (sources === undefined || destinations === undefined) return undefined;
  const answers = [...spans(ports)].map(([start, end]) => {
    const { answer } = query(side.relation, { from: sources, to: destinations }, [start, end]);
    return answer === 'unknown' ? 'some' : answer;
  });
  if (any) return answers.find((answer) => answer !== 'no') ?? 'no';
  if (answers.every((answer) => answer === 'yes')) return 'yes';
  return answers.every((answer) => answer === 'no') ? 'no' : 'some';
}

/** As questions name it; '' for an end of which nobody knows where it is. */
function endText(end: NeedEnd): string {
  switch (end.kind) {
    case 'app':
      return end.app.key;
    case 'addresses':
      return end.cidr;
    case 'pods': {
      const labels = Object.entries(end.labels).map(([key, value]) => `${key}=${value}`);
      return `${end.namespace}/${labels.length === 0 ? '*' : `[${labels.join(',')}]`}`;
    }
    default:
      return '';
  }
}

/** What an end is whose address is not known. */
const UNPLACED: Readonly<Record<RequiredCode, string>> = {
  'api-call': 'the API server',
  'api-server': 'the API server',
  dns: 'the resolver of its node',
  scrape: 'who collects metrics',
  'host-peer': 'a node',
};

function nameOf({ code }: RequiredUse, end: NeedEnd): string {
  return end.kind === 'anybody' ? UNPLACED[code] : endText(end);
}

function whatOf(use: RequiredUse): string {
  const { to, ports, evidence } = use;
  return `${nameOf(use, to)} ${connsText(connsOf(ports))} (${evidence.ref} ${evidence.path}: ${evidence.what})`;
}

function aboutOf(use: RequiredUse): string {
  return `${nameOf(use, use.from)} to ${whatOf(use)}`;
}
