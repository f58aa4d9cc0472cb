/** The parts of a comparison as rows of plain text, which table and Markdown lay out each in its own way. */
import type { UnknownBecause, Denial } from '../../changes/index.ts';
import { UNKNOWN_CODES, weightOf } from '../../changes/index.ts';
import { connsText } from '../../engines/network/index.ts';
import { groupBy } from '../../lib/groups.ts';
import { plural } from '../../lib/terminal.ts';
import { nameText } from '../../graph/index.ts';
import { type PathText, entriesText, sentenceOf, stepText } from '../paths/index.ts';
import type { ConnectionChangeText } from './connections.ts';
import type { DiffDocument, FindingText, LevelText, WayText } from './document.ts';

/** What proofs say of recorded and required use. */
export interface UseText {
  readonly denies: readonly Denial[];
  readonly unknownBecause: readonly UnknownBecause[];
  readonly replayed: number;
  /** Whether anything recorded was given. */
  readonly recorded: boolean;
}

export interface Section {
  readonly title: string;
  /** Whether it is what a reviewer has to see. */
  readonly isAlarm: boolean;
  readonly rows: readonly string[];
}

export function sectionsOf(document: DiffDocument, use: UseText): Section[] {
  const { newPaths, closedPaths, reachability, levels, findings } = document;
  const lost = use.denies.map((denial) => {
    const { who, what, count, code } = denial;
    return `${who}: ${what}${count > 1 || code !== undefined ? `, ${weightOf(denial)}` : ''}`;
  });
  return [
    { title: plural(newPaths.length, 'new way'), isAlarm: true, rows: wayRows(newPaths) },
    { title: `${plural(lost.length, 'use')} would be refused`, isAlarm: true, rows: lost },
    { title: plural(findings.new.length, 'new finding'), isAlarm: isSevere(findings.new), rows: findingRows(findings.new) },
    { title: `Pod Security of ${plural(levels.length, 'subject')}`, isAlarm: levels.some(isWorse), rows: levels.map(levelRow) },
    { title: `${plural(reachability.added.length, 'connection')} more`, isAlarm: false, rows: reachability.added.map(connectionRow) },
    { title: `${plural(reachability.removed.length, 'connection')} less`, isAlarm: false, rows: reachability.removed.map(connectionRow) },
    { title: `${plural(closedPaths.length, 'way')} closed`, isAlarm: false, rows: wayRows(closedPaths) },
    { title: `${plural(findings.gone.length, 'finding')} gone`, isAlarm: false, rows: findingRows(findings.gone) },
  ].filter(({ rows }) => rows.length > 0);
}

/** What stays open of the replay, in a sentence; undefined where nothing was recorded that could be asked again. */
export function replayText({ recorded, replayed, denies, unknownBecause }: UseText): string | undefined {
  if (!recorded) return undefined;
  const codes = [...new Set(unknownBecause.map(({ code }) => code))].filter((code) => code !== 'behaviour-unseen');
  const asked = `${plural(replayed, 'recorded use')} asked again, ${denies.length === 0 ? 'none' : denies.length} refused`;
  if (codes.length === 0) return asked;
  return `${asked}; not known: ${codes.map((code) => `${UNKNOWN_CODES[code]} (${code})`).join('; ')}`;
}

/** Entries that get there by the same steps. */
export interface WayGroup {
  /** `from outside`, or `from a workload`. */
  readonly from: string;
  /** Of all of them; the chain is that of the first. */
  readonly path: PathText;
}

export function wayGroups(ways: readonly WayText[]): WayGroup[] {
  const groups = groupBy(ways, ({ foothold, chain }) => `${foothold} ${chain.map((hop) => stepText(hop)).join(' ')}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { foothold, target, chain } = first;
    const path = { target, chain, entries: group.map(({ entry }) => entry), count: group.length };
    return [{ from: foothold === 'exposed' ? 'from outside' : 'from a workload', path }];
  });
}

export function wayRows(ways: readonly WayText[]): string[] {
  return wayGroups(ways).map(wayRow);
}

export function wayRow({ from, path }: WayGroup): string {
  const words =
    path.chain.length === 0 ? `${entriesText(path)} ${path.count === 1 ? 'reaches' : 'reach'} ${nameText(path.target)}` : sentenceOf(path);
  return `${from}${path.count === 1 ? '' : `, ${path.count} times`}: ${words}`;
}

function levelRow({ subject, what, before, after, refusedBy }: LevelText): string {
  const verb = what === 'enforced' ? 'enforces' : 'meets';
  const change =
    before === null ? `${verb} ${after}, new` : after === null ? `gone, ${verb} ${before} before` : `${verb} ${after}, ${before} before`;
  return `${subject} ${change}${refusedBy === undefined ? '' : `; its namespace enforces ${refusedBy} and refuses it`}`;
}

function isWorse({ lowered, refusedBy }: LevelText): boolean {
  return lowered === true || refusedBy !== undefined;
}

function connectionRow({ src, dst, conns, workloads }: ConnectionChangeText): string {
  return `${src} → ${dst}: ${connsText(conns)}${workloads === undefined ? '' : ` (${workloads})`}`;
}

function isSevere(findings: readonly FindingText[]): boolean {
  return findings.some(({ severity }) => severity === 'critical' || severity === 'high');
}

/** One row a rule. */
function findingRows(findings: readonly FindingText[]): string[] {
  return [...groupBy(findings, ({ rule }) => rule)].map(([rule, list]) => {
    const subjects = [...new Set(list.map(({ subject }) => subject))];
    const shown = `${subjects.slice(0, 3).join(', ')}${subjects.length > 3 ? ', …' : ''}`;
    return `${list[0]?.severity ?? ''} ${rule}: ${list.length === 1 ? `${shown}: ${list[0]?.message ?? ''}` : `${list.length}, ${shown}`}`;
  });
}
