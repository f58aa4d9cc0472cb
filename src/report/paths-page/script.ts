/**
 * The script of the page of ways, as text: it runs in browsers and never here. Plain JavaScript without template strings.
 * Names reach the page by textContent and the canvas by fillText, never as markup. What moves the view and draws many
 * links stands in canvas/.
 *
 * Vertices stand in columns: footholds left, then who somebody is, by which binding and rule, which right, on what, and the
 * target right. Those of a kind are one box until somebody opens it, and what leads from box to box is one line.
 */
import { CANVAS, FIND, FRAMES, HELPERS, PICTURES, POINTERS, RESIZE, SHOWING, SLICES, THEME, ZOOM } from '../canvas/index.ts';
import { SHORTEN } from './shorten.ts';

/** In strings of their own, as the bundler writes the program in ASCII. */
const DOT = '·';
const ARROW = '→';
const TIMES = '×';
const MINUS = '−';

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

/* ---- drawing ---- */
const endOf = (index) => (index < VERTICES ? nodes[index] : { x: nodes[index].x, y: nodes[index].y + HEAD / 2 });
const trace = (to, link) => {
  const [a, b] = [endOf(link.from), endOf(link.to)];
  const [x1, x2] = [a.x + WIDE, b.x];
  const bend = x2 > x1 ? Math.max(gap / 2, (x2 - x1) * 0.42) : gap * 0.7;
  to.moveTo(x1, a.y);
  to.bezierCurveTo(x1 + bend, a.y, x2 - bend, b.y, x2, b.y);
};
${SLICES}
base.begin = (to) => {
  to.lineWidth = Math.max(0.8, Math.min(1.5, 200 / (lines.length + 1) + 0.8)) / Math.min(1, view.k + 0.3);
  to.globalAlpha = Math.min(0.75, Math.max(0.08, 9 / Math.sqrt(lines.length + 1)));
};
picked.begin = (to) => {
  to.lineWidth = 2 / Math.min(1, view.k + 0.3);
  to.globalAlpha = 0.9;
};
${SHOWING}
const paint = () => {
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.globalAlpha = state.chosen >= 0 ? 0.3 : 1;
  show(base);
  pen.globalAlpha = 1;
  if (state.chosen >= 0) show(picked);
  pen.setTransform(dense * view.k, 0, 0, dense * view.k, dense * view.x, dense * view.y);
  pen.textBaseline = 'middle';
  pen.textAlign = 'left';
  const way = new Set(state.chosen >= 0 && state.chosen < VERTICES ? wayOf(state.chosen).flatMap(({ from, to }) => [from, to]) : []);
  for (const group of groups) paintBox(group, way);
};
const clips = new Map();
const takenIn = new Map();
/* From afar letters are larger than what they stand in would ask for. */
const headSize = () => Math.round(Math.min(19, Math.max(14, 10.5 / view.k)));
const rowSize = () => Math.round(Math.min(16, Math.max(13, 9 / view.k)));
/* As much of a name as fits; measured once. */
const clipped = (name, room, size, group) => {
  const key = size + ' ' + room + ' ' + group.index + ' ' + name;
  let short = clips.get(key);
  if (short === undefined) {
    const box = size + ' ' + group.index;
    if (!takenIn.has(box)) takenIn.set(box, new Set());
    short = shortened(name, (text) => pen.measureText(text).width <= room, takenIn.get(box));
    if (clips.size > 40000) {
      clips.clear();
      takenIn.clear();
    }
    clips.set(key, short);
  }
  return short;
};
const inSight = (x, y, wide, high) => {
  const [left, top] = [x * view.k + view.x, y * view.k + view.y];
  return left < width && left + wide * view.k > 0 && top < height && top + high * view.k > 0;
};
const paintBox = (group, way) => {
  if (!inSight(group.x, group.y, WIDE, group.high)) return;
  const readable = view.k * 13 >= 4.5;
  const one = group.members.length === 1;
  const marked = one ? way.has(group.members[0].index) : !isOpen(group) && group.members.some(({ index }) => way.has(index));
  const strong = state.chosen === group.index || (one && state.chosen === group.members[0].index);
  pen.fillStyle = colors.card;
  pen.strokeStyle = strong ? colors.text : marked ? colors.accent : group.cut > 0 ? colors.high : colors.line;
  pen.lineWidth = strong || marked || group.cut > 0 ? 1.8 : 1;
  pen.beginPath();
  pen.roundRect(group.x, group.y, WIDE, group.high, 7);
  pen.fill();
  pen.stroke();
  if (state.over === group.index) {
    pen.fillStyle = colors.hover;
    pen.fill();
    pen.stroke();
  }
  pen.fillStyle = colors.kinds[group.kind];
  pen.beginPath();
  pen.roundRect(group.x, group.y, 5, group.high, [7, 0, 0, 7]);
  pen.fill();
  if (readable) {
    const size = headSize();
    let right = group.x + WIDE - 8;
    let room = WIDE - 26;
    /* On the upper edge, where it takes no room from the name. */
    const badge = (label, color) => {
      pen.font = '600 ' + (size - 3) + 'px ' + FONT.slice(5);
      const wide = pen.measureText(label).width + 14;
      pen.strokeStyle = color;
      pen.fillStyle = colors.card;
      pen.lineWidth = 1.2;
      pen.beginPath();
      pen.roundRect(right - wide, group.y - size * 0.62, wide, size * 1.24, size * 0.62);
      pen.fill();
      pen.stroke();
      pen.fillStyle = color;
      pen.fillText(label, right - wide + 7, group.y + 0.5);
      right -= wide + 6;
    };
    if (group.members.length > 1) {
      pen.font = '600 ' + size + 'px ' + FONT.slice(5);
      pen.fillStyle = colors.dim;
      pen.fillText(isOpen(group) ? '${MINUS}' : '+', group.x + WIDE - 18, group.y + HEAD / 2);
      room -= 14;
    }
    if (group.cut > 0) badge(one ? 'cut' : 'cut ' + group.cut, colors.high);
    if ((group.start & EXPOSED) !== 0) badge('outside', colors.out);
    pen.font = '600 ' + size + 'px ' + FONT.slice(5);
    pen.fillStyle = colors.text;
    pen.fillText(clipped(group.label, room, size, group), group.x + 14, group.y + HEAD / 2 + 0.5);
  }
  if (isOpen(group)) paintRows(group, way, readable);
};
const paintRows = (group, way, readable) => {
  const first = Math.max(0, Math.floor(((-view.y) / view.k - group.y - HEAD) / ROW));
  const last = Math.min(group.members.length, Math.ceil(((height - view.y) / view.k - group.y - HEAD) / ROW));
  const size = rowSize();
  pen.font = size + 'px ' + FONT.slice(5);
  for (let at = first; at < last; at += 1) {
    const node = group.members[at];
    const top = group.y + HEAD + at * ROW;
    const chosen = state.chosen === node.index;
    if (chosen || state.over === node.index || way.has(node.index)) {
      pen.fillStyle = chosen ? colors.accent : colors.soft;
      pen.fillRect(group.x + 6, top, WIDE - 7, ROW);
    }
    if ((node.flags & CUT) !== 0) {
      pen.fillStyle = colors.high;
      pen.fillRect(group.x + WIDE - 6, top + 2, 4, ROW - 4);
    }
    if (!readable) continue;
    pen.fillStyle = chosen ? colors.bg : (node.flags & CUT) !== 0 ? colors.high : colors.text;
    pen.fillText(clipped(node.name, WIDE - 26, size, group), group.x + 14, top + ROW / 2 + 0.5);
  }
};
${FRAMES}
/* ---- pointers and keys ---- */
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
/* ---- the panel ---- */
const aside = document.querySelector('aside');
const MOST_ROWS = 200;
const swatch = (kind) => {
  const element = make('span', { class: 'swatch' });
  element.style.backgroundColor = colors.kinds[kind];
  return element;
};
const heading = (title, number) => make('h3', {}, make('b', { text: title }), make('span', { text: number === undefined ? '' : number.toLocaleString('en') }));
const listOf = (list, row, none) => {
  const parts = list.length === 0 ? [make('p', { class: 'dim', text: none })] : [make('ul', {}, ...list.slice(0, MOST_ROWS).map(row))];
  if (list.length > MOST_ROWS) parts.push(make('p', { class: 'dim', text: 'and ' + count(list.length - MOST_ROWS, 'more', 'more') }));
  return parts;
};
const rowOf = (index, label, what) => make('li', {}, make('button', { type: 'button', onclick: () => select(index, true) },
  swatch(nodes[index].kind), make('span', { class: 'who', text: label }), make('span', { class: 'what', text: what || '' })));
