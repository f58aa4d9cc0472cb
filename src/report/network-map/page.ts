/** One file for a browser: the network as a ring of workloads, reads offline, asks nobody, and treats names as text. */
import type { Overview } from '../../engines/network/index.ts';
import type { TextSink } from '../../lib/sink.ts';
import { CANVAS_STYLE, writeCanvasPage } from '../canvas/index.ts';
import { escapeMarkup as esc } from '../markup.ts';
import { oneLine } from '../one-line.ts';
import { type MapOptions, mapData } from './data.ts';
import { SCRIPT } from './script.ts';

export function writeMap(sink: TextSink, overview: Overview, options: MapOptions): void {
  const whose = esc(oneLine(options.whose, 40));
  writeCanvasPage(sink, {
    title: oneLine(options.title, 200) || 'network',
    kind: 'network map',
    topic: 'network',
    chips: `<span>Show only</span>
<button type="button" data-show="cross" aria-pressed="false">crosses ${whose}s</button>
<button type="button" data-show="way" aria-pressed="false">in from outside</button>
<button type="button" data-show="bare" aria-pressed="false">no policy</button>`,
    chipsLabel: 'Show only',
    findLabel: 'Find a workload',
    canvasLabel: 'Who may talk to whom, as lines between dots on a ring; the panel beside it has the same as lists',
    nothing: 'There are no workloads in what was read.',
    style: CANVAS_STYLE,
    script: SCRIPT,
    data: mapData(overview, options),
  });
}
