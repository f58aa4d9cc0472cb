/** The file of settings of etcd as its flags: with --config-file it looks at neither flags nor variables. */
import { isRecord } from '../../lib/record.ts';
import { parseConfigText } from '../../lib/multiplies.ts';
import type { Origin } from '../../snapshot/index.ts';
import type { Word } from './command-object.ts';

/** Sections whose fields are flags without, or with, `peer-` before them. */
const SECTIONS: Readonly<Record<string, string>> = { 'client-transport-security': '', 'peer-transport-security': 'peer-' };

/** Undefined where the text is no file of settings. */
export function etcdFlagsOf(text: string, origin: Origin): Word[] | undefined {
  const parsed = parseConfigText(text);
  if (!isRecord(parsed?.value)) return undefined;
  const words: Word[] = [];
  for (const [name, value] of Object.entries(parsed.value)) {
    const section = Object.hasOwn(SECTIONS, name) ? SECTIONS[name] : undefined;
    if (section === undefined) add(words, name, value, { origin, path: name, value });
    else if (isRecord(value))
      for (const [field, each] of Object.entries(value))
        add(words, section + field, each, { origin, path: `${name}.${field}`, value: each });
  }
  return words;
}

// oxlint-disable-next-line max-params -- the four parts of one word
function add(words: Word[], name: string, value: unknown, shown: NonNullable<Word['shown']>): void {
  if (typeof value !== 'string' && typeof value !== 'boolean' && typeof value !== 'number') return;
  if (/^[a-z][a-z0-9-]{0,60}$/.test(name)) words.push({ text: `--${name}=${value}`, shown });
}
