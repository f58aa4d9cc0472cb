import { describe, expect, it } from 'vitest';
import { anywhere } from './anywhere.ts';
import { connsText } from './conns-text.ts';
import { Peers } from './peers.ts';
import { portRange } from './ports.ts';
import { query } from './query.ts';
import { Relation } from './relation.ts';
import { whyBetween } from './why.ts';
import { readWorld } from './world.ts';

type Raw = Record<string, unknown>;

const pod = (name: string, ips: readonly string[], labels: Raw = {}): Raw => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'x', labels },
  spec: { containers: [{ name: 'c', ports: [{ name: 'web', containerPort: 8080 }] }] },
  status: { podIPs: ips.map((ip) => ({ ip })) },
});
const service = (name: string, spec: Raw): Raw => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'x' },
  spec: {
    selector: { app: 'w' },
    ports: [
      { name: 'http', port: 80, targetPort: 'web' },
      { name: 'other', port: 90, targetPort: 9000 },
    ],
    ...spec,
  },
});
const [FOUR, SIX] = [{ ipFamilies: ['IPv4'] }, { ipFamilies: ['IPv6'] }];

/** By IPv6 only port 8080, by IPv4 only 9000. */
const OBJECTS = [
  pod('a', ['10.0.0.1', 'fd00::1']),
  pod('w', ['10.0.0.2', 'fd00::2'], { app: 'w' }),
  pod('four', ['10.0.0.3'], { app: 'w' }),
  service('w4', { ...FOUR, clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'] }),
  service('w6', { ...SIX, clusterIP: 'fd00:96::9', clusterIPs: ['fd00:96::9'] }),
  service('dual', { ipFamilies: ['IPv4', 'IPv6'], clusterIPs: ['10.96.0.10', 'fd00:96::10'] }),
  service('given', { clusterIP: '10.96.0.11' }),
  service('open', {}),
  service('headless', { ...SIX, clusterIP: 'None', ports: [{ port: 8080 }] }),
  service('nobody', { clusterIP: '10.96.0.12', selector: { app: 'none' } }),
  service('elsewhere', { clusterIP: '10.96.0.13', selector: undefined }),
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'p', namespace: 'x' },
    spec: {
      podSelector: { matchLabels: { app: 'w' } },
      ingress: [
        { from: [{ ipBlock: { cidr: 'fd00::/16' } }], ports: [{ port: 8080 }] },
        { from: [{ ipBlock: { cidr: '10.0.0.0/24' } }], ports: [{ port: 9000 }] },
      ],
    },
  },
];

/** `yes 1 of 2 TCP 80` */
function answer(to: string, port?: number, from = 'x/a'): string {
  const relation = new Relation(readWorld(OBJECTS));
  const peers = new Peers(relation);
  const ends = { from: peers.find(from), to: peers.find(to, 'destination') };
  const only = port === undefined ? undefined : portRange('TCP', port, port);
  const found = query(relation, ends, only);
  // Both say the same of what may flow.
  expect(whyBetween(relation, ends, only).allowed).toEqual(found.allowed);
  return `${found.answer} ${found.pairs.open} of ${found.pairs.asked} ${connsText(found.allowed)}`;
}

describe('the address of a Service is the pods behind it', () => {
  it.each([
    ['10.96.0.9', undefined, 'yes 2 of 2 TCP 9000'],
    ['10.96.0.9', 90, 'yes 2 of 2 TCP 9000'],
    ['10.96.0.9', 80, 'no 0 of 2 none'],
    // The Service has no such port, though the pods do.
    ['10.96.0.9', 9000, 'no 0 of 2 none'],
    ['10.96.0.9/32', 90, 'yes 2 of 2 TCP 9000'],
    ['fd00:96::9', 80, 'yes 1 of 1 TCP 8080'],
    ['fd00:96::10', 90, 'no 0 of 1 none'],
    // Of nobody known it stays an address.
    ['10.96.0.13', 443, 'yes 1 of 1 TCP 443'],
    // In a range with what is outside; a pod that is in it itself counts once.
    ['10.96.0.8/31', 90, 'yes 3 of 3 TCP 90,9000'],
    ['ip:10.0.0.2,10.96.0.9', 9000, 'some 1 of 2 TCP 9000'],
  ])('%s, port %s', (to, port, wanted) => expect(answer(to, port)).toBe(wanted));

  it('is told of where nobody is behind it', () => {
    expect(() => answer('10.96.0.12')).toThrow('the address of Service x/nobody, and no pod');
  });
  it('leads nowhere from outside', () => {
    expect(answer('10.96.0.9', undefined, '10.0.0.77')).toBe('no 0 of 0 none');
  });
  it('sends nothing', () => {
    expect(answer('x/w', undefined, '10.96.0.9')).toBe('no 0 of 1 none');
  });
  it('is so for pods whose addresses are not known', () => {
    const objects = OBJECTS.map((object) => ('status' in object ? { ...object, status: {} } : object));
    const peers = new Peers(new Relation(anywhere(readWorld(objects))));
    expect(peers.find('0.0.0.0/0', 'destination').filter(({ outside }) => !outside).length).toBeGreaterThan(0);
  });
});

