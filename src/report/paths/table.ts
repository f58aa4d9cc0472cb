/** Paths for a terminal: counts first, then one block for each group of ways that are alike. */
import { nameText } from '../../graph/index.ts';
import { lineStart, plural, printable } from '../../lib/terminal.ts';
import type { PathsDocument } from './document.ts';
import { entriesText, entryText, placeText, stepText } from './words.ts';

/** Blocks that are shown where nobody asks for all. */
const MOST_SHOWN = 20;

export function pathsTable(document: PathsDocument, { all, cut }: { all: boolean; cut: boolean }): string {
  const lines = [...countLines(document), ...(cut ? [] : pathLines(document, all)), ...cutLines(document, cut)];
  return `${lines.map((line) => lineStart(printable(line))).join('\n')}\n`;
}

function countLines({ footholds, target, addOn, paths }: PathsDocument): string[] {
  const lines = footholds.map(
    ({ from, entries, reaching }) => `${from}: ${reaching} of ${plural(entries, 'entry', 'entries')} lead to ${nameText(target)}`,
  );
  if (addOn !== undefined) lines.push(`more than half of them are ${addOn.name}: ${addOn.reaching}; without it ${addOn.without}`);
  return paths.length === 0 ? lines : [...lines, ''];
}

function pathLines({ paths, target }: PathsDocument, all: boolean): string[] {
  const shown = all ? paths : paths.slice(0, MOST_SHOWN);
  const lines = shown.flatMap((path) => [
    `${path.count > 1 ? `${path.count}× ` : ''}${entriesText(path)}`,
    ...(path.chainOf === undefined ? [] : [`    as ${entryText(path.chainOf)} does; the others alike, by things of other names:`]),
    ...path.chain.map(
      (hop) =>
        `    ${stepText(hop)}${hop.class === 'configuration' || hop.class === 'placement-now' ? '' : ` [${hop.class}]`}${atText(placeText(hop.evidence))}`,
    ),
    '',
  ]);
  if (paths.length > shown.length)
    lines.push(`${plural(paths.length - shown.length, 'more way')} to ${nameText(target)}: --all shows them`, '');
  return lines;
}

function atText(place: string): string {
  return place === '' ? '' : `   (${place})`;
}

function cutLines(
  { smallestCut: { size, remove, optimal, atLeast }, bestSingle, chokePoints, paths, target }: PathsDocument,
  whole: boolean,
): string[] {
  if (paths.length === 0) return [];
  if (size === undefined) return [`no cut: some way to ${nameText(target)} has nothing that may be taken away`];
  const proof = optimal ? 'no smaller one exists' : `no proof that it is the smallest; none costs less than ${atLeast}`;
  const lines = [`smallest cut: ${plural(size, 'change')} (${proof})`];
  if (!whole) return lines;
  lines.push(...remove.map((part) => `    take away ${part}`), '');
  if (bestSingle.length > 0)
    lines.push(
      'best single changes:',
      ...bestSingle.map(({ remove: part, closes }) => `    ${part}: closes ${plural(closes, 'entry', 'entries')}`),
    );
  if (chokePoints.length > 0)
    lines.push(
      '',
      'choke points:',
      ...chokePoints.map(
        ({ vertex, entries }) => `    all ways of ${plural(entries, 'entry', 'entries')} lead through: ${nameText(vertex)}`,
      ),
    );
  return lines;
}
