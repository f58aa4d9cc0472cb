/** What the script of the page of ways says beside the drawing of what is chosen: ways with their evidence, and the cut. */

/** In strings of their own, as the bundler writes the program in ASCII. */
const DOT = '·';
const ARROW = '→';
const TIMES = '×';

export const PANEL = String.raw`/* ---- the panel ---- */
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

`;
