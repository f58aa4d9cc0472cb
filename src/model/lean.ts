/**
 * Objects of a cluster without what no judgement reads, sharing what is equal: a Deployment, its ReplicaSets and their
 * pods say the same things many times over, and a large cluster has to fit into memory.
 */
import { createHash } from 'node:crypto';
import { type Kind, type KindEntry, KINDS } from './kinds/catalog.ts';
import { objectMeta } from './kinds/meta.ts';
import { isRecord } from './schema.ts';

type Fields = Record<string, unknown>;

const CONTAINERS: ReadonlySet<string> = new Set(['containers', 'initContainers', 'ephemeralContainers']);
/** Longer texts are known by their digest. */
const LONGEST_KEY = 200;

/** Deeper than any schema of the API: whoever walks such a value would run out of stack. */
const DEEPEST = 200;

const NOTHING: Fields = Object.freeze({});

/** For the objects of one cluster. Equal parts of them become one; they must not be changed afterwards. */
export class Lean {
  /** By their JSON, or the digest of it. */
  readonly #shared = new Map<string, unknown>();
  readonly #texts = new Map<string, string>();
  #lastPod: unknown;

  /** The object as far as it is read; a RangeError where it nests too deep. What is given may be changed: it belongs to nobody else. */
  of(raw: Readonly<Fields>, known: Kind | undefined): Fields {
    const entry: KindEntry | undefined = known === undefined ? undefined : KINDS[known];
    const lean: Fields = {};
    for (const key in raw) {
      const value = raw[key];
      if (key === 'metadata') lean.metadata = isRecord(value) ? this.#metadata(value) : value;
      else if (key === 'status') {
        if (entry === undefined || Object.hasOwn(entry.shape.fields, 'status'))
          lean.status = known === 'Pod' ? this.#podStatus(value) : value;
      } else if (key === 'spec' && known === 'Pod') lean.spec = this.#lastPod = this.#podSpec(value, this.#lastPod);
      else if (key === 'spec' && entry?.pod !== undefined) lean.spec = this.#spec(value);
      else lean[key] = typeof value === 'object' ? this.#share(value) : value;
    }
    return lean;
  }

  /** Of the addresses only those that policies may name by range; on the host's network they are the node's. */
  #podStatus(status: unknown): Fields {
    if (!isRecord(status)) return {};
    const { phase, podIP, podIPs, hostIP } = status;
    const lean: Fields = { phase: this.#share(phase) };
    if (podIP === undefined || podIP === hostIP) return lean;
    lean.podIP = podIP;
    if (Array.isArray(podIPs) && podIPs.length > 1) lean.podIPs = podIPs;
    return lean;
  }

  #metadata(metadata: Fields): Fields {
    const lean: Fields = {};
    for (const key in objectMeta.fields) {
      const value = metadata[key];
      if (value !== undefined) lean[key] = key === 'name' || key === 'uid' ? value : this.#share(value);
    }
    return lean;
  }

  /** Of what makes pods: the parts, and the pod template as far as it can be seen from here. */
  #spec(spec: unknown): unknown {
    if (!isRecord(spec)) return spec;
    for (const key in spec) {
      const value = spec[key];
      const isTemplate = isRecord(value) && (key === 'template' || key === 'podTemplate' || key === 'jobTemplate' || key === 'spec');
      if (!isTemplate) spec[key] = this.#share(value);
      else spec[key] = key === 'spec' && 'containers' in value ? this.#wholePodSpec(value) : this.#spec(value);
    }
    return spec;
  }

  /** Old and new ReplicaSets often hold the very template of their Deployment. */
  #wholePodSpec(spec: Fields): unknown {
    const key = keyOf(JSON.stringify(spec));
    let shared = this.#shared.get(key);
    if (shared === undefined) this.#shared.set(key, (shared = this.#podSpec(spec)));
    return shared;
  }

  /**
   * Two pods of one template differ in the name of one volume, which admission made up. `like` is what came before,
   * mostly of the same template: to compare with it is faster than to look for a part among all of them.
   */
  #podSpec(spec: unknown, like?: unknown): unknown {
    if (!isRecord(spec)) return spec;
    const before = isRecord(like) ? like : {};
    for (const key in spec) {
      const value = spec[key];
      if (CONTAINERS.has(key) && Array.isArray(value)) this.#containers(value, before[key]);
      else if (key === 'volumes') this.#elements(value, before[key]);
      else spec[key] = this.#share(value, before[key]);
    }
    return spec;
  }

  #containers(containers: readonly unknown[], like: unknown): void {
    for (const [index, container] of containers.entries()) {
      if (!isRecord(container)) continue;
      const before = elementOf(like, index);
      for (const key in container) {
        if (key === 'volumeMounts') this.#elements(container[key], before[key]);
        else container[key] = this.#share(container[key], before[key]);
      }
    }
  }

  #elements(list: unknown, like: unknown): void {
    if (!Array.isArray(list)) return;
    for (let index = 0; index < list.length; index += 1) {
      const element: unknown = list[index];
      const before = elementOf(like, index);
      if (isSame(element, before)) list[index] = before;
      else {
        // What a volume is made of stays the same where its name is made up.
        if (isRecord(element)) for (const key in element) element[key] = this.#share(element[key], before[key]);
        list[index] = this.#share(element);
      }
    }
  }

  #share(value: unknown, like?: unknown): unknown {
    if (typeof value === 'string') return value === like ? like : this.#text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (isSame(value, like)) return like;
    const text = JSON.stringify(value);
    const key = keyOf(text);
    const shared = this.#shared.get(key);
    if (shared !== undefined) return shared;
    if (isDeep(text)) throw new RangeError('nested too deep');
    this.#shared.set(key, value);
    return value;
  }

  #text(text: string): string {
    const shared = this.#texts.get(text);
    if (shared !== undefined) return shared;
    this.#texts.set(text, text);
    return text;
  }
}

function elementOf(list: unknown, index: number): Fields {
  const element: unknown = Array.isArray(list) ? list[index] : undefined;
  return isRecord(element) ? element : NOTHING;
}

function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one))
    return Array.isArray(other) && one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  if (Array.isArray(other)) return false;
  let more = 0;
  for (const key in one) {
    if (!isSame((one as Fields)[key], (other as Fields)[key])) return false;
    more += 1;
  }
  for (const _ in other) more -= 1;
  return more === 0;
}

function keyOf(text: string): string {
  return text.length > LONGEST_KEY ? createHash('sha256').update(text).digest('base64') : text;
}

function isDeep(text: string): boolean {
  if (text.length < 2 * DEEPEST) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      at += 1;
      while (at < text.length && text.charCodeAt(at) !== 34) at += text.charCodeAt(at) === 92 ? 2 : 1;
    } else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > DEEPEST) return true;
    } else if (code === 125 || code === 93) depth -= 1;
  }
  return false;
}
