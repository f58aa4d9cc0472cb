/** Classes by namespace and by label, so that a selector need not look at all of them. */
import type { PodClass } from './entities.ts';

const NOBODY: readonly number[] = [];

export class ClassIndex {
  /** How many classes there were; those behind them are not in it. */
  readonly size: number;
  /** All that a selector can find, which pods on the host's network are not. */
  readonly pods: readonly number[];
  readonly #byNamespace = new Map<string, number[]>();
  readonly #byLabel = new Map<string, number[]>();

  constructor(classes: readonly PodClass[]) {
    this.size = classes.length;
    const pods: number[] = [];
    for (const [id, { host, namespace, labels }] of classes.entries()) {
      if (host) continue;
      pods.push(id);
      listIn(this.#byNamespace, namespace).push(id);
      for (const key in labels) listIn(this.#byLabel, `${key}\0${labels[key]}`).push(id);
    }
    this.pods = pods;
  }

  inNamespace(namespace: string): readonly number[] {
    return this.#byNamespace.get(namespace) ?? NOBODY;
  }

  withLabel(key: string, value: string): readonly number[] {
    return this.#byLabel.get(`${key}\0${value}`) ?? NOBODY;
  }
}

function listIn(map: Map<string, number[]>, key: string): number[] {
  let list = map.get(key);
  if (list === undefined) map.set(key, (list = []));
  return list;
}
