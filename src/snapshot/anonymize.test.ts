import { describe, expect, it } from 'vitest';
import { anonymized, anonymizer } from './anonymize.ts';
import { AnonymousText } from './anonymous-text.ts';
import { Pseudonyms } from './pseudonyms.ts';
import { SegmentWriter, objectsOf } from './segment.ts';

const known = { images: new Set(['quay.io/cilium/cilium']), names: new Set(['cilium', 'node-exporter']) };
const text = new AnonymousText(new Pseudonyms(Buffer.from('key')), known);
const of = (value: string): string => text.of(value);

describe('a text', () => {
  it.each([
    '',
    'kube-system',
    'default',
    'system:masters',
    'cluster-admin',
    'apps/v1',
    'networking.k8s.io/v1',
    'pods/exec',
    'Always',
    'ClusterIP',
    '100m',
    '1.5Gi',
    '25%',
    '30s',
    '1h30m',
    'v1beta1',
    '*',
    '8080',
    'NET_ADMIN',
    'RuntimeDefault',
    '0.0.0.0/0',
    '::/0',
    '127.0.0.1',
    '169.254.169.254',
    '/var/run/docker.sock',
    '/etc/kubernetes/manifests',
    '--anonymous-auth=false',
    '2026-11-21T10:00:00Z',
    '-c',
    'kubernetes.io/service-account-token',
    'metadata.namespace',
    'localhost',
    'redacted-by-castellan:password:name:24',
    'true',
    '*/5 * * * *',
  ])('of Kubernetes itself stays: %s', (value) => expect(of(value)).toBe(value));

  it.each([
    'acme',
    'ACME_TOKEN',
    'acme-shop-7',
    'https://acme.example.com:8443/shop?user=jane',
    'jane@acme.example',
    'Überweisung',
    'arn:aws:iam::123456789012:role/acme',
  ])('of somebody does not: %s', (value) => {
    const replaced = of(value);
    for (const word of ['acme', 'shop', 'jane', 'überweisung', '123456789012', 'example'])
      expect(replaced.toLowerCase()).not.toContain(word);
    expect(of(value)).toBe(replaced);
  });

  it('keeps how names are made of names', () => {
    const [shop, web] = [of('shop'), of('web')];
    expect(of('system:serviceaccount:shop:web')).toBe(`system:serviceaccount:${shop}:${web}`);
    expect(of('system:serviceaccounts:shop')).toBe(`system:serviceaccounts:${shop}`);
    expect(of('web.shop.svc.cluster.local')).toBe(`${web}.${shop}.svc.cluster.local`);
    expect(of('data-web-0')).toBe(`${of('data')}-${web}-0`);
    expect(of('WEB_SHOP')).toBe(`${web}_${shop}`.toUpperCase());
    expect(of('*.shop.web')).toBe(`*.${shop}.${web}`);
    expect(of('--upstream=http://web.shop:80')).toMatch(new RegExp(`^--\\w+=http://${web}\\.${shop}:80$`));
  });

  it('keeps names of well-known add-ons', () => {
    expect(of('cilium')).toBe('cilium');
    expect(of('acme-node-exporter')).toBe(`${of('acme')}-node-exporter`);
    expect(of('acme-ciliumish')).not.toContain('cilium');
  });

  it('keeps what networks hold', () => {
    const begin = (address: string, length: number): string => address.split('.').slice(0, length).join('.');
    expect(begin(of('10.20.30.40'), 3)).toBe(begin(of('10.20.30.0/24'), 3));
    expect(of('10.20.30.0/24')).toMatch(/^10\.\d+\.\d+\.0\/24$/);
    expect(of('10.20.30.40')).not.toBe('10.20.30.40');
    expect(of('192.168.7.7')).toMatch(/^192\.168\./);
    expect(of('203.0.113.9')).not.toContain('203');
    expect(of('ip-203-0-113-9')).not.toContain('113');
    expect(of('2001:db8::1')).toMatch(/^2001:[0-9a-f:]+$/);
    expect(of('2001:db8::1')).not.toContain('db8');
  });

  it('keeps the form of UIDs', () => {
    expect(of('7d0b52a4-95d1-4a3c-b9d5-2e2a3c6f6a10')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(of('7d0b52a4-95d1-4a3c-b9d5-2e2a3c6f6a10')).not.toContain('95d1');
  });

  it('stays a label where it was one', () => {
    const long = Array.from({ length: 21 }, (_, index) => String.fromCodePoint(97 + index).repeat(2)).join('-');
    expect(of(long).length).toBeLessThanOrEqual(63);
  });
});

describe('an image', () => {
  const word = of;
  it.each<[string, RegExp]>([
    ['nginx', /^[a-z]{6}$/],
    ['docker.io/library/nginx:latest', /^docker\.io\/library\/[a-z]{6}:latest$/],
    [
      'registry.acme.example:5000/shop/web:1.25.3',
      new RegExp(`^[a-z]{6}\\.[a-z]{6}\\.[a-z]{6}:5000/${word('shop')}/${word('web')}:\\d\\.\\d\\d\\.\\d$`),
    ],
    [`ghcr.io/acme/web@sha256:${'a1'.repeat(32)}`, /^ghcr\.io\/[a-z]{6}\/[a-z]{6}@sha256:(?!a1a1)[0-9a-f]{64}$/],
    ['registry.k8s.io/kube-proxy:v1.34.1', /^registry\.k8s\.io\/kube-proxy:v1\.34\.1$/],
    ['quay.io/cilium/cilium:v1.15.0', /^quay\.io\/cilium\/cilium:v1\.15\.0$/],
    ['quay.io/acme/cilium:v1.15.0', /^quay\.io\/[a-z]{6}\/cilium:v\d\.\d\d\.\d$/],
  ])('%s', (image, shown) => expect(text.image(image)).toMatch(shown));
});

describe('an object', () => {
  const walk = anonymizer({ seed: 'test', known });

  it('keeps its fields and what selects what', () => {
    const service = walk({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'acme' },
      spec: { selector: { team: 'shop', app: 'web' }, type: 'NodePort' },
    });
    const pod = walk({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'web-1',
        namespace: 'acme',
        labels: { team: 'shop', app: 'web', 'acme.example/tier': 'gold', 'pod-security.kubernetes.io/enforce': 'baseline' },
        managedFields: [{}],
      },
      spec: {
        affinity: { podAffinity: { x: [{ key: 'team', operator: 'In', values: ['shop'] }] } },
        topologyKey: 'kubernetes.io/hostname',
      },
    }) as { metadata: Record<string, Record<string, string>>; spec: Record<string, never> };
    const { labels } = pod.metadata;
    expect(pod.metadata.namespace).toBe((service.metadata as Record<string, unknown>).namespace);
    expect(labels).toMatchObject((service.spec as { selector: Record<string, string> }).selector);
    expect(labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'baseline' });
    expect(pod.metadata.managedFields).toBeUndefined();
    const expression = (
      Object.values((pod.spec as unknown as { affinity: { podAffinity: Record<string, unknown> } }).affinity.podAffinity)[0] as {
        key: string;
        values: string[];
      }[]
    )[0];
    expect(labels?.[expression?.key ?? '']).toBe(expression?.values[0]);
    expect(pod.spec.topologyKey).toBe('kubernetes.io/hostname');
    expect(JSON.stringify([service, pod])).not.toMatch(/acme|shop|gold/);
  });

  it('of a ConfigMap keeps its lines and marks only', () => {
    const { data } = walk({
      kind: 'ConfigMap',
      data: { 'acme.ini': 'host = db.acme\n\npassword = redacted-by-castellan:password:name:8\n', flag: 'true' },
    }) as {
      data: Record<string, string>;
    };
    const [ini = '', flag] = Object.values(data);
    expect(ini).toMatch(/^\w+\n\n\w+: redacted-by-castellan:password:name:8\n$/);
    expect(flag).toBe('true');
  });

  it('of a kind of somebody’s loses its name, the same everywhere', () => {
    const custom = walk({
      apiVersion: 'acme.example/v1',
      kind: 'AcmeShop',
      metadata: { name: 'x' },
      spec: { acmeField: { 'deep-name': 'jane' } },
    });
    expect(JSON.stringify(custom)).not.toMatch(/acme|jane|deep/i);
    expect(custom.kind).toMatch(/^[A-Z][a-z]+$/);
  });

  it('cannot set what its prototype holds', () => {
    const made = walk(JSON.parse('{"kind":"Pod","spec":{"__proto__":{"x":"y"},"constructor":"z"}}') as Record<string, unknown>);
    expect(Object.getPrototypeOf(made.spec)).toBe(Object.prototype);
  });

  it('is named otherwise by every run', () => {
    const name = (): unknown => (anonymizer()({ kind: 'Pod', metadata: { name: 'acme' } }).metadata as Record<string, unknown>).name;
    expect(name()).not.toBe(name());
  });
});

