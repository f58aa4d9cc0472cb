/**
 * The script of the page, as text: it runs in browsers and never here. Plain JavaScript without template strings.
 * Texts of the data reach the page by textContent alone, and only the rows in sight are in the document.
 */
import { COPY, THEME } from './html-script-pieces.ts';

/** In strings of their own, which the bundler writes in ASCII: as long as all of the program is, it loads faster. */
const DOT = '·';
const MORE = '…';

export const SCRIPT = String.raw`
(() => {
'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const texts = data.texts;
const SEVERITIES = data.severities;
const STATUSES = data.statuses;
const PRINTED = 2000;
const text = (index) => (index < 0 ? '' : texts[index]);
const capital = (sentence) => sentence.charAt(0).toUpperCase() + sentence.slice(1);

/* ---- the findings, ready for sorting and searching ---- */
const findings = data.findings.map((row, index) => {
  const rule = data.rules[row[0]];
  const subject = data.subjects[row[3]];
  const first = row[6][0];
  const container = text(subject[3]);
  const object = text(subject[0]) + (text(subject[2]) === '' ? '' : '/' + text(subject[2])) + (container === '' ? '' : ' (' + container + ')');
  return {
    index, rule, row, subject, object,
    status: STATUSES[row[1]], severity: SEVERITIES[row[2]], weight: row[1] * SEVERITIES.length + row[2],
    message: capital(text(row[4])), fingerprint: row[5], namespace: text(subject[1]), workload: text(subject[4]), area: rule[2],
    place: first === undefined ? '' : text(first[0]) + (first[1] > 0 ? ':' + first[1] : ''),
    line: first === undefined ? 0 : first[1],
    hay: '',
  };
});
const hayOf = (finding) => {
  if (finding.hay === '') {
    const paths = finding.row[6].map((evidence) => text(evidence[0]) + ' ' + text(evidence[2]));
    finding.hay = [finding.message, finding.rule[0], finding.rule[1], finding.severity, finding.status, finding.object, finding.workload, finding.fingerprint]
      .concat(paths, finding.row[7].map(text), text(finding.row[10])).join('\n').toLowerCase();
  }
  return finding.hay;
};

/* ---- what is chosen; kept in the address so that a view can be sent on ---- */
const state = { q: '', severity: new Set(), status: '', area: '', namespace: '', group: 'rule', sort: 'severity', down: false, open: new Set(), shown: '' };
const readAddress = () => {
  const params = new URLSearchParams(location.hash.includes('=') ? location.hash.slice(1) : '');
  state.q = params.get('q') || '';
  state.severity = new Set((params.get('severity') || '').split(',').filter((name) => SEVERITIES.includes(name)));
  for (const name of ['status', 'area', 'namespace']) state[name] = params.get(name) || '';
  if (['rule', 'workload', 'namespace', 'none'].includes(params.get('group'))) state.group = params.get('group');
  state.shown = params.get('finding') || '';
};
const writeAddress = () => {
  const params = new URLSearchParams();
  if (state.q !== '') params.set('q', state.q);
  if (state.severity.size > 0) params.set('severity', [...state.severity].join(','));
  for (const name of ['status', 'area', 'namespace']) if (state[name] !== '') params.set(name, state[name]);
  if (state.group !== 'rule') params.set('group', state.group);
  if (state.shown !== '') params.set('finding', state.shown);
  const hash = params.toString();
  try { history.replaceState(null, '', hash === '' ? location.pathname + location.search : '#' + hash); } catch { /* not allowed here: the view still works */ }
};

/* ---- making elements ---- */
const make = (name, props, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(props || {})) {
    if (key === 'class') element.className = value;
    else if (key === 'text') element.textContent = value;
    else if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
};
const badge = (finding) => finding.status === 'fail'
  ? make('span', { class: 'badge ' + finding.severity, text: finding.severity })
  : make('span', { class: 'badge other', text: finding.status });

/* ---- the tools above the table ---- */
const counted = (key) => {
  const counts = new Map();
  for (const finding of findings) counts.set(finding[key], (counts.get(finding[key]) || 0) + 1);
  return [...counts].sort((a, b) => (a[0] < b[0] ? -1 : 1));
};
const selects = {};
const select = (name, label, none, options) => {
  const element = make('select', { 'aria-label': label, onchange: () => { state[name] = element.value; changed(); } }, make('option', { value: '', text: none }),
    ...options.map(([value, count]) => make('option', { value, text: (value || 'cluster-wide') + (count === undefined ? '' : ' (' + count + ')') })));
  selects[name] = element;
  return element;
};
const CLUSTER_WIDE = '-';
const namespaces = counted('namespace').map(([name, count]) => [name === '' ? CLUSTER_WIDE : name, count]);
const search = make('input', { type: 'search', placeholder: 'Filter by text: name, rule, file, path${MORE}', 'aria-label': 'Filter by text', spellcheck: 'false', autocomplete: 'off', oninput: () => { state.q = search.value; soon(); } });
const chips = SEVERITIES.map((severity) => make('button', { type: 'button', 'aria-pressed': 'false', 'data-severity': severity, onclick: () => toggleSeverity(severity) }, make('span', { class: 'badge ' + severity, text: severity })));
const group = make('select', { 'aria-label': 'Group by', onchange: () => { state.group = group.value; state.open.clear(); changed(); } },
  ...[['rule', 'By rule'], ['workload', 'By workload'], ['namespace', 'By namespace'], ['none', 'Not grouped']].map(([value, label]) => make('option', { value, text: label })));
const counter = make('span', { role: 'status' });
const expand = make('button', { type: 'button', class: 'quiet', onclick: () => { toggleAll(); } });
const clear = make('button', { type: 'button', class: 'quiet', text: 'Clear filters', onclick: () => { state.q = ''; state.severity.clear(); state.status = ''; state.area = ''; state.namespace = ''; changed(); search.focus(); } });
const statuses = counted('status');
const tools = make('div', { class: 'tools', role: 'search', 'aria-label': 'Filter the findings' }, search,
  make('div', { class: 'chips', role: 'group', 'aria-label': 'Severity' }, ...chips),
  statuses.length > 1 ? select('status', 'Status', 'Any status', statuses) : undefined,
  select('area', 'Area', 'All areas', counted('area')),
  select('namespace', 'Namespace', 'All namespaces', namespaces),
  group, make('div', { class: 'status' }, counter, make('span', {}, clear, ' ', expand)));
const toggleSeverity = (severity) => {
  if (!state.severity.delete(severity)) state.severity.add(severity);
  changed();
};

/* ---- the table ---- */
const COLUMNS = [['severity', 'Severity', 'sev'], ['message', 'Finding', 'what'], ['object', 'Object', 'obj'], ['namespace', 'Namespace', 'ns'], ['place', 'File', 'place']];
const heads = COLUMNS.map(([key, label, name]) => make('th', { scope: 'col', class: name, 'data-sort': key }, make('button', { type: 'button', text: label, onclick: () => {
  state.down = state.sort === key ? !state.down : false;
  state.sort = key;
  changed();
} })));
const body = make('tbody', {});
const above = make('tr', { class: 'space', 'aria-hidden': 'true' }, make('td', {}));
const below = make('tr', { class: 'space', 'aria-hidden': 'true' }, make('td', {}));
const columns = make('colgroup', {});
body.append(above, below);
const table = make('table', {}, make('caption', { class: 'hidden', text: 'Findings. Arrow keys move between rows, Enter opens one.' }),
  columns, make('thead', {}, make('tr', {}, ...heads)), body);
const nothing = make('p', { class: 'nothing', text: 'No finding matches these filters.', hidden: true });
const aside = make('aside', { 'aria-label': 'The finding', tabindex: '-1', hidden: true });
const printed = make('p', { class: 'printed' });
const work = make('div', { class: 'work' }, make('div', { class: 'grid' }, table, nothing), aside);

/* Fewer columns where there is less room: on a phone, and beside an open finding. */
const NARROW = matchMedia('(max-width:760px)');
const MIDDLE = matchMedia('(max-width:1080px)');
let width = 0;
const layOut = () => {
  width = NARROW.matches ? 2 : work.classList.contains('open') && !MIDDLE.matches ? 3 : 5;
  table.dataset.columns = String(width);
  columns.replaceChildren(...COLUMNS.slice(0, width).map(([, , name]) => make('col', { class: name })));
  heads.forEach((head, index) => { head.hidden = index >= width; });
  for (const space of [above, below]) space.firstChild.setAttribute('colspan', String(width));
};

let chosen = [];
let groups = [];
/* What the table would hold if all of it were in the document: groups and the findings of open ones. */
let entries = [];
let printing = false;

const compare = {
  severity: (a, b) => a.weight - b.weight,
  message: (a, b) => order(a.message, b.message),
  object: (a, b) => (state.group === 'workload' ? order(a.rule[1], b.rule[1]) : order(a.object, b.object)),
  namespace: (a, b) => order(a.namespace, b.namespace),
  place: (a, b) => order(a.place.replace(/:\d+$/, ''), b.place.replace(/:\d+$/, '')) || a.line - b.line,
};
const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const keyOf = { rule: (finding) => finding.rule[0], workload: (finding) => finding.workload, namespace: (finding) => finding.namespace };

const choose = () => {
  const words = state.q.toLowerCase().split(/\s+/).filter((word) => word !== '');
  chosen = findings.filter((finding) =>
    (state.severity.size === 0 || state.severity.has(finding.severity)) &&
    (state.status === '' || finding.status === state.status) &&
    (state.area === '' || finding.area === state.area) &&
    (state.namespace === '' || finding.namespace === (state.namespace === CLUSTER_WIDE ? '' : state.namespace)) &&
    words.every((word) => hayOf(finding).includes(word)));
  const by = compare[state.sort];
  const sign = state.down ? -1 : 1;
  chosen.sort((a, b) => sign * by(a, b) || a.weight - b.weight || a.index - b.index);
  groups = [];
  if (state.group === 'none') return;
  const known = new Map();
  for (const finding of chosen) {
    const key = keyOf[state.group](finding);
    let entry = known.get(key);
    if (entry === undefined) {
      known.set(key, (entry = { key, worst: finding, items: [] }));
      groups.push(entry);
    }
    entry.items.push(finding);
    if (finding.weight < entry.worst.weight) entry.worst = finding;
  }
  if (state.sort === 'severity') groups.sort((a, b) => sign * (a.worst.weight - b.worst.weight) || b.items.length - a.items.length || order(a.key, b.key));
};

const flatten = () => {
  if (state.group === 'none') {
    entries = chosen;
    return;
  }
  entries = [];
  for (const entry of groups) {
    entries.push(entry);
    if (state.open.has(entry.key) || (printing && chosen.length <= PRINTED)) for (const finding of entry.items) entries.push(finding);
  }
};

const isGroup = (entry) => entry.items !== undefined;
const distinct = (items, nameOf, most) => {
  const names = new Set();
  for (const item of items) {
    names.add(nameOf(item));
    if (names.size > most) break;
  }
  const list = [...names];
  return list.length > most ? list.slice(0, most).join(' ${DOT} ') + ' ${DOT} ${MORE}' : list.join(' ${DOT} ');
};

const groupRow = (entry) => {
  const { worst, items, key } = entry;
  const open = state.open.has(key);
  const byRule = state.group === 'rule';
  const title = byRule ? worst.rule[1] : state.group === 'workload' ? key : key || 'cluster-wide';
  const names = byRule ? distinct(items, (item) => item.workload, 8) : distinct(items, (item) => item.rule[1], 6);
  const button = make('button', { type: 'button', 'aria-expanded': String(open), onclick: () => toggleGroup(key) },
    make('span', { class: 'title' }, make('span', { class: 'chev', 'aria-hidden': 'true' }), make('span', { class: 'text', text: title }), byRule ? make('code', { text: worst.rule[0] }) : undefined,
      make('span', { class: 'num', text: items.length.toLocaleString('en') }), make('span', { class: 'hidden', text: items.length === 1 ? ' finding' : ' findings' })),
    width > 2 ? undefined : make('span', { class: 'sub', text: names }));
  return make('tr', { class: 'group' }, make('td', { class: 'sev' }, badge(worst)), make('td', {}, button),
    width > 2 ? make('td', { class: 'where', colspan: String(width - 2), text: names, title: names }) : undefined);
};

const itemRow = (finding) => {
  const second = state.group === 'workload' ? finding.rule[1] : finding.object;
  const button = make('button', { type: 'button', onclick: () => show(finding, true) }, make('span', { class: 'text', text: finding.message }),
    width > 2 ? undefined : make('span', { class: 'sub', text: state.group === 'workload' ? finding.rule[1] : finding.workload + (finding.place === '' ? '' : ' ${DOT} ' + finding.place) }));
  const cells = [[second, 'obj'], [finding.namespace, 'ns'], [finding.place, 'place']].slice(0, width - 2);
  return make('tr', { class: 'item' + (state.group === 'none' ? '' : ' in') + (finding.fingerprint === state.shown ? ' on' : '') },
    make('td', { class: 'sev' }, badge(finding)), make('td', { title: finding.message }, button), ...cells.map(([content, name]) => make('td', { class: name + ' where', text: content, title: content })));
};

/* ---- drawing what is in sight ---- */
const rows = new Map();
let rowHeight = 34;
const draw = () => {
  const top = body.getBoundingClientRect().top;
  const first = printing ? 0 : Math.max(0, Math.floor(-top / rowHeight) - 12);
  const last = printing ? Math.min(entries.length, PRINTED) : Math.min(entries.length, first + Math.ceil(innerHeight / rowHeight) + 28);
  let lost = false;
  for (const [index, row] of rows) {
    if (index >= first && index < last) continue;
    lost = lost || row.contains(document.activeElement);
    row.remove();
    rows.delete(index);
  }
  let next = above.nextSibling;
  for (let index = first; index < last; index += 1) {
    let row = rows.get(index);
    if (row === undefined) {
      const entry = entries[index];
      row = isGroup(entry) ? groupRow(entry) : itemRow(entry);
      row.setAttribute('aria-rowindex', String(index + 2));
      row.dataset.index = String(index);
      rows.set(index, row);
      body.insertBefore(row, next);
    } else next = row.nextSibling;
  }
  above.firstChild.style.height = first * rowHeight + 'px';
  below.firstChild.style.height = Math.max(0, entries.length - last) * rowHeight + 'px';
  if (lost) section.focus({ preventScroll: true });
};
const redraw = () => {
  for (const row of rows.values()) row.remove();
  rows.clear();
  const measured = parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--row'));
  rowHeight = measured > 0 ? measured : 34;
  layOut();
  table.setAttribute('aria-rowcount', String(entries.length + 1));
  draw();
};
let asked = false;
addEventListener('scroll', () => {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => { asked = false; draw(); });
}, { passive: true });
addEventListener('resize', () => redraw());

const label = (count) => count.toLocaleString('en') + (count === 1 ? ' finding' : ' findings');
const update = () => {
  flatten();
  counter.textContent = (chosen.length === findings.length ? label(findings.length) : chosen.length.toLocaleString('en') + ' of ' + label(findings.length)) +
    (state.group === 'none' ? '' : ' ${DOT} ' + groups.length.toLocaleString('en') + ' ' + state.group + (groups.length === 1 ? '' : 's'));
  for (const button of document.querySelectorAll('button[data-severity]')) button.setAttribute('aria-pressed', String(state.severity.has(button.dataset.severity)));
  heads.forEach((head) => head.setAttribute('aria-sort', head.dataset.sort === state.sort ? (state.down ? 'descending' : 'ascending') : 'none'));
  heads[2].firstChild.textContent = state.group === 'workload' ? 'Rule' : 'Object';
  if (search.value !== state.q) search.value = state.q;
  for (const [name, element] of Object.entries(selects)) element.value = state[name];
  group.value = state.group;
  clear.hidden = state.q === '' && state.severity.size === 0 && state.status === '' && state.area === '' && state.namespace === '';
  expand.hidden = state.group === 'none' || groups.length === 0;
  expand.textContent = allOpen() ? 'Fold all' : 'Unfold all';
  nothing.hidden = chosen.length > 0;
  table.hidden = chosen.length === 0;
  redraw();
  writeAddress();
};
const changed = () => { choose(); update(); };
let timer = 0;
const soon = () => { clearTimeout(timer); timer = setTimeout(changed, findings.length > 5000 ? 120 : 30); };
const allOpen = () => groups.length > 0 && groups.every((entry) => state.open.has(entry.key));
const toggleAll = () => {
  const open = allOpen();
  state.open.clear();
  if (!open) for (const entry of groups) state.open.add(entry.key);
  update();
};
const toggleGroup = (key) => {
  if (!state.open.delete(key)) state.open.add(key);
  update();
  focusRow(entries.findIndex((entry) => isGroup(entry) && entry.key === key));
};

/* ---- moving by keys ---- */
const focusRow = (index) => {
  if (index < 0 || index >= entries.length) return;
  if (!rows.has(index)) {
    scrollTo({ top: scrollY + body.getBoundingClientRect().top + index * rowHeight - innerHeight / 2 });
    draw();
  }
  const row = rows.get(index);
  if (row === undefined) return;
  row.querySelector('button').focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
};
body.addEventListener('keydown', (event) => {
  const row = event.target.closest('tr');
  if (row === null || row.dataset.index === undefined) return;
  const index = Number(row.dataset.index);
  const entry = entries[index];
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (steps[event.key] !== undefined) {
    event.preventDefault();
    focusRow(index + steps[event.key]);
  } else if (isGroup(entry) && ((event.key === 'ArrowRight' && !state.open.has(entry.key)) || (event.key === 'ArrowLeft' && state.open.has(entry.key)))) {
    event.preventDefault();
    toggleGroup(entry.key);
  }
});

/* ---- one finding in full ---- */
const section = document.getElementById('findings');
const part = (title, ...children) => [make('h3', { text: title }), ...children];
const evidenceParts = (finding) => finding.row[6].flatMap(([file, line, path, value, lines], index) => {
  const where = text(file) + (line > 0 ? ':' + line : '');
  const parts = [];
  if (where !== '') parts.push(make('code', { class: 'at', text: where }));
  if (path >= 0 && text(path) !== '') parts.push(make('code', { class: 'at', text: text(path) + (value >= 0 ? ' = ' + text(value) : lines === undefined ? '' : '') }));
  if (lines !== undefined) {
    parts.push(make('pre', { tabindex: '0', 'aria-label': 'Lines of the file' }, ...lines.map(([number, content, marked]) =>
      make('span', marked ? { class: 'hit' } : {}, make('i', { text: String(number) }), text(content)))));
  }
  return index === 0 ? parts : [make('div', {}, ...parts)];
});
const changeParts = (change) => {
  const [effort, patches] = change;
  return patches.flatMap(([target, operation, body, file]) => {
    const words = { patch: 'JSON patch for ', create: 'Create ', delete: 'Delete ' };
    const content = JSON.stringify(JSON.parse(text(body)), null, 2)
      .replace(/[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, (char) => '\\u' + char.charCodeAt(0).toString(16).padStart(4, '0'));
    return [make('p', { class: 'dim', text: words[text(operation)] + text(target) + (file < 0 ? '' : ' in ' + text(file)) + ' ${DOT} effort ' + text(effort) }),
      make('pre', { tabindex: '0', 'aria-label': 'Patch' }, ...content.split('\n').map((line) => make('span', { text: line === '' ? ' ' : line }))),
      copyButton(content)];
  });
};
const copyButton = (content) => make('button', { type: 'button', class: 'quiet', text: 'Copy', onclick: (event) => copyFrom(event.currentTarget, content) });
${COPY}
const show = (finding, focus) => {
  const [id, title, area, rationale, remedy, controls] = finding.rule;
  const change = finding.row[9];
  const reason = text(finding.row[8]);
  const also = finding.row[7].map(text);
  const addOn = text(finding.row[10]);
  const tags = (labels) => make('ul', { class: 'tags' }, ...labels.map(([name, full]) => make('li', { text: name, title: full })));
  state.shown = finding.fingerprint;
  aside.replaceChildren(
    make('div', { class: 'top' }, badge(finding), make('button', { type: 'button', class: 'quiet', text: 'Close', onclick: hide })),
    make('h2', { text: title }),
    make('p', { class: 'who', text: text(finding.subject[0]) + (finding.namespace === '' || text(finding.subject[0]) === 'Namespace' ? '' : '/' + finding.namespace) + (text(finding.subject[2]) === '' ? '' : '/' + text(finding.subject[2])) + (text(finding.subject[3]) === '' ? '' : ' (' + text(finding.subject[3]) + ')') }),
    make('p', { text: finding.message }),
    ...(finding.status === 'fail' ? [] : part('Status', make('p', { text: finding.status + (reason === '' ? '' : ': ' + reason) }))),
    ...(addOn === '' ? [] : part('Needed by an add-on', make('p', { text: addOn }))),
    ...part('Where', ...evidenceParts(finding)),
    ...part('Why it matters', make('p', { text: rationale })),
    ...part('What to do', make('p', { text: remedy })),
    ...(change === 0 ? [] : part('Proposed change', ...changeParts(change))),
    ...(controls.length === 0 ? [] : part('Controls', tags(controls.map(([framework, control]) => [framework + ' ' + control, data.frameworks[framework]])))),
    ...(also.length === 0 ? [] : part('Also fails', tags(also.map((name) => [name])))),
    ...part('Names', make('p', {}, make('code', { text: 'rule ' + id + ' ${DOT} area ' + area + ' ${DOT} fingerprint ' + finding.fingerprint }))),
  );
  aside.hidden = false;
  aside.scrollTop = 0;
  const narrow = MIDDLE.matches;
  if (narrow) { aside.setAttribute('role', 'dialog'); aside.setAttribute('aria-modal', 'true'); } else { aside.removeAttribute('role'); aside.removeAttribute('aria-modal'); }
  const opened = !work.classList.contains('open');
  work.classList.add('open');
  if (opened) redraw();
  for (const row of rows.values()) row.classList.toggle('on', entries[Number(row.dataset.index)] === finding);
  writeAddress();
  if (focus) aside.focus({ preventScroll: true });
};
const hide = () => {
  const index = entries.findIndex((entry) => !isGroup(entry) && entry.fingerprint === state.shown);
  state.shown = '';
  aside.hidden = true;
  work.classList.remove('open');
  redraw();
  writeAddress();
  if (index >= 0) focusRow(index);
  else search.focus();
};
addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !aside.hidden) hide();
  else if (event.key === '/' && !/^(?:INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    search.focus();
  }
});
aside.addEventListener('keydown', (event) => {
  if (event.key !== 'Tab' || aside.getAttribute('aria-modal') !== 'true') return;
  const stops = [...aside.querySelectorAll('button, [tabindex="0"]')];
  const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
  if (document.activeElement !== edge && !(event.shiftKey && document.activeElement === aside)) return;
  event.preventDefault();
  (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
});

/* ---- what stood there without the script becomes live ---- */
const buttonIn = (element, props) => {
  const button = make('button', Object.assign({ type: 'button' }, props));
  button.append(...element.childNodes);
  element.append(button);
};
for (const tile of document.querySelectorAll('.tile')) {
  const severity = tile.dataset.severity;
  buttonIn(tile, { 'aria-pressed': 'false', 'data-severity': severity, onclick: () => { toggleSeverity(severity); section.scrollIntoView(); } });
}
for (const item of document.querySelectorAll('.worst li')) {
  buttonIn(item, { onclick: () => {
    state.q = ''; state.severity.clear(); state.status = ''; state.area = ''; state.namespace = ''; state.group = 'rule'; state.sort = 'severity'; state.down = false;
    state.open.add(item.dataset.rule);
    changed();
    focusRow(entries.findIndex((entry) => isGroup(entry) && entry.key === item.dataset.rule));
  } });
}
${THEME}
let folded = [];
addEventListener('beforeprint', () => {
  folded = [...document.querySelectorAll('.fold:not([open])')];
  for (const fold of folded) fold.open = true;
  printing = true;
  flatten();
  const filters = [state.q, [...state.severity].join(', '), state.status, state.area, state.namespace].filter((value) => value !== '');
  printed.textContent = counter.textContent + (filters.length === 0 ? '' : ' ${DOT} filtered by ' + filters.join(' ${DOT} ')) +
    (entries.length > PRINTED ? ' ${DOT} only the first ' + PRINTED.toLocaleString('en') + ' rows are printed' : '');
  redraw();
});
addEventListener('afterprint', () => {
  for (const fold of folded) fold.open = false;
  printing = false;
  flatten();
  redraw();
});

const live = document.getElementById('live');
if (findings.length > 0) {
  live.append(tools, printed, work);
  live.hidden = false;
  document.getElementById('static').hidden = true;
  new ResizeObserver(() => document.documentElement.style.setProperty('--tools', (getComputedStyle(tools).position === 'sticky' ? tools.offsetHeight : 0) + 'px')).observe(tools);
  readAddress();
  changed();
  const linked = findings.find((finding) => finding.fingerprint === state.shown);
  if (linked !== undefined) {
    if (state.group !== 'none') state.open.add(keyOf[state.group](linked));
    update();
    show(linked, MIDDLE.matches);
    if (!MIDDLE.matches) focusRow(entries.indexOf(linked));
  }
  addEventListener('hashchange', () => { readAddress(); changed(); });
}
})();
`;