describe('addresses and Services have families', () => {
  it.each([
    ['10.0.0.2', 8080, 'no 0 of 1 none'],
    ['fd00::2', 8080, 'yes 1 of 1 TCP 8080'],
    ['ip:10.0.0.2', 9000, 'yes 1 of 1 TCP 9000'],
    // Whoever has no address of the family is not behind it.
    ['svc:x/w4', undefined, 'yes 2 of 2 TCP 9000'],
    ['svc:x/w6', undefined, 'yes 1 of 1 TCP 8080'],
    ['svc:x/given', undefined, 'yes 2 of 2 TCP 9000'],
    ['svc:x/headless', undefined, 'yes 1 of 1 TCP 8080'],
    ['svc:x/dual', undefined, 'yes 2 of 2 TCP 8080,9000'],
    ['svc:x/open', undefined, 'yes 2 of 2 TCP 8080,9000'],
  ])('%s, port %s', (to, port, wanted) => expect(answer(to, port)).toBe(wanted));

  it('as sources too', () => {
    expect(answer('x/w', undefined, '10.0.0.1')).toBe('yes 1 of 1 TCP 9000');
    expect(answer('x/four', 9000, 'fd00::1')).toBe('no 0 of 1 none');
  });
});

it('why tells of pairs between which no packet goes', () => {
  const relation = new Relation(readWorld(OBJECTS));
  const peers = new Peers(relation);
  const why = (from: string, to: string, port: number): unknown =>
    whyBetween(relation, { from: peers.find(from), to: peers.find(to, 'destination') }, portRange('TCP', port, port));
  const unasked = (reason: string, count: number, [src, dst]: readonly string[]): unknown => ({
    allowed: {},
    parts: [],
    unasked: [{ reason, pairs: { count, src, dst } }],
  });
  expect(why('fd00::1', 'x/four', 80)).toEqual(unasked('families', 1, ['x/a[Pod]', 'x/four[Pod]']));
  expect(why('x/a', '10.96.0.9', 8080)).toEqual(unasked('port', 2, ['x/a[Pod]', 'x/four[Pod]']));
  expect(why('x/a', 'x/w', 80)).not.toHaveProperty('unasked');
});

it('a port that is none leads nowhere', () => {
  const bad = service('bad', { ports: [{ port: 80, targetPort: 99999 }, { port: 70000 }, { port: 81, targetPort: 1.5 }] });
  const none = pod('none', ['10.0.0.9'], { app: 'none' });
  const hidden = { ...none, spec: { containers: [{ name: 'c', ports: [{ name: 'web', containerPort: 99999 }] }] } };
  const peers = new Peers(new Relation(readWorld([...OBJECTS, bad, hidden, service('of-none', { selector: { app: 'none' } })])));
  expect(() => peers.find('svc:x/bad:80')).toThrow(expect.objectContaining({ code: 'CAS_PEER', remedy: expect.stringContaining('65535') }));
  expect(() => peers.find('svc:x/of-none:80')).toThrow(expect.objectContaining({ code: 'CAS_PEER' }));
  expect(peers.find('svc:x/of-none:90').map(({ ports }) => ports)).toEqual([portRange('TCP', 9000, 9000)]);
});
