/** What rules ask of the authorizers of an API server. */
import { type Authorizers, type CommandLine, authorizersOf } from '../../engines/command-line/index.ts';
import type { KindTable } from '../../model/index.ts';
import { type Fault, missing, wrongValue } from './faults.ts';

type Files = KindTable<'AuthorizationConfiguration'>;
type Known = Extract<Authorizers, { modes: readonly string[] }>;

const MODE = '--authorization-mode';

/** The authorizers, or the fault that they cannot be known. */
export function authorizersIn(line: CommandLine, files: Files): Known | Fault {
  const found = authorizersOf(
    line,
    files.all.map(({ body }) => (body.authorizers ?? []).map(({ type }) => type ?? '')),
  );
  if (found.modes !== undefined) return found;
  if (found.unseen === 'flag') return missing(line, MODE);
  if (found.unseen === 'value') return wrongValue(found.use);
  return { words: `has its authorizers in ${found.use.value}, which is not in the input`, use: found.use, status: 'unknown' };
}

export function withoutMode(mode: string): (line: CommandLine, tables: { AuthorizationConfiguration: Files }) => Fault | undefined {
  return (line, { AuthorizationConfiguration }) => {
    const known = authorizersIn(line, AuthorizationConfiguration);
    if ('words' in known) return known;
    if (!known.modes.includes(mode)) return undefined;
    if (known.use === undefined) return missing(line, MODE, { because: `it is ${mode} by default` });
    return { words: `authorizes with ${mode}`, use: known.useOf(mode) };
  };
}

export function withMode(mode: string): (line: CommandLine, tables: { AuthorizationConfiguration: Files }) => Fault | undefined {
  return (line, { AuthorizationConfiguration }) => {
    const known = authorizersIn(line, AuthorizationConfiguration);
    if ('words' in known) return known;
    if (known.modes.includes(mode)) return undefined;
    if (known.use === undefined) return missing(line, MODE, { because: 'it is AlwaysAllow by default' });
    // A webhook may answer the same question; what it says is not known here.
    const severity = known.modes.includes('Webhook') ? 'medium' : undefined;
    return { words: `does not have ${mode} among its authorizers`, use: known.use, severity };
  };
}
