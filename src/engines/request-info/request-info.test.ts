import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLabelSelector, isLongRunning, parseFieldSelector, requestInfo } from './index.ts';
import { RUNS } from '../../../test/runs.ts';

/** `verb group/resource/subresource namespace name`, with a dash for what is not there; or `method path`. */
function ask(method: string, url: string): string {
  const info = requestInfo(method, url);
  if (info === undefined) return 'bad request';
  if (info.problem !== undefined) return info.problem;
  if (!info.isResourceRequest) return `${info.verb} ${info.path}`;
  const resource = [info.apiGroup, info.resource, info.subresource].filter((part) => part !== '').join('/');
  return [info.verb, resource || '-', info.namespace || '-', info.name || '-'].join(' ');
}

describe('what a request is about', () => {
  it.each([
    ['GET', '/', 'get /'],
    ['HEAD', '/healthz', 'head /healthz'],
    ['GET', '/api', 'get /api'],
    ['GET', '/api/v1', 'get /api/v1'],
    ['GET', '/apis/apps/v1', 'get /apis/apps/v1'],
    ['POST', '/other/v1/pods/a', 'post /other/v1/pods/a'],
    ['GET', '/api/v1/nodes', 'list nodes - -'],
    ['GET', '/api/v1/nodes/n1', 'get nodes - n1'],
    ['POST', '/api/v1/nodes/n1/proxy/run/shop/a', 'create nodes/proxy - n1'],
    ['PUT', '/api/v1/namespaces/shop/pods/a/status', 'update pods/status shop a'],
    ['DELETE', '/apis/apps/v1/namespaces/shop/deployments', 'deletecollection apps/deployments shop -'],
    ['OPTIONS', '/api/v1/pods', ' pods - -'],
    ['get', '/api/v1/pods', ' pods - -'],
  ])('%s %s: %s', (method, url, expected) => expect(ask(method, url)).toBe(expected));

  it('holds a namespace to be in itself', () => {
    expect(ask('GET', '/api/v1/namespaces')).toBe('list namespaces - -');
    expect(ask('GET', '/api/v1/namespaces/shop')).toBe('get namespaces shop shop');
    expect(ask('PUT', '/api/v1/namespaces/shop/finalize')).toBe('update namespaces/finalize shop shop');
    expect(ask('GET', '/api/v1/namespaces/shop/pods')).toBe('list pods shop -');
  });

  it('takes watch and proxy from the path as well', () => {
    expect(ask('GET', '/api/v1/watch/namespaces/shop/pods/a')).toBe('watch pods shop a');
    expect(ask('GET', '/api/v1/proxy/nodes/n1/metrics')).toBe('proxy nodes - n1');
    expect(ask('GET', '/api/v1/watch')).toBe('nothing follows watch in the path');
    expect(requestInfo('GET', '/api/v1/watch/pods?labelSelector=a')?.labelSelector).toBe('');
  });

  it('decodes the path before it is taken apart, and tidies nothing', () => {
    expect(ask('GET', '/api/v1/namespaces/shop%2Fpods%2Fa')).toBe('get pods shop a');
    expect(ask('GET', '//api/v1/pods/')).toBe('list pods - -');
    expect(ask('GET', '/api/v1//pods')).toBe('get - - pods');
    expect(ask('GET', '/api/v1/pods/../secrets')).toBe('get pods/secrets - ..');
    expect(ask('GET', '/api/v1/pods/%zz')).toBe('bad request');
    expect(ask('GET', 'api/v1/pods')).toBe('bad request');
    expect(ask('GET', '/api/v1/pods\n')).toBe('bad request');
    expect(ask('GET', 'https://server:6443/api/v1/pods?watch=1')).toBe('watch pods - -');
  });
});

