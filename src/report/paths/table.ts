/** Paths for a terminal: counts first, then one block for each group of ways that are alike. */
import { nameText } from '../../graph/index.ts';
import { hanging, lineStart, plural, printable } from '../../lib/terminal.ts';
import type { PathsDocument } from './document.ts';
import { countNotes, cutSizeText, entriesText, entryText, placeText, stepText } from './words.ts';

/** Blocks that are shown where nobody asks for all. */
const MOST_SHOWN = 20;

interface Shown {
  readonly all: boolean;
  readonly cut: boolean;
  /** Of the terminal; left out where lines may be of any length. */
  readonly width?: number | undefined;
}

export function pathsTable(document: PathsDocument, { all, cut, width = Infinity }: Shown): string {
  const lines = [...countLines(document), ...(cut ? cutLines(document) : pathLines(document, all))];
  return lines.flatMap((line) => hanging(lineStart(printable(line)), width)).join('\n') + '\n';
}

function countLines(document: PathsDocument): string[] {
  const { footholds, target } = document;
  return [
    ...footholds.map(
      ({ from, entries, reaching }) => `${from}: ${reaching} of ${plural(entries, 'entry', 'entries')} lead to ${nameText(target)}`,
    ),
    ...countNotes(document),
    cutSizeText(document),
  ];
}

function pathLines({ paths, target }: PathsDocument, all: boolean): string[] {
  const shown = all ? paths : paths.slice(0, MOST_SHOWN);
  const lines = shown.flatMap((path) => [
    '',
    `${path.count > 1 ? `${path.count}× ` : ''}${entriesText(path)}`,
    ...(path.chainOf === undefined ? [] : [`    as ${entryText(path.chainOf)} does; the others alike, by things of other names:`]),
    ...path.chain.map(
      (hop) =>
        `    ${stepText(hop)}${hop.class === 'configuration' || hop.class === 'placement-now' ? '' : ` [${hop.class}]`}${atText(placeText(hop.evidence))}`,
    ),
  ]);
  if (paths.length > shown.length)
    lines.push('', `${plural(paths.length - shown.length, 'more way')} to ${nameText(target)}: --all shows them`);
  return lines;
}

function atText(place: string): string {
  return place === '' ? '' : `   (${place})`;
}

function cutLines({ smallestCut: { remove }, bestSingle, chokePoints }: PathsDocument): string[] {
  const lines = remove.map((part) => `    take away ${part}`);
  if (bestSingle.length > 0)
    lines.push(
      '',
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
