import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments, parseDocument } from 'yaml';
import { workload, workloads, writeWorkloads } from './generate.ts';

const COUNT = 500;
const TEXTS = Array.from({ length: COUNT }, (_, index) => workload(index));

test('the same number gives the same bytes', () => {
  expect(Array.from({ length: COUNT }, (_, index) => workload(index))).toEqual(TEXTS);
});

test('no two workloads are equal', () => {
  expect(new Set(TEXTS).size).toBe(COUNT);
});

test('every workload is valid YAML with a selector that matches its pods', () => {
  for (const text of TEXTS) {
    const document = parseDocument(text);
    expect(document.errors).toEqual([]);
    const selected = document.getIn(['spec', 'selector', 'matchLabels', 'app.kubernetes.io/name']);
    if (document.get('kind') === 'CronJob')
      expect(document.getIn(['spec', 'jobTemplate', 'spec', 'template', 'spec', 'containers', 0, 'name'])).toBe('main');
    else expect(document.getIn(['spec', 'template', 'metadata', 'labels', 'app.kubernetes.io/name'])).toBe(selected);
  }
});

test('all four kinds appear, Deployments most often', () => {
  const counts = new Map<string, number>();
  for (const text of TEXTS) {
    const kind = String(parseDocument(text).get('kind'));
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual(['CronJob', 'DaemonSet', 'Deployment', 'StatefulSet']);
  expect(counts.get('Deployment')).toBeGreaterThan(COUNT / 2);
});

test.each([
  ['allowPrivilegeEscalation: false', 0.3, 0.8],
  ['runAsNonRoot: true', 0.3, 0.6],
  ['automountServiceAccountToken: false', 0.3, 0.6],
  ['limits:', 0.3, 0.8],
  ['privileged: true', 0.01, 0.2],
])('about as many as meant have %s', (setting, least, most) => {
  const share = TEXTS.filter((text) => text.includes(setting)).length / COUNT;
  expect(share).toBeGreaterThan(least);
  expect(share).toBeLessThan(most);
});

test('one text holds the same documents as the files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'castellan-generate-'));
  try {
    writeWorkloads(30, folder);
    const files = readdirSync(folder)
      .toSorted()
      .map((file) => readFileSync(join(folder, file), 'utf8'));
    expect(files).toEqual(TEXTS.slice(0, 30));
    const documents = parseAllDocuments(workloads(30));
    if (!Array.isArray(documents)) throw new Error('no documents');
    expect(documents.map((document) => document.toJS())).toEqual(files.map((file) => parseDocument(file).toJS()));
  } finally {
    await rm(folder, { recursive: true });
  }
});
