/**
 * Pieces of scripts, as text, for pages that draw many links on a canvas: the view that is dragged and zoomed, pictures of
 * links, finding by name, light and dark. They run in browsers and never here. Plain JavaScript without template strings.
 *
 * What makes frames cheap: links are drawn into a picture of their own, a few milliseconds a frame, once a view stands
 * still; while it moves that picture is moved along, and only nodes and names are drawn anew.
 *
 * A page puts them together in this order, and has itself: `nodes` (each with `index` and `name`), `state` (with `chosen`
 * and `over`, an index or -1), `readColors`, `fit` (all of it into sight), `trace(pen, link, depth)`, `base.begin` and
 * `picked.begin` (the looks of links), `paint`, `hit(x, y)`, `select(index, center)` and `refresh` (the panel anew).
 */

/** Two pictures of links: all of them, and those of what is chosen. `batches` are what is drawn into each. */
export const PICTURES = String.raw`/* ---- pictures of links: one is shown while the other is drawn, some of it in each frame ---- */
const picture = () => ({ front: document.createElement('canvas'), back: document.createElement('canvas'), view: undefined, job: undefined, batches: [], begin: undefined });
const base = picture();
const picked = picture();
const pictures = [base, picked];
const forget = (one) => { one.view = undefined; one.job = undefined; };`;

/** Elements, and numbers with their word. */
export const HELPERS = String.raw`/* ---- small helpers for the page ---- */
const make = (tag, props, ...children) => {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(props || {})) {
    if (key === 'text') element.textContent = value;
    else if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
};
const count = (number, one, many) => number.toLocaleString('en') + ' ' + (number === 1 ? one : many);`;

/** The canvas and where its view stands. */
export const CANVAS = String.raw`const canvas = document.querySelector('canvas');
const pen = canvas.getContext('2d');
const view = { k: 1, x: 0, y: 0 };
let [width, height, dense] = [1, 1, 1];
let settle = 0;
let dirty = true;
let waiting = false;

const FONT = '12px ' + getComputedStyle(document.body).fontFamily;
pen.font = FONT;`;

/** Zooming about a point, and what follows when the view moves. */
export const ZOOM = String.raw`const LEAST = 0.02;
const MOST = 40;

const zoomAt = (factor, x, y) => {
  const k = Math.min(MOST, Math.max(LEAST, view.k * factor));
  view.x = x - (x - view.x) * k / view.k;
  view.y = y - (y - view.y) * k / view.k;
  view.k = k;
  changedView();
};
const changedView = () => {
  settle = performance.now() + 90;
  for (const one of pictures) one.job = undefined;
  dirty = true;
  wake();
};`;

/** The canvas is as large as its place on the page. */
export const RESIZE = String.raw`const resize = () => {
  const box = canvas.getBoundingClientRect();
  const first = width === 1;
  const [oldWidth, oldHeight] = [width, height];
  [width, height, dense] = [Math.max(1, box.width), Math.max(1, box.height), Math.min(2, devicePixelRatio || 1)];
  for (const each of [canvas, ...pictures.flatMap(({ front, back }) => [front, back])]) {
    each.width = Math.round(width * dense);
    each.height = Math.round(height * dense);
  }
  pictures.forEach(forget);
  if (first) fit();
  else {
    view.x += (width - oldWidth) / 2;
    view.y += (height - oldHeight) / 2;
    changedView();
    settle = 0;
  }
};`;

/** Links are drawn some in each frame. */
export const SLICES = String.raw`const place = (to, at) => to.setTransform(dense * at.k, 0, 0, dense * at.k, dense * at.x, dense * at.y);
/* How many links a frame may draw, by the time that the last ones took. Strokes are only noted down until somebody looks
   at the picture, so one point of it is looked at, or all of them would be carried out at once in the end. */
let quota = 300;
const point = document.createElement('canvas').getContext('2d');
const SLICE = 7;
const drawSome = (one) => {
  const { pen: to, view: at } = one.job;
  const begun = performance.now();
  place(to, at);
  for (let left = quota; left > 0 && one.job.next < one.batches.length; one.job.next += 1) {
    const { color, depth, links: some } = one.batches[one.job.next];
    to.strokeStyle = color();
    to.beginPath();
    for (const link of some) trace(to, link, depth);
    to.stroke();
    left -= some.length;
  }
  point.drawImage(one.back, 0, 0, 1, 1, 0, 0, 1, 1);
  quota = Math.min(20000, Math.max(48, quota * Math.min(1.5, Math.max(0.3, SLICE / (performance.now() - begun + 0.1)))));
  if (one.job.next < one.batches.length) return;
  [one.front, one.back] = [one.back, one.front];
  one.view = at;
  one.job = undefined;
};
const beginJob = (one) => {
  const to = one.back.getContext('2d');
  to.setTransform(1, 0, 0, 1, 0, 0);
  to.clearRect(0, 0, one.back.width, one.back.height);
  one.begin(to);
  one.job = { next: 0, pen: to, view: { k: view.k, x: view.x, y: view.y } };
};`;

/** A picture, moved to where the view is now. */
export const SHOWING = String.raw`const show = (one) => {
  const [image, at] = one.view !== undefined ? [one.front, one.view] : one.job !== undefined ? [one.back, one.job.view] : [];
  if (image === undefined) return;
  const scale = view.k / at.k;
  pen.setTransform(scale, 0, 0, scale, dense * (view.x - at.x * scale), dense * (view.y - at.y * scale));
  pen.drawImage(image, 0, 0);
};`;

