/** How an API server decides on requests: by --authorization-mode, or by the file of --authorization-config. */
import { type CommandLine, type FlagUse, listOf, settingOf } from '../../engines/command-line/index.ts';
import type { KindTable } from '../../model/index.ts';
import { type Fault, missing, wrongValue } from './faults.ts';

type Files = KindTable<'AuthorizationConfiguration'>;

interface Authorizers {
  modes: readonly string[];
  use: FlagUse | undefined;
  useOf: (mode: string) => FlagUse | undefined;
}

const MODE = '--authorization-mode';

/** The authorizers in their order, or why they cannot be known. */
export function authorizersOf(line: CommandLine, files: Files): Authorizers | Fault {
  const config = settingOf(line, '--authorization-config');
  if (config !== undefined) {
    const file = files.all.length === 1 ? files.all[0] : undefined;
    if (file === undefined)
      return { words: `has its authorizers in ${config.value}, which is not in the input`, use: config, status: 'unknown' };
    const modes = (file.body.authorizers ?? []).map(({ type }) => type ?? '');
    return { modes, use: config, useOf: () => config };
  }
  const list = listOf(line, MODE);
  if (list !== undefined) return list.opaque ? wrongValue(list.use) : { modes: list.items, use: list.use, useOf: list.useOf };
  if (line.hidden !== undefined) return missing(line, MODE);
  return { modes: ['AlwaysAllow'], use: undefined, useOf: () => undefined };
}

export function withoutMode(mode: string): (line: CommandLine, tables: { AuthorizationConfiguration: Files }) => Fault | undefined {
  return (line, { AuthorizationConfiguration }) => {
    const known = authorizersOf(line, AuthorizationConfiguration);
    if ('words' in known) return known;
    if (!known.modes.includes(mode)) return undefined;
    if (known.use === undefined) return missing(line, MODE, { because: `it is ${mode} by default` });
    return { words: `authorizes with ${mode}`, use: known.useOf(mode) };
  };
}

export function withMode(mode: string): (line: CommandLine, tables: { AuthorizationConfiguration: Files }) => Fault | undefined {
  return (line, { AuthorizationConfiguration }) => {
    const known = authorizersOf(line, AuthorizationConfiguration);
    if ('words' in known) return known;
    if (known.modes.includes(mode)) return undefined;
    if (known.use === undefined) return missing(line, MODE, { because: 'it is AlwaysAllow by default' });
    // A webhook may answer the same question; what it says is not known here.
    const severity = known.modes.includes('Webhook') ? 'medium' : undefined;
    return { words: `does not have ${mode} among its authorizers`, use: known.use, severity };
  };
}
