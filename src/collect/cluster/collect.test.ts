import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeApiServer, type FakeKind, send, sendStatus, uidOf } from '../../../test/fakes/api-server.ts';
import { type SnapshotParts, objectsOf } from '../../snapshot/index.ts';
import { type CollectClusterOptions, collectCluster } from './collect.ts';
import { connect } from './connection.ts';

type Fields = Record<string, unknown>;

let folder: string;
let server: FakeApiServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-'));
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(folder, { recursive: true });
});

const named = (kind: string, name: string, namespace?: string, more: Fields = {}): Fields => ({
  metadata: { name, ...(namespace !== undefined && { namespace }), uid: uidOf(`${kind}/${namespace}/${name}`) },
  ...more,
});
const kind = (resource: string, name: string, objects: Iterable<Fields>, more: Partial<FakeKind> = {}): FakeKind => ({
  group: '',
  version: 'v1',
  resource,
  kind: name,
  namespaced: true,
  objects,
  ...more,
});
const pods = (count: number): Fields[] =>
  Array.from({ length: count }, (_, index) => named('Pod', `pod-${String(index).padStart(5, '0')}`, 'shop', { spec: { containers: [] } }));

/** A kubeconfig for a server that it starts. */
async function configFor(api: FakeApiServer, user: Fields = { token: 't' }): Promise<string> {
  const file = join(folder, 'config');
  writeFileSync(
    file,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: await api.start() } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
  return file;
}

async function collected(kinds: readonly FakeKind[], options: Partial<CollectClusterOptions> = {}, user?: Fields): Promise<SnapshotParts> {
  server ??= new FakeApiServer(kinds);
  const file = await configFor(server, user);
  return collectCluster(connect({ kubeconfig: file }), {
    version: '1.0.0',
    firstPause: 1,
    now: () => new Date('2026-01-01T00:00:00Z'),
    ...options,
  });
}

const names = ({ segments }: SnapshotParts, wanted: string): string[] =>
  segments
    .filter((segment) => segment.kind === wanted)
    .flatMap((segment) => [...objectsOf(segment)].map(({ metadata }) => (metadata as { name: string }).name));
const codes = ({ gaps }: SnapshotParts): string[] => gaps.map(({ scope, code }) => `${scope} ${code}`);

