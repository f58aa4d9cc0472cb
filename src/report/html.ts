/** One file for a browser: reads offline, asks nobody for anything, and treats every name as text. */
import type { TextSink } from '../lib/sink.ts';
import { SEVERITIES, STATUSES, type Severity, type Status } from '../rules/index.ts';
import { PageData } from './html-data.ts';
import { securityPolicy } from './html-policy.ts';
import { SCRIPT } from './html-script.ts';
import * as sections from './html-sections.ts';
import { STYLE } from './html-style.ts';
import { escapeMarkup } from './markup.ts';
import type { ReportFrame, ReportWriter } from './report.ts';
import { RuleGroups } from './rule-groups.ts';
import { oneLine } from './one-line.ts';
import { titleOf } from './words.ts';

const SUBJECTS = 4;

export function htmlWriter(sink: TextSink): ReportWriter {
  const data = new PageData();
  const groups = new RuleGroups(SUBJECTS);
  const bySeverity = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Record<Severity, number>;
  const byStatus = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>;
  let frame: ReportFrame;
  return {
    begin(begun) {
      frame = begun;
      data.begin(begun.source);
    },
    finding(finding) {
      data.add(finding);
      groups.add(finding);
      byStatus[finding.status] += 1;
      if (finding.status === 'fail') bySeverity[finding.severity] += 1;
    },
    end(totals) {
      const ordered = groups.ordered();
      const title = escapeMarkup(titleOf(frame));
      sink.write(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${securityPolicy({ style: STYLE, script: SCRIPT })}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title} · Castellan</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#findings">Skip to the findings</a>
${sections.header(frame)}
<main>
${sections.summary(ordered, { bySeverity, byStatus }, totals)}
<div class="folds">
${[sections.components(frame, totals), sections.podSecurity(frame), sections.frameworks(totals), sections.coverage(totals), sections.exceptions(totals)].filter((part) => part !== '').join('\n')}
</div>
<section id="findings" aria-label="Findings" tabindex="-1">
<div id="live" hidden></div>
<div id="static" class="scroll">
<noscript><p class="dim">Without scripts this is the summary by rule; every finding with its lines is in this file's data.</p></noscript>
${sections.ruleTable(ordered)}
</div>
</section>
</main>
<script type="application/json" id="data">`);
      for (const piece of data.pieces({ targets: frame.targets.map((target) => oneLine(target, 300)) })) sink.write(piece);
      sink.write(`</script>
<script>${SCRIPT}</script>
</body>
</html>
`);
    },
  };
}