it('a snapshot is in the order of its new names, and its header and gaps tell nothing either', () => {
  const writer = new SegmentWriter({ apiVersion: 'acme.example/v1', kind: 'AcmeShop', resource: 'acmeshops' });
  for (let index = 0; index < 20; index += 1)
    writer.add({ metadata: { namespace: 'acme', name: `${String.fromCodePoint(97 + index)}cme` } });
  const { header, gaps, segments } = anonymized(
    {
      header: {
        kind: 'cluster',
        complete: true,
        cluster: { uid: '7d0b52a4-95d1-4a3c-b9d5-2e2a3c6f6a10', server: 'https://api.acme.example:6443' },
        missing: [{ group: 'acme.example', kind: 'AcmeUser', resource: 'acmeusers', why: 'forbidden' }],
        namespaces: ['acme', 'kube-system'],
        leases: { holders: [{ namespace: 'acme', name: 'acme-lock', holder: 'acme-1_0', renewed: 1_700_000_000 }] },
        leftOut: ['events', 'acmelogs.acme.example'],
      },
      gaps: [
        {
          scope: 'secrets in acme',
          code: 'forbidden',
          reason: 'User "jane" cannot list resource "secrets"',
          effect: 'they were not listed',
        },
      ],
      segments: [writer.end()],
    },
    { seed: 'test' },
  );
  expect(header).toMatchObject({ anonymized: true, complete: true });
  expect(header.leases).toBeUndefined();
  expect(gaps[0]?.reason).toMatch(/^User "\w+" cannot list resource "secrets"$/);
  expect(gaps[0]?.effect).toBe('they were not listed');
  const objects = segments.flatMap((segment) => [...objectsOf(segment)]);
  const names = objects.map(({ metadata }) => (metadata as { name: string }).name);
  expect(names).toEqual([...names].sort());
  expect(objects[0]?.kind).toBe(segments[0]?.kind);
  expect(JSON.stringify([header, gaps, segments.map(({ data, ...rest }) => [rest, data.length]), objects])).not.toMatch(
    /acme|jane|7d0b52a4/i,
  );
});
