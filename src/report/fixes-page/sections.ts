/** What stands around the fixes: what was read, what they close together, whose the rest is, and what to type next. */
import type { Fixes } from '../../changes/index.ts';
import { plural } from '../../lib/terminal.ts';
import { factsOf, headlineOf } from '../fixes/index.ts';
import { escapeMarkup as esc } from '../markup.ts';
import { oneLine } from '../one-line.ts';
import type { FixesPage } from './page.ts';
import type { ShownTexts } from './shown-texts.ts';

const MOST = 100;

export function header(title: string, page: FixesPage): string {
  const { kubernetesVersion, takenAt } = page.state.snapshot.header;
  const facts = [
    ...factsOf(page),
    kubernetesVersion === undefined ? '' : `Kubernetes ${kubernetesVersion}`,
    takenAt === undefined ? '' : `read ${takenAt}`,
    `Castellan ${page.version}`,
  ];
  return `<header>
<div><p class="brand">Castellan <span>fixes with proof</span></p>
<h1>${title}</h1>
<p class="facts">${facts
    .filter((fact) => fact !== '')
    .map((fact) => esc(oneLine(fact, 200)))
    .join(' · ')}</p></div>
<button type="button" id="theme" class="quiet" hidden>Theme: system</button>
</header>`;
}

export function summary(found: Fixes): string {
  const [first = '', ...rest] = headlineOf(found);
  const { before, after, fixes } = found;
  const bars = (['exposed', 'workloads'] as const).filter((kind) => before[kind] > 0).map((kind) => bar(found, kind));
  const counts = (['safe', 'unknown', 'breaks'] as const)
    .map((verdict) => [verdict, fixes.filter(({ proof }) => wordOf(proof.verdict) === verdict).length] as const)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `<span><b>${count}</b> <i class="verdict ${verdict}">${verdict}</i></span>`);
  return `<section class="summary fixes" aria-label="Summary">
<div><h2>${esc(first)}</h2>${rest.map((text) => `<p>${esc(text)}</p>`).join('')}
<p class="also">${counts.join(' ')}</p></div>
<div class="bars">${bars.join('')}${before.exposed + before.workloads > 0 && after.exposed + after.workloads === 0 ? '<p class="dim">None is left with all of them made.</p>' : ''}</div>
</section>`;
}

export function wordOf(verdict: Fixes['fixes'][number]['proof']['verdict']): 'safe' | 'breaks' | 'unknown' {
  return verdict === 'not-touched' ? 'safe' : verdict;
}

const KINDS = { exposed: 'footholds that outsiders can have', workloads: 'workloads, if broken into' } as const;
const WIDTH = 1000;

/** What each fix closes of all that lead there, in their order, and what is left. */
function bar({ before, after, fixes }: Fixes, kind: keyof typeof KINDS): string {
  const total = before[kind];
  let x = 0;
  const part = (className: string, count: number, title: string): string => {
    const width = (count / total) * WIDTH;
    const rect = `<rect class="${className}" x="${x.toFixed(1)}" width="${Math.max(2, width - 4).toFixed(1)}" height="10"><title>${title}</title></rect>`;
    x += width;
    return count === 0 ? '' : rect;
  };
  const rects = fixes.map(({ proof }, index) =>
    part(wordOf(proof.verdict), proof.closes[kind], `fix ${index + 1} closes ${proof.closes[kind]}`),
  );
  rects.push(part('left', after[kind], `${after[kind]} left`));
  const text = `${before[kind]} ${KINDS[kind]}, ${after[kind]} left`;
  return `<div><p><b>${before[kind]}</b> → <b>${after[kind]}</b> <span>${KINDS[kind]}</span></p><svg class="bar" viewBox="0 0 ${WIDTH} 10" preserveAspectRatio="none" role="img" aria-label="${text}">${rects.join('')}</svg></div>`;
}

/** Words of people, what is not yours to change, and what was not read. */
export function notes({ fixes, vendor, before }: Fixes, { state, evidence }: FixesPage): string {
  const said = [...new Set(fixes.flatMap(({ proof }) => proof.attestations))];
  const expired = (evidence.attestations?.expired ?? []).map(({ id, until }) => `attestation ${id} counted until ${until}`);
  const owned = vendor.map(({ title, owner, closes }) => {
    const worth = before.exposed + before.workloads === 0 ? '' : `, would close ${closes.exposed} · ${closes.workloads}`;
    return `${title}: change it ${owner.where}${worth}`;
  });
  const { gaps } = state;
  const parts = [
    fold(['Not yours', 'what another writes: change it where that is'], owned),
    fold(['Said by people', 'in place of what no record shows'], said),
    fold(['Expired', 'what people said, and is no longer counted'], expired),
    fold(
      ['Not read', `${plural(gaps.length, 'part')} of the input`],
      gaps.slice(0, MOST).map(({ scope, reason, effect }) => `${scope}: ${reason}; ${effect}`),
      gaps.length - MOST,
    ),
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `<div class="folds">${parts.join('\n')}</div>`;
}

function fold([title, line]: readonly [string, string], rows: readonly string[], more = 0): string {
  if (rows.length === 0) return '';
  const items = rows.map((row) => `<li>${esc(oneLine(row, 600))}</li>`);
  if (more > 0) items.push(`<li class="dim">… and ${more} more: castellan fixes -f json</li>`);
  return `<details class="fold"${rows.length <= 5 ? ' open' : ''}><summary><h2>${title}</h2> <span>${esc(line)}</span></summary><div class="scroll"><ul>${items.join('')}</ul></div></details>`;
}

export function commands(lines: readonly string[], texts: ShownTexts): string {
  return `<section class="next" aria-label="Next"><h2>Next</h2>${texts.block(`${lines.join('\n')}\n`, { label: 'commands' })}</section>`;
}
