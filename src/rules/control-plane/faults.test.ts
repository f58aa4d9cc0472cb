import { expect, it } from 'vitest';
import { findingsOf, objectsOf } from '../../../test/rule-tester.ts';
import { rule } from './apiserver-profiling.ts';
import { apiServer } from './manifests.ts';

function changeOf(...flags: string[]): unknown {
  const [finding] = findingsOf(rule, objectsOf(apiServer(...flags)));
  expect(finding?.status).toBe('fail');
  return finding?.change;
}

it('proposes the whole list of arguments, since a patch has nothing less', () => {
  expect(JSON.stringify(changeOf('--profiling=true', '--v=2'))).toContain('--profiling=false');
});

it.each([
  ['in one word', ['--profiling=true', '--oidc-client-secret=Zx9-qL2vTb7nRw4KpYd8']],
  ['behind its flag', ['--profiling=true', '--oidc-client-secret', 'Zx9-qL2vTb7nRw4KpYd8']],
  ['by its form', ['--profiling=true', '--x=ghp_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789']],
])('proposes nothing where a credential stands in it: %s', (_name, flags) => {
  expect(changeOf(...flags)).toBeUndefined();
});
