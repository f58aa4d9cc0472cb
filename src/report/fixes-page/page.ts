/** One file for a browser: the fixes with all that is told of them. It reads offline and without a script, and asks nobody. */
import type { Fixes } from '../../changes/index.ts';
import type { TextSink } from '../../lib/sink.ts';
import type { FixStory, WhatWasRead } from '../fixes/index.ts';
import { embeddable } from '../embeddable.ts';
import { securityPolicy } from '../html-policy.ts';
import { STYLE as REPORT_STYLE } from '../html-style.ts';
import { escapeMarkup as esc } from '../markup.ts';
import { oneLine } from '../one-line.ts';
import { fixCard } from './card.ts';
import { ShownTexts } from './shown-texts.ts';
import { SCRIPT } from './script.ts';
import * as sections from './sections.ts';
import { STYLE } from './style.ts';

export interface FixesPage extends WhatWasRead {
  /** The paths, or the context of the cluster. */
  readonly target: string;
  readonly stories: readonly FixStory[];
  /** What to type next. */
  readonly commands: readonly string[];
  readonly version: string;
}

export function writeFixesPage(sink: TextSink, fixes: Fixes, page: FixesPage): void {
  const title = esc(oneLine(page.target, 200));
  const style = REPORT_STYLE + STYLE;
  const texts = new ShownTexts(page.state);
  const cards = page.stories.map((story) => fixCard(story, texts));
  sink.write(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${securityPolicy({ style, script: SCRIPT })}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title} · fixes · Castellan</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#fixes">Skip to the fixes</a>
${sections.header(title, page)}
<main>
${sections.summary(fixes)}
<section id="fixes" aria-label="Fixes" tabindex="-1">
${cards.join('\n')}
</section>
${sections.notes(fixes, page)}
${sections.commands(page.commands, texts)}
</main>
<script type="application/json" id="data">${embeddable(texts.copied)}</script>
<script>${SCRIPT}</script>
</body>
</html>
`);
}
