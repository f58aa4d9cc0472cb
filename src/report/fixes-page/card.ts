/** One fix: what it closes, what it would deny, what is not known of it, and how it is made and taken back. */
import { DENIED_CODES, DOMAINS, type Proof, unseenText } from '../../changes/index.ts';
import { groupBy } from '../../lib/groups.ts';
import { plural } from '../../lib/terminal.ts';
import type { WayGroup } from '../diff/index.ts';
import type { FixStory, TextOfEdits } from '../fixes/index.ts';
import { escapeMarkup as esc } from '../markup.ts';
import { oneLine } from '../one-line.ts';
import { entriesText, placeText, stepText } from '../paths/index.ts';
import { wordOf } from './sections.ts';
import type { ShownTexts } from './shown-texts.ts';

const MOST_WAYS = 20;
const MOST_DENIED = 50;
const MOST_ABOUT = 10;
const MOST_CONTROLS = 60;

export function fixCard(story: FixStory, texts: ShownTexts): string {
  const { number, fix } = story;
  const { id, title, proof } = fix;
  const verdict = wordOf(proof.verdict);
  return `<details class="fix" id="fix-${number}"${number === 1 ? ' open' : ''}>
<summary><span class="num">${number}</span><span class="head"><h2>${esc(oneLine(title, 400))}</h2><span class="dim">${esc(closesText(proof))}</span></span><span class="verdict ${verdict}">${verdict}</span></summary>
<div class="cols"><div>
${facts(story)}
${denied(proof)}
${doubts(story.doubts)}
${ways(story.ways)}
</div><div>
${edits(story.change, texts)}
${instead(story, texts)}
<p class="dim id">Named ${number} in this list, <code>${esc(id)}</code> in any</p>
</div></div>
</details>`;
}

/** `closes 1 foothold of outsiders and 2 workloads`; of what closes no way what it settles instead. */
function closesText({ closes: { exposed, workloads, reachablePairs, controls }, verdict, replayed }: Proof): string {
  const parts = [
    exposed > 0 ? `${plural(exposed, 'foothold')} of outsiders` : '',
    workloads > 0 ? plural(workloads, 'workload') : '',
  ].filter((part) => part !== '');
  const rest = [
    parts.length > 0 ? `closes ${parts.join(' and ')}` : '',
    reachablePairs > 0 ? `cuts ${plural(reachablePairs, 'connection')}` : '',
    controls.length > 0 ? `settles ${plural(controls.length, 'control')}` : '',
  ].filter((part) => part !== '');
  if (rest.length > 0) return rest.join(' · ');
  if (verdict !== 'safe') return 'closes nothing by itself';
  // Nothing was asked again where nobody loses anything.
  return replayed === 0 ? 'takes away what gives nothing' : 'takes away what nobody used';
}

function facts({ number, fix: { owner, alone, proof } }: FixStory): string {
  const { domains, replayed, denies, window, attestations, unseen } = proof;
  const rows: [string, string][] = [];
  if (number > 1 && proof.closes.exposed + proof.closes.workloads > 0)
    rows.push(['By itself', `closes ${plural(alone.exposed, 'foothold')} of outsiders and ${plural(alone.workloads, 'workload')}`]);
  const touched = DOMAINS.filter((domain) => domains[domain] !== 'not-touched').map((domain) => `${domain} ${domains[domain]}`);
  if (touched.length > 0) rows.push(['Judged', touched.join(' · ')]);
  rows.push([
    'Asked again',
    `${replayed.toLocaleString('en')} recorded ${replayed === 1 ? 'use' : 'uses'}, ${denies.length === 0 ? 'none' : denies.length} refused`,
  ]);
  if (window !== undefined) {
    const holes = window.holes.length === 0 ? 'no holes' : plural(window.holes.length, 'hole');
    rows.push(['Window', `${dayOf(window.from)} to ${dayOf(window.to)}, ${plural(window.streams, 'stream')}, ${holes}`]);
  }
  if (unseen !== undefined) rows.push(['Not seen yet', unseenText(unseen)]);
  rows.push(['Owner', owner.kind === 'you' ? 'you' : `${owner.name}: change it ${owner.where}`]);
  for (const said of attestations) rows.push(['Said', said]);
  const { controls } = proof.closes;
  if (controls.length > 0)
    rows.push([
      'Settles',
      `${controls.slice(0, MOST_CONTROLS).join(', ')}${controls.length > MOST_CONTROLS ? ` and ${controls.length - MOST_CONTROLS} more` : ''}`,
    ]);
  return `<dl>${rows.map(([name, value]) => `<div><dt>${name}</dt><dd>${esc(oneLine(value, 2000))}</dd></div>`).join('')}</dl>`;
}

