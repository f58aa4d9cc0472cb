/** One file for a browser with a canvas and a panel beside it: reads offline, asks nobody, and treats names as text. */
import type { TextSink } from '../../lib/sink.ts';
import { embeddable } from '../embeddable.ts';
import { securityPolicy } from '../html-policy.ts';
import { escapeMarkup as esc } from '../markup.ts';

export interface CanvasPage {
  /** What was read, as text. */
  readonly title: string;
  /** What the page is: `network map`. */
  readonly kind: string;
  /** In the title of the window. */
  readonly topic: string;
  /** Markup of the buttons that filter. */
  readonly chips: string;
  readonly chipsLabel: string;
  readonly findLabel: string;
  readonly canvasLabel: string;
  /** Where there is nothing to draw. */
  readonly nothing: string;
  readonly style: string;
  readonly script: string;
  readonly data: unknown;
}

export function writeCanvasPage(sink: TextSink, page: CanvasPage): void {
  const title = esc(page.title);
  const { style, script } = page;
  sink.write(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${securityPolicy({ style, script })}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title} · ${page.topic} · Castellan</title>
<style>${style}</style>
</head>
<body>
<header>
<div class="title"><p class="brand">Castellan <span>${page.kind}</span></p><h1>${title}</h1></div>
<div class="chips" role="group" aria-label="${page.chipsLabel}">${page.chips}</div>
<div class="find"><input type="search" placeholder="Find (/)" aria-label="${page.findLabel}" autocomplete="off" spellcheck="false"><ul hidden></ul></div>
<button type="button" id="theme" class="quiet">Theme: system</button>
</header>
<main>
<canvas tabindex="0" role="img" aria-label="${page.canvasLabel}"></canvas>
<p class="none" hidden>${page.nothing}</p>
<noscript><p class="none">The picture is drawn by a script, which does not run here.</p></noscript>
<p class="status" role="status"></p>
<div class="zoom"><button type="button" id="closer" aria-label="Zoom in">+</button><button type="button" id="farther" aria-label="Zoom out">−</button><button type="button" id="whole" aria-label="Show all">⤢</button></div>
</main>
<aside aria-label="Details" tabindex="-1"></aside>
<script type="application/json" id="data">${embeddable(page.data)}</script>
<script>${script}</script>
</body>
</html>
`);
}
