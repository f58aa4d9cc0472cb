/** One file for a browser: the network as a ring of workloads, reads offline, asks nobody, and treats names as text. */
import type { Overview } from '../../engines/network/index.ts';
import type { TextSink } from '../../lib/sink.ts';
import { embeddable } from '../html-data.ts';
import { securityPolicy } from '../html-policy.ts';
import { escapeMarkup as esc } from '../markup.ts';
import { oneLine } from '../words.ts';
import { type MapOptions, mapData } from './data.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

export function writeMap(sink: TextSink, overview: Overview, options: MapOptions): void {
  const title = esc(oneLine(options.title, 200)) || 'network';
  const whose = esc(oneLine(options.whose, 40));
  sink.write(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${securityPolicy({ style: STYLE, script: SCRIPT })}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title} · network · Castellan</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<div class="title"><p class="brand">Castellan <span>network map</span></p><h1>${title}</h1></div>
<div class="chips" role="group" aria-label="Show only"><span>Show only</span>
<button type="button" data-show="cross" aria-pressed="false">crosses ${whose}s</button>
<button type="button" data-show="way" aria-pressed="false">in from outside</button>
<button type="button" data-show="bare" aria-pressed="false">no policy</button></div>
<div class="find"><input type="search" placeholder="Find (/)" aria-label="Find a workload" autocomplete="off" spellcheck="false"><ul hidden></ul></div>
<button type="button" id="theme" class="quiet">Theme: system</button>
</header>
<main>
<canvas tabindex="0" role="img" aria-label="Who may talk to whom, as lines between dots on a ring; the panel beside it has the same as lists"></canvas>
<p class="none" hidden>There are no workloads in what was read.</p>
<noscript><p class="none">The map is drawn by a script, which does not run here.</p></noscript>
<p class="status" role="status"></p>
<div class="zoom"><button type="button" id="closer" aria-label="Zoom in">+</button><button type="button" id="farther" aria-label="Zoom out">−</button><button type="button" id="whole" aria-label="Show all">⤢</button></div>
</main>
<aside aria-label="Details" tabindex="-1"></aside>
<script type="application/json" id="data">${embeddable(mapData(overview, options))}</script>
<script>${SCRIPT}</script>
</body>
</html>
`);
}