/** By who asked, as most are of one. */
function denied({ denies }: Proof): string {
  if (denies.length === 0) return '';
  const groups = [...groupBy(denies.slice(0, MOST_DENIED), ({ who }) => who)].map(([who, list]) => {
    const rows = list.map(
      ({ what, count, last, code }) =>
        `<tr><td>${esc(oneLine(code === undefined ? what : `${what}; ${DENIED_CODES[code]} (${code})`, 400))}</td><td class="count">${code !== undefined && count === 0 ? 'needed' : count.toLocaleString('en')}</td><td class="when">${last > 0 ? dayOf(last) : ''}</td></tr>`,
    );
    return `<tbody><tr><th colspan="3" scope="rowgroup">${esc(oneLine(who, 300))}</th></tr>${rows.join('')}</tbody>`;
  });
  const more = denies.length > MOST_DENIED ? `<p class="dim">and ${denies.length - MOST_DENIED} more: castellan fixes -f json</p>` : '';
  return `<h3 class="bad">Would be refused</h3><div class="scroll"><table><thead><tr><th scope="col">What</th><th scope="col" class="count">Times</th><th scope="col">Last</th></tr></thead>${groups.join('')}</table></div>${more}`;
}

function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

function doubts(all: FixStory['doubts']): string {
  if (all.length === 0) return '';
  const items = all.map(({ code, because, about, howToKnow }) => {
    const names = about.slice(0, MOST_ABOUT).map((name) => `<li>${esc(oneLine(name, 300))}</li>`);
    if (about.length > MOST_ABOUT) names.push(`<li class="dim">and ${about.length - MOST_ABOUT} more</li>`);
    const list = names.length === 0 ? '' : `<ul class="about">${names.join('')}</ul>`;
    return `<li><p><code>${esc(code)}</code> ${esc(because)}</p>${list}<p class="how">${esc(howToKnow)}</p></li>`;
  });
  return `<h3>What is not known, and how to find out</h3><ul class="doubts">${items.join('')}</ul>`;
}

function ways(groups: readonly WayGroup[]): string {
  if (groups.length === 0) return '';
  const items = groups.slice(0, MOST_WAYS).map(({ from, path }) => {
    const steps = path.chain.map((hop) => {
      const place = placeText(hop.evidence);
      return `<li>${esc(oneLine(stepText(hop), 600))}${place === '' ? '' : ` <code>${esc(oneLine(place, 300))}</code>`}</li>`;
    });
    const count = path.count > 1 ? ` <span class="dim">${path.count} by the same steps</span>` : '';
    return `<li><p><span class="dim">${esc(from)}</span> <b>${esc(oneLine(entriesText(path), 400))}</b>${count}</p><ol>${steps.join('')}</ol></li>`;
  });
  const more = groups.length > MOST_WAYS ? `<p class="dim">and ${groups.length - MOST_WAYS} more: castellan paths</p>` : '';
  return `<h3>Ways that it closes</h3><ul class="ways">${items.join('')}</ul>${more}`;
}

function edits({ form, notes, change, back, base, files }: TextOfEdits, texts: ShownTexts): string {
  const told = notes.map((note) => `<p class="note">${esc(oneLine(note, 600))}</p>`).join('');
  if (change === '') return `<h3>The change</h3>${told}`;
  const isDiff = form === 'diff';
  const where = base === undefined || base.isCurrent ? '' : `, in ${esc(oneLine(base.path, 300))}`;
  const how = isDiff ? `<p class="dim">${plural(files.length, 'file')}; git apply FILE or patch -p1 &lt; FILE${where}</p>` : '';
  const undo = texts.block(back, { label: isDiff ? 'patch back' : 'commands back', diff: isDiff });
  return `<h3>The change</h3>${told}${how}${texts.block(change, { label: isDiff ? 'patch' : 'commands', diff: isDiff })}
<details class="back"><summary>To take it back</summary>${undo}</details>`;
}

function instead({ fix, ...story }: FixStory, texts: ShownTexts): string {
  if (story.instead === undefined) return '';
  const { title, proof, doubts: codes, change } = story.instead;
  const verdict = wordOf(proof.verdict);
  return `<section class="instead" aria-label="Instead of fix ${story.number}, ${esc(oneLine(fix.title, 100))}"><h3>Instead, with what is used kept <span class="verdict ${verdict}">${verdict}</span></h3>
<p>${esc(oneLine(title, 400))}</p><p class="dim">${esc(closesText(proof))}</p>
${doubts(codes)}
${edits(change, texts)}</section>`;
}
