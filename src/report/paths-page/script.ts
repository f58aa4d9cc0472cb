/**
 * The script of the page of ways, as text: it runs in browsers and never here. Plain JavaScript without template strings.
 * Names reach the page by textContent and the canvas by fillText, never as markup. What moves the view and draws many
 * links stands in canvas/.
 *
 * Vertices stand in columns: footholds left, then who somebody is, by which binding and rule, which right, on what, and the
 * target right. Those of a kind are one box until somebody opens it, and what leads from box to box is one line.
 */
import { CANVAS, FIND, HELPERS, PICTURES, POINTERS, RESIZE, THEME, ZOOM } from '../canvas/index.ts';
import { DRAWING } from './drawing.ts';
import { PANEL } from './panel.ts';
import { SHORTEN } from './shorten.ts';

export const SCRIPT = String.raw`
(() => {
'use strict';
${SHORTEN}
const data = JSON.parse(document.getElementById('data').textContent);
const text = (index) => data.texts[index];
const EXPOSED = 1, START = 3, TARGET = 4, CUT = 8;

/* ---- vertices, and the boxes that they are in ---- */
const nodes = data.nodes.map((row, index) => ({
  index, name: row[0], kind: row[1], flags: row[2], closes: row[3], next: row[4], id: row[5], group: undefined, x: 0, y: 0, wide: 0,
}));
const VERTICES = nodes.length;
const arrows = data.arrows.map((row) => ({ from: row[0], to: row[1], says: row[2], klass: row[3], evidence: row[4], needs: row[5] }));
const arrowsOf = nodes.map(() => ({ from: [], to: [] }));
for (const arrow of arrows) {
  arrowsOf[arrow.to].from.push(arrow);
  arrowsOf[arrow.from].to.push(arrow);
}
const columnOf = ({ kind, flags }) => ((flags & TARGET) !== 0 ? 6 : (flags & START) !== 0 ? 0 : data.kinds[kind][2]);
const groups = [];
const groupOf = new Map();
for (const node of nodes) {
  const key = columnOf(node) + ' ' + node.kind + ' ' + (node.flags & (START | TARGET));
  if (!groupOf.has(key)) {
    const group = { index: VERTICES + groups.length, name: '', kind: node.kind, column: columnOf(node), start: node.flags & START, members: [], open: false, x: 0, y: 0, high: 0 };
    groupOf.set(key, group);
    groups.push(group);
  }
  node.group = groupOf.get(key);
  node.group.members.push(node);
}
groups.sort((a, b) => a.column - b.column || a.start - b.start || a.kind - b.kind);
groups.forEach((group, index) => {
  group.index = VERTICES + index;
  group.label = group.members.length === 1 ? group.members[0].name : group.members.length.toLocaleString('en') + ' ' + data.kinds[group.kind][1];
  group.cut = group.members.filter(({ flags }) => (flags & CUT) !== 0).length;
  group.members.sort((a, b) => (b.flags & CUT) - (a.flags & CUT) || b.closes - a.closes || (a.name < b.name ? -1 : 1));
});
const columns = [...new Set(groups.map(({ column }) => column))].sort((a, b) => a - b);
for (const group of groups) nodes.push(group);
const isOpen = (group) => group.open && group.members.length > 1;

const WIDE = 212, GAP = 60, HEAD = 38, ROW = 22, BETWEEN = 18;
let [least, most] = [0, 0];
let gap = GAP;
const lay = () => {
  [least, most] = [0, 0];
  columns.forEach((column, at) => {
    const some = groups.filter((group) => group.column === column);
    for (const group of some) group.high = HEAD + (isOpen(group) ? group.members.length * ROW + 6 : 0);
    const total = some.reduce((sum, group) => sum + group.high + BETWEEN, -BETWEEN);
    let y = -total / 2;
    for (const group of some) {
      group.x = at * (WIDE + gap);
      group.y = y;
      group.members.forEach((node, index) => {
        node.x = group.x;
        node.y = isOpen(group) ? y + HEAD + index * ROW + ROW / 2 : y + HEAD / 2;
      });
      y += group.high + BETWEEN;
    }
    least = Math.min(least, -total / 2);
    most = Math.max(most, total / 2);
  });
};
const anchorOf = (index) => (isOpen(nodes[index].group) ? index : nodes[index].group.index);

${PICTURES}
/* ---- what is chosen; kept in the address so that a view can be sent on ---- */
const state = { chosen: -1, over: -1, hidden: new Set() };
const readAddress = () => {
  const params = new URLSearchParams(location.hash.slice(1));
  const wanted = params.get('v');
  const found = wanted === null ? -1 : data.nodes.findIndex((row) => row[5] === wanted);
  if (found >= 0) {
    nodes[found].group.open = true;
    state.chosen = found;
  }
};
const writeAddress = () => {
  const params = new URLSearchParams();
  if (state.chosen >= 0 && state.chosen < VERTICES) params.set('v', nodes[state.chosen].id);
  const hash = params.toString();
  history.replaceState(null, '', hash === '' ? location.pathname + location.search : '#' + hash);
};
const isShown = (arrow) => !state.hidden.has(arrow.klass);

/* ---- lines: arrows between the same two boxes are one ---- */
let lines = [];
const BATCH = 24;
const linesOf = (some) => {
  const found = new Map();
  for (const arrow of some) {
    if (!isShown(arrow)) continue;
    const [from, to] = [anchorOf(arrow.from), anchorOf(arrow.to)];
    if (from === to) continue;
    const key = from * nodes.length + to;
    const cut = (nodes[arrow.from].flags & CUT) !== 0 || (nodes[arrow.to].flags & CUT) !== 0;
    const known = found.get(key);
    if (known === undefined) found.set(key, { from, to, count: 1, klass: arrow.klass, cut });
    else {
      known.count += 1;
      known.klass = Math.min(known.klass, arrow.klass);
      known.cut = known.cut || cut;
    }
  }
  return [...found.values()];
};
const batchesOf = (list, color) => {
  const batches = [];
  for (let at = 0; at < list.length; at += BATCH) batches.push({ color, depth: 1, links: list.slice(at, at + BATCH) });
  return batches;
};
const choose = () => {
  lines = linesOf(arrows);
  base.batches = [
    ...batchesOf(lines.filter(({ klass, cut }) => !cut && klass <= 1), () => colors.dim),
    ...batchesOf(lines.filter(({ klass, cut }) => !cut && klass > 1), () => colors.medium),
    ...batchesOf(lines.filter(({ cut }) => cut), () => colors.high),
  ];
};

${HELPERS}
/* ---- colours, read anew when the theme changes ---- */
let colors = {};
const readColors = () => {
  const style = getComputedStyle(document.documentElement);
  const value = (name) => style.getPropertyValue(name).trim();
  const tone = value('--tone');
  const hue = (index) => [212, 152, 262, 48, 188, 330, 28, 100][index % 8];
  colors = {
    text: value('--text'), dim: value('--dim'), line: value('--line'), card: value('--card'), bg: value('--bg'), soft: value('--soft'), hover: value('--hover'),
    in: value('--in'), out: value('--out'), high: value('--high'), medium: value('--medium'), accent: value('--accent'),
    kinds: data.kinds.map((kind, index) => 'hsl(' + hue(index) + ' 52% ' + tone + ')'),
  };
};

/* ---- the view ---- */
${CANVAS}
/* On a narrow page boxes stand closer, so that the target is in sight with the footholds. */
const standCloser = () => {
  const room = (width - 48) / 0.54 - columns.length * WIDE;
  const fitting = Math.max(24, Math.min(GAP, Math.floor(room / Math.max(1, columns.length - 1))));
  if (fitting === gap) return;
  gap = fitting;
  lay();
  pictures.forEach(forget);
};
const fit = () => {
  standCloser();
  const wide = columns.length * (WIDE + gap) - gap;
  const high = Math.max(80, most - least);
  view.k = Math.min(1.25, Math.max(LEAST, Math.min((width - 48) / wide, (height - 96) / high)));
  /* Where all of it would be too small to read, the left end is shown, where ways begin. */
  const small = view.k < 0.5;
  if (small) view.k = Math.min(0.8, Math.max(view.k, Math.min(0.62, (height - 96) / high)));
  view.x = small && wide * view.k > width - 48 ? 24 : (width - wide * view.k) / 2;
  view.y = height / 2 - (least + most) / 2 * view.k;
  changedView();
};
${ZOOM}
const changedLinks = () => {
  choose();
  settle = 0;
  forget(base);
  pick();
  tell();
};
/* The shortest way of what is chosen, and what stands before and behind it. */
const wayOf = (index) => {
  const way = [];
  const seen = new Set();
  for (let at = index; at >= 0 && nodes[at].next >= 0 && !seen.has(at); at = arrows[nodes[at].next].to) {
    seen.add(at);
    way.push(arrows[nodes[at].next]);
  }
  return way;
};
const pick = () => {
  picked.batches = [];
  if (state.chosen >= 0) {
    const members = state.chosen < VERTICES ? [nodes[state.chosen]] : nodes[state.chosen].members;
    const before = linesOf(members.flatMap(({ index }) => arrowsOf[index].from));
    const behind = linesOf(members.flatMap(({ index }) => arrowsOf[index].to));
    picked.batches = [...batchesOf(before, () => colors.in), ...batchesOf(behind, () => colors.out)];
    if (state.chosen < VERTICES) picked.batches.push(...batchesOf(linesOf(wayOf(state.chosen)), () => colors.accent));
  }
  forget(picked);
  dirty = true;
  wake();
};
${RESIZE}

${DRAWING}/* ---- pointers and keys ---- */
const hit = (left, top) => {
  const [x, y] = [(left - view.x) / view.k, (top - view.y) / view.k];
  for (const group of groups) {
    if (x < group.x || x > group.x + WIDE || y < group.y || y > group.y + group.high) continue;
    if (group.members.length === 1) return group.members[0].index;
    const row = Math.floor((y - group.y - HEAD) / ROW);
    return row < 0 || !isOpen(group) ? group.index : group.members[Math.min(row, group.members.length - 1)].index;
  }
  return -1;
};
${POINTERS}
${PANEL}/* ---- filters, finding, theme ---- */
const openButton = document.getElementById('open');
const showOpen = () => { openButton.textContent = groups.some(isOpen) ? 'Close all' : 'Open all'; };
openButton.addEventListener('click', () => {
  const open = !groups.some(isOpen);
  for (const group of groups) group.open = open;
  lay();
  /* What is too high for the screen is shown from the middle, where it can still be read. */
  if ((most - least) * 0.5 < height) fit();
  else {
    view.y = height / 2;
    changedView();
  }
  changedLinks();
  showOpen();
});
const present = data.classes.map((name, index) => [name, index]).filter(([, index]) => arrows.some(({ klass }) => klass === index));
const chips = present.map(([name, index]) => make('button', { type: 'button', 'data-class': name, 'aria-pressed': 'true', text: name.replace('-', ' '), onclick: (event) => {
  if (!state.hidden.delete(index)) state.hidden.add(index);
  event.currentTarget.setAttribute('aria-pressed', String(!state.hidden.has(index)));
  changedLinks();
  refresh();
} }));
if (chips.length > 1) document.getElementById('classes').replaceChildren(...chips);
${FIND}
${THEME}
if (arrows.length === 0) document.querySelector('.none').hidden = false;
readAddress();
lay();
choose();
new ResizeObserver(resize).observe(canvas);
resize();
showOpen();
refresh();
pick();
tell();
if (state.chosen >= 0) reveal(endOf(state.chosen));
})();
`;
