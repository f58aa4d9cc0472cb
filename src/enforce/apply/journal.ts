/** What was done to a cluster, step by step, so that it can be taken back: kept while it is done, not after. */
import type { ServerAction } from '../../changes/edits/index.ts';
import { CastellanError } from '../../lib/errors.ts';
import { isRecord } from '../../lib/record.ts';

const STEP_STATES = ['planned', 'asked', 'done', 'refused', 'undone'] as const;
/** `asked` and nothing after it: the answer was lost, and nobody knows. */
type StepState = (typeof STEP_STATES)[number];

export interface JournalStep {
  readonly target: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Of the object, at the server. */
  readonly path: string;
  readonly action: ServerAction;
  /** Left out where there is no way back. Of a creation it says which object was made, once the server told. */
  back?: ServerAction;
  state: StepState;
}

export interface Journal {
  readonly schema: 'castellan/applied/v1';
  readonly server: string;
  readonly context: string;
  /** When it began, RFC 3339. */
  readonly at: string;
  readonly fixes: readonly { readonly id: string; readonly title: string }[];
  readonly steps: readonly JournalStep[];
}

/** Errors: CAS_NOT_JOURNAL. */
export function parseJournal(text: string, file: string): Journal {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CastellanError('CAS_NOT_JOURNAL', `${file} is no JSON`, { cause: error });
  }
  if (!isRecord(value) || value.schema !== 'castellan/applied/v1' || !Array.isArray(value.steps) || typeof value.server !== 'string')
    throw new CastellanError('CAS_NOT_JOURNAL', `${file} was not written by castellan apply`);
  if (!(value.steps as unknown[]).every(isStep)) throw new CastellanError('CAS_NOT_JOURNAL', `${file} holds a step that is none`);
  return value as unknown as Journal;
}

function isStep(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const isText = (key: string): boolean => typeof value[key] === 'string';
  const isKnown = STEP_STATES.some((state) => state === value.state);
  const isInApi = /^\/apis?\//.test(String(value.path)) && !/[?#]|\.\./.test(String(value.path));
  const isWhole = ['target', 'apiVersion', 'kind', 'namespace', 'name', 'path'].every(isText) && isKnown && isInApi;
  return isWhole && isAction(value.action) && (value.back === undefined || isAction(value.back));
}

function isAction(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (value.operation === 'patch') return Array.isArray(value.patch) && (value.patch as unknown[]).every(isRecord);
  if (value.operation === 'create') return isRecord(value.object);
  const isTextOrNone = (key: string): boolean => value[key] === undefined || typeof value[key] === 'string';
  return value.operation === 'delete' && isTextOrNone('uid') && isTextOrNone('resourceVersion');
}
