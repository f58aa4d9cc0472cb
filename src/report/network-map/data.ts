/** The network as the map reads it: texts once, links as rows of numbers, and places on a ring that are the same each time. */
import { type EntryPoint, type Overview, connsText } from '../../engines/network/index.ts';
import { oneLine } from '../one-line.ts';

export interface MapOptions {
  /** What was read: paths, or a context. */
  readonly title: string;
  /** What the colours are: `namespace`, `team`. */
  readonly whose: string;
}

export function mapData({ by, nodes, links, outside, entries }: Overview, { title, whose }: MapOptions): Record<string, unknown> {
  const texts = new Texts();
  // Those of one group stand together, and in it those of one namespace.
  const order = nodes
    .map((node, index) => ({ node, index }))
    .toSorted((a, b) =>
      compare([a.node.group ?? '\uffff', a.node.namespace, a.node.name], [b.node.group ?? '\uffff', b.node.namespace, b.node.name]),
    );
  const placeOf = new Map(order.map(({ index }, place) => [index, place]));
  const at = (index: number): number => placeOf.get(index) ?? nodes.length;
  const groups = [...new Set(order.map(({ node }) => node.group))];
  const namespaces = [...new Set(order.map(({ node }) => node.namespace))];
  return {
    title: oneLine(title, 200),
    whose: oneLine(whose, 100),
    by,
    groups: groups.map((group) => (group === undefined ? '' : oneLine(group, 200))),
    namespaces: namespaces.map((name) => oneLine(name, 200)),
    nodes: order.map(({ node }) => [
      oneLine(node.name, 400),
      namespaces.indexOf(node.namespace),
      groups.indexOf(node.group),
      node.workloads,
      node.pods,
      (node.policed.ingress ? 1 : 0) + (node.policed.egress ? 2 : 0),
    ]),
    links: links
      .map(({ from, to, conns, open, pairs }) => [
        at(from),
        at(to),
        texts.index(connsText(conns)),
        ...(open === pairs ? [] : [open, pairs]),
      ])
      .toSorted(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d),
    outside: outside.map(({ node, direction, addresses, conns }) => [
      at(node),
      direction === 'ingress' ? 0 : 1,
      texts.index(addresses),
      texts.index(connsText(conns)),
    ]),
    entries: entries.map(({ node, entry }) => [
      at(node),
      texts.index(entry.verdict.allowed),
      texts.index(entryText(entry)),
      texts.index(entry.verdict.reason ?? ''),
    ]),
    texts: texts.all,
  };
}

function entryText({ by, hosts, outerPort, protocol, port, via }: EntryPoint): string {
  const where = [hosts.join(','), outerPort ?? ''].filter((part) => part !== '').join(':');
  const target = port === undefined ? 'any port' : `${protocol} ${port}`;
  return `${by}${where === '' ? '' : ` ${where}`} to ${target} by ${[...new Set(via.map(({ ref }) => ref))].join(', ')}`;
}

class Texts {
  readonly all: string[] = [];
  readonly #indexes = new Map<string, number>();

  index(text: string): number {
    const line = oneLine(text, 600);
    let index = this.#indexes.get(line);
    if (index === undefined) this.#indexes.set(line, (index = this.all.push(line) - 1));
    return index;
  }
}

function compare(a: readonly string[], b: readonly string[]): number {
  for (const [index, text] of a.entries()) {
    const other = b[index] ?? '';
    if (text !== other) return text < other ? -1 : 1;
  }
  return 0;
}
