import { CANVAS, FIND, FRAMES, HELPERS, PICTURES, POINTERS, RESIZE, SHOWING, SLICES, THEME, ZOOM } from '../canvas/index.ts';

/**
 * The script of the map, as text: it runs in browsers and never here. Plain JavaScript without template strings. Names
 * reach the page by textContent and the canvas by fillText, never as markup. What moves the view and draws many links
 * stands in canvas/.
 */
/** In strings of their own, as the bundler writes the program in ASCII. */
const DOT = '·';
const MORE = '…';

export const SCRIPT = String.raw`
(() => {
'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const text = (index) => data.texts[index];
const OUT = data.nodes.length;
const OUTSIDE = 'outside';

/* ---- nodes on a ring, what is outside on top ---- */
const nodes = data.nodes.map((row, index) => ({
  index, name: row[0], ns: row[1], group: row[2], workloads: row[3], pods: row[4], ingress: (row[5] & 1) !== 0, egress: (row[5] & 2) !== 0,
  short: row[0].slice(row[0].indexOf('/') + 1).replace(/\[\w+\]$/, ''), angle: 0, x: 0, y: 0, way: '',
}));
nodes.push({ index: OUT, name: OUTSIDE, ns: -1, group: -1, workloads: 0, pods: 0, ingress: true, egress: true, short: OUTSIDE, angle: 0, x: 0, y: 0, way: '' });
const arcs = [];
let slots = 4;
const slotOf = nodes.map((node, index) => {
  if (index === OUT) return 0.5;
  const before = nodes[index - 1];
  if (before !== undefined && before.ns !== node.ns) slots += before.group === node.group ? 1 : 2;
  if (before === undefined || before.ns !== node.ns) arcs.push({ ns: node.ns, group: node.group, first: slots, last: slots, name: data.namespaces[node.ns] });
  arcs[arcs.length - 1].last = slots;
  slots += 1;
  return slots - 1;
});
slots += 3;
const RADIUS = Math.max(180, slots * 16 / (2 * Math.PI));
const angleOf = (slot) => -Math.PI / 2 + 2 * Math.PI * (slot - 0.5) / slots;
for (const node of nodes) {
  node.angle = angleOf(slotOf[node.index]);
  node.x = RADIUS * Math.cos(node.angle);
  node.y = RADIUS * Math.sin(node.angle);
}
for (const arc of arcs) arc.angle = angleOf((arc.first + arc.last) / 2);
const arcOf = new Map(arcs.map((arc) => [arc.ns, arc]));

/* ---- links: rows of numbers, those of one colour together ---- */
const links = data.links.map((row) => ({ from: row[0], to: row[1], ports: row[2], open: row[3], pairs: row[4], way: '' }));
const ways = data.entries.map((row) => ({ from: OUT, to: row[0], allowed: text(row[1]), text: text(row[2]), reason: text(row[3]) }));
for (const { to, allowed } of ways) if (allowed !== 'no' && nodes[to].way !== 'yes') nodes[to].way = allowed;
const linksOf = nodes.map(() => ({ from: [], to: [] }));
for (const link of links) {
  linksOf[link.to].from.push(link);
  linksOf[link.from].to.push(link);
}
const wayLinks = nodes.filter(({ way }) => way !== '').map(({ index, way }) => ({ from: OUT, to: index, ports: -1, way }));

${PICTURES}
/* ---- what is chosen; kept in the address so that a view can be sent on ---- */
const FILTERS = {
  cross: (link) => link.from !== OUT && link.to !== OUT && nodes[link.from].group !== nodes[link.to].group,
  way: (link) => link.way !== '',
  bare: (link) => link.to !== OUT && link.way === '' && !nodes[link.to].ingress,
};
const state = { show: new Set(), chosen: -1, group: -1, over: -1 };
const readAddress = () => {
  const params = new URLSearchParams(location.hash.slice(1));
  state.show = new Set((params.get('show') || '').split(',').filter((name) => Object.hasOwn(FILTERS, name)));
  const wanted = params.get('w');
  state.chosen = wanted === null ? -1 : nodes.findIndex(({ name }) => name === wanted);
};
const writeAddress = () => {
  const params = new URLSearchParams();
  if (state.show.size > 0) params.set('show', [...state.show].join(','));
  if (state.chosen >= 0) params.set('w', nodes[state.chosen].name);
  const hash = params.toString();
  history.replaceState(null, '', hash === '' ? location.pathname + location.search : '#' + hash);
};
let shown = [];
/* Runs of one colour, which are drawn at once, in turn: so that no colour lies on top of all others. */
const BATCH = 16;
const batchesOf = (list) => {
  const byGroup = new Map();
  for (const link of list) {
    const group = nodes[link.from].group;
    if (!byGroup.has(group)) byGroup.set(group, []);
    byGroup.get(group).push(link);
  }
  const runs = [...byGroup].sort(([a], [b]) => a - b);
  const batches = [];
  for (let at = 0; runs.some(([, run]) => run.length > at); at += BATCH) {
    for (const [group, run] of runs) {
      const links = run.slice(at, at + BATCH);
      if (links.length > 0) batches.push({ color: () => (group < 0 ? colors.high : colors.groups[group]), depth: 1, links });
    }
  }
  return batches;
};
let touched = new Uint8Array(nodes.length);
const choose = () => {
  shown = links.concat(wayLinks).filter(shownWith);
  base.batches = batchesOf(shown);
  touched = new Uint8Array(nodes.length);
  for (const link of shown) touched[link.from] = touched[link.to] = 1;
};

${HELPERS}
/* ---- colours, read anew when the theme changes ---- */
let colors = {};
const readColors = () => {
  const style = getComputedStyle(document.documentElement);
  const value = (name) => style.getPropertyValue(name).trim();
  const tone = value('--tone');
  const hue = (index) => (data.groups.length <= 8 ? [212, 28, 152, 330, 262, 48, 188, 0][index] : (index * 137.508 + 212) % 360);
  colors = {
    text: value('--text'), dim: value('--dim'), line: value('--line'), card: value('--card'), bg: value('--bg'),
    in: value('--in'), out: value('--out'), high: value('--high'),
    groups: data.groups.map((name, index) => (name === '' ? value('--dim') : 'hsl(' + hue(index) + ' 62% ' + tone + ')')),
  };
};
const colorOf = (node) => (node.group < 0 ? colors.high : colors.groups[node.group]);

/* ---- the view ---- */
${CANVAS}
const widths = nodes.map(({ short }) => pen.measureText(short).width);
const longest = Math.min(140, Math.max(40, ...widths));
for (const arc of arcs) arc.wide = 0;
for (const node of nodes) if (node.ns >= 0) arcOf.get(node.ns).wide = Math.max(arcOf.get(node.ns).wide, Math.min(longest, widths[node.index]));
/* From the ring outwards: dots, the arc of a namespace, arrows, names, the name of the namespace. */
const dotSize = () => Math.max(2, Math.min(7, spacing() * 0.36));
const beyond = () => dotSize() * 2.7 + 9;
const spacing = () => RADIUS * view.k * 2 * Math.PI / slots;
const hasLabels = (k = view.k) => RADIUS * k * 2 * Math.PI / slots >= 8.5 && RADIUS * k > longest * 1.15;
const fit = () => {
  const most = Math.min(width, height) / 2;
  /* Names count where they would be shown; without them more of the ring fits. */
  const withNames = (most - longest - 44) / RADIUS;
  const small = (most - 60) / RADIUS;
  view.k = hasLabels(withNames) ? withNames : Math.max(small, LEAST);
  view.x = width / 2;
  view.y = height / 2 + 6;
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
/* Of what is chosen, the links that the filters leave. */
const pick = () => {
  const batches = [];
  if (state.chosen >= 0) {
    for (const [list, color, depth] of [[linksOf[state.chosen].from, () => colors.in, 0.93], [linksOf[state.chosen].to, () => colors.out, 1.07]]) {
      const some = list.filter(shownWith);
      for (let at = 0; at < some.length; at += BATCH) batches.push({ color, depth, links: some.slice(at, at + BATCH) });
    }
  }
  picked.batches = batches;
  forget(picked);
  dirty = true;
  wake();
};
${RESIZE}
/* ---- drawing ---- */
/* What is chosen has both directions beside each other: they go less deep, and more. */
const trace = (to, link, depth = 1) => {
  const [a, b] = [nodes[link.from], nodes[link.to]];
  to.moveTo(a.x, a.y);
  if (a.ns === b.ns) {
    const middle = (a.angle + b.angle) / 2;
    const deep = RADIUS * (1 - depth * Math.min(0.7, 0.1 + Math.abs(a.angle - b.angle)));
    to.quadraticCurveTo(deep * Math.cos(middle), deep * Math.sin(middle), b.x, b.y);
    return;
  }
  const [from, into] = [a.ns < 0 ? a.angle : arcOf.get(a.ns).angle, b.ns < 0 ? b.angle : arcOf.get(b.ns).angle];
  const deep = RADIUS * (1 - 0.66 * depth);
  to.bezierCurveTo(deep * Math.cos(from), deep * Math.sin(from), deep * Math.cos(into), deep * Math.sin(into), b.x, b.y);
};
${SLICES}
base.begin = (to) => {
  to.lineWidth = Math.max(0.7, Math.min(1.6, 220 / shown.length + 0.7)) / view.k;
  to.globalAlpha = Math.min(0.7, Math.max(0.04, 8 / Math.sqrt(shown.length + 1)));
};
picked.begin = (to) => {
  to.lineWidth = 1.5 / view.k;
  to.globalAlpha = picked.batches.length > 60 ? 0.6 : 0.85;
};
${SHOWING}
const paint = () => {
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.globalAlpha = state.chosen >= 0 ? 0.16 : 1;
  show(base);
  pen.globalAlpha = 1;
  if (state.chosen >= 0) show(picked);
  pen.setTransform(dense, 0, 0, dense, 0, 0);
  paintArcs();
  paintNodes();
};
const inGroup = (link) => state.group < 0 || nodes[link.from].group === state.group || nodes[link.to].group === state.group;
const shownWith = (link) => inGroup(link) && (state.show.size === 0 || [...state.show].some((name) => FILTERS[name](link)));
const onScreen = (x, y, margin) => x > -margin && x < width + margin && y > -margin && y < height + margin;
const paintArcs = () => {
  const radius = RADIUS * view.k;
  const labels = hasLabels();
  pen.lineWidth = 3;
  pen.font = '600 12.5px ' + FONT.slice(5);
  pen.textBaseline = 'middle';
  let last = [];
  for (const arc of arcs) {
    const color = colors.groups[arc.group];
    pen.strokeStyle = color;
    pen.globalAlpha = 0.55;
    pen.beginPath();
    pen.arc(view.x, view.y, radius + dotSize() + 5, angleOf(arc.first - 0.4), angleOf(arc.last + 0.4));
    pen.stroke();
    pen.globalAlpha = 1;
    if (data.by === 'namespace') continue;
    const away = radius + beyond() + (labels ? arc.wide + 14 : 10);
    const [x, y] = [view.x + away * Math.cos(arc.angle), view.y + away * Math.sin(arc.angle)];
    if (!onScreen(x, y, 120)) continue;
    /* Of names that would lie on each other the first stays. */
    const wide = pen.measureText(arc.name).width;
    const beside = Math.cos(arc.angle) < -0.2 ? x - wide : Math.cos(arc.angle) > 0.2 ? x : x - wide / 2;
    const left = Math.max(4, Math.min(width - wide - 4, beside));
    if (last.some((box) => left < box[0] + box[2] + 6 && left + wide + 6 > box[0] && Math.abs(y - box[1]) < 14)) continue;
    last.push([left, y, wide]);
    pen.fillStyle = color;
    pen.textAlign = 'left';
    pen.fillText(arc.name, left, y);
  }
};
const paintNodes = () => {
  const labels = hasLabels();
  const size = dotSize();
  pen.font = labels ? Math.max(9, Math.min(12.5, spacing() * 0.85)) + 'px ' + FONT.slice(5) : FONT;
  const near = state.chosen < 0 ? undefined : neighbours();
  for (const node of nodes) {
    const [x, y] = [node.x * view.k + view.x, node.y * view.k + view.y];
    if (!onScreen(x, y, longest + 20)) continue;
    const bright = node.index === state.chosen || (near !== undefined ? near.has(node.index) : touched[node.index] === 1 || shown.length === 0);
    pen.globalAlpha = bright ? 1 : 0.3;
    pen.fillStyle = pen.strokeStyle = colorOf(node);
    pen.beginPath();
    pen.arc(x, y, node.index === OUT ? size + 1.5 : size, 0, 2 * Math.PI);
    if (node.ingress || node.index === OUT) pen.fill();
    else {
      /* Hollow: no policy guards it. */
      pen.fillStyle = colors.bg;
      pen.fill();
      pen.lineWidth = Math.max(1, size * 0.4);
      pen.stroke();
    }
    if (node.way !== '') wedge(node, Math.max(3.5, size));
    if (node.index === state.chosen || node.index === state.over) {
      pen.globalAlpha = 1;
      pen.strokeStyle = colors.text;
      pen.lineWidth = 1.5;
      pen.beginPath();
      pen.arc(x, y, size + 3, 0, 2 * Math.PI);
      pen.stroke();
    }
    if (labels || node.index === OUT) label(node, node.index === state.chosen || node.index === state.over);
  }
  pen.globalAlpha = 1;
  if (!labels) for (const index of [state.over, state.chosen]) if (index >= 0 && index !== OUT) tag(nodes[index]);
};
const neighbours = () => {
  const near = new Set();
  for (const link of linksOf[state.chosen].from) if (shownWith(link)) near.add(link.from);
  for (const link of linksOf[state.chosen].to) if (shownWith(link)) near.add(link.to);
  return near;
};
/* From outside: an arrow on the ring that points in. */
const wedge = (node, size) => {
  const tip = RADIUS * view.k + dotSize() + 8;
  pen.save();
  pen.translate(view.x, view.y);
  pen.rotate(node.angle);
  pen.fillStyle = pen.strokeStyle = colors.high;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(tip, 0);
  pen.lineTo(tip + size * 1.6, size * 0.9);
  pen.lineTo(tip + size * 1.6, -size * 0.9);
  pen.closePath();
  if (node.way === 'yes') pen.fill();
  else pen.stroke();
  pen.restore();
};
const label = (node, strong) => {
  if (node.index === OUT) {
    pen.font = '600 12.5px ' + FONT.slice(5);
    pen.fillStyle = strong ? colors.text : colors.high;
    pen.textAlign = 'center';
    pen.textBaseline = 'bottom';
    pen.fillText(OUTSIDE, node.x * view.k + view.x, node.y * view.k + view.y - dotSize() - 6);
    return;
  }
  pen.save();
  pen.translate(view.x, view.y);
  const flip = Math.cos(node.angle) < 0;
  pen.rotate(flip ? node.angle + Math.PI : node.angle);
  pen.textAlign = flip ? 'right' : 'left';
  pen.textBaseline = 'middle';
  pen.fillStyle = strong ? colors.text : colors.dim;
  const away = RADIUS * view.k + beyond();
  pen.fillText(clipped(node), flip ? -away : away, 0);
  pen.restore();
};
const clipped = (node) => (widths[node.index] <= longest + 4 ? node.short : node.short.slice(0, Math.floor(node.short.length * longest / widths[node.index]) - 1) + '${MORE}');
/* A name where there is no room for all. */
const tag = (node) => {
  const away = RADIUS * view.k + 22;
  const [x, y] = [view.x + away * Math.cos(node.angle), view.y + away * Math.sin(node.angle)];
  pen.font = FONT;
  const wide = pen.measureText(node.name).width + 12;
  const left = Math.max(4, Math.min(width - wide - 4, Math.cos(node.angle) < 0 ? x - wide : x));
  pen.fillStyle = colors.card;
  pen.strokeStyle = colors.line;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.rect(left, y - 11, wide, 22);
  pen.fill();
  pen.stroke();
  pen.fillStyle = colors.text;
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  pen.fillText(node.name, left + 6, y);
};
${FRAMES}
/* ---- pointers and keys ---- */
const hit = (x, y) => {
  const [dx, dy] = [x - view.x, y - view.y];
  const away = Math.hypot(dx, dy) - RADIUS * view.k;
  const size = Math.max(8, Math.min(16, spacing() / 2));
  if (away < -size || away > (hasLabels() ? longest + beyond() : size + 12)) return -1;
  let best = -1;
  let least = Math.max(spacing() * 0.55, size) / (RADIUS * view.k);
  for (const node of nodes) {
    const turn = Math.abs(Math.atan2(Math.sin(node.angle - Math.atan2(dy, dx)), Math.cos(node.angle - Math.atan2(dy, dx))));
    if (turn < least) [best, least] = [node.index, turn];
  }
  return best;
};
${POINTERS}
/* ---- the panel ---- */
const aside = document.querySelector('aside');
const MOST_ROWS = 300;
const row = (index, what) => make('li', {}, make('button', { type: 'button', onclick: () => select(index, true) },
  dot(nodes[index]), make('span', { class: 'who', text: nodes[index].name }), make('span', { class: 'what', text: what })));
const dot = (node) => {
  const element = make('span', { class: 'dot' });
  element.style.backgroundColor = colorOf(node);
  return element;
};
const whatOf = (link) => text(link.ports) + (link.open === undefined ? '' : ', ' + link.open + ' of ' + link.pairs);
const section = (title, key, list) => {
  const parts = [make('h3', {}, make('b', {}, make('i', { class: 'key ' + key }), title), make('span', { text: String(list.length) }))];
  const rows = list.slice(0, MOST_ROWS);
  parts.push(list.length === 0 ? make('p', { class: 'dim', text: 'Nobody.' }) : make('ul', {}, ...rows));
  if (list.length > rows.length) parts.push(make('p', { class: 'dim', text: 'and ' + count(list.length - rows.length, 'more', 'more') }));
  return parts;
};
/* Of what is chosen, how many rows the panel has. */
let told = '';
const showNode = (node) => {
  const isOut = node.index === OUT;
  const facts = isOut ? 'Addresses that are of no pod.' : [
    node.workloads > 1 ? count(node.workloads, 'workload', 'workloads') : '',
    count(node.pods, 'pod', 'pods'),
    data.whose === 'namespace' ? '' : data.whose + ' ' + (data.groups[node.group] || 'none'),
  ].filter((part) => part !== '').join(' ${DOT} ');
  const guards = isOut ? [] : [
    make('p', { class: node.ingress ? 'dim' : 'warn', text: node.ingress ? 'Policies guard what comes in.' : 'No policy guards what comes in.' }),
    make('p', { class: node.egress ? 'dim' : 'warn', text: node.egress ? 'Policies guard what goes out.' : 'No policy guards what goes out.' }),
  ];
  const own = ways.filter(({ to, allowed }) => (isOut ? allowed !== 'no' : to === node.index));
  const entries = own.map(({ to, allowed, text: what, reason }) => make('li', {}, make('div', {},
    make('span', { class: 'who', text: (isOut ? nodes[to].name + ': ' : '') + what + (reason === '' ? '' : ' (' + reason + ')') }),
    make('span', { class: allowed === 'no' ? 'what' : 'what warn', text: { yes: 'let in', no: 'kept out', unknown: 'unknown' }[allowed] }))));
  const ranges = data.outside.filter((one) => one[0] === node.index);
  const range = (one) => make('li', {}, make('div', {}, make('span', { class: 'who', text: text(one[2]) }), make('span', { class: 'what', text: text(one[3]) })));
  /* What is outside is told range by range, where the ranges are known. */
  const rowsOf = (list, end, way) => {
    const known = ranges.filter((one) => one[1] === way);
    return list.filter(shownWith).flatMap((link) => (link[end] === OUT && known.length > 0 ? known.map(range) : [row(link[end], whatOf(link))]));
  };
  const [into, out] = [rowsOf(linksOf[node.index].from, 'from', 0), rowsOf(linksOf[node.index].to, 'to', 1)];
  told = ', lets in ' + into.length.toLocaleString('en') + ', may reach ' + out.length.toLocaleString('en');
  aside.replaceChildren(
    make('div', { class: 'top' }, make('h2', { text: isOut ? 'Outside' : node.name }), make('button', { type: 'button', class: 'quiet', text: 'Close', onclick: () => select(-1, false) })),
    make('p', { class: 'dim', text: facts }),
    ...guards,
    ...(own.length === 0 ? [] : [make('h3', {}, make('b', { text: 'Ways in from outside' }), make('span', { text: String(own.length) })), make('ul', {}, ...entries)]),
    ...section('Lets in', 'in', into),
    ...section('May reach', 'out', out),
    ...(isOut || data.by !== 'workload' ? [] : [make('h3', {}, make('b', { text: 'Which rules say so' })), make('code', { text: 'castellan net why --from PEER --to ' + quoted(node.name) })]),
  );
};
/* As a shell takes it as one word. */
const quoted = (name) => "'" + name.replaceAll("'", "'\\''") + "'";
const showLegend = () => {
  const sizes = data.groups.map(() => 0);
  for (const node of nodes) if (node.group >= 0) sizes[node.group] += node.workloads;
  const rows = data.groups.map((name, index) => {
    const mark = make('span', { class: 'dot' });
    mark.style.backgroundColor = colors.groups[index];
    return make('li', {}, make('button', { type: 'button', 'aria-pressed': String(state.group === index), onclick: () => {
      state.group = state.group === index ? -1 : index;
      changedLinks();
      showLegend();
    } }, mark, make('span', { class: 'who', text: name === '' ? 'of nobody' : name }), make('span', { class: 'what', text: count(sizes[index], 'workload', 'workloads') })));
  });
  aside.replaceChildren(
    make('h2', { text: 'By ' + data.whose }),
    make('p', { class: 'dim', text: 'Each dot on the ring is a ' + data.by + '; a line is something that may flow, in the colour of where it comes from.' }),
    make('ul', {}, ...rows),
    make('h3', {}, make('b', { text: 'Reading it' })),
    make('p', { class: 'dim', text: 'A hollow dot has no policy for what comes in. An arrow on a dot is a way in from outside: filled where the policies let it in, outlined where that is not known.' }),
    make('p', { class: 'dim', text: 'Click a dot to see its connections in and out. Drag to move, turn the wheel to zoom; on the keyboard the arrows, + and -, 0 for all of it, / to find, Esc to let go.' }),
  );
};
const refresh = () => (state.chosen >= 0 ? showNode(nodes[state.chosen]) : showLegend());
const select = (index, center) => {
  state.chosen = index;
  if (index >= 0) {
    showNode(nodes[index]);
    aside.scrollTop = 0;
    if (center) reveal(nodes[index]);
  } else showLegend();
  pick();
  tell();
  writeAddress();
};
/* Into sight, where it is not. */
const reveal = (node) => {
  const [x, y] = [node.x * view.k + view.x, node.y * view.k + view.y];
  if (onScreen(x, y, -30)) return;
  view.x += width / 2 - x;
  view.y += height / 2 - y;
  changedView();
};
const status = document.querySelector('[role=status]');
const tell = () => {
  const all = links.length + wayLinks.length;
  const some = shown.length < all ? shown.length.toLocaleString('en') + ' of ' : '';
  status.textContent = some + count(all, 'connection', 'connections') + ' ${DOT} ' + count(OUT, data.by, data.by + 's') + (state.chosen >= 0 ? ' ${DOT} ' + nodes[state.chosen].name + told : '');
};

/* ---- filters, finding, theme ---- */
const chips = [...document.querySelectorAll('.chips button')];
const showChips = () => { for (const chip of chips) chip.setAttribute('aria-pressed', String(state.show.has(chip.dataset.show))); };
for (const chip of chips) {
  chip.addEventListener('click', () => {
    if (!state.show.delete(chip.dataset.show)) state.show.add(chip.dataset.show);
    showChips();
    if (state.chosen >= 0) showNode(nodes[state.chosen]);
    changedLinks();
    writeAddress();
  });
}
${FIND}
${THEME}
if (OUT === 0) {
  document.querySelector('.none').hidden = false;
  return;
}
readAddress();
showChips();
choose();
new ResizeObserver(resize).observe(canvas);
resize();
select(state.chosen, false);
})();
`;
