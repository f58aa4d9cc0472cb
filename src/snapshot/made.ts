/** What of a cluster goes with the workloads that manifests replace: what they made, and what that made in its turn. */
import { isMaker, makes } from './makers.ts';
import { type Raw, groupOf, keyOf, metadataOf, text } from './raw.ts';
import type { SourceObject } from './snapshot.ts';

/** What the manifests replace. */
interface Replaced {
  hasOwner(owner: Raw, namespace: string): boolean;
  isPerhapsAbove(name: string, namespace: string): boolean;
}

export class Made {
  readonly #replaced: Replaced;
  /** By group, kind, namespace and name the uids of what is in the cluster and goes. */
  readonly #gone = new Map<string, Set<string>>();
  readonly #held: SourceObject[] = [];

  constructor(replaced: Replaced) {
    this.#replaced = replaced;
  }

  noteGone(object: Raw): void {
    const { name, namespace, uid } = metadataOf(object);
    const key = placeOf(object, { name, namespace });
    const uids = this.#gone.get(key);
    if (uids === undefined) this.#gone.set(key, new Set([uid]));
    else uids.add(uid);
  }

  /** Whether it has to wait until its owners are known. Names only tell of which objects that is asked: a few. */
  hold(source: SourceObject): boolean {
    const { namespace, owner } = metadataOf(source.object);
    if (owner === undefined || !makes(makerOf(owner), text(source.object.kind))) return false;
    if (!this.#replaced.hasOwner(owner, namespace) && !this.#replaced.isPerhapsAbove(text(owner.name), namespace)) return false;
    this.#held.push(source);
    return true;
  }

  /** Those of the held ones that stay. */
  *spared(): Generator<SourceObject> {
    // Nothing is made in more than two steps: once the sets and jobs are known, their pods are.
    for (const { object } of this.#held) {
      if (isMaker(text(object.apiVersion), text(object.kind)) && this.#goes(object)) this.noteGone(object);
    }
    for (const source of this.#held) if (!this.#goes(source.object)) yield source;
  }

  #goes(object: Raw): boolean {
    const { namespace, owner } = metadataOf(object);
    if (owner === undefined) return false;
    const uids = this.#gone.get(placeOf(owner, { name: text(owner.name), namespace }));
    // Where the owner could not be listed, its name is all there is.
    return uids === undefined ? this.#replaced.hasOwner(owner, namespace) : uids.has(text(owner.uid));
  }
}

function makerOf({ apiVersion, kind }: Raw): { apiVersion: string; kind: string } {
  return { apiVersion: text(apiVersion), kind: text(kind) };
}

function placeOf({ apiVersion, kind }: Raw, { name, namespace }: { name: string; namespace: string }): string {
  return `${namespace} ${keyOf(groupOf(apiVersion), text(kind), name)}`;
}
