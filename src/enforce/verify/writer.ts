/**
 * Every change that `net verify` makes to a cluster goes through here: it creates and deletes, and counts both. Nothing
 * that was there before is changed or deleted.
 */
import { isRecord } from '../../lib/record.ts';
import { type Ask, type Fields, type Place, type Resource, messageIn, objectOf, pathOf } from './api.ts';
import { PREFIX } from './run.ts';

export interface VerbCount {
  verb: 'create' | 'delete';
  /** As rules name it. */
  resource: string;
  count: number;
}

/** Pods cannot be created before a controller has given their namespace its service account. */
const ACCOUNT_PATIENCE = 30_000;
const PAUSE = 100;

/** What was done, kept by all writers of a run together. */
export class Ledger {
  readonly #counts = new Map<string, VerbCount>();
  /** What lies in no namespace and was not deleted yet, in the order in which it was made. */
  readonly standing: { resource: Resource; name: string }[] = [];

  get counts(): VerbCount[] {
    return [...this.#counts.values()];
  }

  count(verb: VerbCount['verb'], { group, resource }: Resource): void {
    const name = group === '' ? resource : `${resource}.${group}`;
    const key = `${verb} ${name}`;
    this.#counts.set(key, { verb, resource: name, count: (this.#counts.get(key)?.count ?? 0) + 1 });
  }
}

export class Writer {
  readonly #ask: Ask;
  readonly ledger: Ledger;
  readonly #signal: AbortSignal | undefined;

  /** No write is broken off, as nobody would know then what has become of it: `ask` must not end with the signal. */
  constructor(ask: Ask, ledger = new Ledger(), signal?: AbortSignal) {
    this.#ask = ask;
    this.ledger = ledger;
    this.#signal = signal;
  }

  async create(resource: Resource, place: Place, object: Fields): Promise<void> {
    const began = Date.now();
    const name = nameOf(object);
    const isOwn = place.namespace !== undefined || name.startsWith(PREFIX);
    this.#signal?.throwIfAborted();
    // Noted before it is asked for: an answer may be lost.
    if (place.namespace === undefined && isOwn) this.ledger.standing.push({ resource, name });
    for (;;) {
      this.#signal?.throwIfAborted();
      const answer = await this.#ask('POST', pathOf(resource, { namespace: place.namespace }), object);
      const isEarly = answer.status === 403 && /service ?account .*not found/i.test(messageIn(answer.body));
      if (isEarly && Date.now() - began < ACCOUNT_PATIENCE) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
        continue;
      }
      // With a name of this run alone it is from this very request, whose answer was lost.
      if (answer.status !== 409 || !isOwn) objectOf(answer, `create ${resource.resource}`);
      if (place.namespace === undefined && !isOwn) this.ledger.standing.push({ resource, name });
      this.ledger.count('create', resource);
      return;
    }
  }

  /** What is not there any more counts as deleted. */
  async remove(resource: Resource, place: Required<Place>): Promise<void> {
    const answer = await this.#ask('DELETE', pathOf(resource, place), {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      propagationPolicy: 'Background',
    });
    const { standing } = this.ledger;
    const index = standing.findIndex((one) => one.name === place.name && one.resource.resource === resource.resource);
    // A conflict is a namespace that is being removed already.
    if (answer.status !== 404 && answer.status !== 409) {
      objectOf(answer, `delete ${resource.resource}`);
      this.ledger.count('delete', resource);
    }
    if (index >= 0 && place.namespace === undefined) standing.splice(index, 1);
  }
}

function nameOf({ metadata }: Fields): string {
  return isRecord(metadata) ? String(metadata.name) : '';
}
