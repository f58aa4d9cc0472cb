/**
 * Numbers for what requests are of: all of them but who asked and for which name. Each part is looked up by itself, since
 * no text can be put together for each of millions of events.
 */
import { mapIn } from '../lib/groups.ts';
import type { Asked } from './use-record.ts';

type Texts<T> = Map<string, T>;

export class RequestKinds {
  /** By how it is known, verb, group, resource, subresource and namespace: the last are the most, so that there are few maps. */
  readonly #ids: Texts<Texts<Texts<Texts<Texts<Texts<number>>>>>> = new Map();
  #count = 0;

  /** Dense, from 0 on. */
  of({ through, verb, apiGroup, resource, subresource, namespace }: Omit<Asked, 'name' | 'path'>): number {
    const ids = mapIn(mapIn(mapIn(mapIn(mapIn(this.#ids, through), verb), apiGroup), resource), subresource);
    let id = ids.get(namespace);
    if (id === undefined) {
      id = this.#count;
      this.#count += 1;
      ids.set(namespace, id);
    }
    return id;
  }
}
