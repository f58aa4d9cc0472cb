/** `castellan explain RULE`, `castellan explain FINGERPRINT PATH…` and `castellan explain FIX PATH…`. */
import { createColors } from 'picocolors';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { lineStart, printable } from '../lib/terminal.ts';
import { nodeText } from '../report/patch/index.ts';
import { fullSubject, notesOf, sourceLines, weightOf } from '../report/index.ts';
import type { Finding, Rule } from '../rules/index.ts';
import { positionOf } from '../snapshot/index.ts';
import type { FixFlags } from './chosen-fixes.ts';
import { loadRules } from './inputs.ts';
import { type JudgingFlags, eachFinding, judgingOf } from './judging.ts';
import { screenOf } from './outputs.ts';

interface ExplainFlags extends JudgingFlags, FixFlags {
  color?: boolean;
}

/** As `castellan fixes` numbers what it proposes. */
const FIX_NUMBER = /^[1-9]\d?$/;

export async function runExplain(name: string, paths: readonly string[], flags: ExplainFlags): Promise<number> {
  const rules = await loadRules(flags.rules ?? []);
  const colors = createColors(screenOf(flags).color);
  const rule = rules.find(({ id, aliases }) => id === name || Object.values(aliases ?? {}).some((ids) => ids.includes(name)));
  if (rule !== undefined) {
    stdout.write(explainRule(rule, colors));
    stdout.end();
    return 0;
  }
  if (FIX_NUMBER.test(name)) {
    const text = await explainedFix(name, paths, flags);
    if (text !== undefined) return told(text);
  }
  if (!/^[0-9a-f]{16}$/.test(name)) {
    throw new CastellanError('CAS_UNKNOWN_RULE', `there is no rule "${name}"`, { remedy: nearest(name, rules) });
  }
  const { settings, read } = await judgingOf(flags);
  const found: Finding[] = [];
  eachFinding(await read(paths), { settings, all: true }, (finding) => {
    if (finding.fingerprint === name) found.push(finding);
  });
  // Several objects of one name share it: what fails is asked for.
  const [finding] = found.sort((a, b) => weightOf(a) - weightOf(b));
  if (finding === undefined) {
    // The ids of fixes look the same.
    const text = await explainedFix(name, paths, flags);
    if (text !== undefined) return told(text);
    throw new CastellanError(
      'CAS_NOT_FOUND',
      `no finding with the fingerprint ${name}, and no fix, in ${paths.length === 0 ? 'the cluster' : paths.join(', ')}`,
      {
        remedy: 'Name what was scanned, with the same --config, --rules, --only and --kubernetes-version.',
      },
    );
  }
  stdout.write(explainFinding(finding, colors) + explainRule(finding.rule, colors));
  stdout.end();
  return 0;
}

/** What is for fixes alone is loaded for them alone. */
async function explainedFix(name: string, paths: readonly string[], flags: ExplainFlags): Promise<string | undefined> {
  return (await import('./explain-fix.ts')).explainFix(name, paths, flags);
}

function told(text: string): number {
  stdout.write(text);
  stdout.end();
  return 0;
}

type Colors = ReturnType<typeof createColors>;

function explainRule(rule: Rule, colors: Colors): string {
  const { bold, dim } = colors;
  const controls = rule.controls.map(({ framework, id }) => `${framework} ${id}`);
  const aliases = Object.entries(rule.aliases ?? {}).filter(([, ids]) => ids.length > 0);
  const lines = [
    `${bold(rule.title)}  ${dim(`${rule.id} · ${rule.severity} · ${rule.area}`)}`,
    '',
    ...wrap(rule.rationale, 92),
    '',
    bold('What to do'),
    ...wrap(rule.remedy, 92),
    '',
  ];
  if (controls.length > 0) lines.push(bold('Controls'), ...wrap(controls.join(' · '), 92), '');
  if (aliases.length > 0) {
    lines.push(bold('The same check in other tools'));
    lines.push(...aliases.map(([tool, ids]) => `  ${tool.padEnd(20)} ${ids.join(' ')}`), '');
  }
  const [bad] = rule.examples().bad;
  const [good] = rule.examples().good;
  if (bad !== undefined) lines.push(bold('Found in'), ...indented(bad.yaml), '');
  if (good !== undefined) lines.push(bold('Not found in'), ...indented(good), '');
  return lines.join('\n');
}

function explainFinding(finding: Finding, colors: Colors): string {
  const { bold, cyan, dim, yellow } = colors;
  const { status, severity, reason } = finding;
  const lines = [
    `${bold(lineStart(fullSubject(finding.subject)))}  ${printable(finding.message)}`,
    dim(`${status === 'fail' ? severity : status}${reason === undefined ? '' : `: ${printable(reason)}`}`),
    ...notesOf(finding).map(dim),
    '',
  ];
  for (const evidence of finding.evidence) {
    const position = positionOf(evidence.origin, evidence.path);
    const line = position === undefined ? '' : `:${position.line}:${position.column}`;
    lines.push(`${cyan(lineStart(printable(evidence.origin.source)) + line)}  ${printable(evidence.path)}`);
    for (const { number, text, marked } of sourceLines(evidence, 100)) {
      const gutter = `${String(number).padStart(7)} │ `;
      lines.push(marked ? `${yellow(gutter)}${text}` : dim(gutter + text));
    }
  }
  lines.push('');
  const { change } = finding;
  if (change !== undefined) {
    lines.push(bold('Proposed change'));
    const onNodes = nodeText(change);
    lines.push(...onNodes.flatMap((block) => block.split('\n')).map((line) => `  ${line}`));
    for (const { target, patch, node } of change.patches)
      if (node === undefined)
        lines.push(`  ${lineStart(printable(target))}`, ...patch.map((operation) => `  ${printable(JSON.stringify(operation))}`));
    lines.push('');
  }
  return `${lines.join('\n')}\n`;
}

/** Ids that hold the word, else those that share its beginning. */
function nearest(name: string, rules: readonly Rule[]): string {
  const ids = rules.map((rule) => rule.id);
  const close = ids.filter((id) => id.includes(name.toLowerCase()) || id.startsWith(name.slice(0, 4).toLowerCase())).slice(0, 6);
  return close.length > 0 ? `Perhaps: ${close.join(', ')}.` : 'castellan rules lists every rule.';
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => `  ${line}`);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(`  ${line}`);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, `  ${line}`];
}
