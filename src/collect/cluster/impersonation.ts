/** On whose behalf requests are made (client-go/transport, impersonatingRoundTripper). */
import { CastellanError } from '../../lib/errors.ts';
import { isRecord } from '../../lib/record.ts';

export type Headers = Readonly<Record<string, string | string[]>>;

/** What the user entry says: `as`, `as-uid`, `as-groups`, `as-user-extra`. Nothing of it may be dropped in silence. */
export function impersonationOf(entry: Readonly<Record<string, unknown>>, name: string): Headers {
  const refused = (what: string): CastellanError => new CastellanError('CAS_KUBECONFIG', `the user "${name}" has ${what}`);
  function text(value: unknown, field: string): string {
    if (value != null && typeof value !== 'string') throw refused(`an ${field} that is no text`);
    return valueOf(value ?? '');
  }
  function texts(value: unknown, field: string): string[] {
    if (value != null && !Array.isArray(value)) throw refused(`an ${field} that is no list`);
    return (value ?? []).map((each: unknown) => text(each, field));
  }
  const extra = entry['as-user-extra'] ?? {};
  if (!isRecord(extra)) throw refused('an as-user-extra that is no mapping');
  const user = text(entry.as, 'as');
  const headers: [string, string | string[]][] = [
    ['Impersonate-Uid', text(entry['as-uid'], 'as-uid')],
    ['Impersonate-Group', texts(entry['as-groups'], 'as-groups')],
    ...Object.entries(extra).map(([key, values]): [string, string[]] => [
      `Impersonate-Extra-${escaped(key)}`,
      texts(values, 'as-user-extra'),
    ]),
  ];
  const given = headers.filter(([, value]) => value.length > 0);
  if (user !== '') return { 'Impersonate-User': user, ...Object.fromEntries(given) };
  // The server would refuse it; without the headers it would be read with the rights of somebody else.
  if (given.length > 0) throw refused('as-uid, as-groups or as-user-extra, but no user to act as');
  return {};
}

/** `--as` takes the place of everything that the entry says. */
export function actingAs(user: string, groups: readonly string[]): Headers {
  // A variable of a script that is not set would else scan as oneself.
  if (user === '') throw new CastellanError('CAS_USAGE', '--as is empty');
  return { 'Impersonate-User': valueOf(user), ...(groups.length > 0 && { 'Impersonate-Group': groups.map(valueOf) }) };
}

/** The bytes of UTF-8, as kubectl sends them: Node writes a header as Latin 1. */
function valueOf(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what a header cannot hold
  if (/[\u0000-\u001f\u007f]/.test(text)) throw new CastellanError('CAS_USAGE', 'who to act as holds control characters');
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Keys are part of the header's name; the server undoes this. */
function escaped(key: string): string {
  return [...Buffer.from(key, 'utf8')]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      return /[!#$&'*+\-.^_`|~0-9A-Za-z]/.test(letter) ? letter : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
