/** The requests that change a cluster, each tried by the server before it is meant. */
import type { ServerAction } from '../../changes/edits/index.ts';
import { CastellanError } from '../../lib/errors.ts';
import { isRecord } from '../../lib/record.ts';
import { messageIn } from '../verify/api.ts';
import type { JournalStep } from './journal.ts';

/** A refusal (400 to 499) is an answer; no answer is thrown. A PATCH is one of RFC 6902. */
export type AskAny = (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
) => Promise<{ status: number; body: unknown }>;

/** What is asked: of a `isTrial` the server says what it would do, and does nothing. */
export interface Asked {
  readonly step: JournalStep;
  readonly action: ServerAction;
  readonly isTrial: boolean;
}

/** What the server answers. Errors: CAS_NOT_APPLIED with what it says. */
export async function send(ask: AskAny, asked: Asked): Promise<unknown> {
  const { status, body } = await answered(ask, asked);
  if (status < 400) return body;
  const what = asked.isTrial ? 'would not' : 'did not';
  const doing = `${asked.action.operation} ${asked.step.target}`;
  throw new CastellanError('CAS_NOT_APPLIED', `the server ${what} ${doing} (${status}): ${messageIn(body)}`);
}

function answered(ask: AskAny, { step: { path }, action, isTrial }: Asked): ReturnType<AskAny> {
  const query = isTrial ? '?dryRun=All&fieldManager=castellan' : '?fieldManager=castellan';
  if (action.operation === 'patch') return ask('PATCH', path + query, action.patch);
  if (action.operation === 'create') return ask('POST', path.slice(0, path.lastIndexOf('/')) + query, action.object);
  // What is not known is never taken for a deletion.
  if (action.operation !== 'delete') throw new Error(`no operation "${String((action as { operation: unknown }).operation)}"`);
  const { uid, resourceVersion } = action;
  const only = { ...(uid !== undefined && { uid }), ...(resourceVersion !== undefined && { resourceVersion }) };
  const preconditions = Object.keys(only).length === 0 ? {} : { preconditions: only };
  return ask('DELETE', path, { apiVersion: 'v1', kind: 'DeleteOptions', ...(isTrial && { dryRun: ['All'] }), ...preconditions });
}

/** Undefined where it is not there. */
export async function objectAt(ask: AskAny, path: string): Promise<Record<string, unknown> | undefined> {
  const { status, body } = await ask('GET', path);
  if (status === 404) return undefined;
  if (status >= 400) throw new CastellanError('CAS_NOT_APPLIED', `${path} may not be read (${status}): ${messageIn(body)}`);
  return isRecord(body) ? body : undefined;
}
