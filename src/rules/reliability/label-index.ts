/** Objects of a table by label, so that a selector looks at those that carry its rarest label and not at all. */
import { type ApiObject, type Kind, type KindTable, type LabelSelector, selectorMatches } from '../../model/index.ts';

const INDEX = new WeakMap<object, Map<string, ApiObject[]>>();

/** The objects that a selector matches, in one namespace or (undefined) anywhere. */
export function someMatches<K extends Kind>(table: KindTable<K>, selector: LabelSelector, namespace: string | undefined): boolean {
  return candidates(table, selector, namespace).some(
    (object) => (namespace === undefined || object.namespace === namespace) && selectorMatches(selector, object.labels),
  );
}

function candidates<K extends Kind>(
  table: KindTable<K>,
  { matchLabels = {} }: LabelSelector,
  namespace: string | undefined,
): readonly ApiObject[] {
  let best: readonly ApiObject[] = namespace === undefined ? table.all : table.in(namespace);
  for (const key in matchLabels) {
    const holders = indexOf(table).get(`${key}=${matchLabels[key]}`) ?? [];
    if (holders.length < best.length) best = holders;
  }
  return best;
}

function indexOf<K extends Kind>(table: KindTable<K>): Map<string, ApiObject[]> {
  let index = INDEX.get(table);
  if (index === undefined) {
    index = new Map();
    for (const object of table.all) {
      for (const key in object.labels) {
        const pair = `${key}=${object.labels[key]}`;
        const holders = index.get(pair);
        if (holders === undefined) index.set(pair, [object]);
        else holders.push(object);
      }
    }
    INDEX.set(table, index);
  }
  return index;
}
