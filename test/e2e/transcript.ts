/**
 * The form of a transcript: what a person types and sees, with the files that it needs.
 *
 *     # A remark.
 *     ### file deploy.yaml
 *     kind: Pod
 *     ### end
 *     $ castellan scan deploy.yaml
 *     what comes on standard output
 *     [stderr]
 *     what comes on standard error
 *     [exit 1]
 */
export interface FileStep {
  kind: 'file';
  name: string;
  lines: string[];
}
export interface CommandStep {
  kind: 'command';
  command: string;
  lines: string[];
}
interface RemarkStep {
  kind: 'remark';
  lines: string[];
}
export type Step = FileStep | CommandStep | RemarkStep;

const FILE = /^### file (\S+)$/;

export function parseTranscript(text: string): Step[] {
  const steps: Step[] = [];
  const lines = text.replace(/\n$/, '').split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const name = FILE.exec(line)?.[1];
    if (name !== undefined) {
      const end = lines.indexOf('### end', at);
      if (end < 0) throw new Error(`line ${at + 1}: the file ${name} has no "### end"`);
      steps.push({ kind: 'file', name, lines: lines.slice(at + 1, end) });
      at = end;
    } else if (line.startsWith('$ ')) steps.push({ kind: 'command', command: line.slice(2), lines: [] });
    else {
      const last = steps.at(-1);
      if (last?.kind === 'command' && !line.startsWith('# ')) last.lines.push(line);
      else if (last?.kind === 'remark') last.lines.push(line);
      else if (line !== '') steps.push({ kind: 'remark', lines: [line] });
    }
  }
  // The blank line before the next step is for the reader.
  for (const step of steps) if (step.kind !== 'file') while (step.lines.at(-1) === '') step.lines.pop();
  return steps.filter((step) => step.kind !== 'remark' || step.lines.length > 0);
}

export function writeTranscript(steps: readonly Step[]): string {
  const blocks = steps.map((step) => {
    if (step.kind === 'file') return [`### file ${step.name}`, ...step.lines, '### end'].join('\n');
    if (step.kind === 'command') return [`$ ${step.command}`, ...step.lines].join('\n');
    return step.lines.join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}

export interface Ran {
  stdout: string;
  stderr: string;
  status: number;
}

/** What a command did, as the lines of a transcript. */
export function linesOf({ stdout, stderr, status }: Ran, version: string): string[] {
  const lines = textLines(stdout);
  if (stderr !== '') lines.push('[stderr]', ...textLines(stderr));
  if (status !== 0) lines.push(`[exit ${status}]`);
  while (lines.at(-1) === '') lines.pop();
  return lines.map((line) => normal(line, version));
}

function textLines(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** Without what changes from run to run or from release to release. */
function normal(line: string, version: string): string {
  return line
    .replaceAll(/\b\d+\.\d\d s\b/g, '0.00 s')
    .replaceAll(/\b[0-9a-f]{16}\b/g, 'ffffffffffffffff')
    .replaceAll(version, '0.0.0')
    .replaceAll('\u001B', '\\e')
    .trimEnd();
}
