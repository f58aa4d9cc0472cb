/** How an API server decides on requests: by --authorization-mode, or by the file of --authorization-config. */
import type { CommandLine } from './components.ts';
import type { FlagUse } from './flags.ts';
import { listOf, settingOf } from './settings.ts';

/** The authorizers in their order; or why they cannot be known, and the flag that leads elsewhere. */
export type Authorizers =
  | { readonly modes: readonly string[]; readonly use: FlagUse | undefined; readonly useOf: (mode: string) => FlagUse | undefined }
  | { readonly modes: undefined; readonly unseen: 'file' | 'value'; readonly use: FlagUse }
  | { readonly modes: undefined; readonly unseen: 'flag'; readonly use: undefined };

/** `files` holds the authorizers of each AuthorizationConfiguration in the input: with two of them nobody knows which is meant. */
export function authorizersOf(line: CommandLine, files: readonly (readonly string[])[]): Authorizers {
  const config = settingOf(line, '--authorization-config');
  if (config !== undefined) {
    const [modes] = files;
    return modes === undefined || files.length > 1
      ? { modes: undefined, unseen: 'file', use: config }
      : { modes, use: config, useOf: () => config };
  }
  const list = listOf(line, '--authorization-mode');
  if (list !== undefined)
    return list.opaque ? { modes: undefined, unseen: 'value', use: list.use } : { modes: list.items, use: list.use, useOf: list.useOf };
  if (line.hidden !== undefined) return { modes: undefined, unseen: 'flag', use: undefined };
  return { modes: ['AlwaysAllow'], use: undefined, useOf: () => undefined };
}
