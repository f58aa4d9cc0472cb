/**
 * All objects of one resource: page by page at one moment of the cluster, again from the start when that moment is
 * forgotten (410), on from where it stood when an answer breaks off. It ends with everything, or says what is missing.
 */
import { messageOf } from '../../lib/errors.ts';
import { isRecord } from '../../lib/record.ts';
import type { Client } from './client.ts';
import { type ServedResource, pathOf } from './discovery.ts';
import { ItemSplitter } from './items.ts';
import { RequestError } from './request-error.ts';

/** Takes objects of one list; `restart` forgets all of them. */
export interface ObjectSink {
  add(object: Record<string, unknown>): void;
  restart(): void;
}

export type ListOutcome =
  | { state: 'complete' }
  /** Read to its end, but the later pages show a later moment than the first. */
  | { state: 'moved' }
  | { state: 'forbidden' | 'failed'; reason: string };

const PAGE = 500;
const RESTARTS = 3;
/** Names, types and numbers of keys: the values stay on the server. */
const AS_TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';

export async function listResource(
  client: Client,
  { resource, namespace }: { resource: ServedResource; namespace: string | undefined },
  sink: ObjectSink,
): Promise<ListOutcome> {
  const place = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const path = `${pathOf(resource)}${place}/${resource.resource}`;
  let moved = false;
  let restarts = 0;
  let token = '';
  try {
    for (let atEnd = false; !atEnd;) {
      try {
        token = await readPage(client, { path, token, resource }, sink);
        atEnd = token === '';
      } catch (error) {
        if (!(error instanceof RequestError) || error.status !== 410) throw error;
        if (restarts < RESTARTS) {
          restarts += 1;
          token = '';
          sink.restart();
        } else {
          // The cluster changes faster than it can be read: the server offers to go on at a later moment.
          token = laterToken(error.body);
          if (token === '') throw error;
          moved = true;
        }
      }
    }
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const { status, message: reason } = error;
    if (status === 403) return { state: 'forbidden', reason };
    // No right is missing: the token has ended.
    if (status === 401) return { state: 'failed', reason: `the server does not accept the credentials any more: ${reason}` };
    // What discovery announces is there: a server that does not find it any more has not said what is in it.
    return { state: 'failed', reason };
  }
  return { state: moved ? 'moved' : 'complete' };
}

/**
 * One page; gives the token of the next, '' after the last. A page that breaks off is read again: what was taken of it
 * is skipped; the first page starts anew, as it may be one of another moment.
 */
async function readPage(
  client: Client,
  { path, token, resource }: { path: string; token: string; resource: ServedResource },
  sink: ObjectSink,
): Promise<string> {
  const isSecret = resource.group === '' && resource.resource === 'secrets';
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (token !== '') query.set('continue', token);
  if (isSecret) query.set('includeObject', 'Metadata');
  // By their names: at a later moment the server may not give the same objects again.
  const taken = new Set<string>();
  return client.retried(async () => {
    if (token === '' && taken.size > 0) {
      sink.restart();
      taken.clear();
    }
    let fault: unknown;
    const splitter = new ItemSplitter(isSecret ? 'rows' : 'items', (json) => {
      if (fault !== undefined) return;
      try {
        const object = isSecret ? secretOf(JSON.parse(json)) : typed(JSON.parse(json), resource);
        const key = keyOf(object);
        if (taken.has(key)) return;
        sink.add(object);
        taken.add(key);
      } catch (error) {
        fault = error;
      }
    });
    await client.stream(`${path}?${query.toString()}`, isSecret ? AS_TABLE : 'application/json', (bytes) => splitter.push(bytes));
    // The same answer would come again.
    if (fault !== undefined) throw new RequestError(200, `the answer holds what is no object: ${messageOf(fault)}`);
    return nextToken(splitter, isSecret);
  });
}

function nextToken(splitter: ItemSplitter, isSecret: boolean): string {
  let envelope: Record<string, unknown>;
  try {
    envelope = splitter.end();
  } catch (error) {
    throw new RequestError(0, `the answer broke off: ${messageOf(error)}`);
  }
  // A server that does not know tables would answer with the values in it.
  if (isSecret && envelope.kind !== 'Table') throw new RequestError(406, 'the server does not give Secrets as a table');
  // Anything else that is JSON would pass for a list without objects.
  const isList = isSecret ? 'rows' in envelope : typeof envelope.kind === 'string' && envelope.kind.endsWith('List') && 'items' in envelope;
  if (!isList) throw new RequestError(0, 'the answer is no list');
  return isRecord(envelope.metadata) && typeof envelope.metadata.continue === 'string' ? envelope.metadata.continue : '';
}

function keyOf({ metadata }: Record<string, unknown>): string {
  const { namespace, name } = isRecord(metadata) ? metadata : {};
  return JSON.stringify([namespace, name]);
}

/** Items of a typed list do not repeat what they are. */
function typed(item: unknown, { group, version, kind }: ServedResource): Record<string, unknown> {
  if (!isRecord(item)) throw new Error('an item is no mapping');
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind, ...item };
}

/** A row of the table: its metadata, and what the columns tell. The column Data is the number of keys. */
function secretOf(row: unknown): Record<string, unknown> {
  if (!isRecord(row) || !isRecord(row.object) || !isRecord(row.object.metadata) || !Array.isArray(row.cells))
    throw new Error('a row is no Secret');
  const [, type, keys] = row.cells as unknown[];
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: row.object.metadata,
    ...(typeof type === 'string' && { type }),
    ...(typeof keys === 'number' && { numberOfKeys: keys }),
  };
}

function laterToken(body: unknown): string {
  const metadata = isRecord(body) && isRecord(body.metadata) ? body.metadata : {};
  return typeof metadata.continue === 'string' ? metadata.continue : '';
}
