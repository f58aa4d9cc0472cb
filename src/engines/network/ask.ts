/** Questions by the names of things: pods as `ns/name`, workloads as `ns/name[Kind]`, addresses as `ip:10.1.2.3`. */
import { listIn } from '../../lib/groups.ts';
import { familyOf, parseAddress } from './addresses.ts';
import { type Decision, decide } from './decide.ts';
import { type Intervals, contains } from './intervals.ts';
import { type Pod, setMaking, standsFor } from './pods.ts';
import type { Protocol } from './ports.ts';
import type { Relation } from './relation.ts';

/** The classes that an end can be: a pod with addresses of two families is two of them. */
export type End = readonly number[];

export class Ends {
  readonly #relation: Relation;
  readonly #byName = new Map<string, number>();
  readonly #byWorkload = new Map<string, number[]>();
  readonly #byAddress = new Map<bigint, number>();

  constructor(relation: Relation) {
    this.#relation = relation;
    for (const [index, pod] of relation.world.pods.entries()) {
      this.#byName.set(`${pod.namespace}/${pod.name}`, index);
      listIn(this.#byWorkload, pod.workload).push(index);
      if (pod.replica === true) listIn(this.#byWorkload, pod.workload.replace(/\[\w+\]$/, '')).push(index);
      if (!pod.host && pod.supposed !== true) for (const address of pod.addresses) this.#byAddress.set(address, index);
    }
  }

  /** Undefined for what names nothing. The address of a pod is the pod. */
  find(text: string): End | undefined {
    const { entities } = this.#relation;
    if (!/^ip6?:/.test(text)) {
      const pod = this.#byName.get(text);
      if (pod !== undefined) return entities.classesOf[pod];
      const pods = this.#byWorkload.get(text) ?? this.#standingFor(text);
      return pods === undefined ? undefined : [...new Set(pods.flatMap((one) => entities.classesOf[one] ?? []))];
    }
    const address = parseAddress(text.slice(text.indexOf(':') + 1));
    if (address === undefined) return undefined;
    return this.at(address);
  }

  /** What stands for all pods of a StatefulSet, by the name of one. */
  #standingFor(text: string): readonly number[] | undefined {
    const pods = this.#byWorkload.get(setMaking(text))?.filter((pod) => standsFor(this.#relation.world.pods[pod], text)) ?? [];
    return pods.length === 0 ? undefined : pods;
  }

  /** Undefined for whatever is no pod by that name. */
  podNamed(text: string): Pod | undefined {
    const pod = this.#relation.world.pods[this.#byName.get(text) ?? -1];
    return pod?.kind === 'Pod' ? pod : undefined;
  }

  /** The pods whose addresses lie in the set, with those addresses. */
  podsIn(set: Intervals<bigint>): Map<number, bigint[]> {
    const [first = 0n, end] = set;
    if (set.length === 2 && end === first + 1n) {
      const pod = this.#byAddress.get(first);
      return new Map(pod === undefined ? [] : [[pod, [first]]]);
    }
    const found = new Map<number, bigint[]>();
    for (const [address, pod] of this.#byAddress) if (contains(set, address)) listIn(found, pod).push(address);
    return found;
  }

  at(address: bigint): End {
    const { entities } = this.#relation;
    const pod = this.#byAddress.get(address);
    if (pod === undefined) return [entities.zoneAt(address)];
    const zone = entities.zones.all[entities.zones.indexAt(address)];
    const families = familyOf(address) === 4 ? 1 : 2;
    const faces = entities.classesOf[pod] ?? [];
    const face = faces.filter((id) => entities.rangesOf(id).join() === zone?.within && (entities.familiesOf(id) & families) !== 0);
    return face.length === 0 ? faces : face;
  }
}

/** Allowed where packets of some family pass; the words are of that family, else of the first that both ends have. */
export function ask(relation: Relation, ends: { from: End; to: End }, what: { protocol: Protocol; port: number }): Decision | undefined {
  let first: Decision | undefined;
  for (const source of ends.from) {
    for (const destination of ends.to) {
      if ((relation.entities.familiesOf(source) & relation.entities.familiesOf(destination)) === 0) continue;
      const decision = decide(relation, { source, destination, ...what });
      if (decision.allowed) return decision;
      first ??= decision;
    }
  }
  return first;
}