describe('a reading', () => {
  it('says which cluster, when, by whom, and holds every object of every page', async () => {
    const parts = await collected([
      kind('pods', 'Pod', pods(1203)),
      kind('namespaces', 'Namespace', [named('Namespace', 'shop')], { namespaced: false }),
    ]);
    expect(parts.header).toEqual({
      kind: 'cluster',
      kubernetesVersion: '1.34.1',
      complete: true,
      cluster: { uid: 'uid-of-the-cluster', server: expect.stringMatching(/^http:/) as string },
      takenAt: '2026-01-01T00:00:00Z',
      takenBy: '1.0.0',
      kinds: 2,
      features: { AllAlpha: { stage: 'ALPHA', enabled: false }, NodeSwap: { stage: 'GA', enabled: true } },
      counters: { since: 1_700_000_000, asked: ['LIST secrets', 'PUT deployments.apps/scale'] },
      leftOut: [],
    });
    expect(names(parts, 'Pod')).toEqual(pods(1203).map(({ metadata }) => (metadata as { name: string }).name));
    const [pod] = objectsOf(parts.segments.find((segment) => segment.kind === 'Pod') as never);
    expect(pod).toMatchObject({ apiVersion: 'v1', kind: 'Pod' });
    expect(parts.gaps).toEqual([]);
  });

  describe('of Leases', () => {
    const lease = (name: string, namespace: string, spec: Fields, labels: Fields = {}): Fields => ({
      metadata: { name, namespace, labels },
      spec: { leaseDurationSeconds: 3600, ...spec },
    });
    const identity = { 'apiserver.kubernetes.io/identity': 'kube-apiserver' };
    const renewTime = '2025-12-31T23:30:00.123456Z';
    const leases = [
      lease('node-1', 'kube-node-lease', { holderIdentity: 'node-1', renewTime }),
      lease('apiserver-a', 'kube-system', { holderIdentity: 'apiserver-a_1', renewTime }, identity),
      lease('apiserver-b', 'kube-system', { holderIdentity: 'apiserver-b_1', renewTime }, identity),
      lease('apiserver-gone', 'kube-system', { holderIdentity: 'apiserver-c_1', renewTime: '2025-12-31T22:30:00Z' }, identity),
      lease('lock', 'shop', { holderIdentity: 'cart-1_0c1d', renewTime }),
      lease('free', 'shop', { renewTime }),
      lease('early', 'ops', { holderIdentity: 'x', renewTime: 'soon' }),
    ];
    const kinds = [
      kind('leases', 'Lease', leases, { group: 'coordination.k8s.io' }),
      kind('namespaces', 'Namespace', [named('Namespace', 'shop')], { namespaced: false }),
    ];
    const holder = { namespace: 'shop', name: 'lock', holder: 'cart-1_0c1d', renewed: Date.parse('2025-12-31T23:30:00Z') / 1000 };

    it('keeps who leads, without nodes, and how many API servers renew theirs', async () => {
      const { header, segments } = await collected(kinds);
      expect(header.leases).toEqual({ holders: [holder], servers: 2 });
      expect(header.leftOut).toEqual(['leases.coordination.k8s.io']);
      expect(segments.map((segment) => segment.kind)).toEqual(['Namespace']);
    });

    it('keeps nothing where they may not be listed, and misses nothing', async () => {
      server = new FakeApiServer(kinds);
      server.interfere = (request, response) => {
        if (!request.url.pathname.endsWith('/leases')) return false;
        sendStatus(response, 403, 'forbidden: leases');
        return true;
      };
      const parts = await collected([]);
      expect([parts.header.leases, parts.header.complete, codes(parts)]).toEqual([undefined, true, []]);
    });

    it('asks only for those of the namespaces that are asked for', async () => {
      server = new FakeApiServer(kinds);
      await collected([], { namespaces: ['shop'] });
      const asked = server.requests.filter(({ url }) => url.includes('/leases'));
      expect(asked.map(({ url }) => url.split('?')[0])).toEqual(['/apis/coordination.k8s.io/v1/namespaces/shop/leases']);
    });
  });

  it('drops an object that nests too deep, names it, and asks no second time', async () => {
    let deep: Fields = { password: 'x' };
    for (let level = 0; level < 1500; level += 1) deep = { a: deep };
    const releases = [
      named('HelmRelease', 'a', 'shop'),
      named('HelmRelease', 'deep', 'shop', { spec: { values: deep } }),
      named('HelmRelease', 'z', 'shop'),
    ];
    server = new FakeApiServer([kind('helmreleases', 'HelmRelease', releases, { group: 'helm.toolkit.fluxcd.io', version: 'v2' })]);
    const parts = await collected([]);
    expect(names(parts, 'HelmRelease')).toEqual(['a', 'z']);
    expect(codes(parts)).toEqual(['HelmRelease/shop/deep too-deep']);
    expect(parts.header.complete).toBe(false);
    expect(server.requests.filter(({ url }) => url.includes('helmreleases'))).toHaveLength(1);
  });

  it('only lists, at most four at a time, and asks by the same paths on older servers', async () => {
    const kinds = ['pods', 'services', 'configmaps', 'endpoints', 'limitranges', 'serviceaccounts', 'resourcequotas'].map((resource) =>
      kind(resource, resource, pods(3)),
    );
    const groups = [kind('deployments', 'Deployment', pods(2), { group: 'apps' })];
    server = new FakeApiServer([...kinds, ...groups]);
    server.interfere = (_request, response) => {
      // Slow enough that requests meet.
      const end = response.end.bind(response);
      response.end = ((...data: Parameters<typeof end>) => void setTimeout(() => end(...data), 40)) as never;
      return false;
    };
    const new_ = await collected([]);
    expect(server.mostAtOnce).toBe(4);
    expect(new Set(server.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
    await server.stop();
    server = new FakeApiServer([...kinds, ...groups]);
    server.aggregated = false;
    const old = await collected([]);
    expect(old.segments).toEqual(new_.segments);
    expect(old.segments).toHaveLength(8);
  });

  it('takes the version that the server prefers, and tells kinds that no rule reads', async () => {
    const parts = await collected([
      kind('horizontalpodautoscalers', 'HorizontalPodAutoscaler', [named('H', 'a', 'shop')], { group: 'autoscaling', version: 'v2' }),
      kind('horizontalpodautoscalers', 'HorizontalPodAutoscaler', [named('H', 'a', 'shop')], { group: 'autoscaling', version: 'v1' }),
      kind('widgets', 'Widget', [named('W', 'a', 'shop')], { group: 'example.com' }),
      kind('events', 'Event', pods(1)),
    ]);
    expect(parts.segments.map(({ apiVersion }) => apiVersion)).toEqual(['autoscaling/v2']);
    expect(codes(parts)).toEqual(['widgets.example.com not-collected']);
    expect(parts.header.leftOut).toEqual(['events']);
  });

  it('is the same bytes again', async () => {
    const kinds = [kind('pods', 'Pod', pods(700)), kind('services', 'Service', pods(20))];
    const first = await collected(kinds);
    await server?.stop();
    server = undefined;
    expect((await collected(kinds)).segments).toEqual(first.segments);
  });

  it('of some namespaces lists only these, and says so', async () => {
    const all = [...pods(2), named('Pod', 'other', 'tools')];
    const kinds = [
      kind('pods', 'Pod', all),
      kind('namespaces', 'Namespace', [named('N', 'shop'), named('N', 'tools'), named('N', 'web')], { namespaced: false }),
    ];
    const parts = await collected(kinds, { namespaces: ['tools', 'shop'] });
    expect(names(parts, 'Pod')).toEqual(['pod-00000', 'pod-00001', 'other']);
    expect(names(parts, 'Namespace')).toEqual(['shop', 'tools']);
    expect(parts.header).toMatchObject({ complete: false, namespaces: ['tools', 'shop'] });
    expect(codes(parts)).toEqual(['namespaces other than tools, shop not-collected']);
    expect(server?.requests.some(({ url }) => url.startsWith('/api/v1/pods'))).toBe(false);
  });
});

describe('Secrets', () => {
  const VALUE = 'c3VwZXItc2VjcmV0LXZhbHVl';
  const secret = named('Secret', 'db', 'shop', { type: 'Opaque', data: { password: VALUE, user: VALUE } });
  const applied = named('Secret', 'web', 'shop', { type: 'kubernetes.io/tls', data: {} });
  (applied.metadata as Fields).annotations = { 'kubectl.kubernetes.io/last-applied-configuration': `{"data":{"password":"${VALUE}"}}` };

  it('come as a table: names, types, numbers of keys', async () => {
    const parts = await collected([kind('secrets', 'Secret', [secret, applied])]);
    const [first, second] = objectsOf(parts.segments[0] as never) as Generator<Fields>;
    expect(first).toMatchObject({ apiVersion: 'v1', kind: 'Secret', type: 'Opaque', numberOfKeys: 2, metadata: { name: 'db' } });
    expect(second?.metadata).toMatchObject({
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'redacted-by-castellan:values_of_the_Secret:form:48' },
    });
    expect(JSON.stringify([first, second])).not.toContain(VALUE);
    expect(codes(parts)).toEqual(['secrets secret-values']);
  });

  it('are not read at all from a server that answers with values', async () => {
    server = new FakeApiServer([kind('secrets', 'Secret', [])]);
    server.interfere = ({ url }, response) => {
      if (url.pathname !== '/api/v1/secrets') return false;
      send(response, 200, { kind: 'SecretList', apiVersion: 'v1', metadata: {}, items: [secret] });
      return true;
    };
    const parts = await collected([]);
    expect(parts.segments).toEqual([]);
    expect(codes(parts)).toEqual(['secrets list-failed']);
    expect(parts.header.missing).toEqual([{ group: '', kind: 'Secret', resource: 'secrets', why: 'failed' }]);
  });
});

describe('what goes wrong', () => {
  const two = [kind('pods', 'Pod', pods(1203)), kind('services', 'Service', pods(2))];
  /** Fails the requests for pods whose number is in the list. */
  const failing = (numbers: readonly number[], answer: (response: Parameters<FakeApiServer['interfere']>[1]) => void): void => {
    server = new FakeApiServer(two);
    server.interfere = ({ url, count }, response) => {
      if (url.pathname !== '/api/v1/pods' || !numbers.includes(count)) return false;
      answer(response);
      return true;
    };
  };
  const all = expect.objectContaining({ length: 1203 }) as string[];

  it('a right that is missing is a gap, and the kind is told as missing', async () => {
    failing([1], (response) => sendStatus(response, 403, 'pods is forbidden: User "jane" cannot list resource "pods"'));
    const parts = await collected(two);
    expect(codes(parts)).toEqual(['pods forbidden']);
    expect(parts.header).toMatchObject({ complete: false, missing: [{ group: '', kind: 'Pod', resource: 'pods', why: 'forbidden' }] });
    expect(names(parts, 'Service')).toHaveLength(2);
  });

  it.each([429, 500, 502, 503, 504])('%i is tried again', async (status) => {
    failing([1, 3], (response) => sendStatus(response, status, 'later'));
    const parts = await collected(two);
    expect(names(parts, 'Pod')).toEqual(all);
    expect(parts.header.complete).toBe(true);
  });

  it('Retry-After is waited for', async () => {
    failing([1], (response) => {
      response.setHeader('retry-after', '1');
      sendStatus(response, 429, 'too many requests');
    });
    const began = performance.now();
    expect(names(await collected(two), 'Pod')).toEqual(all);
    expect(performance.now() - began).toBeGreaterThan(950);
  });

  it('a server that stays busy is a gap with what was read until then', async () => {
    failing([2, 3, 4], (response) => sendStatus(response, 503, 'the server is starting'));
    const parts = await collected(two, { attempts: 3 });
    expect(names(parts, 'Pod')).toHaveLength(500);
    expect(codes(parts)).toEqual(['pods list-failed']);
    expect(parts.header.complete).toBe(false);
  });

  it.each([
    ['first', 1],
    ['later', 2],
  ])('an answer that breaks off in the %s page is taken up without losing or doubling anything', async (_name, page) => {
    failing([page], (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const items = pods(1203).slice((page - 1) * 500, (page - 1) * 500 + 100);
      response.write(`{"kind":"PodList","metadata":{},"items":[${items.map((item) => JSON.stringify(item)).join(',')},{"metadata":{"na`);
      setTimeout(() => response.destroy(), 5);
    });
    const parts = await collected(two);
    expect(names(parts, 'Pod')).toEqual(pods(1203).map(({ metadata }) => (metadata as { name: string }).name));
    expect(parts.header.complete).toBe(true);
  });

  it('an answer that ends early without an error is not taken for the whole', async () => {
    failing([1], (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"kind":"PodList","metadata":{},"items":[{"metadata":{"name":"a"}},');
    });
    expect(names(await collected(two), 'Pod')).toEqual(all);
  });

  it('a token that ran out starts the list again', async () => {
    failing([2, 5], (response) => sendStatus(response, 410, 'The provided continue parameter is too old'));
    const parts = await collected(two);
    expect(names(parts, 'Pod')).toEqual(all);
    expect(parts.gaps).toEqual([]);
  });

  it('a list that always runs out goes on at a later moment, and says so', async () => {
    const later = Buffer.from('500').toString('base64url');
    failing([2, 4, 6, 8], (response) => sendStatus(response, 410, 'too old', { metadata: { continue: later } }));
    const parts = await collected(two);
    expect(names(parts, 'Pod')).toEqual(all);
    expect(codes(parts)).toEqual(['pods list-changed']);
  });

  it('an answer that is no list is a gap', async () => {
    failing([1, 2, 3], (response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>sign in</html>');
    });
    expect(codes(await collected(two, { attempts: 3 }))).toEqual(['pods list-failed']);
  });

  it('a server that is gone is waited for once, not for each kind anew', async () => {
    const resources = ['pods', 'services', 'configmaps', 'endpoints', 'limitranges', 'serviceaccounts', 'resourcequotas', 'secrets'];
    server = new FakeApiServer(resources.map((resource) => kind(resource, resource, pods(1))));
    server.interfere = ({ url }, response) => {
      if (!url.searchParams.has('limit')) return false;
      response.destroy();
      return true;
    };
    const parts = await collected([], { attempts: 4 });
    expect(parts.header.missing).toHaveLength(resources.length);
    const lists = server.requests.filter(({ url }) => url.includes('limit='));
    // Four at a time wait; for the other four once is enough.
    expect(lists.length).toBeLessThanOrEqual(4 * 4 + 4);
  });

  it.each<[string, number, unknown]>([
    ['an empty object', 200, {}],
    ['a Status with success', 200, { kind: 'Status', status: 'Failure' }],
    ['a list without items', 200, { kind: 'PodList', metadata: {} }],
    ['that it does not know it', 404, { kind: 'Status' }],
    ['that it does not list it', 405, { kind: 'Status' }],
  ])('a server that answers %s on the second page has not given everything', async (_name, status, body) => {
    failing([2, 3, 4], (response) => send(response, status, body));
    const parts = await collected(two, { attempts: 3 });
    expect(names(parts, 'Pod')).toHaveLength(500);
    expect(codes(parts)).toEqual(['pods list-failed']);
    expect(parts.header).toMatchObject({ complete: false, missing: [{ resource: 'pods', why: 'failed' }] });
  });

  it('a server that does not say what it serves is an error', async () => {
    server = new FakeApiServer(two);
    server.interfere = ({ url }, response) => {
      if (url.pathname !== '/apis') return false;
      send(response, 200, { kind: 'Status' });
      return true;
    };
    await expect(collected(two, { attempts: 2 })).rejects.toMatchObject({ code: 'CAS_UNREACHABLE' });
  });

  it('a page that is read again at a later moment loses nothing that stays', async () => {
    // The first objects of the page are gone when it is asked for again.
    const later = Buffer.from('500').toString('base64url');
    const left = pods(1203).filter((_, index) => index < 500 || index >= 510);
    server = new FakeApiServer([kind('pods', 'Pod', left), kind('services', 'Service', pods(2))]);
    server.interfere = ({ url, count }, response) => {
      if (url.pathname !== '/api/v1/pods') return false;
      if ([2, 4, 6, 8].includes(count)) {
        sendStatus(response, 410, 'too old', { metadata: { continue: later } });
        return true;
      }
      if (count !== 9) return false;
      const items = pods(1203).slice(500, 600);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(`{"kind":"PodList","metadata":{},"items":[${items.map((item) => JSON.stringify(item)).join(',')},{"metadata":{"na`);
      setTimeout(() => response.destroy(), 5);
      return true;
    };
    const read = new Set(names(await collected(two), 'Pod'));
    for (const { metadata } of left) expect(read).toContain((metadata as { name: string }).name);
  });

  it('kinds of a server that is gone are missing', async () => {
    server = new FakeApiServer(two);
    server.aggregated = false;
    server.interfere = ({ url }, response) => {
      const groups = [{ name: 'networking.k8s.io', versions: [{ version: 'v1' }], preferredVersion: { version: 'v1' } }];
      if (url.pathname === '/apis') send(response, 200, { kind: 'APIGroupList', groups });
      else if (url.pathname.startsWith('/apis/networking')) sendStatus(response, 503, 'gone');
      else return false;
      return true;
    };
    const { header } = await collected(two, { attempts: 2 });
    expect(header.complete).toBe(false);
    expect(header.missing).toContainEqual({ group: 'networking.k8s.io', kind: '', resource: 'networkpolicies', why: 'failed' });
  });

  it('a namespace that is not there is an error', async () => {
    const kinds = [kind('namespaces', 'Namespace', [named('N', 'shop')], { namespaced: false })];
    await expect(collected(kinds, { namespaces: ['shop', 'shpo'] })).rejects.toMatchObject({ code: 'CAS_NO_NAMESPACE' });
  });

  it('silence ends', async () => {
    failing([1, 2], () => undefined);
    const parts = await collected(two, { attempts: 2, silence: 100 });
    expect(parts.gaps).toMatchObject([{ code: 'list-failed', reason: 'no answer for 0.1 s' }]);
  });

  it('a cancelled reading throws what cancelled it', async () => {
    const stop = new AbortController();
    failing([2], () => stop.abort(new Error('enough')));
    await expect(collected(two, { signal: stop.signal })).rejects.toThrow('enough');
  });

  it('a token that ends while an older server is asked what it serves is an error, not a group that is gone', async () => {
    server = new FakeApiServer([kind('deployments', 'Deployment', pods(1), { group: 'apps' })]);
    server.aggregated = false;
    server.interfere = ({ url }, response) => {
      if (url.pathname !== '/apis/apps/v1') return false;
      sendStatus(response, 401, 'Unauthorized');
      return true;
    };
    await expect(collected([])).rejects.toMatchObject({ code: 'CAS_SIGN_IN' });
  });

  it('a token that ends in the middle is a failed list, told as that', async () => {
    failing([2, 3], (response) => sendStatus(response, 401, 'Unauthorized'));
    const parts = await collected(two);
    expect(names(parts, 'Pod')).toHaveLength(500);
    expect(parts.gaps).toMatchObject([
      { scope: 'pods', code: 'list-failed', reason: 'the server does not accept the credentials any more: Unauthorized' },
    ]);
    expect(parts.header).toMatchObject({ complete: false, missing: [{ resource: 'pods', why: 'failed' }] });
  });

  /** Signs in with what a plugin gives: a token that counts its runs, or nothing from the third run on. */
  const counting = (): Fields => {
    const file = join(folder, 'runs');
    const script = `echo x >> '${file}'; n=$(wc -l < '${file}' | tr -d ' '); [ $n -gt 2 ] && exit 1
      printf '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"t%s"}}' $n`;
    return { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'sh', args: ['-c', script], interactiveMode: 'Never' } };
  };
  const runs = (): number => readFileSync(join(folder, 'runs'), 'utf8').length / 2;

  it('a plugin is asked once more when its token ends', async () => {
    server = new FakeApiServer(two);
    let pages = 0;
    server.interfere = ({ url, headers }, response) => {
      if (url.pathname === '/api/v1/pods') pages += 1;
      // The second page and everything after it wants the second token.
      if (pages < 2 || headers.authorization === 'Bearer t2') return false;
      sendStatus(response, 401, 'Unauthorized');
      return true;
    };
    const parts = await collected(two, {}, counting());
    expect(parts.gaps).toEqual([]);
    expect(names(parts, 'Pod')).toEqual(all);
    expect(runs()).toBe(2);
  });

  it('a plugin whose new token is refused as well is left alone', async () => {
    const kinds = ['pods', 'services', 'configmaps', 'endpoints', 'limitranges', 'serviceaccounts'].map((resource) =>
      kind(resource, resource, pods(1)),
    );
    server = new FakeApiServer(kinds);
    server.interfere = ({ url }, response) => {
      if (!url.searchParams.has('limit')) return false;
      sendStatus(response, 401, 'Unauthorized');
      return true;
    };
    const parts = await collected([], {}, counting());
    expect(parts.gaps.map(({ code }) => code)).toEqual(kinds.map(() => 'list-failed'));
    // Those that were under way at the same time have each asked once.
    expect(runs()).toBeLessThanOrEqual(5);
  });

  it('a plugin that fails in the middle is a gap for what was not read', async () => {
    server = new FakeApiServer(two);
    let isEnded = false;
    server.interfere = ({ url, headers }, response) => {
      isEnded ||= url.searchParams.has('continue');
      if (!isEnded || !['Bearer t1', 'Bearer t2'].includes(headers.authorization ?? '')) return false;
      sendStatus(response, 401, 'Unauthorized');
      return true;
    };
    writeFileSync(join(folder, 'runs'), 'x\n');
    const parts = await collected(two, {}, counting());
    expect(codes(parts)).toContain('pods list-failed');
    expect(parts.gaps[0]?.reason).toMatch(/the sign-in plugin "sh" of the user "u" failed with exit code 1/);
    expect(names(parts, 'Pod')).toHaveLength(500);
  });

  it.each([
    ['ENOTFOUND', /^the name in .* is not known$/],
    ['CERT_HAS_EXPIRED', /could not be trusted/],
  ])('%s in the middle is a gap for what was not read', async (code, reason) => {
    server = new FakeApiServer(two);
    const real = connect({ kubeconfig: await configFor(server) });
    const unreachable = Object.assign(new Error('no'), { code });
    const lookup: LookupFunction = (_name, _options, callback) => callback(unreachable, []);
    const { port } = new URL(real.server);
    const connection = {
      ...real,
      // A name, so that it is looked up.
      server: `http://localhost:${port}`,
      async sign() {
        const { agent: _, ...signed } = await real.sign();
        return server?.requests.some(({ url }) => url.includes('continue')) === true
          ? { ...signed, agent: false as const, lookup }
          : signed;
      },
    };
    const parts = await collectCluster(connection, { version: '1.0.0', firstPause: 1 });
    expect(names(parts, 'Pod').length).toBeGreaterThanOrEqual(500);
    expect(parts.gaps[0]).toMatchObject({ scope: 'pods', code: 'list-failed', reason: expect.stringMatching(reason) as string });
  });

  it('a pause between attempts ends when the reading is cancelled', async () => {
    const stop = new AbortController();
    failing([2], (response) => {
      response.setHeader('retry-after', '20');
      sendStatus(response, 429, 'too many requests');
      setTimeout(() => stop.abort(new Error('enough')), 50);
    });
    await expect(collected(two, { signal: stop.signal })).rejects.toThrow('enough');
  });

  it.each([
    [401, 'CAS_SIGN_IN'],
    [404, 'CAS_UNREACHABLE'],
    [503, 'CAS_UNREACHABLE'],
  ])('a server that answers %i from the start is an error', async (status, code) => {
    server = new FakeApiServer([]);
    server.interfere = (_request, response) => {
      sendStatus(response, status, 'no');
      return true;
    };
    await expect(collected([], { attempts: 2 })).rejects.toMatchObject({ code });
  });

  it('nobody there is an error', async () => {
    server = new FakeApiServer([]);
    await server.start();
    await server.stop();
    const file = join(folder, 'none');
    writeFileSync(
      file,
      JSON.stringify({
        clusters: [{ name: 'c', cluster: { server: 'http://127.0.0.1:1' } }],
        contexts: [{ name: 'x', context: { cluster: 'c' } }],
        'current-context': 'x',
      }),
    );
    server = undefined;
    await expect(collectCluster(connect({ kubeconfig: file }), { version: '1', firstPause: 1, attempts: 2 })).rejects.toThrow(
      /could not be reached/,
    );
  });
});