describe('lists', () => {
  it.each([
    ['watch=true', 'watch pods - -'],
    ['watch', 'watch pods - -'],
    ['watch=FALSE', 'list pods - -'],
    ['watch=0&watch=1', 'list pods - -'],
    ['fieldSelector=metadata.name%3Da', 'list pods - a'],
    ['fieldSelector=metadata.name==a,metadata.namespace!=b&watch=1', 'watch pods - a'],
    ['fieldSelector=metadata.name!=a', 'list pods - -'],
    ['fieldSelector=metadata.name=..', 'list pods - -'],
    ['fieldSelector=metadata.name=a%2Fb', 'list pods - -'],
    ['fieldSelector=metadata.name=a,nonsense', 'list pods - -'],
    ['fieldSelector=metadata.name=a;limit=1', 'list pods - -'],
  ])('%s: %s', (query, expected) => expect(ask('GET', `/api/v1/pods?${query}`)).toBe(expected));

  it('forget the name where another parameter cannot be read', () => {
    for (const broken of ['labelSelector=-', 'limit=many', 'timeoutSeconds=9223372036854775808']) {
      expect(ask('GET', `/api/v1/pods?fieldSelector=metadata.name=a&watch=1&${broken}`)).toBe('watch pods - -');
    }
    expect(ask('GET', '/api/v1/pods?fieldSelector=metadata.name=a&limit=9223372036854775807')).toBe('list pods - a');
  });

  it('keep their selectors as they were sent', () => {
    const selectors = (method: string): unknown => requestInfo(method, '/api/v1/pods?fieldSelector=a%3Db&labelSelector=c+in+(d)');
    expect(selectors('GET')).toMatchObject({ fieldSelector: 'a=b', labelSelector: 'c in (d)' });
    expect(selectors('DELETE')).toMatchObject({ verb: 'deletecollection', fieldSelector: 'a=b', labelSelector: 'c in (d)' });
    expect(selectors('POST')).toMatchObject({ fieldSelector: '', labelSelector: '' });
  });
});

it('reads label selectors as the server does', () => {
  for (const good of ['', ' ', 'a', '!a', 'a=b', 'a==b', 'a!=', 'a=,b', 'a in (b,,)', 'a notin ()', 'in in (in)', 'x.y/a>5', 'a<1', 'a,b'])
    expect(isLabelSelector(good), good).toBe(true);
  for (const bad of [
    '-',
    'a<-1',
    'a=b=c',
    'a in',
    'a in b',
    'a in (b',
    'a in (b c)',
    'a,',
    ',a',
    '!',
    '!a=b',
    'a>b',
    'a/b/c',
    '/a',
    'a=-',
    'a b',
    'ä',
  ])
    expect(isLabelSelector(bad), bad).toBe(false);
  expect(isLabelSelector(`${'a'.repeat(63)}=${'b'.repeat(63)}`)).toBe(true);
  expect(isLabelSelector('a'.repeat(64))).toBe(false);
});

it('reads field selectors as the server does', () => {
  expect(parseFieldSelector(String.raw`b=\,\=\\,a!=x,,c==`)).toEqual([
    { field: 'a', equal: false, value: 'x' },
    { field: 'b', equal: true, value: String.raw`,=\ `.trimEnd() },
    { field: 'c', equal: true, value: '' },
  ]);
  for (const bad of ['a', 'a=b=c', String.raw`a=\x`, 'a=\\']) expect(parseFieldSelector(bad), bad).toBeUndefined();
});

it('knows what runs on', () => {
  const runsOn = (method: string, url: string): boolean => {
    const info = requestInfo(method, url);
    return info !== undefined && isLongRunning(info);
  };
  expect(['/api/v1/pods?watch=1', '/api/v1/namespaces/a/pods/b/exec', '/debug/pprof/heap'].map((url) => runsOn('GET', url))).toEqual([
    true,
    true,
    true,
  ]);
  expect(['/api/v1/pods', '/api/v1/namespaces/a/pods/exec', '/healthz'].map((url) => runsOn('GET', url))).toEqual([false, false, false]);
});

it('has an answer for every text, in time', () => {
  const char = fc.constantFrom(...'/%2F?&=+;,!()<> \\aé.\0');
  fc.assert(
    fc.property(fc.string({ unit: char, maxLength: 200 }), fc.constantFrom('GET', 'DELETE', 'X'), (text, method) => {
      for (const url of [text, `/api/v1/pods?labelSelector=${text}&fieldSelector=${text}`]) {
        const info = requestInfo(method, url);
        if (info !== undefined && info.name !== '') expect(info.isResourceRequest).toBe(true);
      }
    }),
    { numRuns: RUNS },
  );
});
