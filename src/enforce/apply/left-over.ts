/** What taking back leaves: steps without a way back, and those whose answer was lost, as far as the object tells. */
import type { ServerAction } from '../../changes/edits/index.ts';
import { PatchFailure, applyPatch, sameJson } from '../../lib/json-patch.ts';
import { isRecord } from '../../lib/record.ts';
import type { Journal, JournalStep } from './journal.ts';
import { type AskAny, objectAt } from './requests.ts';
import { undoable } from './apply.ts';

export interface LeftOver {
  readonly step: JournalStep;
  readonly why: string;
}

/** Nothing is changed. A step that is seen to have changed nothing is not among them. */
export async function leftOver(ask: AskAny, journal: Journal): Promise<LeftOver[]> {
  const taken = new Set(undoable(journal));
  const left: LeftOver[] = [];
  for (const step of journal.steps) {
    if (step.state === 'done' && !taken.has(step)) left.push({ step, why: 'it has no way back' });
    if (step.state !== 'asked') continue;
    const seen = seenIn(step.action, await objectAt(ask, step.path));
    if (seen !== undefined) left.push({ step, why: `its answer was lost, and ${seen}` });
  }
  return left;
}

/** Undefined where the object is as it was before the step. */
function seenIn(action: ServerAction, there: Record<string, unknown> | undefined): string | undefined {
  if (action.operation === 'create') {
    if (there === undefined) return undefined;
    return holds(there, action.object) ? 'the object is there as it was asked for' : 'another object has that name now';
  }
  if (action.operation === 'delete') {
    if (there === undefined) return 'the object is gone';
    const { resourceVersion } = isRecord(there.metadata) ? there.metadata : {};
    if (action.resourceVersion !== undefined && resourceVersion === action.resourceVersion) return undefined;
    return 'an object of another version is there now';
  }
  if (there === undefined) return 'the object is gone';
  return fits(action, there) ? undefined : 'the object is not as it was before';
}

/** Of a patch whose answer was lost while it was made the version fits; of one that was being taken back the fields do. */
function fits({ patch }: Extract<ServerAction, { operation: 'patch' }>, there: Record<string, unknown>): boolean {
  const fields = patch.filter(({ op, path }) => op !== 'test' || path !== '/metadata/resourceVersion');
  // What tests nothing but the version says nothing without it.
  const asked = fields.some(({ op }) => op === 'test') ? fields : patch;
  try {
    return !sameJson(applyPatch(there, asked), there);
  } catch (error) {
    if (error instanceof PatchFailure) return false;
    throw error;
  }
}

/** Whether all that is written stands there; a server adds to it. */
function holds(there: unknown, written: unknown): boolean {
  if (Array.isArray(written))
    return Array.isArray(there) && there.length === written.length && written.every((one, index) => holds(there[index], one));
  if (!isRecord(written)) return sameJson(there, written);
  return isRecord(there) && Object.entries(written).every(([key, value]) => holds(there[key], value));
}
