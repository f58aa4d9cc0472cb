/** The matrix for a terminal: a row for each source, a column for each destination, a mark where something may flow. */
import { createColors } from 'picocolors';
import { type Conns, connsText } from '../../engines/network/index.ts';
import { displayWidth, fit, lineStart, printable } from '../../lib/terminal.ts';

export interface MatrixCell {
  /** Indexes of the groups. */
  readonly from: number;
  readonly to: number;
  readonly pairs: number;
  readonly open: number;
  readonly allowed: Conns;
}

export interface MatrixView {
  readonly groups: readonly { readonly name: string; readonly members: number }[];
  /** Those that something may flow in. */
  readonly cells: readonly MatrixCell[];
  /** Names are `ns/name`, and those of one namespace stand together. */
  readonly inNamespaces: boolean;
}

const ALL = '■';
const NONE = '·';
/** For the sets of ports that are not all, in the order in which they come. */
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const MORE = '+';
const SHORTEST_NAME = 18;
const GAP = '  ';

export function matrixTable(view: MatrixView, options: { color: boolean; width: number }): string {
  return new MatrixTable(view, options).draw();
}

interface Line {
  /** Undefined for the heading of a namespace. */
  group: number | undefined;
  title: string;
}

class MatrixTable {
  readonly #view: MatrixView;
  readonly #colors: ReturnType<typeof createColors>;
  readonly #width: number;
  readonly #cells: ReadonlyMap<string, MatrixCell>;
  readonly #titles: readonly string[];
  readonly #places: readonly string[];
  readonly #letters = new Map<string, string>();
  /** Of a column: marks take one place, parts of pairs up to four. */
  readonly #column: number;

  constructor(view: MatrixView, { color, width }: { color: boolean; width: number }) {
    this.#view = view;
    this.#colors = createColors(color);
    this.#width = Math.max(width, 40);
    this.#cells = new Map(view.cells.map((cell) => [`${cell.from} ${cell.to}`, cell]));
    this.#places = view.groups.map(({ name }) => (view.inNamespaces && name.includes('/') ? name.slice(0, name.indexOf('/')) : ''));
    this.#titles = titlesOf(view);
    this.#column = view.cells.some((cell) => this.#markOf(cell).length > 1) ? 6 : 2;
  }

