/** The least that undoes what a change opened. */
import { type AttackGraph, COUNTED, defaultCosts } from '../graph/index.ts';
import type { Change, Patch } from '../rules/index.ts';
import { refIn } from './overlay.ts';
import { type State, TARGET } from './state.ts';

/**
 * `take-back`: these objects as they were before; `take-away`: these parts, whoever put them there; `none` where something
 * that has to stay leads there. What is told was searched again.
 */
export interface Undo {
  readonly kind: 'take-back' | 'take-away' | 'none';
  readonly parts: readonly string[];
}

/** Objects of a change that are tried one by one: each takes a search of its own. */
const MOST_TRIED = 10;

/** `opened` are the entries that only reach cluster control after the change. */
export function undoOf({ before, after }: { before: State; after: State }, change: Change, opened: readonly string[]): Undo | undefined {
  if (opened.length === 0) return undefined;
  const was = new Map(before.objects.map(({ object }) => [refIn(object), object]));
  const back = (targets: readonly string[]): boolean => {
    const wanted = new Set(targets);
    const patches = change.patches.filter(({ target }) => wanted.has(target)).flatMap((patch) => reversed(patch, was.get(patch.target)));
    const { paths } = after.with({ patches, effort: 'low' });
    const left = new Set([...paths.exposed, ...paths.workloads]);
    return opened.every((entry) => !left.has(entry));
  };
  const targets = change.patches.map(({ target }) => target);
  const touched = new Set(targets);
  const own = cutOf(after.graph, opened, (part) => (touched.has(objectOf(part)) ? 1 : Infinity));
  const objects = own === undefined ? undefined : [...new Set(own.map(objectOf))].toSorted();
  if (objects !== undefined && back(objects)) return { kind: 'take-back', parts: objects };
  // What opened a way by going, such as a policy, is no part of the graph after.
  const tried = targets.length <= MOST_TRIED ? lessened(targets, back) : undefined;
  if (tried !== undefined) return { kind: 'take-back', parts: tried };
  const costs = defaultCosts(after.graph);
  const any = cutOf(after.graph, opened, (part) => (costs(part) === Infinity ? Infinity : 1));
  return any === undefined ? { kind: 'none', parts: [] } : { kind: 'take-away', parts: any };
}

/** One alone if that suffices, else what is left when each that is not needed was left out. */
function lessened(targets: readonly string[], suffices: (some: readonly string[]) => boolean): string[] | undefined {
  const one = targets.find((target) => suffices([target]));
  if (one !== undefined) return [one];
  if (!suffices(targets)) return undefined;
  let left = [...targets];
  for (const target of targets) {
    const fewer = left.filter((other) => other !== target);
    if (suffices(fewer)) left = fewer;
  }
  return left.toSorted();
}

function reversed({ target, operation }: Patch, was: Readonly<Record<string, unknown>> | undefined): Patch[] {
  const gone: Patch = { target, operation: 'delete', patch: [] };
  const made: Patch = { target, operation: 'create', patch: [], object: was };
  if (operation === 'create') return [gone];
  if (operation === 'delete') return [made];
  // A binding that gives another role can only be made anew.
  if (/^(Cluster)?RoleBinding\//.test(target)) return [gone, made];
  return [{ target, operation, patch: [{ op: 'replace', path: '', value: was }] }];
}

function cutOf(graph: AttackGraph, entries: readonly string[], costOf: (part: string) => number): string[] | undefined {
  const target = graph.find(TARGET);
  if (target === undefined) return undefined;
  const cut = graph.cut({ entries: entries.map((name) => graph.find(name) ?? -1), target, classes: COUNTED, costOf });
  return 'parts' in cut ? cut.parts.map((part) => graph.graph.parts[part] ?? '').toSorted() : undefined;
}

/** `rule get secrets in Role/shop/reader` is of the role. */
function objectOf(part: string): string {
  return / in (\S+)$/.exec(part)?.[1] ?? part;
}
