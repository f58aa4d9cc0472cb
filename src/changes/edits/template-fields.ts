/**
 * Where the fields of an object stand in a Helm template, read as far as its text says so plainly. A template is text
 * that only Helm turns into YAML: lines that are YAML by themselves are placed by their indentation, and what stands
 * between double braces is kept as it is. Whatever is not of this form has no place, and nothing is guessed of it.
 */

export interface TemplateField {
  /** Keys and indexes, as in a JSON pointer. */
  readonly path: readonly string[];
  /** What stands behind the colon, or on the line below where only braces stand there; '' for a mapping or list. */
  readonly value: string;
  /** Whether a block around it decides whether it is there, or how often. */
  readonly isConditional: boolean;
  /** What `with` took where it is the innermost block around the value: `.Values.securityContext`. */
  readonly of: string | undefined;
}

export interface TemplateDocument {
  readonly fields: readonly TemplateField[];
  /** Lists of which some entries are not plain lines: from which index on it may be another one. */
  readonly unsure: readonly { readonly list: readonly string[]; readonly from: number }[];
}

/** The documents of a file, in order. */
export function templateDocuments(text: string): TemplateDocument[] {
  return text
    .replaceAll(/\{\{-?\s*\/\*[^]*?\*\/\s*-?\}\}/g, '')
    .split(/^---.*$/m)
    .map((part) => new Reader().read(part));
}

const LINE = /^(\s*)((?:- +)*)(?:"([^"]+)"|'([^']+)'|([\w./-]+)):(?:\s+(.*))?$/;
const ITEM = /^(\s*)((?:- +)*)-(?:\s+.*)?$/;
const BRACES = /\{\{-?\s*([^]*?)\s*-?\}\}/g;
const ONLY_BRACES = /^\{\{[^]*\}\}$/;
const OPENS = /^(if|range|with|define|block)\b\s*(.*)$/;

interface Level {
  readonly indent: number;
  readonly path: readonly string[];
  /** The entry of a list that lines at this indentation belong to; -1 before the first. */
  index: number;
  readonly isItem: boolean;
}

interface Block {
  readonly kind: string;
  readonly of: string;
  /** How often something is written in it. */
  uses: number;
  /** Whose value it is. */
  readonly fields: { isConditional: boolean }[];
}

class Reader {
  readonly #fields: { path: readonly string[]; value: string; isConditional: boolean; of: string | undefined }[] = [];
  readonly #unsure: { list: readonly string[]; from: number }[] = [];
  readonly #levels: Level[] = [];
  readonly #blocks: Block[] = [];
  /** Lines below a text that is deeper than this belong to it. */
  #textIndent: number | undefined;

  read(text: string): TemplateDocument {
    for (const line of text.split(/\r?\n/)) this.#line(line.replace(/\s+$/, ''));
    return { fields: this.#fields, unsure: this.#unsure };
  }

  #line(line: string): void {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return;
    const indent = line.length - line.trimStart().length;
    if (this.#textIndent !== undefined && indent > this.#textIndent) return;
    this.#textIndent = undefined;
    if (ONLY_BRACES.test(trimmed)) this.#braces(trimmed);
    else {
      this.#yaml(line);
      this.#track(line);
    }
  }

  /** A line of braces alone opens or ends blocks, or is the value of what stands above. */
  #braces(text: string): void {
    const isControl = [...text.matchAll(BRACES)].every(
      ([, code = '']) => /^(if|else|range|with|define|block|end)\b/.test(code) || code.includes(':='),
    );
    this.#track(text);
    const last = this.#fields.at(-1);
    if (isControl) return;
    const open = this.#levels.at(-1);
    if (last === undefined || open === undefined || last.value !== '' || last.path !== open.path) {
      // Whatever it writes may be further entries of any list around it.
      for (const { list, index } of this.#levels.map(listOf)) this.#unsure.push({ list, from: index + 1 });
      return;
    }
    const block = this.#blocks.at(-1);
    last.value = text;
    last.of = block?.kind === 'with' ? block.of : undefined;
    // The block that takes the value is there where the value is.
    last.isConditional = this.#blocks.length > (last.of === undefined ? 0 : 1);
    if (last.of !== undefined) block?.fields.push(last);
  }

  #yaml(line: string): void {
    const [, space = '', dashes = '', ...rest] = LINE.exec(line) ?? [];
    const key = rest.slice(0, 3).find((one) => one !== undefined);
    const item = key === undefined ? ITEM.exec(line) : undefined;
    if (key === undefined && item === null) {
      for (const { list, index: from } of this.#levels.map(listOf)) this.#unsure.push({ list, from });
      return;
    }
    let indent = (item === undefined ? space : (item?.[1] ?? '')).length;
    const marks = item === undefined ? dashes : `${item?.[2] ?? ''}- `;
    for (const mark of marks.match(/- +/g) ?? []) {
      this.#item(indent);
      indent += mark.length;
    }
    if (key === undefined) return;
    const parent = this.#parentOf(indent);
    const path = [...parent, key];
    const value = (rest[3] ?? '').replace(/\s+#.*$/, '');
    const block = this.#blocks.at(-1);
    this.#fields.push({ path, value, isConditional: this.#blocks.length > 0, of: block?.kind === 'with' ? block.of : undefined });
    if (/^[|>]/.test(value)) this.#textIndent = indent;
    this.#levels.push({ indent, path, index: -1, isItem: false });
  }

  /** A dash: the next entry of the list at this indentation, which may be that of the key above it. */
  #item(indent: number): void {
    while (
      (this.#levels.at(-1)?.indent ?? -1) > indent ||
      (this.#levels.at(-1)?.isItem === true && (this.#levels.at(-1)?.indent ?? -1) >= indent)
    )
      this.#levels.pop();
    const list = this.#levels.at(-1);
    const index = (list?.index ?? -1) + 1;
    if (list !== undefined) list.index = index;
    const path = list?.path ?? [];
    const isBelowBraces = this.#fields.some((field) => field.path === path && field.value !== '');
    if (this.#blocks.length > 0 || isBelowBraces) this.#unsure.push({ list: path, from: index });
    this.#levels.push({ indent, path: [...(list?.path ?? []), String(index)], index: -1, isItem: true });
  }

  #parentOf(indent: number): readonly string[] {
    while ((this.#levels.at(-1)?.indent ?? -1) >= indent) this.#levels.pop();
    return this.#levels.at(-1)?.path ?? [];
  }

  #track(text: string): void {
    for (const [, code = ''] of text.matchAll(BRACES)) {
      const [, kind, of = ''] = OPENS.exec(code) ?? [];
      if (kind !== undefined) this.#blocks.push({ kind, of, uses: 0, fields: [] });
      else if (/^else\b/.test(code)) {
        // What comes now stands for the other case.
        this.#end();
        this.#blocks.push({ kind: 'else', of: '', uses: 0, fields: [] });
      } else if (/^end\b/.test(code)) this.#end();
      else for (const block of this.#blocks) block.uses += 1;
    }
  }

  /** What a block took and writes at several places is no field's alone. */
  #end(): void {
    const { uses, fields } = this.#blocks.pop() ?? { uses: 0, fields: [] };
    if (uses > 1) for (const field of fields) field.isConditional = true;
  }
}

/** The list that lines at this level belong to, and its entry that they are in. */
function listOf({ path, index, isItem }: Level): { list: readonly string[]; index: number } {
  return isItem ? { list: path.slice(0, -1), index: Number(path.at(-1)) } : { list: path, index };
}
