/** Credentials as they may be shown: at most their first characters, and how long they are. */
import { credentialIn } from './credentials.ts';
import { secretRanges } from './mask-settings.ts';

export function maskSecret(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const shown = text.length >= 12 ? text.slice(0, 3) : '';
  return `${shown}*** (${text.length} characters)`;
}

/** Shorter texts hold no credential that its form gives away, and one without a separator none that a name does. */
const SHORTEST = 16;
/** `--token=…`, `PASSWORD=…`, `api_key: …` */
const SETTING = /^(\s*-{0,2}([A-Za-z][\w.-]*)\s*[=:]\s*)(\S[\s\S]*)$/;

/**
 * A value with every credential in it masked, whatever asked for it: the arguments of a component hold tokens as
 * well as flags. The value itself when there is none.
 */
export function withoutCredentials(value: unknown): unknown {
  if (typeof value === 'string') return maskedText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return maskedList(value);
  return maskedObject(value as Readonly<Record<string, unknown>>);
}

/** Several rules show the same image, argument or name one after another. */
const seen = new Map<string, string>();
const MOST_SEEN = 1024;

function maskedText(text: string): string {
  if (text.length < SHORTEST && !text.includes('=')) return text;
  if (text.length > 512) return looked(text);
  let shown = seen.get(text);
  if (shown === undefined) {
    if (seen.size >= MOST_SEEN) seen.clear();
    seen.set(text, (shown = looked(text)));
  }
  return shown;
}

function looked(text: string): string {
  if (isSecret(credentialIn('', text))) return maskSecret(text);
  const [, start = '', name = '', rest = ''] = SETTING.exec(text) ?? [];
  // Text without blanks is one setting whatever its value holds; a command may go on after it.
  if (name !== '' && !/\s/.test(rest) && isSecret(credentialIn(name, rest))) return start + maskSecret(rest);
  const ranges = secretRanges(text, (each, value) => isSecret(credentialIn(each, value)));
  if (ranges === undefined) return maskSecret(text);
  let shown = '';
  let done = 0;
  for (const [from, to] of ranges) {
    shown += text.slice(done, from) + maskSecret(text.slice(from, to));
    done = to;
  }
  return done === 0 ? text : shown + text.slice(done);
}

function maskedList(list: readonly unknown[]): unknown {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index += 1) {
    const before = list[index];
    const flag = list[index - 1];
    // `--password`, `hunter2`: the flag stands before its value.
    const named =
      typeof before === 'string' &&
      typeof flag === 'string' &&
      /^--?[A-Za-z][\w-]*$/.test(flag) &&
      isSecret(credentialIn(flag.replace(/^-+/, ''), before));
    const after = named ? maskSecret(before) : withoutCredentials(before);
    if (after !== before) (copy ??= [...list])[index] = after;
  }
  return copy ?? list;
}

function maskedObject(object: Readonly<Record<string, unknown>>): unknown {
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(object)) {
    const before = object[key];
    // An entry of `env` names what its value is.
    const name = key === 'value' && typeof object.name === 'string' ? object.name : key;
    const after = typeof before === 'string' && isSecret(credentialIn(name, before)) ? maskSecret(before) : withoutCredentials(before);
    if (after !== before) (copy ??= { ...object })[key] = after;
  }
  return copy ?? object;
}

/** A placeholder is no secret, and seeing it helps. */
function isSecret(credential: ReturnType<typeof credentialIn>): boolean {
  return credential !== undefined && credential.by !== 'placeholder';
}
