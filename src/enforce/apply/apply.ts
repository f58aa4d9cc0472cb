/** Applies changes to a cluster, and takes them back: every step is tried at the server before the first is made. */
import { type ServerAction, type ServerStep, serverSteps } from '../../changes/edits/index.ts';
import { refIn } from '../../changes/index.ts';
import { CastellanError } from '../../lib/errors.ts';
import { PatchFailure } from '../../lib/json-patch.ts';
import { isRecord } from '../../lib/record.ts';
import type { Change } from '../../rules/index.ts';
import type { Journal, JournalStep } from './journal.ts';
import { type AskAny, objectAt, send } from './requests.ts';

type Body = Readonly<Record<string, unknown>>;

/** A kind as the server has it. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export interface Wanted {
  /** One patch an object. */
  readonly change: Change;
  /** What the change was worked out from. */
  readonly objects: readonly Body[];
  readonly kinds: readonly Kind[];
}

/**
 * What would be asked, made for the objects as they are now. Errors: CAS_CHANGED where one is not what the change was
 * worked out from.
 */
export async function planned(ask: AskAny, { change, objects, kinds }: Wanted): Promise<JournalStep[]> {
  const read = new Map(objects.map((object) => [refIn(object), object]));
  const live: Body[] = [];
  const paths = new Map<string, string>();
  for (const { target, operation, object } of change.patches) {
    const known = operation === 'create' && isRecord(object) ? object : read.get(target);
    if (known === undefined) throw changed(target, 'it is not in what was read');
    const path = pathOf(known, kinds);
    paths.set(target, path);
    const there = await objectAt(ask, path);
    if (operation === 'create' && there !== undefined) throw changed(target, 'it is there already');
    if (operation === 'create') continue;
    if (there === undefined) throw changed(target, 'it is not there any more');
    if (!isSame(known, there)) throw changed(target, 'somebody changed it meanwhile');
    live.push(withType(there, known));
  }
  return stepsOf(live, change).map((step) => journalStep(step, paths.get(step.target) ?? ''));
}

/** Whether the server would take all of them. Nothing is changed. */
export async function tried(ask: AskAny, steps: readonly JournalStep[]): Promise<void> {
  for (const step of steps) await send(ask, { step, action: step.action, isTrial: true });
}

/** `keep` is called before and after each step. What was done before a refusal stays done, and stands in the journal. */
export async function applied(ask: AskAny, journal: Journal, keep: (journal: Journal) => void): Promise<void> {
  for (const step of journal.steps) await made({ ask, journal, keep }, step, { action: step.action, state: 'done' });
}

/** Steps that can be taken back, the last first. A deletion that does not say which object it made could meet another. */
export function undoable({ steps }: Journal): JournalStep[] {
  const isClear = (back: ServerAction | undefined): boolean =>
    back !== undefined && (back.operation !== 'delete' || back.uid !== undefined);
  return steps.filter(({ state, back }) => state === 'done' && isClear(back)).toReversed();
}

/** Each step asks for the object that it names, and for no other. Errors: CAS_NOT_JOURNAL. */
export function checkPlaces({ steps }: Journal, kinds: readonly Kind[]): void {
  for (const step of steps) {
    const { target, apiVersion, kind, namespace, name, path, action, back } = step;
    const asked = [action, back].flatMap((one) => (one?.operation === 'create' ? [one.object] : []));
    const object = { apiVersion, kind, metadata: { namespace, name } };
    const isNamed = target === (namespace === '' ? `${kind}/${name}` : `${kind}/${namespace}/${name}`);
    if (isNamed && [object, ...asked].every((one) => one.kind === kind && pathOf(one, kinds) === path)) continue;
    throw new CastellanError('CAS_NOT_JOURNAL', `the step of ${target} asks for another object than it names: ${path}`);
  }
}

export async function undone(ask: AskAny, journal: Journal, keep: (journal: Journal) => void): Promise<void> {
  const steps = undoable(journal);
  for (const step of steps) if (step.back !== undefined) await send(ask, { step, action: step.back, isTrial: true });
  for (const step of steps) if (step.back !== undefined) await made({ ask, journal, keep }, step, { action: step.back, state: 'undone' });
}

interface Making {
  readonly ask: AskAny;
  readonly journal: Journal;
  readonly keep: (journal: Journal) => void;
}

async function made(
  { ask, journal, keep }: Making,
  step: JournalStep,
  { action, state }: { action: ServerAction; state: 'done' | 'undone' },
): Promise<void> {
  const before = step.state;
  step.state = 'asked';
  keep(journal);
  try {
    const answer = await send(ask, { step, action, isTrial: false });
    step.state = state;
    if (action.operation === 'create' && state === 'done') step.back = deletionOf(answer);
  } catch (error) {
    // Of an answer that was lost nobody knows; a refusal changed nothing.
    if (error instanceof CastellanError && error.code === 'CAS_NOT_APPLIED') step.state = state === 'done' ? 'refused' : before;
    throw error;
  } finally {
    keep(journal);
  }
}

/** Of what the server made, and of nothing else that may have the name later. */
function deletionOf(answer: unknown): ServerAction {
  const metadata = isRecord(answer) && isRecord(answer.metadata) ? answer.metadata : {};
  const [uid, resourceVersion] = [textOf(metadata.uid), textOf(metadata.resourceVersion)];
  return { operation: 'delete', ...(uid !== undefined && { uid }), ...(resourceVersion !== undefined && { resourceVersion }) };
}

function stepsOf(live: readonly Body[], change: Change): ServerStep[] {
  try {
    return serverSteps(live, [change]);
  } catch (error) {
    if (error instanceof PatchFailure)
      throw new CastellanError('CAS_CHANGED', `a fix does not fit any more: ${error.message}`, { cause: error });
    throw error;
  }
}

function journalStep({ target, apiVersion, kind, namespace, name, action, back, resourceVersion }: ServerStep, path: string): JournalStep {
  const meant = action.operation === 'delete' && resourceVersion !== undefined ? { ...action, resourceVersion } : action;
  return { target, apiVersion, kind, namespace, name, path, action: meant, ...(back !== undefined && { back }), state: 'planned' };
}

function pathOf(object: Body, kinds: readonly Kind[]): string {
  const apiVersion = String(object.apiVersion);
  const slash = apiVersion.indexOf('/');
  const [group, version] = slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
  const kind = kinds.find((one) => one.group === group && one.kind === object.kind);
  if (kind === undefined) throw new CastellanError('CAS_CHANGED', `the server has no ${String(object.kind)} of ${apiVersion}`);
  const { namespace, name }: Record<string, unknown> = isRecord(object.metadata) ? object.metadata : {};
  const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const within = kind.namespaced ? `/namespaces/${encodeURIComponent(textOf(namespace) ?? 'default')}` : '';
  return `${base}${within}/${kind.resource}/${encodeURIComponent(textOf(name) ?? '')}`;
}

/** Where a snapshot does not keep the version of an object, the tests of a patch have to do. */
function isSame(known: Body, there: Body): boolean {
  const [was, is] = [versionOf(known), versionOf(there)];
  return was === undefined || is === undefined || was === is;
}

function versionOf({ metadata }: Body): string | undefined {
  return isRecord(metadata) ? textOf(metadata.resourceVersion) : undefined;
}

/** Objects of a list need not say what they are. */
function withType(object: Body, { apiVersion, kind }: Body): Body {
  return { ...object, apiVersion, kind };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function changed(target: string, why: string): CastellanError {
  return new CastellanError('CAS_CHANGED', `${target} is not what the fix was made for: ${why}`);
}
