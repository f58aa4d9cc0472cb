/** The page in a real browser: it draws, filters, sorts, opens, asks for nothing and complains of nothing. */
import { beforeAll, expect, it } from 'vitest';
import { type Report, report, snapshotOf, snapshotOfShop } from '../report-tester.ts';
import type { Page } from './chromium.ts';
import { type Place, describeInChromium, expectQuiet } from './in-chromium.ts';

describeInChromium('the page', (show) => {
  let shop: Report;

  beforeAll(async () => {
    shop = await report(await snapshotOfShop(), ['html']);
  });

  function open(made: Report, hash?: string, size?: Place['size']): Promise<Page> {
    return show(made.texts.html ?? '', { hash, size });
  }

  const COUNTER = "document.querySelector('[role=status]').textContent";
  const ROWS = "[...document.querySelectorAll('.grid tbody tr:not(.space)')]";

  it('groups by rule at first, the most severe one on top', async () => {
    const page = await open(shop);
    const rules = new Set(shop.findings.map(({ rule }) => rule.id));
    expect(await page.evaluate(COUNTER)).toBe(`${shop.findings.length} findings · ${rules.size} rules`);
    expect(await page.evaluate(`${ROWS}[0].textContent`)).toContain('critical');
    expect(await page.evaluate("document.getElementById('static').hidden")).toBe(true);
    expectQuiet(page);
  });

  it('filters by what is typed, by severity, by namespace, and clears', async () => {
    const page = await open(shop);
    await page.evaluate("document.querySelector('input[type=search]').focus()");
    await page.type('cart-redis');
    const redis = shop.findings.filter(({ subject }) => subject.name === 'cart-redis').length;
    await settled(page);
    expect(await page.evaluate(COUNTER)).toMatch(new RegExp(`^${redis} of `));
    await page.evaluate("[...document.querySelectorAll('button')].find((button) => button.textContent === 'Clear filters').click()");
    await page.evaluate("document.querySelector('.chips button[data-severity=critical]').click()");
    const critical = shop.findings.filter(({ severity }) => severity === 'critical').length;
    expect(await page.evaluate(COUNTER)).toMatch(new RegExp(`^${critical} of `));
    expect(await page.evaluate("document.querySelector('.tile button[data-severity=critical]').getAttribute('aria-pressed')")).toBe('true');
    await page.evaluate(
      "{ const select = document.querySelector('select[aria-label=Namespace]'); select.value = 'ci'; select.dispatchEvent(new Event('change')); }",
    );
    const inCi = shop.findings.filter(({ severity, subject }) => severity === 'critical' && subject.namespace === 'ci').length;
    expect(await page.evaluate(COUNTER)).toMatch(new RegExp(`^${inCi} of `));
    expect(await page.evaluate('location.hash')).toBe('#severity=critical&namespace=ci');
    expectQuiet(page);
  });

  it('says when nothing matches', async () => {
    const page = await open(shop, '#q=no-such-thing');
    expect(await page.evaluate("document.querySelector('.nothing').hidden")).toBe(false);
    expect(await page.evaluate(COUNTER)).toMatch(/^0 of /);
    expectQuiet(page);
  });

  it('sorts by a column, down at the second time', async () => {
    const page = await open(shop, '#group=none');
    const places = `${ROWS}.map((row) => row.lastChild.textContent.replace(/:\\d+$/, ''))`;
    await page.evaluate("document.querySelector('th.place button').click()");
    const up = (await page.evaluate(places)) as string[];
    expect(up).toEqual([...up].sort());
    expect(await page.evaluate("document.querySelector('th.place').getAttribute('aria-sort')")).toBe('ascending');
    await page.evaluate("document.querySelector('th.place button').click()");
    const down = (await page.evaluate(places)) as string[];
    expect(down).toEqual([...down].sort().reverse());
    expect(down[0]).not.toBe(up[0]);
    expectQuiet(page);
  });

  it('groups by workload and unfolds', async () => {
    const page = await open(shop, '#group=workload&q=ops/node-tools');
    expect(await page.evaluate(`${ROWS}.length`)).toBe(1);
    await page.evaluate(`${ROWS}[0].querySelector('button').click()`);
    const count = shop.findings.filter(({ subject }) => subject.namespace === 'ops' && subject.name === 'node-tools').length;
    expect(await page.evaluate(`${ROWS}.length`)).toBe(count + 1);
    expectQuiet(page);
  });

  it('is used by keys: arrows move, Enter opens a finding, Escape goes back to its row', async () => {
    const page = await open(shop, '#group=none&q=node-tools');
    await page.evaluate(`${ROWS}[0].querySelector('button').focus()`);
    await page.press('ArrowDown');
    expect(await page.evaluate("document.activeElement.closest('tr').dataset.index")).toBe('1');
    await page.press('ArrowUp');
    await page.press('Enter');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('ASIDE');
    const detail = String(await page.evaluate("document.querySelector('aside').textContent"));
    const shown = shop.findings.find(({ fingerprint }) => detail.includes(fingerprint));
    expect(detail).toContain(shown?.rule.remedy);
    await page.press('Escape');
    expect(await page.evaluate("[document.querySelector('aside').hidden, document.activeElement.closest('tr')?.dataset.index]")).toEqual([
      true,
      '0',
    ]);
    expectQuiet(page);
  });

  it('shows lines, controls and the change of a finding that the address names', async () => {
    const finding = shop.findings.find(({ rule }) => rule.id === 'privileged');
    const page = await open(shop, `#finding=${finding?.fingerprint}`);
    const detail = String(await page.evaluate("document.querySelector('aside').innerText"));
    for (const text of ['privileged: true', 'cis-1.12 5.2.2', 'What to do', '"value": false', 'node-tools.yaml:'])
      expect(detail).toContain(text);
    expect(await page.evaluate("document.querySelector('pre .hit').textContent")).toMatch(/privileged: true$/);
    expectQuiet(page);
  });

  it('keeps the theme that was chosen', async () => {
    const page = await open(shop);
    const background = 'getComputedStyle(document.body).backgroundColor';
    const light = await page.evaluate(background);
    await page.emulate([{ name: 'prefers-color-scheme', value: 'dark' }]);
    const dark = await page.evaluate(background);
    expect(dark).not.toBe(light);
    await page.evaluate("document.getElementById('theme').click()");
    expect(await page.evaluate(background)).toBe(light);
    expectQuiet(page);
  });

  it('fits a phone', async () => {
    const page = await open(shop, '', { width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await page.evaluate("document.querySelectorAll('.grid tbody tr.group')[0].children.length")).toBe(2);
    expectQuiet(page);
  });

  it('prints what the filters leave', async () => {
    const page = await open(shop, '#q=backup');
    expect((await page.print()).subarray(0, 5).toString()).toBe('%PDF-');
    expectQuiet(page);
  });

  it('treats hostile names as text', async () => {
    const name = '</script><img src=x onerror="document.title=1"><svg onload=alert(1)>';
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: name },
      spec: { hostPID: true, containers: [{ name, image: name, securityContext: { privileged: true } }] },
    };
    const page = await open(await report(snapshotOf([pod], `${name}.yaml`), ['html'], { targets: [name] }), '#group=none');
    await page.evaluate(`${ROWS}[0].querySelector('button').click()`);
    expect(await page.evaluate("document.querySelectorAll('img, svg:not(.bar), iframe').length")).toBe(0);
    expect(await page.evaluate("document.querySelector('aside').textContent")).toContain('onerror=');
    expect(await page.evaluate('document.title')).toContain('Castellan');
    expectQuiet(page);
  });

  it('opens, unfolds and filters tens of thousands of findings at once', async () => {
    const pods = Array.from({ length: 2000 }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `web-${index}`, namespace: `team-${index % 40}` },
      spec: { containers: [{ name: 'app', image: `registry.example/app:${index}` }] },
    }));
    const made = await report(snapshotOf(pods, 'pods.yaml'), ['html']);
    expect(made.findings.length).toBeGreaterThan(20_000);
    const page = await open(made, '#group=none');
    expect(await page.evaluate(`${ROWS}.length`)).toBeLessThan(200);
    const filtering = `(() => {
      const search = document.querySelector('input[type=search]');
      search.value = 'web-1999';
      search.dispatchEvent(new Event('input'));
      return new Promise((resolve) => {
        const started = performance.now();
        const look = () => (${COUNTER}.includes(' of ') ? resolve(performance.now() - started) : setTimeout(look, 5));
        look();
      });
    })()`;
    expect(await page.evaluate(filtering)).toBeLessThan(1500);
    expect(await page.evaluate(COUNTER)).toMatch(
      new RegExp(`^${made.findings.filter(({ subject }) => subject.name === 'web-1999').length} of `),
    );
    await page.evaluate("document.querySelector('.status .quiet').click()");
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
    await settled(page);
    expect(await page.evaluate(`Number(${ROWS}.at(-1).dataset.index)`)).toBe(made.findings.length - 1);
    expectQuiet(page);
  });
});

/** Typing is answered after a moment, scrolling with the next frame. */
async function settled(page: Page): Promise<void> {
  await page.evaluate('new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve), 300))');
}
