/** A cluster and the manifests that are to be applied to it: what it would be afterwards. */
import { isRecord } from '../lib/record.ts';
import type { Snapshot, SourceObject } from './snapshot.ts';

type Raw = SourceObject['object'];

/** Kinds of which the server makes further objects by itself, and would make them anew. */
const MAKERS = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'ReplicationController', 'CronJob', 'Job']);
/** `web-5d4f8c7b9`: a ReplicaSet of web; `backup-28374610`: a Job of backup. */
const GENERATED = { ReplicaSet: ['Deployment', /-[0-9a-z]{1,12}$/], Job: ['CronJob', /-\d+$/] } as const;

/**
 * The objects of the cluster without those that a manifest replaces, then those of the manifests. What a replaced
 * workload runs today is gone with it: its pods would be made anew.
 */
export function mixed(cluster: Snapshot, manifests: Snapshot): Snapshot {
  const replaced = new Replaced(manifests.objects);
  return {
    header: cluster.header,
    objects: {
      *[Symbol.iterator](): Generator<SourceObject> {
        for (const source of cluster.objects) if (!replaced.has(source.object)) yield source;
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

  constructor(manifests: Iterable<SourceObject>) {
    for (const { object } of manifests) {
      const { name, namespace } = metadataOf(object);
      if (name === '') continue;
      const key = keyOf(groupOf(object.apiVersion), text(object.kind), name);
      const known = this.#namespaces.get(key);
      if (known === undefined) this.#namespaces.set(key, new Set([namespace || 'default']));
      else known.add(namespace || 'default');
    }
  }

  has(object: Raw): boolean {
    const { name, namespace, owner } = metadataOf(object);
    return this.#holds(keyOf(groupOf(object.apiVersion), text(object.kind), name), namespace) || this.#makes(owner, namespace);
  }

  #makes(owner: Raw | undefined, namespace: string): boolean {
    if (owner === undefined) return false;
    const kind = text(owner.kind);
    const name = text(owner.name);
    const group = groupOf(owner.apiVersion);
    if (!MAKERS.has(kind)) return false;
    if (this.#holds(keyOf(group, kind, name), namespace)) return true;
    if (kind !== 'ReplicaSet' && kind !== 'Job') return false;
    const [maker, ending] = GENERATED[kind];
    return ending.test(name) && this.#holds(keyOf(group, maker, name.replace(ending, '')), namespace);
  }

  /** Kinds without namespaces have none in the cluster; what a manifest says there means nothing. */
  #holds(key: string, namespace: string): boolean {
    const namespaces = this.#namespaces.get(key);
    return namespaces !== undefined && (namespace === '' || namespaces.has(namespace));
  }
}

function metadataOf({ metadata }: Raw): { name: string; namespace: string; owner: Raw | undefined } {
  if (!isRecord(metadata)) return { name: '', namespace: '', owner: undefined };
  const owners: readonly unknown[] = Array.isArray(metadata.ownerReferences) ? metadata.ownerReferences : [];
  const owner = owners.filter(isRecord).find(({ controller }) => controller === true);
  return { name: text(metadata.name), namespace: text(metadata.namespace), owner };
}

function keyOf(group: string, kind: string, name: string): string {
  return `${group}/${kind}/${name}`;
}

function groupOf(apiVersion: unknown): string {
  const version = text(apiVersion);
  return version.slice(0, Math.max(version.indexOf('/'), 0));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
