/**
 * The words of a POSIX shell script as it stands in `sh -c "…"`: quotes, escapes, comments, redirections and
 * separators, as far as a container's start command uses them. Nothing is executed or read.
 */

export interface ShellWord {
  text: string;
  /** Whether a part comes from a variable or command whose value is not known here. */
  opaque: boolean;
}

/** What is known of a variable: its value, or that it exists with a value from elsewhere. */
export type Lookup = (name: string) => string | undefined;

const NAME = /^[A-Za-z_]\w*/;

/** The simple commands of a script, each as its words. */
export function shellCommands(script: string, lookup: Lookup): ShellWord[][] {
  return new Scanner(script, lookup).run();
}

class Scanner {
  readonly #script: string;
  readonly #lookup: Lookup;
  readonly #commands: ShellWord[][] = [[]];
  #at = 0;
  #text = '';
  #started = false;
  #opaque = false;
  /** The next word is the file of a redirection. */
  #redirected = false;

  constructor(script: string, lookup: Lookup) {
    this.#script = script;
    this.#lookup = lookup;
  }

  run(): ShellWord[][] {
    while (this.#at < this.#script.length) this.#step(this.#script.charAt(this.#at));
    this.#endWord();
    return this.#commands.filter((words) => words.length > 0);
  }

  #step(char: string): void {
    switch (char) {
      case ' ':
      case '\t':
      case '\r':
        this.#endWord();
        this.#at += 1;
        return;
      case '\\':
        this.#escape();
        return;
      case "'":
        this.#singleQuoted();
        return;
      case '"':
        this.#doubleQuoted();
        return;
      case '`':
      case '$':
        this.#variable(false);
        return;
      case '>':
      case '<':
        this.#redirection();
        return;
      case '&':
        if (this.#script[this.#at + 1] === '>') {
          this.#endWord();
          this.#at += 1;
          this.#redirection();
          return;
        }
        this.#separator();
        return;
      case '\n':
      case ';':
      case '|':
      case '(':
      case ')':
        this.#separator();
        return;
      case '#':
        if (!this.#started) {
          const end = this.#script.indexOf('\n', this.#at);
          this.#at = end < 0 ? this.#script.length : end;
          return;
        }
        break;
      default:
    }
    this.#add(char);
    this.#at += 1;
  }

  #add(text: string): void {
    this.#text += text;
    this.#started = true;
  }

  #endWord(): void {
    if (!this.#started) return;
    if (this.#redirected) this.#redirected = false;
    else this.#commands.at(-1)?.push({ text: this.#text, opaque: this.#opaque });
    this.#text = '';
    this.#started = false;
    this.#opaque = false;
  }

  #separator(): void {
    this.#endWord();
    this.#redirected = false;
    this.#commands.push([]);
    this.#at += 1;
  }

  #escape(): void {
    const next = this.#script[this.#at + 1];
    // A backslash at the end of a line joins it with the next one.
    if (next === '\r' && this.#script[this.#at + 2] === '\n') this.#at += 1;
    else if (next !== undefined && next !== '\n') this.#add(next);
    this.#at += 2;
  }

  #singleQuoted(): void {
    const end = this.#script.indexOf("'", this.#at + 1);
    this.#add(this.#script.slice(this.#at + 1, end < 0 ? undefined : end));
    this.#at = end < 0 ? this.#script.length : end + 1;
  }

  #doubleQuoted(): void {
    this.#started = true;
    this.#at += 1;
    while (this.#at < this.#script.length && this.#script[this.#at] !== '"') {
      const char = this.#script.charAt(this.#at);
      if (char === '$' || char === '`') {
        this.#variable(true);
      } else if (char === '\\' && '$`"\\\n'.includes(this.#script[this.#at + 1] ?? 'x')) {
        this.#escape();
      } else {
        this.#add(char);
        this.#at += 1;
      }
    }
    this.#at += 1;
  }

  /** `$NAME`, `${NAME}`: its value where it is known. `${NAME…}`, `$(…)` and backquotes are opaque. */
  #variable(quoted: boolean): void {
    const rest = this.#script.slice(this.#at + 1, this.#at + 130);
    if (this.#script[this.#at] === '`') return this.#hide(this.#script.indexOf('`', this.#at + 1));
    if (rest.startsWith('(')) return this.#hide(closing(this.#script, this.#at + 1, '()'));
    const braced = rest.startsWith('{');
    const name = NAME.exec(braced ? rest.slice(1) : rest)?.[0];
    if (name === undefined && !braced) {
      // `$$`, `$1`, `$@` and a dollar that stands for itself.
      if (/^[\d@*#?$!-]/.test(rest)) return this.#hide(this.#at + 1);
      this.#add('$');
      this.#at += 1;
      return;
    }
    const end = braced ? closing(this.#script, this.#at + 1, '{}') : this.#at + (name?.length ?? 0);
    const whole = !braced || end === this.#at + (name?.length ?? 0) + 2;
    const value = whole && name !== undefined ? this.#lookup(name) : undefined;
    if (value === undefined) return this.#hide(end);
    this.#at = end + 1;
    if (quoted) this.#add(value);
    else this.#addSplit(value);
  }

  /** An unquoted variable makes as many words as its value has. */
  #addSplit(value: string): void {
    for (const [index, part] of value.split(/\s+/).entries()) {
      if (index > 0) this.#endWord();
      if (part !== '') this.#add(part);
    }
  }

  /** What is not known stays as it is written, and the word is marked. */
  #hide(end: number): void {
    const next = end < 0 ? this.#script.length : end + 1;
    this.#opaque = true;
    this.#add(this.#script.slice(this.#at, next));
    this.#at = next;
  }

  /** `>`, `>>`, `2>&1`, `<<`: neither the descriptor before nor the file after is an argument. */
  #redirection(): void {
    if (/^\d+$/.test(this.#text)) {
      this.#text = '';
      this.#started = false;
    }
    this.#endWord();
    while ('><&|'.includes(this.#script[this.#at] ?? ' ')) this.#at += 1;
    this.#redirected = true;
  }
}

/** Where the bracket at `open` is closed again; brackets in quotes do not count. */
function closing(text: string, open: number, brackets: '()' | '{}'): number {
  let depth = 0;
  let quote = '';
  for (let at = open; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === brackets[0]) depth += 1;
    else if (char === brackets[1]) depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}
