import { describe, expect, it } from 'vitest';
import { dotOf, mermaidOf } from './graph.ts';
import { type MatrixView, matrixTable } from './matrix-table.ts';

const PLAIN = { color: false, width: 120 };
const TCP = { TCP: ['5432'] };

function view(
  names: readonly string[],
  cells: [from: number, to: number, allowed: 'all' | typeof TCP, open?: number, pairs?: number][],
  members = 1,
): MatrixView {
  return {
    groups: names.map((name) => ({ name, members })),
    cells: cells.map(([from, to, allowed, open = 1, pairs = 1]) => ({ from, to, allowed, open, pairs })),
    inNamespaces: members === 1,
  };
}

describe('the matrix of a terminal', () => {
  it('has namespaces together, a letter for ports, nothing about oneself', () => {
    const shown = matrixTable(
      view(
        ['x/a[Pod]', 'x/b[Pod]', 'y/b[Pod]', 'y/b[Job]', 'outside'],
        [
          [0, 1, TCP],
          [1, 0, 'all'],
          [4, 2, 'all'],
        ],
      ),
      PLAIN,
    );
    expect(shown).toBe(`            1 2   3 4   5
x
 1 a          a   · ·   ·
 2 b        ■     · ·   ·
y
 3 b[Pod]   · ·     ·   ·
 4 b[Job]   · ·   ·     ·
 5 outside  · ·   ■ ·

Rows may connect to columns.
■ all ports   · nothing
a TCP 5432
`);
  });
  it('has parts of pairs where groups are several', () => {
    const shown = matrixTable(
      view(
        ['a', 'b'],
        [
          [0, 0, 'all', 1, 6],
          [0, 1, 'all', 9, 9],
          [1, 0, TCP, 999, 1000],
        ],
        3,
      ),
      PLAIN,
    );
    expect(shown).toBe(`          1       2
 1 a    17%       ■
 2 b   99%a       ·

Rows may connect to columns.
■ all ports, every pair   · nothing   42% so many of the pairs
a TCP 5432
`);
  });
  it('goes on below where columns do not fit, and cuts long names', () => {
    const names = Array.from({ length: 40 }, (_, index) => `ns/workload-with-a-long-name-${index}[Deployment]`);
    const shown = matrixTable(view(names, [[0, 39, 'all']]), { color: false, width: 80 });
    const lines = shown.split('\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines.filter((line) => line === 'ns')).toHaveLength(2);
    expect(shown).toContain(' 1 workload-with-a-l…');
  });
  it('keeps control characters of names from the terminal', () => {
    const shown = matrixTable(view(['x/\u001b[31m', '::error ::y', 'z'], [[0, 1, 'all']]), PLAIN);
    expect(shown).not.toContain('\u001b');
    expect(shown).toContain(String.raw`\u{1b}`);
    for (const line of shown.split('\n')) expect(line.trimStart().startsWith('::')).toBe(false);
  });
  it('is painted only where that is wanted', () => {
    const one = view(['x/a', 'y/b'], [[0, 1, 'all']]);
    expect(matrixTable(one, { color: true, width: 80 })).toContain('\u001b[31m');
    expect(matrixTable(one, PLAIN)).not.toContain('\u001b');
  });
});

const EDGES = [
  { from: 'x/a[Pod]', to: 'y/b[Job]', label: 'TCP 80' },
  { from: 'y/b[Job]', to: 'ip:0.0.0.0-255.255.255.255', label: '' },
  { from: 'x/"]; <b>`\\', to: 'x/a[Pod]', label: '"|' },
];

it('Graphviz gets a box for each namespace, and quotes only as text', () => {
  expect([...dotOf(EDGES)].join('')).toBe(String.raw`digraph network {
  rankdir=LR;
  node [shape=box, fontname="sans-serif"];
  edge [fontname="sans-serif", fontsize=10];
  subgraph cluster_0 {
    label="x";
    n0 [label="a[Pod]"];
    n3 [label="\"]; <b>${'`'}\\"];
  }
  subgraph cluster_1 {
    label="y";
    n1 [label="b[Job]"];
  }
  n2 [label="ip:0.0.0.0-255.255.255.255"];
  n0 -> n1 [label="TCP 80"];
  n1 -> n2;
  n3 -> n0 [label="\"|"];
}
`);
});

it('Mermaid gets nothing that it would take for markup', () => {
  expect([...mermaidOf(EDGES)].join('')).toBe(`flowchart LR
  subgraph s0["x"]
    n0["a[Pod]"]
    n3["#34;]#59; #60;b#62;#96;#92;"]
  end
  subgraph s1["y"]
    n1["b[Job]"]
  end
  n2["ip:0.0.0.0-255.255.255.255"]
  n0 -->|"TCP 80"| n1
  n1 --> n2
  n3 -->|"#34;|"| n0
`);
});
