/** Credentials as they may be shown: at most their first characters, and how long they are. */
import { type Credential, credentialIn } from './credentials.ts';
import { secretRanges } from './mask-settings.ts';
import { redactedIn } from './redaction.ts';

export function maskSecret(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const redacted = redactedIn(text);
  if (redacted !== undefined) return `*** (${redacted.length} characters)`;
  const shown = text.length >= 12 ? text.slice(0, 3) : '';
  return `${shown}*** (${text.length} characters)`;
}

/** Shorter texts hold no credential that its form gives away, and one without a separator none that a name does. */
const SHORTEST = 16;
/** `--token=…`, `PASSWORD=…`, `api_key: …` */
const SETTING = /^(\s*-{0,2}([A-Za-z][\w.-]*)\s*[=:]\s*)(\S[\s\S]*)$/;

/** How a credential is written instead of itself. */
type Show = (value: string, credential: Credential) => string;

/** What replaces the credentials in a value and leaves a value without one as it is. */
export function credentialReplacer(show: Show): (value: unknown, name?: string) => unknown {
  const replacer = new Replacer(show);
  return (value, name) => (name === undefined ? replacer.value(value) : replacer.named(name, value));
}

class Replacer {
  readonly #show: Show;
  /** Several rules show the same image, argument or name one after another. */
  readonly #seen = new Map<string, string>();

  constructor(show: Show) {
    this.#show = show;
  }

  value(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return this.#list(value);
    return this.#object(value as Readonly<Record<string, unknown>>);
  }

  /** A setting: its name may promise what the value does not show. */
  named(name: string, value: unknown): unknown {
    if (typeof value !== 'string') return this.value(value);
    const credential = secretIn(name, value);
    return credential === undefined ? this.#text(value) : this.#show(value, credential);
  }

  #text(text: string): string {
    if (text.length < SHORTEST && !text.includes('=')) return text;
    if (text.length > 512) return this.#looked(text);
    let shown = this.#seen.get(text);
    if (shown === undefined) {
      if (this.#seen.size >= MOST_SEEN) this.#seen.clear();
      this.#seen.set(text, (shown = this.#looked(text)));
    }
    return shown;
  }

  #looked(text: string): string {
    const own = secretIn('', text);
    if (own !== undefined) return this.#show(text, own);
    const [, start = '', name = '', rest = ''] = SETTING.exec(text) ?? [];
    // Text without blanks is one setting whatever its value holds; a command may go on after it.
    const set = name === '' || /\s/.test(rest) ? undefined : secretIn(name, rest);
    if (set !== undefined) return start + this.#show(rest, set);
    const ranges = secretRanges(text, (each, value) => secretIn(each, value) !== undefined);
    if (ranges === undefined) return this.#show(text, UNTOLD);
    let shown = '';
    let done = 0;
    for (const [from, to] of ranges) {
      shown += text.slice(done, from) + this.#show(text.slice(from, to), UNTOLD);
      done = to;
    }
    return done === 0 ? text : shown + text.slice(done);
  }

  #list(list: readonly unknown[]): unknown {
    let copy: unknown[] | undefined;
    for (let index = 0; index < list.length; index += 1) {
      const before = list[index];
      const flag = list[index - 1];
      // `--password`, `hunter2`: the flag stands before its value.
      const isFlag = typeof before === 'string' && typeof flag === 'string' && /^--?[A-Za-z][\w-]*$/.test(flag);
      const after = isFlag ? this.named(flag.replace(/^-+/, ''), before) : this.value(before);
      if (after !== before) (copy ??= [...list])[index] = after;
    }
    return copy ?? list;
  }

  #object(object: Readonly<Record<string, unknown>>): unknown {
    let copy: Record<string, unknown> | undefined;
    for (const key of Object.keys(object)) {
      const before = object[key];
      // An entry of `env` names what its value is.
      const name = key === 'value' && typeof object.name === 'string' ? object.name : key;
      const after = this.named(name, before);
      if (after !== before) (copy ??= { ...object })[key] = after;
    }
    return copy ?? object;
  }
}

const MOST_SEEN = 1024;
/** A setting in the middle of a text: that it is one is all that is known. */
export const UNTOLD: Credential = { kind: 'credential', by: 'name' };

const masker = new Replacer(maskSecret);

/**
 * A value with every credential in it masked, whatever asked for it: the arguments of a component hold tokens as
 * well as flags. The value itself when there is none.
 */
export function withoutCredentials(value: unknown): unknown {
  return masker.value(value);
}

/** A placeholder is no secret, and seeing it helps. */
function secretIn(name: string, value: string): Credential | undefined {
  const credential = credentialIn(name, value);
  return credential?.by === 'placeholder' ? undefined : credential;
}
