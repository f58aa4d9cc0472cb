import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { snapshotOf } from '../../../test/report-tester.ts';
import { RUNS } from '../../../test/runs.ts';
import { Ledger, type UseRecord } from '../../record/index.ts';
import { type Generated, generatePolicies } from './generate.ts';

const DAY = 86_400;

function app(name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image: 'x' }], ...more } },
    },
  };
}

interface Seen {
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  readonly port?: number;
  readonly denied?: boolean;
  readonly day?: number;
}

function recordOf(seen: readonly Seen[], owners: readonly (readonly [address: string, end: string])[] = []): UseRecord {
  const ledger = new Ledger();
  const stream = ledger.stream('hubble', 'flows');
  stream.event(20_000 * DAY);
  for (const { source, destination, port = 80, denied = false, day = 0 } of seen) {
    const outcome = denied ? 'denied' : 'allowed';
    ledger.flow({ source, destination, protocol: 'TCP', port }, { stream: stream.id, time: (20_000 + day) * DAY, outcome });
  }
  for (const [address, end] of owners) ledger.address(address, end, 20_000 * DAY);
  return ledger.record();
}

const APPS = [app('web'), app('db'), app('idle')];
const WEB = 'pod:shop/web-7d4b9c6f5d-abcde';
const DB = 'pod:shop/db-5f6d7c8b9f-xyz12';

function generated(record: UseRecord, objects: readonly Record<string, unknown>[] = APPS, nodes: readonly string[] = []): Generated {
  return generatePolicies(snapshotOf(objects), { kind: 'NetworkPolicy', facts: { apiServer: [], nodes }, record });
}

function opened({ connections }: Generated): string[] {
  return connections.map(({ src, dst, conns }) => `${src} -> ${dst} ${JSON.stringify(conns)}`);
}

