import { expect, it } from 'vitest';
import { CastellanError } from '../lib/errors.ts';
import { RULES } from '../rules/index.ts';
import { evalRules } from './eval-rules.ts';

const POD = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { hostPID: true, containers: [] } };
const list = (...items: unknown[]): unknown => ({ apiVersion: 'v1', kind: 'List', items });

function rules(...objects: unknown[]): string[] {
  const { findings } = evalRules({ objects }) as { findings: { rule: string; status: string }[] };
  return findings.filter(({ status }) => status === 'fail').map(({ rule }) => rule);
}

function errorOf(...objects: unknown[]): string {
  try {
    evalRules({ objects });
  } catch (error) {
    if (error instanceof CastellanError) return `${error.code} ${error.message}`;
  }
  return 'none';
}

it('judges what Lists hold, however deep', () => {
  const alone = rules(POD);
  expect(alone.length).toBeGreaterThan(0);
  expect(rules(list(list(list(list(list(POD))))))).toEqual(alone);
  expect(rules(list(null, POD))).toEqual(alone);
  expect(rules({ apiVersion: 'v1', kind: 'PodList', items: [{ metadata: POD.metadata, spec: POD.spec }] })).toEqual(alone);
});

it.each<[string, unknown[], string]>([
  ['a number', [POD, 5], 'objects[1] is no object'],
  ['null', [null], 'objects[0] is no object'],
  ['a list', [POD, POD, [POD]], 'objects[2] is no object'],
  ['an object without a kind', [{ metadata: {} }], 'objects[0] has no kind'],
  ['an object with an empty kind', [{ kind: '' }], 'objects[0] has no kind'],
  ['a kind that is no text', [{ kind: ['Pod'] }], 'objects[0] has no kind'],
  ['an item of a List', [POD, list(POD, list('x'))], 'objects[1].items.1.items.0 is no object'],
  ['an item without a kind', [list({ spec: {} })], 'objects[0].items.0 has no kind'],
])('refuses a case with %s and says where', (_name, objects, message) => {
  expect(errorOf(...objects)).toBe(`CAS_BAD_CASE ${message}`);
});

it('refuses a case without a list of objects', () => {
  expect(() => evalRules({ objects: POD })).toThrow(CastellanError);
});

it('judges the facts of a node, alone', () => {
  const [example] = RULES.find(({ id }) => id === 'kubelet-config-perm')?.examples().bad ?? [];
  const { findings } = evalRules({ node: JSON.parse(example?.yaml ?? '') as unknown }) as { findings: { rule: string }[] };
  expect(findings.find(({ rule }) => rule === 'kubelet-config-perm')).toMatchObject({
    status: 'fail',
    subject: { kind: 'Node', name: 'node1', component: 'kubelet' },
    evidence: [{ path: 'mode', value: '644' }],
  });
  expect(() => evalRules({ node: {} })).toThrow(/node facts/);
});

it('judges what ports answered', () => {
  const bad = RULES.find(({ id }) => id === 'port-tls-version')?.examples().bad[0]?.yaml ?? '';
  const { findings } = evalRules({ probe: JSON.parse(bad) as unknown }) as { findings: { rule: string; status: string }[] };
  expect(findings.filter(({ status }) => status === 'fail').map(({ rule }) => rule)).toEqual(['port-tls-suites', 'port-tls-version']);
});