  draw(): string {
    const lines = this.#rows();
    const longest = Math.max(...lines.map(({ title }) => displayWidth(title)), 0);
    const all = this.#view.groups.map((_, index) => index);
    const numbers = String(all.length).length;
    const room = Math.min(longest, Math.max(SHORTEST_NAME, this.#width - numbers - 3 - this.#spread(all)));
    const blocks = this.#blocks(all, this.#width - numbers - 3 - room);
    const text = blocks.map((columns) => this.#block(columns, lines, { room, numbers })).join('\n');
    return `${text}\n${this.#legend()}\n`;
  }

  #rows(): Line[] {
    let place = '';
    return this.#view.groups.flatMap((_, group): Line[] => {
      const heading =
        this.#places[group] !== place && this.#places[group] !== '' ? [{ group: undefined, title: this.#places[group] ?? '' }] : [];
      place = this.#places[group] ?? '';
      return [...heading, { group, title: this.#titles[group] ?? '' }];
    });
  }

  /** How wide columns are together, with gaps between namespaces. */
  #spread(columns: readonly number[]): number {
    return columns.reduce((width, _, index) => width + this.#column + (this.#isNewPlace(columns, index) ? GAP.length : 0), 0);
  }

  #isNewPlace(columns: readonly number[], index: number): boolean {
    const [column = 0, before] = [columns[index], columns[index - 1]];
    return before !== undefined && (this.#places[column] !== this.#places[before] || column === this.#view.groups.length - 1);
  }

  /** As many columns as fit beside the names, then the next. */
  #blocks(all: readonly number[], room: number): number[][] {
    const blocks: number[][] = [[]];
    for (const column of all) {
      const last = blocks.at(-1) ?? [];
      if (last.length > 0 && this.#spread([...last, column]) > room) blocks.push([column]);
      else last.push(column);
    }
    return blocks;
  }

  #block(columns: readonly number[], lines: readonly Line[], { room, numbers }: { room: number; numbers: number }): string {
    const { dim, bold } = this.#colors;
    const lead = ' '.repeat(numbers + room + 3);
    const across = (cellOf: (column: number) => string): string =>
      columns.map((column, index) => `${this.#isNewPlace(columns, index) ? GAP : ''}${cellOf(column)}`).join('');
    const digits = this.#column > numbers ? [numbers] : Array.from({ length: numbers }, (_, index) => index);
    // Numbers stand upright where a column has room for one digit.
    const head = digits.map((digit) => {
      const cell = (column: number): string => {
        const number = String(column + 1).padStart(numbers);
        return (this.#column > numbers ? number : (number[digit] ?? ' ')).padStart(this.#column);
      };
      return dim(`${lead}${across(cell)}`);
    });
    const body = lines.map(({ group, title }) => {
      if (group === undefined) return bold(lineStart(title));
      const name = `${dim(String(group + 1).padStart(numbers + 1))} ${fit(title, room)} `;
      return `${name}${across((column) => this.#paint(group, column))}`.trimEnd();
    });
    return [...head, ...body].map((line) => `${line}\n`).join('');
  }

  #paint(from: number, to: number): string {
    const { dim, yellow, red, cyan } = this.#colors;
    const cell = this.#cells.get(`${from} ${to}`);
    if (cell === undefined) {
      const nobody = from === to && (this.#view.groups[from]?.members ?? 0) < 2;
      return dim((nobody ? ' ' : NONE).padStart(this.#column));
    }
    const mark = this.#markOf(cell);
    const text = mark.padStart(this.#column);
    if (mark !== ALL) return cyan(text);
    // Wide open within a namespace is one thing, across another.
    const inside = from === to || (this.#places[from] === this.#places[to] && this.#places[from] !== '');
    return inside ? yellow(text) : red(text);
  }

  #markOf({ pairs, open, allowed }: MatrixCell): string {
    const part = open < pairs ? `${Math.min(99, Math.max(1, Math.round((100 * open) / pairs)))}%` : '';
    if (allowed === 'all') return part === '' ? ALL : part;
    return part + this.#letterOf(connsText(allowed));
  }

  #letterOf(words: string): string {
    let letter = this.#letters.get(words);
    if (letter === undefined) this.#letters.set(words, (letter = LETTERS[this.#letters.size] ?? MORE));
    return letter;
  }

  #legend(): string {
    const { dim, yellow, red, isColorSupported } = this.#colors;
    const grouped = this.#view.groups.some(({ members }) => members > 1);
    const where = isColorSupported ? ` (${yellow('within')}, ${red('across')} ${this.#view.inNamespaces ? 'namespaces' : 'groups'})` : '';
    const marks = [`${ALL} all ports${grouped ? ', every pair' : ''}${where}`, `${NONE} nothing`];
    if (this.#view.cells.some((cell) => this.#markOf(cell).includes('%'))) marks.push('42% so many of the pairs');
    const letters = [...this.#letters].filter(([, letter]) => letter !== MORE).map(([words, letter]) => `${letter} ${printable(words)}`);
    if (this.#letters.size > LETTERS.length) letters.push(`${MORE} other ports`);
    return [dim('Rows may connect to columns.'), marks.join('   '), ...letters].join('\n');
  }
}

/** Without the namespace where that stands above, and without the kind where the name says enough. */
function titlesOf({ groups, inNamespaces }: MatrixView): string[] {
  const short = groups.map(({ name }) => name.replace(/\[\w+\]$/, ''));
  const counts = new Map<string, number>();
  for (const name of short) counts.set(name, (counts.get(name) ?? 0) + 1);
  return groups.map(({ name }, index) => {
    const title = counts.get(short[index] ?? '') === 1 ? (short[index] ?? '') : name;
    return printable(inNamespaces && title.includes('/') ? title.slice(title.indexOf('/') + 1) : title);
  });
}
