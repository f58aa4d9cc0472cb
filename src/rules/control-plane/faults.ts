/** What is wrong with a component's command line, and the hit that it becomes. */
import { type CommandLine, type FlagUse, settingOf } from '../../engines/command-line/index.ts';
import { withoutCredentials } from '../../lib/mask.ts';
import type { Container } from '../../model/index.ts';
import type { Severity } from '../finding.ts';
import type { Edit, Hit } from '../rule.ts';

export interface Fault {
  /** What follows the component's name: `runs with --profiling=true`. */
  words: string;
  /** The argument that is wrong; left out where one is missing. */
  use?: FlagUse | undefined;
  severity?: Severity | undefined;
  status?: 'unknown' | 'manual' | 'not-applicable';
  also?: Hit['also'];
  /** What the flag should be, where that needs no choice. */
  mend?: { flag: string; value: string } | undefined;
}

/** A fault in the words of the flag as it stands. */
export function wrongValue(use: FlagUse, more: Omit<Fault, 'words' | 'use'> = {}, because = ''): Fault {
  if (use.opaque) return { words: `takes the value of ${use.flag} from elsewhere`, use, status: 'unknown' };
  return { words: `runs with ${use.flag}=${use.value}${because}`, use, ...more };
}

/** A flag that is missing; unknown where it may be set in a place that is not seen. */
export function missing(
  line: CommandLine,
  flags: string,
  more: Omit<Fault, 'words' | 'use'> & { because?: string | undefined } = {},
): Fault {
  if (line.hidden !== undefined) return { words: `shows no ${flags}, but ${line.hidden}`, status: 'unknown' };
  const { because, ...rest } = more;
  return { words: `runs without ${flags}${because === undefined ? '' : `: ${because}`}`, ...rest };
}

export function toHit(container: Container, line: CommandLine, fault: Fault): Hit {
  const { words, use, severity, status, also, mend } = fault;
  const hit: Hit = { message: `${line.component} ${words}`, path: use?.path ?? placeOf(container, line) };
  if (use !== undefined)
    hit.value = use.words
      .map((word) => word.text)
      .join(' ')
      .slice(0, 400);
  else hit.value = undefined;
  if (severity !== undefined) hit.severity = severity;
  if (status !== undefined) hit.status = status;
  if (also !== undefined) hit.also = also;
  const fix = mend === undefined ? undefined : withFlag(container, line, mend);
  if (fix !== undefined) hit.fix = fix;
  return hit;
}

/** The list to which a flag would be added. */
function placeOf(container: Container, line: CommandLine): string {
  return container.spec.command === undefined ? 'args' : line.list;
}

/**
 * The argument list with one flag set anew: whole, since a patch cannot replace a word by its position for sure. So
 * there is none where a credential stands in the list: it would be in every report.
 */
function withFlag(container: Container, line: CommandLine, { flag, value }: { flag: string; value: string }): Edit[] | undefined {
  if (!line.plain || settingOf(line, flag)?.path.startsWith('env') === true) return undefined;
  const old = new Set((line.uses.get(flag) ?? []).flatMap((use) => use.words.map((word) => word.path)));
  const edits: Edit[] = [];
  for (const list of ['command', 'args'] as const) {
    const words = container.spec[list] ?? [];
    if (withoutCredentials(words) !== words) return undefined;
    const kept = words.filter((_, index) => !old.has(`${list}[${index}]`));
    if (placeOf(container, line) === list) kept.push(`${flag}=${value}`);
    if (kept.length !== words.length || placeOf(container, line) === list) edits.push({ set: list, value: kept });
  }
  return edits;
}
