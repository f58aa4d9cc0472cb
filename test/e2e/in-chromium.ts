/** Pages that reports write, opened in a real browser. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { collectManifests } from '../../src/collect/manifests/index.ts';
import { Chromium, type Page, findChromium } from './chromium.ts';

const program = findChromium();
const REQUIRED = process.env.CASTELLAN_REQUIRE_CHROMIUM === '1';

export interface Place {
  /** `#…`, behind the address. */
  hash?: string | undefined;
  /** Of the window; the browser's own where left out. */
  size?: { width: number; height: number } | undefined;
}

/** A page from its text. */
export type Open = (html: string, place?: Place) => Promise<Page>;

/** Tests of a page, with one browser for all of them; left out, and told so, where there is none. */
export function describeInChromium(what: string, body: (open: Open) => void): void {
  describe.skipIf(program === undefined && !REQUIRED)(`${what} in Chromium (skipped where it is not installed)`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'castellan-page-'));
    let browser: Chromium;
    let pages = 0;

    beforeAll(() => {
      if (program === undefined) throw new Error('CASTELLAN_REQUIRE_CHROMIUM is 1 and there is no Chromium');
      browser = new Chromium(program);
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    body(async (html, { hash = '', size } = {}) => {
      const file = join(folder, `page-${(pages += 1)}.html`);
      writeFileSync(file, html);
      return browser.open(`${pathToFileURL(file).href}${hash}`, size);
    });
  });
}

/** Nothing was complained of, and nothing asked for. */
export function expectQuiet(page: Page): void {
  expect(page.problems).toEqual([]);
  expect(page.requests).toEqual([]);
}

/** Until a canvas stands: some frames, and the time that the page waits for a view to stand still. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate('new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 400))');
}

export const STATUS = "document.querySelector('[role=status]').textContent";
export const PANEL = "document.querySelector('aside').innerText";

/** The objects of the example, as they stand in its files. */
export async function shopObjects(): Promise<Record<string, unknown>[]> {
  const { objects } = await collectManifests([join(import.meta.dirname, '../../examples/shop')]);
  return objects.map(({ object }) => object);
}
