import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { renderCharts, renderKustomizations } from './render.ts';

/** Every program that is started; none is installed. */
const started = vi.hoisted((): string[] => []);
vi.mock('node:child_process', () => ({
  execFile: (command: string, _args: readonly string[], _options: object, done: (error: Error) => void) => {
    started.push(command);
    done(Object.assign(new Error('not found'), { code: 'ENOENT' }));
  },
}));

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'castellan-render-'));
  started.length = 0;
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const folders = (file: string, text: string): string[] =>
  ['a', 'b', 'c'].map((name) => {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, file), text);
    return join(root, name);
  });

it('looks for helm once, however many charts there are', async () => {
  const rendered = await renderCharts(folders('Chart.yaml', 'name: x\n'));
  expect(rendered.map((each) => 'gap' in each && each.gap.code)).toEqual(['helm-missing', 'helm-missing', 'helm-missing']);
  expect(started).toEqual(['helm']);
});

it('looks for kustomize and kubectl once, however many kustomizations there are', async () => {
  const { rendered } = await renderKustomizations(folders('kustomization.yaml', 'namePrefix: x\n'));
  expect(rendered.map((each) => 'gap' in each && each.gap.code)).toEqual(['kustomize-missing', 'kustomize-missing', 'kustomize-missing']);
  expect(started).toEqual(['kustomize', 'kubectl']);
});
