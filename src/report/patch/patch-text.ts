/** Fixes as something to apply: a unified diff of files, or lines for a shell where they are of a cluster. */
import { relative } from 'node:path';
import type { Fix } from '../../changes/index.ts';
import type { FileEdit, ServerStep, Unplaced } from '../../changes/edits/index.ts';
import { printable } from '../../lib/terminal.ts';
import { unifiedDiff } from '../../lib/unified-diff.ts';
import { kubectlText, placeText } from './kubectl.ts';
import { nodeText } from './node-text.ts';

/** What a fix is for, in the words of the list. */
export function fixLines(fixes: readonly Pick<Fix, 'title' | 'proof'>[]): string[] {
  return fixes.map(({ title, proof }, index) => {
    const { closes, verdict, unknownBecause } = proof;
    const codes = [...new Set(unknownBecause.map(({ code }) => code))];
    return `${index + 1} ${printable(title)}: closes ${closes.exposed} · ${closes.workloads}, ${verdict}${codes.length === 0 ? '' : ` (${codes.join(', ')})`}`;
  });
}

/** Where `git apply` and `patch -p1` are to be run: paths in a diff may not lead out of it. */
export interface Base {
  readonly path: string;
  readonly isCurrent: boolean;
}

export interface FilePatch {
  readonly fixes: readonly Pick<Fix, 'title' | 'proof' | 'change'>[];
  readonly edits: readonly FileEdit[];
  readonly unplaced: readonly Unplaced[];
  readonly notes: readonly string[];
  readonly base: Base;
}

/** Lines before the first file are no part of the diff for either tool. */
export function filePatchText({ fixes, edits, unplaced, notes, base }: FilePatch): string {
  const onNodes = fixes.flatMap(({ change }) => nodeText(change)).flatMap((block) => block.split('\n'));
  const head = [
    ...fixLines(fixes),
    ...notes.map((note) => printable(note)),
    ...unplaced.flatMap(unplacedLines),
    `apply with: git apply FILE, or patch -p1 < FILE${base.isCurrent ? '' : `; in the folder ${printable(base.path)}`}`,
    'roll back with: git apply -R FILE, or patch -p1 -R < FILE',
    ...onNodes.map((line) => line.replace(/^# /, '')),
  ];
  return `${head.map((line) => `# ${line}\n`).join('')}${diffText(edits, base)}`;
}

/** Each line of a patch of a kustomization as a comment, to be copied. */
export function unplacedLines({ why, kustomize }: Pick<Unplaced, 'why' | 'kustomize'>): string[] {
  const lines = [`not in this patch: ${printable(why)}`];
  if (kustomize === undefined) return lines;
  const entry = kustomize.trimEnd().split('\n');
  return [...lines, 'as a patch of a kustomization over what the chart makes:', 'patches:', ...entry.map((line) => printable(line))];
}

export function diffText(edits: readonly FileEdit[], base: Base): string {
  return edits.map((edit) => unifiedDiff({ ...edit, path: relative(base.path, edit.path).replaceAll('\\', '/') })).join('');
}

export interface ServerPatch {
  readonly fixes: readonly Pick<Fix, 'title' | 'proof' | 'owner' | 'change'>[];
  /** For each fix. */
  readonly steps: readonly (readonly ServerStep[])[];
}

export function serverPatchText({ fixes, steps }: ServerPatch): string {
  const titles = fixLines(fixes);
  const blocks = fixes.map(({ owner, change }, index) => {
    const lines = [`# ${titles[index] ?? ''}`];
    if (owner.where !== '') lines.push(`# to stay, it has to be changed ${printable(owner.where)} too`);
    const own = steps[index] ?? [];
    for (const step of own) lines.push(kubectlText(step, step.action));
    for (const step of own.toReversed()) lines.push(...backText(step).map((line) => `# ${line}`));
    lines.push(...nodeText(change));
    return `${lines.join('\n')}\n`;
  });
  return blocks.join('\n');
}

/** As comments, to be copied. */
function backText(step: ServerStep): string[] {
  if (step.back === undefined)
    return [`no way back: ${printable(step.target)} was not read whole. Keep it first: kubectl get ${placeText(step)} -o yaml`];
  return `back: ${kubectlText(step, step.back)}`.split('\n');
}
