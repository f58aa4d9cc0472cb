import { expect, it } from 'vitest';
import { asked } from '../../../test/history/asked.ts';
import { askedText, requestOf } from './asked.ts';

it('is a request for a resource, with all that the authorizer looks at', () => {
  const exec = asked({ verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'web-0' });
  expect(requestOf(exec)).toEqual({
    verb: 'create',
    apiGroup: '',
    resource: 'pods',
    subresource: 'exec',
    namespace: 'shop',
    name: 'web-0',
  });
  expect(askedText(exec)).toBe('create pods/exec web-0 in shop');
  const scale = asked({ verb: 'patch', apiGroup: 'apps', resource: 'deployments', subresource: 'scale', namespace: 'shop', name: 'web' });
  expect(askedText(scale)).toBe('patch deployments.apps/scale web in shop');
});

it('names nobody where none was named, and where there were too many to keep: a right for one name is no answer then', () => {
  const [all, many] = [undefined, ''].map((name) => asked({ verb: 'list', resource: 'nodes', name }));
  expect([all, many].map((one) => requestOf(one ?? asked({})))).toEqual(
    [1, 2].map(() => ({ verb: 'list', apiGroup: '', resource: 'nodes', subresource: '', namespace: '', name: '' })),
  );
  expect([all, many].map((one) => askedText(one ?? asked({})))).toEqual(['list nodes of many names', 'list nodes']);
});

it('is one for a path where it is for no resource', () => {
  const metrics = asked({ path: '/metrics', namespace: 'none' });
  expect(requestOf(metrics)).toEqual({ verb: 'get', path: '/metrics' });
  expect(askedText(metrics)).toBe('get /metrics');
});
