/** All that is told of one fix: the ways that it closes, what is not known of it, how it is made and taken back. */
import { type Fix, type Proof, type State, UNKNOWN_CODES, waysOnlyIn } from '../../changes/index.ts';
import { type FileEdit, type Files, fileEdits, serverSteps } from '../../changes/edits/index.ts';
import { groupBy } from '../../lib/groups.ts';
import { printable } from '../../lib/terminal.ts';
import type { Change } from '../../rules/index.ts';
import { isOfCluster } from '../../snapshot/index.ts';
import { type WayGroup, wayGroups, wayText } from '../diff/index.ts';
import { type Base, diffText, kubectlText, nodeText } from '../patch/index.ts';
import { HOW_TO_KNOW } from './how-to-know.ts';

export interface FixStory {
  /** From 1. */
  readonly number: number;
  readonly fix: Fix;
  readonly ways: readonly WayGroup[];
  readonly doubts: readonly Doubt[];
  readonly change: TextOfEdits;
  /** What keeps the use that the fix would deny. */
  readonly instead?: { readonly title: string; readonly proof: Proof; readonly doubts: readonly Doubt[]; readonly change: TextOfEdits };
}

export interface Doubt {
  readonly code: string;
  readonly because: string;
  readonly about: readonly string[];
  readonly howToKnow: string;
}

export interface TextOfEdits {
  /** A unified diff of files, or commands for a shell. */
  readonly form: 'diff' | 'kubectl';
  /** What no file takes, and where to make it; where it has to be changed to stay. */
  readonly notes: readonly string[];
  /** '' where no file takes any of it. */
  readonly change: string;
  /** The same the other way round. */
  readonly back: string;
  /** Where the paths of a diff begin. */
  readonly base: Base | undefined;
  /** Files that it edits. */
  readonly files: readonly string[];
}

export interface StoryOptions {
  readonly files: Files;
  readonly baseOf: (edits: readonly FileEdit[]) => Base;
}

/** Where a fix of the list stands: what was read, the changes before it, and what it leads from and to. */
export interface Placed {
  readonly number: number;
  readonly fix: Fix;
  readonly read: State;
  readonly earlier: readonly Change[];
  readonly before: State;
  readonly after: State;
}

export function storyOf(placed: Placed, options: StoryOptions): FixStory {
  const { number, fix, before, after } = placed;
  const { instead } = fix;
  return {
    number,
    fix,
    ways: wayGroups(waysOnlyIn(before, after).map((way) => wayText(before, way))),
    doubts: doubtsOf(fix.proof),
    change: textOf(placed, fix.change, options),
    ...(instead !== undefined && {
      instead: {
        title: instead.title,
        proof: instead.proof,
        doubts: doubtsOf(instead.proof),
        change: textOf(placed, instead.change, options),
      },
    }),
  };
}

/** Of all fixes of a list. */
export function storiesOf(read: State, fixes: readonly Fix[], options: StoryOptions): FixStory[] {
  const earlier: Change[] = [];
  let before = read;
  return fixes.map((fix, index) => {
    const after = before.with(fix.change);
    const story = storyOf({ number: index + 1, fix, read, earlier: [...earlier], before, after }, options);
    earlier.push(fix.change);
    before = after;
    return story;
  });
}

function doubtsOf({ unknownBecause }: Proof): Doubt[] {
  return [...groupBy(unknownBecause, ({ code }) => code)].map(([code, list]) => ({
    code,
    because: UNKNOWN_CODES[code],
    about: list.map(({ about }) => about).filter((text) => text !== ''),
    howToKnow: HOW_TO_KNOW[code],
  }));
}

function textOf(placed: Placed, change: Change, options: StoryOptions): TextOfEdits {
  const onNodes = nodeText(change);
  // What is done on a machine takes its whole way there: no file and no request of ours is in it.
  if (onNodes.length > 0)
    return {
      form: 'kubectl',
      notes: [],
      change: `${onNodes.join('\n')}\n`,
      back: 'as the lines marked back say',
      base: undefined,
      files: [],
    };
  const isAllOfCluster = placed.read.objects.every(({ origin }) => isOfCluster(origin));
  return isAllOfCluster && options.files.sources === undefined ? commands(placed, change) : diffs(placed, change, options);
}

/** Of files as the fixes before it leave them. */
function diffs({ read, earlier }: Placed, change: Change, { files, baseOf }: StoryOptions): TextOfEdits {
  const { edits: first, notes: earlierNotes } = fileEdits(read.objects, earlier, files);
  const { edits: all, unplaced, notes } = fileEdits(read.objects, [...earlier, change], files);
  const edits = all
    .map((edit): FileEdit => {
      const left = first.find(({ path }) => path === edit.path);
      return left === undefined ? edit : { ...edit, before: left.after };
    })
    .filter(({ before, after }) => before !== after);
  const base = edits.length === 0 ? undefined : baseOf(edits);
  const back = edits.map(({ path, before, after }) => ({ path, before: after, after: before }));
  return {
    form: 'diff',
    notes: [
      ...notes.slice(earlierNotes.length),
      ...unplaced
        .filter(({ patch }) => change.patches.includes(patch))
        .flatMap(({ why, kustomize }) => (kustomize === undefined ? why : [why, `patches:\n${kustomize.trimEnd()}`])),
    ],
    change: base === undefined ? '' : diffText(edits, base),
    back: base === undefined ? '' : diffText(back, base),
    base,
    files: edits.map(({ path }) => path),
  };
}

function commands({ before, fix: { owner } }: Placed, change: Change): TextOfEdits {
  const steps = serverSteps(
    before.objects.map(({ object }) => object),
    [change],
  );
  const back = steps
    .toReversed()
    .map((step) => (step.back === undefined ? `# no way back for ${printable(step.target)}` : kubectlText(step, step.back)));
  return {
    form: 'kubectl',
    notes: owner.where === '' ? [] : [`to stay, it has to be changed ${owner.where} too`],
    change: steps.map((step) => `${kubectlText(step, step.action)}\n`).join(''),
    back: back.map((line) => `${line}\n`).join(''),
    base: undefined,
    files: [],
  };
}
