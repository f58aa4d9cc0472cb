/** Who may talk to whom as a drawing for other programs: the languages of Graphviz and of Mermaid. */
import { printable } from '../../lib/terminal.ts';

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** '' for none. */
  readonly label: string;
}

/** Ends that are `ns/name` stand in a box for their namespace. */
export function* dotOf(edges: Iterable<GraphEdge>): Generator<string> {
  const nodes = new Nodes();
  const lines: string[] = [];
  for (const { from, to, label } of edges)
    lines.push(`  n${nodes.id(from)} -> n${nodes.id(to)}${label === '' ? '' : ` [label=${quoted(label)}]`};\n`);
  yield 'digraph network {\n  rankdir=LR;\n  node [shape=box, fontname="sans-serif"];\n  edge [fontname="sans-serif", fontsize=10];\n';
  let cluster = 0;
  for (const [namespace, members] of nodes.byNamespace()) {
    const inside = namespace === '' ? '  ' : '    ';
    if (namespace !== '') yield `  subgraph cluster_${cluster} {\n    label=${quoted(namespace)};\n`;
    for (const { id, title } of members) yield `${inside}n${id} [label=${quoted(title)}];\n`;
    if (namespace !== '') yield '  }\n';
    cluster += 1;
  }
  yield* lines;
  yield '}\n';
}

export function* mermaidOf(edges: Iterable<GraphEdge>): Generator<string> {
  const nodes = new Nodes();
  const lines: string[] = [];
  for (const { from, to, label } of edges)
    lines.push(`  n${nodes.id(from)} -->${label === '' ? '' : `|"${entities(label)}"|`} n${nodes.id(to)}\n`);
  yield 'flowchart LR\n';
  let cluster = 0;
  for (const [namespace, members] of nodes.byNamespace()) {
    if (namespace !== '') yield `  subgraph s${cluster}["${entities(namespace)}"]\n`;
    for (const { id, title } of members) yield `  ${namespace === '' ? '' : '  '}n${id}["${entities(title)}"]\n`;
    if (namespace !== '') yield '  end\n';
    cluster += 1;
  }
  yield* lines;
}

class Nodes {
  readonly #ids = new Map<string, number>();

  id(name: string): number {
    let id = this.#ids.get(name);
    if (id === undefined) this.#ids.set(name, (id = this.#ids.size));
    return id;
  }

  byNamespace(): Map<string, { id: number; title: string }[]> {
    const all = new Map<string, { id: number; title: string }[]>();
    for (const [name, id] of this.#ids) {
      const slash = /^ip6?:/.test(name) ? -1 : name.indexOf('/');
      const namespace = slash < 0 ? '' : name.slice(0, slash);
      const members = all.get(namespace) ?? [];
      members.push({ id, title: name.slice(slash + 1) });
      all.set(namespace, members);
    }
    return all;
  }
}

/** A text of the DOT language: only the quote and the backslash mean anything in it. */
function quoted(text: string): string {
  return `"${printable(text)
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)}"`;
}

/** Mermaid makes HTML and Markdown of labels: whatever could be either is written by its number. */
function entities(text: string): string {
  return printable(text).replaceAll(/["#&<>`*_~\\;]/g, (char) => `#${char.codePointAt(0)};`);
}
