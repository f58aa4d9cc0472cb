/** What the Node authorizer lets a kubelet read: what the pods on its node refer to, and the volumes behind their claims. */
import { type Reference, podReferences, volumeSecrets } from '../engines/node-authorizer/index.ts';
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
  of({ object, namespace, name, pod }: Workload): Reference[] {
    // The mirror of a static pod names what it likes, so nothing of it counts.
    if (object.annotations['kubernetes.io/config.mirror'] !== undefined) return [];
    const found = podReferences({ namespace, name, spec: { ...pod }, status: undefined });
    const behind = found.flatMap((each) =>
      each.kind === 'PersistentVolumeClaim' ? (this.#byClaim.get(`${each.namespace}/${each.name}`) ?? []) : [],
    );
    return [...found.filter(({ kind }) => kind === 'Secret' || kind === 'ConfigMap'), ...behind];
  }
}
