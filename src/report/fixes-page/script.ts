/** What the page does beside being read: copies, keeps the theme, and goes from fix to fix by keys. */
import { COPY, THEME } from '../html-script-pieces.ts';

export const SCRIPT = String.raw`
(() => {
'use strict';
const copied = JSON.parse(document.getElementById('data').textContent);
${THEME}
${COPY}
for (const button of document.querySelectorAll('.copy')) {
  button.hidden = false;
  button.addEventListener('click', () => copyFrom(button, copied[Number(button.dataset.copy)]));
}

const fixes = [...document.querySelectorAll('.fix')];
let last = -1;
const show = (index) => {
  const fix = fixes[index];
  if (fix === undefined) return;
  last = index;
  fix.open = true;
  fix.querySelector('summary').focus();
  fix.scrollIntoView({ block: 'nearest' });
};
/* What has the focus, or what was shown last: a browser that follows an address takes the focus away again. */
const at = () => {
  const focused = fixes.findIndex((fix) => fix.contains(document.activeElement));
  return focused < 0 ? last : focused;
};
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select') !== null) return;
  const step = { j: 1, k: -1 }[event.key];
  if (step !== undefined) show(at() < 0 ? 0 : Math.max(0, at() + step));
  else if (/^[1-9]$/.test(event.key)) show(Number(event.key) - 1);
});
const linked = () => show(fixes.findIndex((fix) => '#' + fix.id === location.hash));
addEventListener('hashchange', linked);
linked();
})();
`;
