/** What `net tenants` answers, how it ends, and that whatever is wrong in its file is told with file and line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runHere, runProcess } from '../../test/run-here.ts';

const pod = (name: string): string => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: x, labels: {app: ${name}}}
spec: {containers: [{name: c, image: i}]}
`;
const DENY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: x}
spec: {podSelector: {}, policyTypes: [Ingress]}
`;
const TENANTS = 'tenants:\n  one: [x/a]\n  two:\n  - x/b\n';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'castellan-tenants-'));
  writeFileSync(join(cwd, 'open.yaml'), [pod('a'), pod('b')].join('---\n'));
  writeFileSync(join(cwd, 'shut.yaml'), [pod('a'), pod('b'), DENY].join('---\n'));
  writeFileSync(join(cwd, 't.yaml'), TENANTS);
});
afterAll(() => rmSync(cwd, { recursive: true }));

it('is an answer and no failure, but where the gate is asked for', async () => {
  const ask = async (...args: string[]): Promise<number | null> =>
    (await runHere(['net', 'tenants', '--tenants', 't.yaml', ...args], { cwd })).status;
  expect(await ask('open.yaml')).toBe(0);
  expect(await ask('open.yaml', '--fail-on', 'open')).toBe(1);
  expect(await ask('shut.yaml', '--fail-on', 'open')).toBe(0);
  expect(await ask('open.yaml', '--fail-on', 'shut')).toBe(2);
});

it('ends so as a process', async () => {
  const { status: exit, stdout } = await runProcess(['net', 'tenants', '--tenants', 't.yaml', '--fail-on', 'open', 'open.yaml'], { cwd });
  expect(exit).toBe(1);
  expect(stdout).toContain('x/a[Pod] > x/b[Pod]');
});

it.each([
  ['no tenants', 'other: 1\n', 'bad.yaml:1: there is no "tenants"'],
  ['another field', '\ntenants: {a: [x/a]}\nmore: 1\n', 'bad.yaml:3: a file of tenants has the field "tenants" only'],
  ['no list', 'tenants:\n  one: [x/a]\n  two: x/b\n', 'bad.yaml:3: tenants.two is no list'],
  ['no text', 'tenants:\n  one:\n  - x/a\n  - 5\n', 'bad.yaml:4: tenants.one[1] is no end of a connection, but 5'],
  ['nobody', 'tenants:\n  one: [x/a]\n  two: [q/z]\n', 'bad.yaml:3: "q/z" names nothing that is in the input'],
  ['no end', 'tenants:\n  one: [x/a]\n  two: ["x/[app"]\n', 'bad.yaml:3: '],
  ['one of two', 'tenants:\n  one: [x/*]\n  two: [x/b]\n', 'bad.yaml:3: x/b[Pod] is in the tenants one (bad.yaml:2) and two'],
  ['one only', 'tenants:\n  one: [x/*]\n', 'bad.yaml:1: there is only the tenant "one"'],
  ['no YAML', 'tenants:\n  one: [\n', 'bad.yaml:'],
])('a file with %s', async (_what, text, message) => {
  writeFileSync(join(cwd, 'bad.yaml'), text);
  const { status: exit, stderr } = await runHere(['net', 'tenants', '--tenants', 'bad.yaml', 'open.yaml'], { cwd });
  expect(exit).toBe(2);
  expect(stderr).toContain(`castellan: ${message}`);
});

it('of two policies of one name both places are told, and the later counts', async () => {
  writeFileSync(join(cwd, 'first.yaml'), DENY);
  writeFileSync(join(cwd, 'second.yaml'), `# again\n${DENY.replace('policyTypes: [Ingress]', 'ingress: [{}]')}`);
  const { stdout, stderr } = await runHere(['net', 'query', '--from', 'x/a', '--to', 'x/b', 'open.yaml', 'first.yaml', 'second.yaml'], {
    cwd,
  });
  expect(stdout).toMatch(/allow|yes|all/);
  expect(stderr).toContain('second.yaml:4: NetworkPolicy/x/deny: there are two of NetworkPolicy/x/deny, and this one counts');
  expect(stderr).toContain('(the other: first.yaml:3)');
});

it('a namespace that is a truth value is told with file, line and what to do', async () => {
  writeFileSync(join(cwd, 'odd.yaml'), pod('c').replace('namespace: x', 'namespace: n'));
  const { stderr } = await runHere(['net', 'list', 'odd.yaml'], { cwd });
  expect(stderr).toContain(
    'odd.yaml:3: Pod/default/c: metadata.namespace is false, and no text: the API server refuses the object; write it in quotes',
  );
});

it('a label that nobody knows is a gap', async () => {
  const job = `apiVersion: batch/v1
kind: CronJob
metadata: {name: j, namespace: x}
spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: c, image: i}]}}}}}
---
${DENY.replace('podSelector: {}', 'podSelector: {matchLabels: {job-name: j-1}}')}`;
  writeFileSync(join(cwd, 'job.yaml'), job);
  const { stdout, stderr } = await runHere(['net', 'list', '-f', 'json', 'job.yaml'], { cwd });
  const message = expect.stringMatching(/^NetworkPolicy\/x\/deny selects by values of job-name, .* pods of x\/j\[CronJob\]/);
  expect((JSON.parse(stdout) as { gaps: unknown }).gaps).toEqual([{ code: 'label-value-unknown', message }]);
  expect(stderr).toContain('selects by values of job-name');
});

it('names tenants without pods, and the ports of an example that are not those of all', async () => {
  const spaces = ['x', 'second', 'third'].map(
    (name) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: "${name}", labels: {team: "${name}"}}\n`,
  );
  const only = DENY.replace(
    'policyTypes: [Ingress]',
    'ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: c}}}], ports: [{port: 80}]}]',
  ).replace('podSelector: {}', 'podSelector: {matchLabels: {app: a}}');
  const other = pod('c').replace('namespace: x', 'namespace: second');
  writeFileSync(join(cwd, 'empty.yaml'), [...spaces, pod('a'), pod('b'), other, only].join('---\n'));
  const { stdout, stderr } = await runHere(['net', 'tenants', '--tenant-label', 'team', 'empty.yaml'], { cwd });
  expect(stderr).toContain('without pods, and so left out: 1 tenant third');
  expect(stdout).toContain('second/c[Pod] > x/a[Pod] (TCP 80)');
});
