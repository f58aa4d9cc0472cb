/** What the Node authorizer lets a kubelet read: what the pods on its node refer to, and the volumes behind their claims. */
import { type Reference, podReferences, volumeSecrets } from '../engines/node-authorizer/index.ts';
import { memo } from '../lib/memo.ts';
import { type Tables, type Workload, isRecord } from '../model/index.ts';

export class KubeletReads {
  /** Secrets of the volume that is bound to a claim, by `namespace/claim`. */
  readonly #byClaim = new Map<string, Reference[]>();

  constructor({ PersistentVolume }: Tables) {
    for (const { body } of PersistentVolume.all) {
      const { spec } = body as { spec?: unknown };
      if (!isRecord(spec) || !isRecord(spec.claimRef)) continue;
      const { namespace, name } = spec.claimRef;
      const secrets = volumeSecrets(spec, String(namespace));
      if (secrets.length > 0) this.#byClaim.set(`${String(namespace)}/${String(name)}`, secrets);
    }
  }

  /** The Secrets and ConfigMaps that a pod opens to its kubelet. */
  of(workload: Workload): readonly Reference[] {
    const found = referencesOf(workload);
    if (!found.some(({ kind }) => kind === CLAIM)) return found;
    return [
      ...found.filter(({ kind }) => kind !== CLAIM),
      ...found.flatMap(({ kind, namespace, name }) => (kind === CLAIM ? (this.#byClaim.get(`${namespace}/${name}`) ?? []) : [])),
    ];
  }
}

const CLAIM = 'PersistentVolumeClaim';
const READ: ReadonlySet<string> = new Set(['Secret', 'ConfigMap', CLAIM]);

/** What a pod itself says of that: asked for its node, for where it may run, and in all states of a cluster that it is in. */
const referencesOf = memo(({ object, namespace, name, pod }: Workload): readonly Reference[] => {
  // The mirror of a static pod names what it likes, so nothing of it counts.
  if (object.annotations['kubernetes.io/config.mirror'] !== undefined) return [];
  return podReferences({ namespace, name, spec: { ...pod }, status: undefined }).filter(({ kind }) => READ.has(kind));
});
