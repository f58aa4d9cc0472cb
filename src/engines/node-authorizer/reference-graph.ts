/** From nodes to what their pods refer to, one step after the other: plugin/pkg/auth/authorizer/node, graph.go. */
import { type ApiObject, isRecord } from '../../model/index.ts';
import { type Reference, podReferences, volumeSecrets } from './references.ts';

export type Referred = Reference['kind'];

export class ReferenceGraph {
  /** Of each thing what uses it, by name; a node stands for itself. */
  readonly #users = new Map<string, Set<string>>();

  constructor(objects: Iterable<ApiObject>) {
    for (const object of objects) {
      if (object.kind === 'Pod' && object.group === '') this.#addPod(object);
      else if (object.kind === 'PersistentVolume' && object.group === '') this.#addVolume(object);
      else if (object.kind === 'VolumeAttachment' && object.group === 'storage.k8s.io') this.#addOwn(object);
      else if (object.kind === 'ResourceSlice' && object.group === 'resource.k8s.io') this.#addOwn(object);
    }
  }

  /** What leads from a thing to a node, without the two ends; undefined where nothing does. */
  wayTo(node: string, thing: Reference): string[] | undefined {
    const goal = keyOf({ kind: 'Node', namespace: '', name: node });
    const start = keyOf(thing);
    const from = new Map<string, string>([[start, '']]);
    for (const [key] of from) {
      for (const user of this.#users.get(key) ?? []) {
        if (from.has(user)) continue;
        from.set(user, key);
        if (user !== goal) continue;
        const way: string[] = [];
        for (let at = key; at !== start; at = from.get(at) ?? start) way.unshift(at);
        return way;
      }
    }
    return undefined;
  }

  #add(thing: Reference, user: string): void {
    const key = keyOf(thing);
    const users = this.#users.get(key);
    if (users === undefined) this.#users.set(key, new Set([user]));
    else users.add(user);
  }

  /** The mirror of a static pod names what it likes, so nothing of it counts. */
  #addPod({ namespace, name, annotations, body }: ApiObject): void {
    const { spec, status } = body as { spec?: unknown; status?: unknown };
    if (!isRecord(spec) || typeof spec.nodeName !== 'string' || spec.nodeName === '') return;
    const pod: Reference = { kind: 'Pod', namespace, name };
    this.#add(pod, keyOf({ kind: 'Node', namespace: '', name: spec.nodeName }));
    if (annotations['kubernetes.io/config.mirror'] !== undefined) return;
    for (const reference of podReferences({ name, namespace, spec, status })) this.#add(reference, keyOf(pod));
  }

  #addVolume({ name, body }: ApiObject): void {
    const { spec } = body as { spec?: unknown };
    if (!isRecord(spec) || !isRecord(spec.claimRef)) return;
    const claim = { namespace: text(spec.claimRef.namespace), name: text(spec.claimRef.name) };
    const volume: Reference = { kind: 'PersistentVolume', namespace: '', name };
    this.#add(volume, keyOf({ kind: 'PersistentVolumeClaim', ...claim }));
    for (const secret of volumeSecrets(spec, claim.namespace)) this.#add(secret, keyOf(volume));
  }

  /** What names its node itself. */
  #addOwn({ kind, name, body }: ApiObject): void {
    const { spec } = body as { spec?: unknown };
    const node = isRecord(spec) ? text(spec.nodeName) : '';
    if (node !== '') this.#add({ kind: kind as Referred, namespace: '', name }, keyOf({ kind: 'Node', namespace: '', name: node }));
  }
}

function keyOf({ kind, namespace, name }: { kind: string; namespace: string; name: string }): string {
  return namespace === '' ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
