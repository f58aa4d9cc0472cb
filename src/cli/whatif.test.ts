import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildProgram } from './program.ts';

const ROLE = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: default}
rules: [{apiGroups: [""], resources: [configmaps], verbs: [get]}]
`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-whatif-'));
  put('in.yaml', ROLE);
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
const put = (name: string, text: string): void => writeFileSync(at(name), text);
async function whatif(text: string, ...more: readonly string[]): Promise<string> {
  put('change.yaml', text);
  await buildProgram().run(['whatif', '--change', at('change.yaml'), at('in.yaml'), '-o', at('out'), ...more]);
  return readFileSync(at('out'), 'utf8');
}

it.each<[string, string]>([
  ['manifests of what is there', ROLE],
  ['the same without its namespace, and a separator behind it', `${ROLE.replace(', namespace: default', '')}---\n`],
  ['the same as a server gives it', ROLE.replace('{name', '{uid: x, resourceVersion: "7", name')],
  [
    'a patch that writes what stands there',
    'patches: [{target: Role/default/reader, operation: patch, patch: [{op: replace, path: /rules/0/verbs/0, value: get}]}]',
  ],
])('%s changes nothing, and it says so', async (_name, text) => {
  expect(await whatif(text)).toBe('verdict     changes nothing: all of it is there already\n');
  expect(JSON.parse(await whatif(text, '-f', 'json'))).toMatchObject({ change: { patches: [] }, proof: { verdict: 'safe' } });
});

it('judges what does change', async () => {
  expect(await whatif(ROLE.replace('[get]', '[list]'))).toMatch(/^verdict {5}unknown\ncloses /);
});

it.each<[string, string, RegExp, RegExp]>([
  [
    'a fault in YAML, with its line',
    'patches:\n- target: Role/default/reader\n  operation: {\n',
    /change\.yaml:4 is no YAML: /,
    /^Mend that line/,
  ],
  ['nothing', '---\n', /there is no change in it/, /docs\/fixes\.md/],
  ['what is neither', 'a: 1\n', /neither patches nor a kind/, /docs\/fixes\.md/],
])('refuses %s', async (_name, text, message, remedy) => {
  await expect(whatif(text)).rejects.toMatchObject({
    code: 'CAS_CHANGE',
    message: expect.stringMatching(message) as string,
    remedy: expect.stringMatching(remedy) as string,
  });
});
