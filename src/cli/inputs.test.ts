import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusterOf } from '../../test/rule-tester.ts';
import { type Finding, RULES, judge } from '../rules/index.ts';
import { chooseRules, loadBaseline, loadConfig, loadRules } from './inputs.ts';
import { versionOf } from './kubernetes-version.ts';

let folder = '';
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-inputs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string, ending = '.mjs'): string {
  files += 1;
  const path = join(folder, `${files}${ending}`);
  writeFileSync(path, text);
  return path;
}

const rule = (more: string): string =>
  `export const rule = { id: 'own', title: 'Own', severity: 'low', area: 'governance', rationale: 'r', remedy: 'r', scope: 'workload', check: () => undefined, ${more} };`;

const failsWith = (code: string, message: string | RegExp): Error =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error;

describe('rules of the user', () => {
  it('stand beside the built-in ones, several in a file, with other exports', async () => {
    const two = file(`${rule('')}\nexport const rules = [{ ...rule, id: 'other' }]; export const helper = 5; export default { x: 1 };`);
    const loaded = await loadRules([two]);
    expect(loaded.slice(RULES.length).map(({ id }) => id)).toEqual(['own', 'other']);
    expect(loaded.at(-1)?.examples()).toEqual({ good: [], bad: [] });
    expect(await loadRules([])).toBe(RULES);
  });

  it.each<[string, string, RegExp]>([
    ['an id that would break an output', "id: 'a\"b'", /needs an id/],
    ['an id of a built-in rule', "id: 'privileged'", /the id "privileged" is taken/],
    ['no title', "title: ''", /has no title/],
    ['no remedy', 'remedy: undefined', /has no remedy/],
    ['an unknown severity', "severity: 'serious'", /no severity of critical/],
    ['an unknown area', "area: 'x'", /no area of/],
    ['an unknown scope', "scope: 'pod'", /no scope of container/],
    ['controls that are no list', 'controls: {}', /controls that are no list/],
    ['reads that are no list', "reads: 'Service'", /reads that are no list/],
    ['aliases that are no lists', "aliases: { trivy: 'x' }", /aliases that are no lists/],
    ['examples of the old form', 'examples: { good: [] }', /examples that are no function/],
  ])('%s is an error', async (_name, more, message) => {
    await expect(loadRules([file(rule(more))])).rejects.toThrow(failsWith('CAS_RULES_FILE', message));
  });

  it.each<[string, () => string, string, RegExp]>([
    ['is not there', () => join(folder, 'absent.mjs'), 'CAS_NOT_FOUND', /there is no file/],
    ['throws', () => file('throw new Error("boom\\nmore")'), 'CAS_RULES_FILE', /could not be loaded: boom$/],
    ['throws what is no error', () => file('throw 7'), 'CAS_RULES_FILE', /could not be loaded: 7$/],
    ['exports no rule', () => file('export const x = 1; export const y = null;'), 'CAS_RULES_FILE', /exports no rule/],
  ])('a file that %s is an error', async (_name, make, code, message) => {
    await expect(loadRules([make()])).rejects.toThrow(failsWith(code, message));
  });

  it.each<[string, string, string]>([
    ['throws', '() => { throw new Error("boom"); }', 'boom'],
    ['throws what is no error', '() => { throw null; }', 'null'],
    ['is asynchronous', 'async () => undefined', 'its check returned a promise'],
    ['returns a truth value', '() => true', 'its check returned what is no hit'],
    ['returns a text', '() => "x"', 'its check returned what is no hit'],
    ['returns a list of texts', '() => ["x"]', 'its check returned what is no hit'],
    ['returns no message', "() => ({ path: '' })", 'its check returned a hit without a message'],
    ['returns no path', "() => ({ message: 'x' })", 'its check returned a hit without a path'],
    ['returns an unknown severity', "() => ({ message: 'x', path: '', severity: 'bad' })", 'unknown severity'],
    ['returns an unknown status', "() => ({ message: 'x', path: '', status: 'bad' })", 'unknown status'],
    ['returns a key of no text', "() => ({ message: 'x', path: '', key: 5 })", 'key is no text'],
    ['returns further places without paths', "() => ({ message: 'x', path: '', also: [{}] })", '"also" is no list of places'],
    ['returns a fix without a field', "() => ({ message: 'x', path: '', fix: [{ value: 1 }] })", '"fix" is no list of edits'],
  ])('a check that %s loses a judgement and not the scan', async (_name, check, message) => {
    const [own] = (await loadRules([file(rule(`check: ${check}`))])).slice(RULES.length);
    if (own === undefined) throw new Error('no rule');
    const found: Finding[] = [];
    const { gaps } = judge(clusterOf([{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec: {} }]), { rules: [own] }, (finding) =>
      found.push(finding),
    );
    expect(found.map(({ status, message: told, evidence }) => [status, told.includes(message), evidence.length])).toEqual([
      ['unknown', true, 1],
    ]);
    expect(gaps).toMatchObject([{ code: 'rule-failed', scope: 'rule own' }]);
  });

  it('a check may return nothing in every way', async () => {
    for (const nothing of ['undefined', 'null', '[]']) {
      const [own] = (await loadRules([file(rule(`check: () => ${nothing}`))])).slice(RULES.length);
      if (own === undefined) throw new Error('no rule');
      expect(judge(clusterOf([{ apiVersion: 'v1', kind: 'Pod', spec: {} }]), { rules: [own] }, () => expect.unreachable()).gaps).toEqual(
        [],
      );
    }
  });
});

