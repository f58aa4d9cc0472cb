/** What the script of the page of ways paints on its canvas: boxes, what is in them, and the lines between them. */
import { FRAMES, SHOWING, SLICES } from '../canvas/index.ts';

/** In a string of its own, as the bundler writes the program in ASCII. */
const MINUS = '−';

export const DRAWING = String.raw`/* ---- drawing ---- */
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
`;
