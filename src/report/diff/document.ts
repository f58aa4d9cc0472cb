/** What `castellan diff` tells of two states, as one document, and its verdict in a sentence. */
import { type Difference, type LevelChange, type State, type Undo, type Way, isLooser } from '../../changes/index.ts';
import { type ConnectionChangeText, connectionTexts } from './connections.ts';
import { nameText } from '../../graph/index.ts';
import { plural } from '../../lib/terminal.ts';
import { type HopText, chainText, entriesText, sentenceOf } from '../paths/index.ts';

export interface WayText {
  readonly entry: string;
  readonly target: string;
  /** `exposed` where outsiders can have the entry, `workloads` where it has to be broken into. */
  readonly foothold: Way['foothold'];
  readonly witness: string;
  readonly chain: readonly HopText[];
}

export interface LevelText {
  readonly subject: string;
  readonly what: LevelChange['what'];
  readonly before: string | null;
  readonly after: string | null;
  /** Of a namespace that is in both states and enforces less. */
  readonly lowered?: true;
  readonly refusedBy?: string;
}

/** A finding that is in one of the states only. */
export interface FindingText {
  readonly rule: string;
  readonly severity: string;
  readonly subject: string;
  readonly message: string;
  readonly fingerprint: string;
}

export interface DiffDocument {
  readonly schema: 'castellan/diff/v1';
  readonly verdict: string;
  readonly newPaths: readonly WayText[];
  readonly closedPaths: readonly WayText[];
  readonly cut?: Undo & { readonly sentence: string };
  readonly reachability: { readonly added: readonly ConnectionChangeText[]; readonly removed: readonly ConnectionChangeText[] };
  readonly levels: readonly LevelText[];
  readonly findings: { readonly new: readonly FindingText[]; readonly gone: readonly FindingText[] };
  readonly objects: number;
}

export interface DiffInput {
  readonly before: State;
  readonly after: State;
  readonly difference: Difference;
  readonly findings: DiffDocument['findings'];
  /** Parts of the input that were not read. */
  readonly unread: number;
}

export function diffDocument({ before, after, difference, findings, unread }: DiffInput): DiffDocument {
  const { levels, undo, objects } = difference;
  const parts = {
    newPaths: difference.newPaths.map((way) => wayText(after, way)),
    closedPaths: difference.closedPaths.map((way) => wayText(before, way)),
    ...(undo !== undefined && { cut: { ...undo, sentence: undoText(undo, difference.newPaths.length) } }),
    reachability: connectionTexts(difference.connections),
    levels: levels.map(levelText),
    findings,
    objects,
  };
  const verdict = verdictOf(parts, difference);
  return { schema: 'castellan/diff/v1', verdict: unread === 0 ? verdict : `${verdict}; ${unreadText(unread)}`, ...parts };
}

export function wayText({ graph }: State, { entry, target, foothold, chain }: Way): WayText {
  const text = chain === undefined ? [] : chainText(graph, chain);
  const ends = { target, entries: [entry], count: 1, chain: text };
  const witness = chain === undefined ? `${entriesText(ends)} reaches ${nameText(target)}` : sentenceOf(ends);
  return { entry, target, foothold, witness, chain: text };
}

function undoText({ kind, parts }: Undo, ways: number): string {
  const all = ways === 1 ? 'the new way' : `all ${ways} new ways`;
  if (kind === 'none') return 'Nothing that may be taken away closes them: something that has to stay leads there.';
  if (kind === 'take-away') return `Take away ${parts.join(' and ')} to close ${all}.`;
  return `Take back the change of ${parts.join(' and ')} to close ${all}.`;
}

function levelText(change: LevelChange): LevelText {
  const { subject, what, before, after, refusedBy } = change;
  return {
    subject,
    what,
    before: before ?? null,
    after: after ?? null,
    ...(isLowered(change) && { lowered: true }),
    ...(refusedBy !== undefined && { refusedBy }),
  };
}

/** Whether a namespace that is in both states enforces less. */
function isLowered({ what, before, after }: LevelChange): boolean {
  return what === 'enforced' && before !== undefined && after !== undefined && isLooser(after, before);
}

/** What was seen may be less than what there is. */
export function unreadText(parts: number): string {
  return `${plural(parts, 'part')} of the input ${parts === 1 ? 'was' : 'were'} not read, so that this may not be all`;
}

/** Worst first, on one line. */
function verdictOf(
  { newPaths, closedPaths, reachability, findings }: Omit<DiffDocument, 'schema' | 'verdict'>,
  { levels, objects, proof }: Difference,
): string {
  if (objects === 0) return 'nothing differs';
  const outside = newPaths.filter(({ foothold }) => foothold === 'exposed').length;
  const opened =
    newPaths.length === 0
      ? ''
      : `opens ${plural(newPaths.length, 'way')} to cluster control${outside === 0 ? '' : `, ${outside} from what outsiders can have`}`;
  const closed = closedPaths.length === 0 ? '' : `closes ${plural(closedPaths.length, 'way')} to cluster control`;
  const looser = levels.filter(isLowered);
  const refused = levels.filter(({ refusedBy }) => refusedBy !== undefined);
  const worst = findings.new.filter(({ severity }) => severity === 'critical').length;
  const rest = [
    proof.denies.length === 0 ? '' : `${plural(proof.denies.length, 'use')} would be refused`,
    looser.length === 0 ? '' : `${plural(looser.length, 'namespace')} would enforce less`,
    refused.length === 0 ? '' : `${plural(refused.length, 'workload')} would not be admitted`,
    worst === 0 ? '' : plural(worst, 'new critical finding'),
    reachability.added.length === 0 ? '' : `${plural(reachability.added.length, 'connection')} more`,
    reachability.removed.length === 0 ? '' : `${plural(reachability.removed.length, 'connection')} less`,
  ];
  const first = [opened, closed].filter((text) => text !== '').join(' and ');
  return [first === '' ? 'opens no way to cluster control' : first, ...rest].filter((text) => text !== '').join('; ');
}
