/** Paths as drawings: DOT for Graphviz, Mermaid for pages that render it. Entries that begin alike are one box. */
import { nameText } from '../../graph/index.ts';
import { printable } from '../../lib/terminal.ts';
import type { PathsDocument } from './document.ts';
import { entriesText } from './words.ts';

interface Drawn {
  boxes: Map<string, string>;
  arrows: Map<string, { from: string; to: string; edge: string }>;
}

/** Groups that are drawn; more is no picture any more. */
const MOST_DRAWN = 60;

function drawn({ paths }: PathsDocument): Drawn {
  const boxes = new Map<string, string>();
  const arrows: Drawn['arrows'] = new Map();
  const idOf = (key: string, text: string): string => {
    const known = boxes.get(key);
    if (known === undefined) boxes.set(key, text);
    return `n${[...boxes.keys()].indexOf(key)}`;
  };
  for (const [index, path] of paths.slice(0, MOST_DRAWN).entries()) {
    const start = path.count === 1 ? (path.entries[0] ?? '') : `entries ${index}`;
    let before = idOf(start, entriesText(path, 1));
    for (const { edge, to } of path.chain) {
      const at = idOf(to, nameText(to));
      arrows.set(`${before} ${at} ${edge}`, { from: before, to: at, edge });
      before = at;
    }
  }
  return { boxes, arrows };
}

export function pathsDot(document: PathsDocument): string {
  const { boxes, arrows } = drawn(document);
  const nodes = [...boxes.values()].map((text, index) => `  n${index} [label=${JSON.stringify(printable(text))}];`);
  const edges = [...arrows.values()].map(({ from, to, edge }) => `  ${from} -> ${to} [label=${JSON.stringify(edge)}];`);
  return `digraph paths {\n  rankdir=LR;\n  node [shape=box];\n${[...nodes, ...edges].join('\n')}\n}\n`;
}

export function pathsMermaid(document: PathsDocument): string {
  const { boxes, arrows } = drawn(document);
  const nodes = [...boxes.values()].map((text, index) => `  n${index}["${escaped(text)}"]`);
  const edges = [...arrows.values()].map(({ from, to, edge }) => `  ${from} -->|${edge}| ${to}`);
  return `flowchart LR\n${[...nodes, ...edges].join('\n')}\n`;
}

/** Mermaid reads entity codes inside of quotes. */
function escaped(text: string): string {
  return printable(text).replaceAll(/[^\w .,/:*()@-]/g, (char) => `#${char.codePointAt(0) ?? 63};`);
}
