/** Fixes by the numbers or ids of the list, which is worked out anew. */
import { type Evidence, type Fix, type Proof, type State, fixesFor, prove } from '../changes/index.ts';
import { type Sources, combined } from '../changes/edits/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { plural } from '../lib/terminal.ts';
import type { Change } from '../rules/index.ts';
import { type ProofFlags, readEvidence, readState } from './fixes-input.ts';

export interface FixFlags extends ProofFlags {
  source?: string[];
  top?: string;
}

/** Some of the fixes of a state, and what they do together. */
export interface Chosen {
  readonly state: State;
  readonly evidence: Evidence;
  /** In the order of the list. */
  readonly fixes: readonly Fix[];
  readonly change: Change;
  readonly after: State;
  readonly proof: Proof;
}

const NUMBER = /^[1-9]\d?$/;
const ID = /^[0-9a-f]{16}$/;

/** `1 2,4 deploy/`: what can be a fix is one, until something cannot. A folder that is named like a number is `./1`. */
export function fixesAndPaths(words: readonly string[]): { fixes: string[]; paths: string[] } {
  const isFix = (word: string): boolean => word.split(',').every((part) => NUMBER.test(part) || ID.test(part));
  const count = words.findIndex((word) => !isFix(word));
  const [named, paths] = count < 0 ? [words, []] : [words.slice(0, count), words.slice(count)];
  return { fixes: named.flatMap((word) => word.split(',')), paths: [...paths] };
}

/** Errors: CAS_USAGE. */
export function topOf(text = '5'): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new CastellanError('CAS_USAGE', `--top takes a number from 1 to 99, not "${text}"`);
}

/** Errors: CAS_NO_FIX; CAS_CHANGE where they do not fit without those before them. */
export async function chosenFixes(
  names: readonly string[],
  paths: readonly string[],
  flags: FixFlags & { sources?: Sources | undefined },
): Promise<Chosen> {
  const top = topOf(flags.top);
  const evidence = await readEvidence(flags);
  return chosenOf(await readState(paths, flags, flags.sources), names, { top, evidence });
}

export function chosenOf(state: State, names: readonly string[], { top, evidence }: { top: number; evidence: Evidence }): Chosen {
  const { fixes: all } = fixesFor(state, { top, evidence });
  const places = new Set(names.map((name) => placeOf(all, name)));
  const fixes = all.filter((_, index) => places.has(index));
  const change = combined(fixes.map((fix) => fix.change));
  const after = withChange(state, change);
  return { state, evidence, fixes, change, after, proof: prove({ before: state, after }, change, evidence) };
}

/** One fix of the list, between what those before it leave and what it makes of that. */
export interface Listed {
  /** From 1. */
  readonly number: number;
  readonly fix: Fix;
  /** What was read, and the changes of the fixes before it. */
  readonly read: State;
  readonly earlier: readonly Change[];
  readonly before: State;
  readonly after: State;
  /** The day that was told instead of today. */
  readonly day?: string;
}

/** Undefined where the list has none of that id. Errors: CAS_NO_FIX where it has not so many. */
export async function listedFix(
  name: string,
  paths: readonly string[],
  flags: FixFlags & { sources?: Sources | undefined },
): Promise<Listed | undefined> {
  const top = topOf(flags.top);
  const evidence = await readEvidence(flags);
  const state = await readState(paths, flags, flags.sources);
  const { fixes } = fixesFor(state, { top, evidence });
  const index = NUMBER.test(name) ? placeOf(fixes, name) : fixes.findIndex(({ id }) => id === name);
  const fix = fixes[index];
  if (fix === undefined) return undefined;
  const earlier = fixes.slice(0, index).map(({ change }) => change);
  const before = state.with(...earlier);
  return {
    number: index + 1,
    fix,
    read: state,
    earlier,
    before,
    after: before.with(fix.change),
    ...(evidence.day !== undefined && { day: evidence.day }),
  };
}

function withChange(state: State, change: Change): State {
  try {
    return state.with(change);
  } catch (error) {
    if (!(error instanceof CastellanError) || error.code !== 'CAS_CHANGE') throw error;
    const remedy = 'Each fix of the list is made with those before it: name these too.';
    throw new CastellanError('CAS_CHANGE', `by itself it does not fit: ${error.message}`, { cause: error, remedy });
  }
}

/** Such a change is made by whoever is root there. */
export function isOfNodes({ patches }: Change): boolean {
  return patches.some(({ node }) => node !== undefined);
}

function placeOf(fixes: readonly Fix[], name: string): number {
  const index = NUMBER.test(name) ? Number(name) - 1 : fixes.findIndex(({ id }) => id === name);
  if (fixes[index] !== undefined) return index;
  throw new CastellanError('CAS_NO_FIX', `there is no fix ${name}: the list has ${plural(fixes.length, 'fix', 'fixes')}`, {
    // A longer list is chosen anew, and may number the same fixes otherwise.
    ...(fixes.length > 0 && {
      remedy: `Name one of 1 to ${fixes.length}, as castellan fixes lists them for the same input and record; --top makes a longer list, here as there.`,
    }),
  });
}
