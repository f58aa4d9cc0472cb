import { expect, test } from 'vitest';
import { askingText, isAskedIn, isNoRequest } from './asked-inside.ts';

function rightIn(text: string): { verb: string; resource: string; path: string } {
  const [verb = '', what = ''] = text.split(' ');
  return what.startsWith('/') ? { verb, resource: '', path: what } : { verb, resource: what, path: '' };
}

test.each([
  ['update deployments/finalizers', true],
  ['update *', true],
  ['update */finalizers', true],
  ['create routes/custom-host', true],
  ['promote widgets', true],
  ['use podsecuritypolicies', true],
  ['* roles', true],
  ['report /metrics', true],
  ['get /metrics', false],
  ['get *', false],
  ['* widgets', false],
  ['update deployments/status', false],
  ['create serviceaccounts/token', false],
  ['update namespaces/finalize', false],
  ['create pods/*', false],
])('%s is no request: %s', (text, expected) => {
  expect(isNoRequest(rightIn(text))).toBe(expected);
});

test('expressions of admission ask for what they name, and for anything where they do not', () => {
  const textOf = (...expressions: readonly string[]): string[] => {
    const text = askingText({ spec: { validations: expressions.map((expression) => ({ expression })) } });
    return text === undefined ? [] : [text];
  };
  const literal = textOf("authorizer.group('example.com').resource('widgets').check('promote').allowed()");
  expect(
    ['promote widgets', '* widgets', 'promote *', 'promote gadgets', 'get widgets'].map((text) => isAskedIn(literal, rightIn(text))),
  ).toEqual([true, true, true, false, false]);
  const own = textOf("authorizer.requestResource.check('get').allowed()");
  expect(['get secrets', 'list secrets'].map((text) => isAskedIn(own, rightIn(text)))).toEqual([true, false]);
  const split = textOf('authorizer.resource(variables.of)', 'variables.one.check(params.verb)');
  expect(isAskedIn(split, rightIn('get secrets'))).toBe(true);
  const path = textOf('authorizer.path("/admin").check("get").allowed()');
  expect(['get /admin', 'get /metrics', 'get secrets'].map((text) => isAskedIn(path, rightIn(text)))).toEqual([true, false, false]);
  expect(textOf("object.metadata.name.startsWith('x')")).toEqual([]);
});