const hop = (sentence, klass, place, index) => make('li', { class: klass > 1 ? 'unsure' : undefined },
  make('button', { type: 'button', onclick: () => { if (index >= 0) select(index, true); } }, make('span', { text: sentence })),
  ...(klass > 1 ? [make('span', { class: 'at', text: data.classes[klass] })] : []),
  ...(place === '' ? [] : [make('span', { class: 'at', text: place })]));
const top = (title) => make('div', { class: 'top' }, make('h2', { text: title }), make('button', { type: 'button', class: 'quiet', text: 'Close', onclick: () => select(-1, false) }));
const badges = (node) => make('p', {}, make('span', { class: 'badge', text: data.kinds[node.kind][0] }),
  ...((node.flags & START) !== 0 ? [make('span', { class: 'badge start', text: (node.flags & EXPOSED) !== 0 ? 'foothold from outside' : 'foothold' })] : []),
  ...((node.flags & TARGET) !== 0 ? [make('span', { class: 'badge', text: 'target' })] : []),
  ...((node.flags & CUT) !== 0 ? [make('span', { class: 'badge cut', text: 'in the smallest cut' })] : []),
  ...(node.closes > 0 ? [make('span', { class: 'badge cut', text: 'alone closes ' + count(node.closes, 'way', 'ways') })] : []));
