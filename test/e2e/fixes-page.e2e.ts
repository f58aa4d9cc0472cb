/** The page of fixes in a real browser: it reads, copies, goes by keys, fits a phone, asks for nothing and complains of nothing. */
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { State, fixesFor } from '../../src/changes/index.ts';
import { SOURCE_FILES, baseOf } from '../../src/cli/source-files.ts';
import { collectManifests } from '../../src/collect/manifests/index.ts';
import { MemorySink } from '../../src/lib/sink.ts';
import { readRecordFile } from '../../src/record/index.ts';
import { writeFixesPage } from '../../src/report/fixes-page/index.ts';
import { storiesOf } from '../../src/report/fixes/index.ts';
import type { Page } from './chromium.ts';
import { type Place, describeInChromium, expectQuiet } from './in-chromium.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');

async function shopPage(): Promise<string> {
  const state = new State(await collectManifests([join(EXAMPLES, 'shop')]));
  const evidence = { record: readRecordFile(join(EXAMPLES, 'shop.record')), servers: 2 };
  const fixes = fixesFor(state, { top: 5, evidence });
  const stories = storiesOf(state, fixes.fixes, { files: SOURCE_FILES, baseOf });
  const sink = new MemorySink();
  writeFixesPage(sink, fixes, {
    state,
    evidence,
    target: 'examples/shop',
    stories,
    commands: ['castellan explain 1 examples/shop'],
    version: '1',
  });
  return sink.text;
}

describeInChromium('the page of fixes', (show) => {
  let html = '';
  beforeAll(async () => {
    html = await shopPage();
  });
  const open = (hash?: string, size?: Place['size']): Promise<Page> => show(html, { hash, size });
  const OPENED = "[...document.querySelectorAll('.fix')].map((fix) => fix.open)";

  it('shows five fixes, the first one open, with a verdict each', async () => {
    const page = await open();
    expect(await page.evaluate(OPENED)).toEqual([true, false, false, false, false]);
    expect(
      await page.evaluate(
        "[...document.querySelectorAll('.fix > summary .verdict')].every((one) => /^(safe|unknown|breaks)$/.test(one.textContent))",
      ),
    ).toBe(true);
    expect(await page.evaluate("document.querySelectorAll('.fix pre .add, .fix pre .del').length")).toBeGreaterThan(10);
    expectQuiet(page);
  });

  it('goes from fix to fix by keys, and opens the one that the address names', async () => {
    const page = await open('#fix-3');
    expect(await page.evaluate(OPENED)).toEqual([true, false, true, false, false]);
    await page.press('j');
    expect(await page.evaluate("document.activeElement.closest('.fix').id")).toBe('fix-4');
    await page.press('k');
    await page.press('k');
    expect(await page.evaluate("document.activeElement.closest('.fix').id")).toBe('fix-2');
    await page.press('5');
    expect(await page.evaluate("document.activeElement.closest('.fix').id")).toBe('fix-5');
    expect(await page.evaluate(OPENED)).toEqual([true, true, true, true, true]);
    expectQuiet(page);
  });

  it('copies the patch as it is applied, and says so', async () => {
    const page = await open();
    const copied = await page.evaluate(`(async () => {
      let copied;
      Object.defineProperty(navigator, 'clipboard', { value: { writeText: (text) => { copied = text; return Promise.resolve(); } } });
      const button = document.querySelector('.fix .copy');
      button.click();
      await new Promise((done) => setTimeout(done, 20));
      return [copied, button.textContent];
    })()`);
    expect(copied).toEqual([expect.stringMatching(/^diff --git a\/.*\n--- a\//), 'Copied']);
    expectQuiet(page);
  });

  it('is light or dark, and fits a phone with everything open', async () => {
    const page = await open(undefined, { width: 390, height: 844 });
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    const look = 'getComputedStyle(document.body).backgroundColor';
    const light = await page.evaluate(look);
    await page.emulate([{ name: 'prefers-color-scheme', value: 'dark' }]);
    expect(await page.evaluate(look)).not.toBe(light);
    await page.evaluate("document.getElementById('theme').click()");
    expect(await page.evaluate(look)).toBe(light);
    expectQuiet(page);
  });
});
