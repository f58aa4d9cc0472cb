/** Paths in words: names as people say them, and steps as sentences. */
import { doingOf, nameText } from '../../graph/index.ts';
import { plural } from '../../lib/terminal.ts';
import type { EvidenceText, HopText, PathText, PathsDocument } from './document.ts';

/** `can read the token that is mounted in it → account shop/cart`. */
export function stepText({ edge, to, with: others = [] }: HopText): string {
  const besides = others.length === 0 ? '' : `, with ${others.map((name) => nameText(name)).join(' and ')},`;
  return `can ${doingOf(edge)}${besides} → ${nameText(to)}`;
}

/** Who begins: one name, or some and how many more. */
export function entriesText({ entries, count }: Pick<PathText, 'entries' | 'count'>, most = 3): string {
  const shown = entries.slice(0, most).map(entryText);
  return count > most ? `${shown.join(', ')} and ${plural(count - most, 'more', 'more')}` : shown.join(', ');
}

export function entryText(name: string): string {
  return name.startsWith('Container/') ? `a process in ${nameText(name)}` : nameText(name);
}

/** A whole chain as one sentence. */
export function sentenceOf(path: PathText): string {
  return `${entriesText(path)} ${path.chain.map((hop) => stepText(hop)).join(' → ')}`;
}

/** The nearest field that allows a step: a file and line, or the object; '' where nothing is told. */
export function placeText(evidence: readonly EvidenceText[]): string {
  const [first] = evidence.toReversed();
  if (first === undefined) return '';
  if (first.assumed === true) return `${first.object}, which every cluster has`;
  return first.source === undefined || first.line === undefined ? first.object : `${first.source}:${first.line}`;
}

/** What is to be known beside the counts: an add-on that most of them are owed to, and what is only possible. */
export function countNotes({ addOn, footholds }: Pick<PathsDocument, 'addOn' | 'footholds'>): string[] {
  const notes: string[] = [];
  if (addOn !== undefined)
    notes.push(`${addOn.name} holds more than half of them: ${addOn.reaching} lead there only through it, ${addOn.without} without it`);
  const more = footholds.flatMap(({ from, possible = 0 }) => (possible > 0 ? [`${possible} of ${from}`] : []));
  if (more.length > 0)
    notes.push(
      `not counted: ${more.join(' and ')} may lead there too, by where pods could run or by what no object tells (--unsure shows how)`,
    );
  return notes;
}

/** The size of the smallest cut, and what is known of it. */
export function cutSizeText({
  smallestCut: { size, cost = 0, optimal, atLeast },
  paths,
  target,
}: Pick<PathsDocument, 'smallestCut' | 'paths' | 'target'>): string {
  if (paths.length === 0) return 'smallest cut: 0 changes (nothing that is counted leads there)';
  if (size === undefined) return `no cut: some way to ${nameText(target)} has nothing that may be taken away`;
  const proof = optimal ? 'none is cheaper' : `it costs ${cost}, and none costs less than ${atLeast}`;
  return `smallest cut: ${plural(size, 'change')} (${proof})`;
}
