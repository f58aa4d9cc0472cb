/**
 * Patches and commands as the page shows them, and as its buttons copy them. A report is handed on: what may be a
 * credential is masked in it, and such a text cannot be copied, as it would not apply.
 */
import type { State } from '../../changes/index.ts';
import { maskSecret, withoutCredentials } from '../../lib/mask.ts';
import { isRecord } from '../../lib/record.ts';
import { escapeMarkup as esc } from '../markup.ts';

/** Shorter values stand everywhere by chance. */
const SHORTEST = 4;
const MOST_LINES = 400;
const LONGEST = 2000;

export class ShownTexts {
  /** What the buttons copy, by their number. */
  readonly copied: string[] = [];
  readonly #secrets: readonly string[];

  constructor(state: State) {
    this.#secrets = secretValues(state);
  }

  /** A block of text with a button; `diff` paints what is added and removed. */
  block(text: string, { label, diff = false }: { label: string; diff?: boolean }): string {
    const lines = text.replace(/\n$/, '').split('\n');
    const shown = lines.map((line) => this.#masked(line, diff));
    const classes = diff ? classesOf(lines) : [];
    const rows = shown
      .slice(0, MOST_LINES)
      .map(
        (line, index) =>
          `<span${diff ? ` class="${classes[index] ?? ''}"` : ''}>${esc(line.slice(0, LONGEST).replaceAll('\t', '    '))}\n</span>`,
      );
    if (lines.length > MOST_LINES) rows.push(`<span class="meta">… and ${lines.length - MOST_LINES} more lines\n</span>`);
    const isMasked = shown.some((line, index) => line !== lines[index]);
    const foot = isMasked
      ? '<p class="dim">What may be a credential is masked here: castellan fixes --patch prints the whole.</p>'
      : `<button type="button" class="quiet copy" data-copy="${this.copied.push(text) - 1}" hidden>Copy ${label}</button>`;
    return `<pre tabindex="0" aria-label="${label}">${rows.join('')}</pre>${foot}`;
  }

  #masked(line: string, diff: boolean): string {
    const [mark, rest] = diff && /^[ +-]/.test(line) ? [line.slice(0, 1), line.slice(1)] : ['', line];
    const shown = String(withoutCredentials(rest));
    return mark + this.#secrets.reduce((text, value) => (text.includes(value) ? text.replaceAll(value, maskSecret(value)) : text), shown);
  }
}

/** What begins a file is told from what is added and removed by where it stands: before the first hunk. */
function classesOf(lines: readonly string[]): string[] {
  let isHead = true;
  return lines.map((line) => {
    if (line.startsWith('diff --git ')) {
      isHead = true;
      return 'file';
    }
    if (line.startsWith('@@')) isHead = false;
    if (isHead || line.startsWith('@@')) return 'meta';
    return line.startsWith('+') ? 'add' : line.startsWith('-') ? 'del' : '';
  });
}

/** Line by line, the longest first, as one may be part of another. */
function secretValues({ objects }: State): string[] {
  const values = new Set<string>();
  for (const { object } of objects) {
    if (object.kind !== 'Secret') continue;
    for (const part of [object.data, object.stringData])
      for (const value of isRecord(part) ? Object.values(part) : [])
        if (typeof value === 'string') for (const line of value.split('\n')) values.add(line.trim());
  }
  return [...values].filter((value) => value.length >= SHORTEST).toSorted((a, b) => b.length - a.length);
}
