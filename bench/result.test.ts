import { expect, test } from 'vitest';
import { asMarkdown, asText, budget, type CaseResult } from './result.ts';

const RESULT: CaseResult = {
  name: 'files-10',
  title: '10 workloads',
  measured: [{ name: 'castellan', wall: 0.5, cpu: 0.75, peak: 120.4, runs: [{ wall: 0.5, cpu: 0.75, peak: 120.4 }] }],
  budgets: [budget('wall', 0.41, { limit: 0.5 }), budget('peak memory', 250, { limit: 200, unit: 'MB' })],
  notes: ['kube-score skipped: not installed'],
};

test('a budget holds up to its limit and not beyond', () => {
  expect(budget('x', 0.5, { limit: 0.5 }).holds).toBe(true);
  expect(budget('x', 0.501, { limit: 0.5 }).holds).toBe(false);
  expect(budget('x', Number.NaN, { limit: 0.5 }).holds).toBe(false);
});

test('text names what holds, what does not, and what is missing', () => {
  const text = asText(RESULT);
  expect(text).toMatch(/ok +wall +0\.41 \(at most 0\.50\)/);
  expect(text).toMatch(/OVER peak memory +250 MB \(at most 200 MB\)/);
  expect(text).toContain('kube-score skipped');
  expect(text).toMatch(/castellan +0\.500 +0\.750 +120 +1/);
});

test('markdown has one table of tools and one of budgets', () => {
  const text = asMarkdown(RESULT);
  expect(text).toContain('| castellan | 0.500 | 0.750 | 120 | 1 |');
  expect(text).toContain('| peak memory | 250 MB | 200 MB | **over** |');
});
