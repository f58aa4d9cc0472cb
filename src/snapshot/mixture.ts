/** A cluster and the manifests that are to be applied to it: what it would be afterwards. */
import { Made } from './made.ts';
import { isMaker } from './makers.ts';
import { type Raw, groupOf, keyOf, metadataOf, text } from './raw.ts';
import type { Snapshot, SourceObject } from './snapshot.ts';

/**
 * The objects of the cluster without those that a manifest replaces, then those of the manifests. What a replaced
 * workload runs today is gone with it: its pods would be made anew. Whose they are stands in objects that may come
 * later, so those that could be are given last.
 */
export function mixed(cluster: Snapshot, manifests: Snapshot): Snapshot {
  const replaced = new Replaced(manifests.objects);
  return {
    header: cluster.header,
    objects: {
      *[Symbol.iterator](): Generator<SourceObject> {
        const made = new Made(replaced);
        for (const source of cluster.objects) {
          if (replaced.has(source.object)) made.noteGone(source.object);
          else if (!made.hold(source)) yield source;
        }
        yield* made.spared();
        yield* manifests.objects;
      },
    },
    counts: {
      files: cluster.counts.files + manifests.counts.files,
      documents: cluster.counts.documents + manifests.counts.documents,
      judged: cluster.counts.judged + manifests.counts.judged,
      foreign: cluster.counts.foreign + manifests.counts.foreign,
    },
    gaps: [...cluster.gaps, ...manifests.gaps],
  };
}

class Replaced {
  /** By `GROUP/KIND/NAME` the namespaces; a manifest without one lands in `default`. */
  readonly #namespaces = new Map<string, Set<string>>();
  /** By name, of kinds that make others. */
  readonly #makers = new Map<string, Set<string>>();

  constructor(manifests: Iterable<SourceObject>) {
    for (const { object } of manifests) {
      const { name, namespace } = metadataOf(object);
      if (name === '') continue;
      add(this.#namespaces, keyOf(groupOf(object.apiVersion), text(object.kind), name), namespace || 'default');
      if (isMaker(text(object.apiVersion), text(object.kind))) add(this.#makers, name, namespace || 'default');
    }
  }

  has(object: Raw): boolean {
    const { name, namespace } = metadataOf(object);
    return this.#holds(keyOf(groupOf(object.apiVersion), text(object.kind), name), namespace);
  }

  /** Whether a controller of that name is replaced, in that namespace. */
  hasOwner({ apiVersion, kind, name }: Raw, namespace: string): boolean {
    return this.#holds(keyOf(groupOf(apiVersion), text(kind), text(name)), namespace);
  }

  /** Whether something is replaced that gives what it makes names like this one: its own, and an ending. */
  isPerhapsAbove(name: string, namespace: string): boolean {
    const cut = name.lastIndexOf('-');
    return cut > 0 && this.#makers.get(name.slice(0, cut))?.has(namespace) === true;
  }

  /** Kinds without namespaces have none in the cluster; what a manifest says there means nothing. */
  #holds(key: string, namespace: string): boolean {
    const namespaces = this.#namespaces.get(key);
    return namespaces !== undefined && (namespace === '' || namespaces.has(namespace));
  }
}

function add(map: Map<string, Set<string>>, key: string, namespace: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([namespace]));
  else known.add(namespace);
}