describe('files that are named', () => {
  it('have to be there and to be files', () => {
    mkdirSync(join(folder, 'sub'));
    expect(() => loadConfig(join(folder, 'absent'), RULES)).toThrow(failsWith('CAS_NOT_FOUND', /ENOENT/));
    expect(() => loadConfig(join(folder, 'sub'), RULES)).toThrow(failsWith('CAS_UNREADABLE', /is a folder/));
    expect(() => loadBaseline(join(folder, 'absent'))).toThrow(failsWith('CAS_NOT_FOUND', /ENOENT/));
  });

  it('are read', () => {
    expect(loadConfig(file('disabled: [{rule: privileged, reason: x}]\n', '.yaml'), RULES).disabled).toEqual([
      { rule: 'privileged', reason: 'x' },
    ]);
    expect(loadBaseline(file('{"schema":"castellan/baseline/v1","findings":[]}', '.json')).summary()).toEqual({
      new: 0,
      known: 0,
      gone: 0,
    });
  });
});

describe('--only', () => {
  it('takes ids, also with commas', () => {
    const { all, chosen } = chooseRules(RULES, ['privileged, host-pid', 'host-ipc,']);
    expect(chosen.map(({ id }) => id).toSorted()).toEqual(['host-ipc', 'host-pid', 'privileged']);
    expect(all).toBe(RULES);
    expect(chooseRules(RULES, []).chosen).toBe(RULES);
  });

  it('knows its rules', () => expect(() => chooseRules(RULES, ['privileged,x'])).toThrow(failsWith('CAS_UNKNOWN_RULE', /"x"/)));
});

describe('--kubernetes-version', () => {
  it.each<[string | undefined, string | undefined]>([
    [undefined, undefined],
    ['1.30', '1.30'],
    ['v1.31.2', '1.31.2'],
    ['1.31.2+k3s1', '1.31.2+k3s1'],
  ])('%s', (text, version) => {
    expect(versionOf(text)).toBe(version);
  });
  it.each(['', '2.0', '1', 'newest', '1.x', '1.30 '])('%j is none', (text) =>
    expect(() => versionOf(text)).toThrow(failsWith('CAS_USAGE', /takes a version/)),
  );
});
