/** `-o FILE` is the same for every command that answers on standard output. */
import type { Command } from 'commander';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stdout } from '../lib/sink.ts';
import { buildProgram } from './program.ts';

const CLUSTER = `apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {serviceAccountName: web, containers: [{name: c, image: i}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: web}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-output-'));
  writeFileSync(join(folder, 'in.yaml'), CLUSTER);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const leaves = (command: Command): Command[] => [
  ...(command.commands.length === 0 || command.registeredArguments.length > 0 ? [command] : []),
  ...command.commands.flatMap(leaves),
];

describe('-o FILE', () => {
  it('is there for every command that answers', () => {
    const without = leaves(buildProgram().root).filter((command) => !command.options.some(({ long }) => long === '--output'));
    expect(without.map((command) => command.name())).toEqual([]);
  });

  it.each<[string, string[], RegExp]>([
    ['fixes', ['fixes', 'in.yaml'], /^castellan fixes · /],
    ['fixes as a page', ['fixes', 'in.yaml', '-f', 'html'], /^<!doctype html>/],
    ['explain of a fix', ['explain', '1', 'in.yaml'], /^take ClusterRole cluster-admin from /],
    ['explain of a rule', ['explain', 'privileged'], /^Privileged container /],
    ['whatif', ['whatif', '--change', 'in.yaml', 'in.yaml'], /^verdict /],
    ['paths', ['paths', 'in.yaml'], /^exposed: /],
    ['rules', ['rules', '-f', 'json'], /^\{"schema":"castellan\/rules\/v1"/],
    ['versions', ['versions', 'in.yaml', '-q'], /./],
    ['versions data', ['versions', 'data'], /^\{/],
    ['schema', ['schema', 'fixes'], /castellan\/fixes\/v1/],
    ['net why', ['net', 'why', 'in.yaml', '--from', 'shop/web', '--to', '10.0.0.1'], /^allowed: /],
    ['net list', ['net', 'list', 'in.yaml'], /^SOURCE /],
    ['rbac permissions', ['rbac', 'permissions', 'in.yaml', '--as', 'sa:shop/web'], /./],
    ['completion', ['completion', 'bash'], /castellan/],
  ])('%s goes there whole, and nowhere else', async (_name, words, begins) => {
    const said = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const args = words.map((word) => (word === 'in.yaml' ? join(folder, word) : word));
    expect(await buildProgram().run([...args, '-o', join(folder, 'out')])).toBe(0);
    expect(readFileSync(join(folder, 'out'), 'utf8')).toMatch(begins);
    expect(said).not.toHaveBeenCalled();
    expect(stdout.isRedirected).toBe(false);
  });

  it.each([
    ['what cannot be read', ['fixes', 'gone.yaml']],
    ['a list of nothing', ['net', 'list', 'gone.yaml']],
    ['policies of nothing', ['net', 'generate', 'gone.yaml']],
  ])('leaves nothing behind for %s', async (_name, words) => {
    await expect(buildProgram().run([...words, '-o', join(folder, 'out')])).rejects.toThrow('there is no file');
    expect(readdirSync(folder)).toEqual(['in.yaml']);
    expect(stdout.isRedirected).toBe(false);
  });

  it('is refused before anything is read where it cannot be written', async () => {
    await expect(buildProgram().run(['fixes', 'gone.yaml', '-o', join(folder, 'no', 'out')])).rejects.toMatchObject({ code: 'CAS_WRITE' });
    await expect(buildProgram().run(['rules', '-o', ''])).rejects.toMatchObject({ code: 'CAS_USAGE' });
  });
});

it('fixes refuses a patch in another format, and a format that there is not', async () => {
  const run = (...words: string[]): Promise<number> => buildProgram().run(['fixes', join(folder, 'in.yaml'), ...words]);
  await expect(run('--patch', '-f', 'json')).rejects.toMatchObject({ code: 'CAS_USAGE', remedy: expect.stringContaining('-f json') });
  await expect(run('-f', 'sarif')).rejects.toMatchObject({ code: 'CAS_UNKNOWN_FORMAT', remedy: expect.stringContaining('html') });
});

describe('what is refused with what to do', () => {
  const refused = (...words: readonly string[]): Promise<unknown> =>
    buildProgram()
      .run(words.map((word) => (word === 'in.yaml' || word.startsWith('logs') ? join(folder, word) : word)))
      .then(
        () => 'nothing',
        (error: unknown) => error,
      );

  it.each<[string, string[], string, RegExp]>([
    ['a number beyond the list', ['apply', '9', '--to-files', 'in.yaml'], 'CAS_NO_FIX', /there is no fix 9: the list has \d+ fix/],
    ['the same to explain', ['explain', '9', 'in.yaml'], 'CAS_NO_FIX', /there is no fix 9: the list has \d+ fix/],
    ['a folder without logs', ['record', 'add', 'logs', '--record', 'logs.record'], 'CAS_NOT_LOG', /there is no file in/],
    ['logs without an event', ['record', 'add', 'logs-empty', '--record', 'logs.record'], 'CAS_NOT_LOG', /no event is in/],
    ['a release that nobody knows', ['versions', 'in.yaml', '--kubernetes-version', '1.34', '--to', '1.99'], 'CAS_USAGE', /end at 1\.\d+/],
  ])('%s', async (_name, words, code, message) => {
    mkdirSync(join(folder, 'logs'));
    writeFileSync(join(folder, 'logs-empty'), '');
    expect(await refused(...words)).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(readdirSync(folder)).not.toContain('logs.record');
  });

  it('tells of an API server of a release that the tables do not have', async () => {
    await buildProgram().run([
      'versions',
      join(folder, 'in.yaml'),
      '--kubernetes-version',
      '1.99',
      '-q',
      '-f',
      'json',
      '-o',
      join(folder, 'out'),
    ]);
    const { gaps } = JSON.parse(readFileSync(join(folder, 'out'), 'utf8')) as { gaps: { scope: string }[] };
    expect(gaps.map(({ scope }) => scope)).toContain('Kubernetes 1.99');
  });
});