describe('policies from recorded connections', () => {
  test('open what went through, and say when it did', () => {
    const made = generated(
      recordOf([
        { source: WEB, destination: DB, port: 5432 },
        { source: 'pod:shop/idle-7d4b9c6f5d-abcde', destination: DB, denied: true },
      ]),
    );
    expect(opened(made)).toEqual(['shop/web[Deployment] -> shop/db[Deployment] {"TCP":["5432"]}']);
    expect(made.yaml).toContain('# Record flows: seen 1 time, on 2024-10-04: shop/web[Deployment] to shop/db[Deployment] 5432/TCP');
    expect(made.replay).toEqual({ connections: 1, distinct: 1, notAsked: 0, denied: [] });
    expect(made.gaps).toEqual([]);
  });

  test('know addresses by their history, else by the Services of the input, else as addresses', () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'db', namespace: 'shop' },
      spec: { clusterIP: '10.96.0.7', selector: { app: 'db' }, ports: [{ port: 80, targetPort: 5432 }] },
    };
    const flows = [
      { source: 'ip:10.0.0.1', destination: 'ip:10.96.0.7' },
      { source: WEB, destination: 'ip:203.0.113.7', port: 443 },
    ];
    expect(opened(generated(recordOf(flows, [['10.0.0.1', WEB]]), [...APPS, service]))).toEqual([
      'shop/web[Deployment] -> 203.0.113.7/32 {"TCP":["443"]}',
      'shop/web[Deployment] -> shop/db[Deployment] {"TCP":["5432"]}',
    ]);
    const { replay } = generated(recordOf(flows, [['10.0.0.1', WEB]]), [...APPS, service]);
    expect(replay).toEqual({ connections: 2, distinct: 2, notAsked: 0, denied: [] });
  });

  test('count the connections of all pods of a workload together', () => {
    const made = generated(
      recordOf(
        [
          { source: WEB, destination: DB, port: 5432, day: 3 },
          { source: 'pod:shop/web-7d4b9c6f5d-fghij', destination: DB, port: 5432, day: 9 },
          { source: 'ip:10.0.0.9', destination: DB, port: 5432, day: 5 },
        ],
        [
          ['10.0.0.9', 'pod:shop/web-7d4b9c6f5d-klmno'],
          ['10.0.0.9', 'pod:shop/web-7d4b9c6f5d-pqrst'],
        ],
      ),
    );
    expect(made.connections).toMatchObject([
      { evidence: [{ what: 'seen 3 times, 2024-10-07 to 2024-10-13: shop/web[Deployment] to shop/db[Deployment] 5432/TCP' }] },
    ]);
    expect(made.gaps).toEqual([]);
  });

  test('need no rule for a node that asks its own pod', () => {
    const pod = (name: string, node: string): Record<string, unknown> => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'shop', labels: { app: name } },
      spec: { nodeName: node, containers: [{ name: 'c', image: 'x' }] },
      status: { podIP: '10.0.0.4' },
    });
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n1' },
      status: { addresses: [{ type: 'InternalIP', address: '10.1.0.1' }] },
    };
    const seen = ['host:n1', 'ip:10.1.0.1'].flatMap((source) =>
      ['pod:shop/probed', 'ip:10.0.0.4'].map((destination) => ({ source, destination })),
    );
    const made = generated(recordOf(seen), [pod('probed', 'n1'), node]);
    expect(opened(made)).toEqual([]);
    expect(made.replay?.denied).toEqual([]);
    expect(opened(generated(recordOf(seen), [pod('probed', 'n2'), node]))).toEqual(['10.1.0.1/32 -> shop/probed[Pod] {"TCP":["80"]}']);
  });

  test('open every address where the record has many, and say so', () => {
    const made = generated(
      recordOf(Array.from({ length: 17 }, (_, index) => ({ source: WEB, destination: `ip:203.0.113.${index + 1}`, port: 443 }))),
    );
    expect(opened(made)).toEqual(['shop/web[Deployment] -> 0.0.0.0/0 {"TCP":["443"]}']);
    expect(made.gaps).toMatchObject([
      { kind: 'wide', what: '17 addresses were asked on 443/TCP, and any other may be next: open to every address' },
    ]);
    expect(made.replay).toMatchObject({ distinct: 17, denied: [] });
  });

  test('say what a tunnel hides', () => {
    expect(generated(recordOf([{ source: WEB, destination: DB, port: 15_008 }])).gaps).toMatchObject([
      { kind: 'wide', what: expect.stringContaining('tunnel') as string },
    ]);
  });

  test.each<[string, Seen, string, readonly string[]]>([
    ['a pod that is not there', { source: 'pod:monitoring/prom-0', destination: DB }, 'monitoring/* ->', []],
    ['many addresses', { source: undefined, destination: DB }, '0.0.0.0/0 ->', []],
    ['a node', { source: 'host:n1', destination: DB }, '10.1.0.0/24 ->', ['10.1.0.0/24']],
    ['a node without an address', { source: 'host:n1', destination: DB }, '0.0.0.0/0 ->', []],
    ['a word', { source: 'other:network set office', destination: DB }, '0.0.0.0/0 ->', []],
  ])('open as wide as it has to be for %s, and say so', (_what, seen, start, nodes) => {
    const made = generated(recordOf([seen]), APPS, nodes);
    expect(opened(made)).toHaveLength(1);
    expect(opened(made)[0]).toContain(start);
    expect(made.gaps).toMatchObject([{ kind: 'wide' }]);
    expect(made.replay).toMatchObject({ distinct: 0, notAsked: 1, denied: [] });
  });

  test('let in every owner of an address that was used again', () => {
    const made = generated(
      recordOf(
        [{ source: 'ip:10.0.0.1', destination: DB }],
        [
          ['10.0.0.1', WEB],
          ['10.0.0.1', 'pod:shop/idle-7d4b9c6f5d-abcde'],
        ],
      ),
    );
    expect(opened(made)).toHaveLength(2);
    expect(made.gaps).toMatchObject([{ kind: 'wide' }]);
  });

  test('name what is on the network of a node by the addresses of nodes', () => {
    const objects = [...APPS, app('agent', { hostNetwork: true })];
    const made = generated(recordOf([{ source: WEB, destination: 'workload:shop/agent', port: 9100 }]), objects, ['10.1.0.0/24']);
    expect(opened(made)).toEqual(['shop/web[Deployment] -> 10.1.0.0/24 {"TCP":["9100"]}']);
    expect(made.replay).toMatchObject({ distinct: 0, notAsked: 1, denied: [] });
  });

  test('tell a recorded connection that they deny', () => {
    // A pod without labels can be named by no policy, and the default of its namespace is for it too.
    const bare = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'bare', namespace: 'shop' },
      spec: { containers: [{ name: 'c', image: 'x' }] },
    };
    const made = generated(recordOf([{ source: WEB, destination: 'pod:shop/bare', port: 9100 }]), [...APPS, bare]);
    expect(made.replay).toMatchObject({ distinct: 1, denied: [{ count: 1 }] });
  });
});

const NAMES: Readonly<Record<string, string>> = {
  'pod:shop/web-7d4b9c6f5d-abcde': 'shop/web[Deployment]',
  'workload:shop/db': 'shop/db[Deployment]',
  'pod:shop/idle-7d4b9c6f5d-qqqqq': 'shop/idle[Deployment]',
  'ip:203.0.113.7': '203.0.113.7/32',
  'ip:10.0.0.1': 'shop/web[Deployment]',
};
const END = fc.constantFrom(...Object.keys(NAMES));
test('no recorded connection is denied, and nothing is open that was not recorded', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ source: END, destination: END, port: fc.constantFrom(80, 443, 5432) }), { minLength: 1, maxLength: 8 }),
      (flows) => {
        const made = generated(recordOf(flows, [['10.0.0.1', WEB]]));
        expect(made.replay).toMatchObject({ notAsked: 0, denied: [] });
        const open = made.connections.flatMap(({ src, dst, conns }) =>
          (typeof conns === 'string' ? [conns] : (conns.TCP ?? [])).map((port) => `${src} ${dst} ${port}`),
        );
        const recorded = flows.map(({ source, destination, port }) => `${NAMES[source]} ${NAMES[destination]} ${port}`);
        expect(new Set(open)).toEqual(new Set(recorded.filter((one) => one.includes('['))));
      },
    ),
    { numRuns: Math.min(RUNS, 200) },
  );
});
