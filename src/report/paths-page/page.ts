/** One file for a browser: the ways into a cluster as boxes in columns, from footholds to the target. */
import type { AttackGraph } from '../../graph/index.ts';
import type { TextSink } from '../../lib/sink.ts';
import { CANVAS_STYLE, writeCanvasPage } from '../canvas/index.ts';
import type { PathsDocument } from '../paths/index.ts';
import { oneLine } from '../one-line.ts';
import { type PathsPageOptions, pathsData } from './data.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

export function writePathsPage(
  sink: TextSink,
  attack: AttackGraph,
  { document, ...options }: PathsPageOptions & { document: PathsDocument },
): void {
  writeCanvasPage(sink, {
    title: oneLine(options.title, 200) || 'cluster',
    kind: 'ways in',
    topic: 'ways in',
    chips: `<button type="button" id="open">Open all</button><span id="classes"></span>`,
    chipsLabel: 'What is drawn',
    findLabel: 'Find by name',
    canvasLabel: 'What leads to what, as arrows between boxes in columns; the panel beside it tells the same in sentences',
    nothing: 'No foothold leads there.',
    style: CANVAS_STYLE + STYLE,
    script: SCRIPT,
    data: pathsData(attack, document, options),
  });
}
