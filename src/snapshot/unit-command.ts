/** The command line that a unit of systemd starts, for nodes whose processes were not seen (systemd.exec, systemd.service). */
import type { UnitFact } from './node-facts.ts';

/** `textOf` gives the files of EnvironmentFile=. Undefined where the unit starts nothing. */
export function commandOfUnit(unit: UnitFact, textOf: (path: string) => string | undefined): string[] | undefined {
  const variables = new Map<string, string>();
  let start: string | undefined;
  const settings = [unit.lines, ...unit.dropIns.map(({ lines }) => lines)].flat();
  for (const { text } of settings) {
    const [, name = '', value = ''] = /^\s*(\w+)\s*=\s*([^]*)$/.exec(text) ?? [];
    // An empty one takes back those before it; of several the last one is what stays running.
    if (name === 'ExecStart') start = value === '' ? undefined : value.replace(/^[-@:+!|]+/, '');
    else if (name === 'Environment') for (const word of wordsOf(value)) assign(word, variables);
    else if (name === 'EnvironmentFile') for (const line of linesOf(textOf(value.replace(/^-/, '').trim()))) assign(line, variables);
  }
  return start === undefined ? undefined : wordsOf(start).flatMap((word) => expand(word, variables));
}

/** The files that a unit reads variables from. */
export function environmentFilesOf(unit: UnitFact): string[] {
  return [unit.lines, ...unit.dropIns.map(({ lines }) => lines)]
    .flat()
    .flatMap(({ text }) => /^\s*EnvironmentFile\s*=\s*-?(\/\S+)/.exec(text)?.[1] ?? []);
}

function assign(word: string, variables: Map<string, string>): void {
  const equals = word.indexOf('=');
  if (equals > 0) variables.set(word.slice(0, equals).trim(), word.slice(equals + 1));
}

function linesOf(text: string | undefined): string[] {
  return (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[#;]/.test(line))
    .map((line) => line.replace(/^([A-Za-z_]\w*=)(["'])(.*)\2$/, '$1$3'));
}

/** Blanks part words; quotes keep them together. */
export function wordsOf(text: string): string[] {
  return rangesOfWords(text).map(({ word }) => word);
}

/** The words of a command line without their quotes, and where they stand in it with these. */
export function rangesOfWords(text: string): { word: string; from: number; to: number }[] {
  return [...text.matchAll(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']+)+/g)].map(({ 0: written, index }) => ({
    word: written.replaceAll(
      /"((?:[^"\\]|\\.)*)"|'([^']*)'/g,
      (_whole, a?: string, b?: string) => a?.replaceAll(/\\(.)/g, '$1') ?? b ?? '',
    ),
    from: index,
    to: index + written.length,
  }));
}

/** `$NAME` alone is several words, `${NAME}` is a part of one. */
function expand(word: string, variables: ReadonlyMap<string, string>): string[] {
  const alone = /^\$([A-Za-z_]\w*)$/.exec(word)?.[1];
  if (alone !== undefined) return wordsOf(variables.get(alone) ?? '');
  return [word.replaceAll(/\$\{([A-Za-z_]\w*)\}/g, (_whole, name: string) => variables.get(name) ?? '').replaceAll('$$', '$')];
}
