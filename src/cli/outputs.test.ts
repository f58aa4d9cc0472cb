import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { clusterOf } from '../../test/rule-tester.ts';
import { openOutputs, parseFormats, wantsColor } from './outputs.ts';

const failsWith = (code: string, message: RegExp): Error =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error;

describe('parseFormats', () => {
  it.each<[string, string[], string | undefined, boolean, { format: string; path: string | undefined }[]]>([
    ['nothing', [], undefined, false, [{ format: 'table', path: undefined }]],
    ['nothing, verbose', [], undefined, true, [{ format: 'list', path: undefined }]],
    ['table, verbose', ['table'], undefined, true, [{ format: 'list', path: undefined }]],
    ['a format', ['json'], undefined, true, [{ format: 'json', path: undefined }]],
    ['a format with a file', ['json=a=b.json'], undefined, false, [{ format: 'json', path: 'a=b.json' }]],
    ['-o alone', [], 'x.txt', false, [{ format: 'table', path: 'x.txt' }]],
    [
      '-o for the one without a file',
      ['json=a.json', 'sarif'],
      'b.sarif',
      false,
      [
        { format: 'json', path: 'a.json' },
        { format: 'sarif', path: 'b.sarif' },
      ],
    ],
  ])('%s', (_name, formats, output, verbose, expected) => expect(parseFormats(formats, output, verbose)).toEqual(expected));

  it.each<[string, string[], string | undefined, string, RegExp]>([
    ['an unknown format', ['yaml'], undefined, 'CAS_UNKNOWN_FORMAT', /"yaml"/],
    ['what every object has', ['constructor'], undefined, 'CAS_UNKNOWN_FORMAT', /"constructor"/],
    ['an empty format', [''], undefined, 'CAS_UNKNOWN_FORMAT', /""/],
    ['two on standard output', ['json', 'table'], undefined, 'CAS_USAGE', /several formats/],
    ['-o without a format to go there', ['json=a'], 'b', 'CAS_USAGE', /--output/],
    ['no file after =', ['json='], undefined, 'CAS_USAGE', /need a file/],
    ['-o with an empty name', ['json'], '', 'CAS_USAGE', /need a file/],
    ['the same file twice', ['json=a', 'table=./a'], undefined, 'CAS_USAGE', /same file/],
    ['the same file by -o', ['json=a', 'table'], 'sub/../a', 'CAS_USAGE', /same file/],
  ])('%s is an error', (_name, formats, output, code, message) =>
    expect(() => parseFormats(formats, output, false)).toThrow(failsWith(code, message)),
  );
});

describe('openOutputs', () => {
  it('leaves nothing behind when one of the files cannot be written', () => {
    const folder = mkdtempSync(join(tmpdir(), 'castellan-outputs-'));
    const requests = [
      { format: 'json', path: join(folder, 'a.json') },
      { format: 'table', path: join(folder, 'absent', 'b.txt') },
    ];
    expect(() => openOutputs(requests, {})).toThrow(failsWith('CAS_WRITE', /ENOENT/));
    expect(readdirSync(folder)).toEqual([]);
    const outputs = openOutputs(requests.slice(0, 1), {});
    outputs.abandon();
    expect(existsSync(join(folder, 'a.json'))).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});

describe.skipIf(!existsSync('/dev/full'))('outputs of which one cannot be written', () => {
  it('show none of the files and say which one it was', () => {
    const folder = mkdtempSync(join(tmpdir(), 'castellan-outputs-'));
    const requests = [
      { format: 'csv', path: join(folder, 'a.csv') },
      { format: 'csv', path: '/dev/full' },
    ];
    const outputs = openOutputs(requests, {});
    const frame = {
      version: '',
      source: { kind: 'manifests', objects: 0, files: 0, kubernetesVersion: null },
      targets: [],
      rules: [],
    } as const;
    for (const writer of outputs.writers) writer.begin({ ...frame, cluster: clusterOf([]) });
    expect(() => outputs.end()).toThrow(failsWith('CAS_WRITE', /^\/dev\/full cannot be written \(ENOSPC\)/));
    expect(() => outputs.abandon()).not.toThrow();
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});

describe('wantsColor', () => {
  afterEach(() => vi.unstubAllEnvs());

  it.each<[string, boolean, boolean | undefined, Record<string, string>, boolean]>([
    ['a terminal', true, undefined, {}, true],
    ['a terminal that knows none', true, undefined, { TERM: 'dumb' }, false],
    ['a terminal and NO_COLOR', true, undefined, { NO_COLOR: '1' }, false],
    ['a terminal and an empty NO_COLOR', true, undefined, { NO_COLOR: '' }, true],
    ['a terminal and --no-color', true, false, {}, false],
    ['a pipe', false, undefined, {}, false],
    ['a pipe and FORCE_COLOR', false, undefined, { FORCE_COLOR: '1' }, true],
    ['a pipe, FORCE_COLOR and NO_COLOR', false, undefined, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('%s', (_name, terminal, color, environment, expected) => {
    for (const name of ['NO_COLOR', 'FORCE_COLOR']) vi.stubEnv(name, '');
    vi.stubEnv('TERM', 'xterm');
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    expect(wantsColor(terminal, color === undefined ? {} : { color })).toBe(expected);
  });
});