/** One frame, and when the next one comes. */
export const FRAMES = String.raw`const frame = () => {
  waiting = false;
  if (performance.now() >= settle) {
    /* What is chosen first; the rest is behind it. */
    const next = [picked, base].find((one) => !isCurrent(one));
    if (next !== undefined) {
      if (next.job === undefined) beginJob(next);
      drawSome(next);
      dirty = dirty || next.job === undefined || next.view === undefined;
    }
  }
  if (dirty) {
    dirty = false;
    paint();
  }
  if (!pictures.every(isCurrent)) wake();
};
const isCurrent = ({ view: at }) => at !== undefined && at.k === view.k && at.x === view.x && at.y === view.y;
const wake = () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(frame);
};`;

/** Mouse, fingers and keys. */
export const POINTERS = String.raw`const pointers = new Map();
let moved = 0;
const local = (event) => {
  const box = canvas.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
};
canvas.addEventListener('pointerdown', (event) => {
  canvas.setPointerCapture(event.pointerId);
  pointers.set(event.pointerId, local(event));
  moved = 0;
});
canvas.addEventListener('pointermove', (event) => {
  const to = local(event);
  const from = pointers.get(event.pointerId);
  if (from === undefined) {
    const over = hit(to.x, to.y);
    if (over !== state.over) {
      state.over = over;
      canvas.classList.toggle('over', over >= 0);
      dirty = true;
      wake();
    }
    return;
  }
  moved += Math.abs(to.x - from.x) + Math.abs(to.y - from.y);
  const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
  pointers.set(event.pointerId, to);
  if (others.length > 0) {
    const [other] = others;
    const before = Math.hypot(from.x - other.x, from.y - other.y);
    const after = Math.hypot(to.x - other.x, to.y - other.y);
    if (before > 0) zoomAt(after / before, (to.x + other.x) / 2, (to.y + other.y) / 2);
    return;
  }
  if (moved < 4) return;
  canvas.classList.add('held');
  view.x += to.x - from.x;
  view.y += to.y - from.y;
  changedView();
});
const release = (event) => {
  const at = pointers.get(event.pointerId);
  pointers.delete(event.pointerId);
  canvas.classList.remove('held');
  if (event.type === 'pointerup' && at !== undefined && moved < 4) select(hit(at.x, at.y), false);
};
canvas.addEventListener('pointerup', release);
canvas.addEventListener('pointercancel', release);
canvas.addEventListener('pointerleave', () => {
  if (state.over < 0) return;
  state.over = -1;
  dirty = true;
  wake();
});
canvas.addEventListener('wheel', (event) => {
  event.preventDefault();
  const at = local(event);
  const lines = event.deltaMode === 1 ? 33 : 1;
  zoomAt(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0016)), at.x, at.y);
}, { passive: false });
canvas.addEventListener('dblclick', (event) => {
  const at = local(event);
  zoomAt(2, at.x, at.y);
});
canvas.addEventListener('keydown', (event) => {
  const steps = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
  const step = steps[event.key];
  if (step !== undefined) {
    event.preventDefault();
    view.x += step[0];
    view.y += step[1];
    changedView();
  } else if (event.key === '+' || event.key === '=') zoomAt(1.4, width / 2, height / 2);
  else if (event.key === '-') zoomAt(1 / 1.4, width / 2, height / 2);
  else if (event.key === '0') fit();
});
addEventListener('keydown', (event) => {
  const typing = /^(?:INPUT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === 'Escape') {
    if (typing) close();
    select(-1, false);
  } else if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    search.focus();
  }
});
for (const [id, action] of [['closer', () => zoomAt(1.5, width / 2, height / 2)], ['farther', () => zoomAt(1 / 1.5, width / 2, height / 2)], ['whole', fit]])
  document.getElementById(id).addEventListener('click', action);`;

/** The field that finds by name. */
export const FIND = String.raw`const search = document.querySelector('input[type=search]');
const found = document.querySelector('.find ul');
const close = () => { search.value = ''; found.hidden = true; found.replaceChildren(); };
search.addEventListener('input', () => {
  const wanted = search.value.trim().toLowerCase();
  const hits = wanted === '' ? [] : nodes.filter(({ name }) => name.toLowerCase().includes(wanted)).slice(0, 10);
  found.hidden = hits.length === 0;
  found.replaceChildren(...hits.map((node) => make('li', {}, make('button', { type: 'button', text: node.name, onclick: () => { close(); select(node.index, true); } }))));
});
search.addEventListener('keydown', (event) => {
  const first = found.querySelector('button');
  if (first === null) return;
  if (event.key === 'Enter') first.click();
  else if (event.key === 'ArrowDown') { event.preventDefault(); first.focus(); }
});`;

/** Light, dark, or as the system says. */
export const THEME = String.raw`const themes = ['system', 'light', 'dark'];
const themeButton = document.getElementById('theme');
const setTheme = (theme) => {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  themeButton.textContent = 'Theme: ' + theme;
  themeButton.dataset.theme = theme;
  readColors();
};
let kept = 'system';
try { kept = localStorage.getItem('castellan-theme') || 'system'; } catch { /* no storage here: the choice lasts as long as the page */ }
setTheme(themes.includes(kept) ? kept : 'system');
const recolored = () => {
  readColors();
  pictures.forEach(forget);
  settle = 0;
  refresh();
  dirty = true;
  wake();
};
themeButton.addEventListener('click', () => {
  const theme = themes[(themes.indexOf(themeButton.dataset.theme) + 1) % themes.length];
  setTheme(theme);
  recolored();
  try { localStorage.setItem('castellan-theme', theme); } catch { /* as above */ }
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolored);`;