const stepsOf = (way) => {
  const steps = [];
  for (const arrow of way) {
    const last = steps[steps.length - 1];
    /* What only ties things together belongs to the step before it. */
    if (text(arrow.says) === '' && last !== undefined) {
      last.to = arrow.to;
      last.klass = Math.max(last.klass, arrow.klass);
      if (last.place === '') last.place = text(arrow.evidence);
    } else steps.push({ says: text(arrow.says), to: arrow.to, klass: arrow.klass, place: text(arrow.evidence) });
  }
  return steps.map(({ says, to, klass, place }) => hop((says === '' ? '' : 'can ' + says + ' ${ARROW} ') + nodes[to].name, klass, place, to));
};
const wayFor = (index) => data.ways.find((way) => way[2].includes(index));
const showVertex = (node) => {
  const way = wayOf(node.index);
  const whole = way.length > 0 && (nodes[way[way.length - 1].to].flags & TARGET) !== 0;
  const told = whole ? undefined : wayFor(node.index);
  const parts = told !== undefined ? told[3].map((one) => hop(text(one[0]), one[1], text(one[2]), one[3])) : stepsOf(way);
  const into = arrowsOf[node.index].from.filter(isShown);
  const out = arrowsOf[node.index].to.filter(isShown);
  const what = (arrow) => text(arrow.says) || 'holds';
  aside.replaceChildren(
    top(node.name),
    badges(node),
    ...((node.flags & TARGET) !== 0 ? [] : [
      heading('The shortest way to ' + data.target),
      ...(told === undefined || told[4] === '' ? [] : [make('p', { class: 'dim', text: 'As ' + told[4] + ' goes it; this one goes alike, by things of other names.' })]),
      ...(parts.length === 0 ? [make('p', { class: 'dim', text: 'It leads on only together with something else.' })] : [make('ol', {}, ...parts)]),
    ]),
    heading('Comes from', into.length),
    ...listOf(into, (arrow) => rowOf(arrow.from, nodes[arrow.from].name, what(arrow) + (arrow.needs > 1 ? ', with more' : '')), 'Nothing: ways begin here.'),
    heading('Leads to', out.length),
    ...listOf(out, (arrow) => rowOf(arrow.to, nodes[arrow.to].name, what(arrow) + (arrow.needs > 1 ? ', with more' : '')), 'Nothing else that is drawn.'),
  );
};
const showGroup = (group) => {
  aside.replaceChildren(
    top(group.label),
    make('p', { class: 'dim', text: group.start !== 0 ? 'Ways begin here.' : 'Everything of one kind that ways lead over.' }),
    make('p', {}, make('button', { type: 'button', class: 'quiet', text: isOpen(group) ? 'Close the box' : 'Open the box', onclick: () => toggle(group) })),
    heading('In it', group.members.length),
    ...listOf(group.members, (node) => rowOf(node.index, node.name, (node.flags & CUT) !== 0 ? 'cut' : node.closes > 0 ? 'closes ' + node.closes : ''), ''),
  );
};
const showLegend = () => {
  const { size, remove, cost, optimal, atLeast } = data.cut;
  const proof = optimal ? 'None is cheaper.' : 'It costs ' + cost + ', and none costs less than ' + atLeast + '.';
  aside.replaceChildren(
    make('h2', { text: 'Ways to ' + data.target }),
    ...data.footholds.map(([from, all, reaching]) => make('p', { text: from + ': ' + reaching.toLocaleString('en') + ' of ' + count(all, 'entry', 'entries') })),
    ...data.notes.map((note) => make('p', { class: 'dim', text: note })),
    ...(data.all > VERTICES ? [make('p', { class: 'warn', text: 'Too many for a picture: drawn are ' + VERTICES.toLocaleString('en') + ' of ' + data.all.toLocaleString('en') + ' vertices, those on shortest ways.' })] : []),
    ...(data.gaps.length === 0 ? [] : [
      heading('Not read', data.gaps.length + data.moreGaps),
      make('ul', {}, ...data.gaps.map((gap) => make('li', {}, make('div', {}, make('span', { class: 'who warn', text: gap }))))),
    ]),
    heading('Smallest cut', size < 0 ? undefined : size),
    ...(size < 0 ? [make('p', { class: 'warn', text: 'None: some way has nothing that may be taken away.' })] : [
      make('p', { class: 'dim', text: proof }),
      make('ul', {}, ...remove.map(([part, index]) => (index >= 0 ? rowOf(index, part, '') : make('li', {}, make('div', {}, make('span', { class: 'who', text: part })))))),
    ]),
    ...(data.single.length === 0 ? [] : [
      heading('Best single changes'),
      make('ul', {}, ...data.single.map(([part, closes, index]) => (index >= 0 ? rowOf(index, part, 'closes ' + closes) : make('li', {}, make('div', {}, make('span', { class: 'who', text: part }), make('span', { class: 'what', text: 'closes ' + closes })))))),
    ]),
    ...(data.choke.length === 0 ? [] : [
      heading('Choke points'),
      make('ul', {}, ...data.choke.map(([index, entries]) => rowOf(index, nodes[index].name, 'all ways of ' + entries.toLocaleString('en')))),
    ]),
    heading('Ways that are alike', data.ways.length + data.moreWays),
    ...listOf(data.ways, (way) => {
      const start = way[2].find((index) => index >= 0);
      return start === undefined ? make('li', {}, make('div', {}, make('span', { class: 'who', text: way[0] }))) : rowOf(start, way[0], way[1] > 1 ? way[1].toLocaleString('en') + '${TIMES}' : '');
    }, 'None.'),
    heading('Reading it'),
    make('p', { class: 'dim', text: 'Footholds stand left, the target right; between them who somebody is, by which binding and rule, with which right, on what. A box is everything of a kind: click it to open it. A line leads from what somebody holds to what he comes to hold. Red is what the smallest cut takes away.' }),
    make('p', { class: 'dim', text: 'Drag to move, turn the wheel to zoom; on the keyboard the arrows, + and -, 0 for all of it, / to find, Esc to let go.' }),
  );
};
const refresh = () => {
  if (state.chosen < 0) showLegend();
  else if (state.chosen < VERTICES) showVertex(nodes[state.chosen]);
  else showGroup(nodes[state.chosen]);
};
/* The box that is opened stays where it is on the screen. */
const toggle = (group, open = !group.open) => {
  if (group.members.length < 2 || group.open === open) return;
  const before = group.y;
  group.open = open;
  lay();
  view.y += (before - group.y) * view.k;
  changedView();
  changedLinks();
  showOpen();
};
const select = (index, center) => {
  if (index >= VERTICES) toggle(nodes[index]);
  else if (index >= 0) toggle(nodes[index].group, true);
  state.chosen = index;
  refresh();
  aside.scrollTop = 0;
  if (center && index >= 0) reveal(endOf(index));
  pick();
  tell();
  writeAddress();
};
/* Into sight, where it is not. */
const reveal = (end) => {
  const [x, y] = [(end.x + WIDE / 2) * view.k + view.x, end.y * view.k + view.y];
  if (x > 40 && x < width - 40 && y > 30 && y < height - 30 && view.k > 0.4) return;
  if (view.k < 0.6) view.k = 0.8;
  view.x = width / 2 - (end.x + WIDE / 2) * view.k;
  view.y = height / 2 - end.y * view.k;
  changedView();
};
const status = document.querySelector('[role=status]');
const tell = () => {
  const reaching = nodes.slice(0, VERTICES).filter(({ flags }) => (flags & START) !== 0).length;
  status.textContent = count(reaching, 'foothold', 'footholds') + ' ${DOT} ' + count(VERTICES, 'vertex', 'vertices') + ' in ' + count(groups.length, 'box', 'boxes') + ' ${DOT} ' + count(lines.length, 'line', 'lines') + (data.cut.size < 0 ? '' : ' ${DOT} ' + count(data.cut.size, 'change', 'changes') + ' cut all of it');
};

/* ---- filters, finding, theme ---- */
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
