import { expect, it } from 'vitest';
import { explainFix } from './explain-fix.ts';

const FLAGS = {
  record: 'examples/shop.record',
  auditPolicy: 'examples/shop.audit-policy.yaml',
  servers: '2',
  top: '12',
  color: false,
};

it('shows what keeps the recorded use that a fix would deny, with its own verdict and edit', async () => {
  const text = (await explainFix('5', ['examples/shop'], FLAGS)) ?? '';
  const [before = '', instead = ''] = text.split('Instead, with what is used kept\n');
  expect(before).toMatch(/^verdict +breaks$/m);
  expect(before).toContain('Would be refused');
  expect(instead).toMatch(/^ {2}give ServiceAccount ci\/runner a role of its own/);
  expect(instead).toMatch(/closes .*; unknown, not-a-request/);
  expect(instead).toContain('+  name: cluster-admin-used-by-runner');
  expect(instead).not.toContain("+  - '*'");
});

it('says nothing of the kind where nothing is denied', async () => {
  expect(await explainFix('1', ['examples/shop'], FLAGS)).not.toContain('Instead');
});
