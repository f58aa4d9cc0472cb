/** Pieces of scripts that pages without a canvas share, as text: they run in browsers and never here. */

/** Light, dark, or as the system says; the button is of no use without a script, so that only this shows it. */
export const THEME = String.raw`const themes = ['system', 'light', 'dark'];
const themeButton = document.getElementById('theme');
const setTheme = (theme) => {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  themeButton.textContent = 'Theme: ' + theme;
  themeButton.dataset.theme = theme;
};
let kept = 'system';
try { kept = localStorage.getItem('castellan-theme') || 'system'; } catch { /* no storage here: the choice lasts as long as the page */ }
setTheme(themes.includes(kept) ? kept : 'system');
themeButton.hidden = false;
themeButton.addEventListener('click', () => {
  const theme = themes[(themes.indexOf(themeButton.dataset.theme) + 1) % themes.length];
  setTheme(theme);
  try { localStorage.setItem('castellan-theme', theme); } catch { /* as above */ }
});`;

/** What a button copies; it says so for a moment. */
export const COPY = String.raw`const copyFrom = (button, content) => {
  const label = button.textContent;
  const done = () => { button.textContent = 'Copied'; setTimeout(() => { button.textContent = label; }, 1500); };
  const byHand = () => {
    const area = document.createElement('textarea');
    area.className = 'hidden';
    area.value = content;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
    done();
  };
  if (label === 'Copied') return;
  if (navigator.clipboard === undefined) byHand();
  else navigator.clipboard.writeText(content).then(done, byHand);
};`;
