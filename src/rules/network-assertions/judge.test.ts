import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bruteForce } from '../../../test/network/brute-force.ts';
import { clusters } from '../../../test/network/clusters.ts';
import { RUNS } from '../../../test/runs.ts';
import { readWorld } from '../../engines/network/index.ts';
import { judgeAssertions, readAssertions } from './index.ts';
import type { Verdicts } from './verdicts.ts';

type Raw = Record<string, unknown>;

function pod(name: string, labels: Raw, more: Raw = {}): Raw {
  const [namespace, own] = name.split('/');
  const ports = [{ name: 'http', containerPort: 8080 }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name: own, labels },
    spec: { containers: [{ name: 'c', ports }] },
    ...more,
  };
}

/** Those without an address have one of their own. */
function placed(objects: readonly Raw[]): Raw[] {
  return objects.map((object, index) => {
    const { podIPs = [] } = (object.status ?? {}) as { podIPs?: unknown[] };
    return object.kind === 'Pod' && podIPs.length === 0 ? { ...object, status: { podIPs: [{ ip: `10.88.0.${index}` }] } } : object;
  });
}

function namespace(name: string, labels: Raw): Raw {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** Only `dev/web` may enter `prod/db`, on 5432. */
const WORLD: Raw[] = [
  namespace('dev', { env: 'dev', team: 'a' }),
  namespace('prod', { env: 'prod', team: 'b' }),
  pod('dev/web', { app: 'web' }, { status: { podIP: '10.2.0.1' } }),
  pod('dev/job', { app: 'job', env: 'prod' }, { status: { podIP: '10.2.0.2' } }),
  pod('prod/db', { app: 'db' }, { status: { podIP: '10.1.2.3' } }),
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: 'prod', name: 'db' },
    spec: {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { env: 'dev' } }, podSelector: { matchLabels: { app: 'web' } } }],
          ports: [{ port: 5432 }],
        },
      ],
      egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }] }],
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'prod', name: 'database' },
    spec: {
      selector: { app: 'db' },
      ports: [
        { port: 80, targetPort: 5432 },
        { name: 'other', port: 81, targetPort: 'none' },
      ],
    },
  },
];

function judge(lines: string, objects = WORLD): Verdicts {
  return judgeAssertions(readWorld(objects), readAssertions(lines, 'rules'), '2026-06-01');
}

function results(lines: string, objects = WORLD): string[] {
  const { outcomes, exceptions } = judge(lines, objects);
  return [...outcomes, ...exceptions].map(({ status, reason }) => `${status}: ${reason}`);
}

describe('assertions', () => {
  it.each([
    ['deny dev/web -> prod/db', 'fail: 1 of 1 pair is open'],
    ['deny dev/web -> prod/db:5432', 'fail: 1 of 1 pair is open'],
    ['deny dev/web -> prod/db:5433', 'pass: holds for 1 pair'],
    ['deny dev/web -> prod/db:5432/UDP,SCTP', 'pass: holds for 1 pair'],
    ['allow dev/web -> prod/db:5432', 'pass: holds for 1 pair'],
    ['allow dev/web -> prod/db:5432,80', 'fail: 1 of 1 pair is closed'],
    ['allow dev/web -> prod/db:any', 'pass: holds for 1 pair'],
    ['allow dev/web → prod/db', 'fail: 1 of 1 pair is not open on all ports; name the port that is meant, or :any'],
    ['allow dev/* -> prod/*:5432', 'fail: 1 of 2 pairs is closed'],
    // A label is the pod's or its namespace's: the job counts as of both.
    ['deny env=prod -> prod/db', 'pass: holds for 1 pair'],
    ['deny env=dev -> prod/db', 'fail: 1 of 2 pairs is open'],
    ['deny env!=prod -> prod/db', 'fail: 1 of 1 pair is open'],
    ['allow web -> svc:prod/database:80', 'pass: holds for 1 pair'],
    ['allow web -> database', 'pass: holds for 1 pair'],
    ['allow web -> svc:prod/database:81', 'fail: "svc:prod/database:81": no pod of the input is behind that Service'],
    ['deny prod/db -> internet', 'fail: 1 of 2 pairs is open'],
    ['allow prod/db -> internet:443', 'pass: holds for 1 pair'],
    ['deny prod -> 10.0.0.0/8 or dev', 'pass: holds for 3 pairs'],
    // The pods of a range are meant with it, and one address is the pod alone.
    ['deny dev/web -> 10.1.2.3/32:5432', 'fail: 1 of 1 pair is open'],
    ['deny dev/job -> 10.1.2.3/32', 'pass: holds for 1 pair'],
    ['deny dev/web -> 10.1.2.0/24:5432', 'fail: 2 of 2 pairs are open'],
    ['allow prod -> 10.1.2.3/32 or 192.0.2.1', 'pass: holds for 1 pair'],
    ['allow web -> 10.1.2.3:5432', 'pass: holds for 1 pair'],
    ['allow internet -> web:http', 'pass: holds for 1 pair'],
    ['deny * -> dev/web:grpc', 'fail: no pod of "dev/web" has a port named grpc'],
    ['tenants by team\ndeny tenant(b) -> tenant(a)', 'pass: holds for 2 pairs'],
    ['tenants by team\ndeny tenant(*) -> tenant(*)', 'fail: 1 of 4 pairs is open'],
    ['tenants by colour\ndeny tenant(*) -> tenant(*)', 'fail: there are no tenants for it'],
    ['tenant x = prod/*\ntenant y = dev/job\ndeny tenant(y) -> tenant(x)', 'pass: holds for 1 pair'],
    ['deny tenant(nobody) -> *', 'fail: there is no tenant "nobody"'],
    // What selects nothing says nothing.
    ['deny env=test -> *', 'fail: "env=test" selects no pod of the input'],
    ['deny env=test -> * if any', 'pass: selects nothing, as it may'],
    ['deny env=test or dev/job -> prod/db', 'fail: "env=test" selects no pod of the input'],
    ['deny dev/web -> dev/web', 'fail: there are no two different ends to judge'],
    ['deny typo -> *', 'fail: "typo" is no workload, no namespace and no Service of the input'],
  ])('%s', (line, wanted) => {
    expect(results(line)).toEqual([wanted]);
  });

  it('tell a tenant without pods from one that is not there', () => {
    const objects = [...WORLD, namespace('empty', { team: 'c' })];
    expect(results('tenants by team\ndeny tenant(c) -> *\ndeny tenant(d) -> *', objects)).toEqual([
      'fail: the namespaces of the tenant "c" have no pods',
      'fail: there is no tenant "d"',
    ]);
  });

  it('show who decides', () => {
    const [outcome] = judge('deny dev -> prod').outcomes;
    expect(outcome?.counterexamples).toEqual([
      {
        src: 'dev/web[Pod]',
        dst: 'prod/db[Pod]',
        conns: { TCP: ['5432'] },
        why: {
          conns: { TCP: ['5432'] },
          verdict: 'allow',
          egress: { verdict: 'allow', by: [], default: true },
          ingress: { verdict: 'allow', by: ['NetworkPolicy/prod/db ingress rule 1'], default: false },
        },
      },
    ]);
  });

  it('take out what is excepted, by pair and port, as long as it lasts', () => {
    expect(results('deny dev -> prod\nexcept dev/web -> prod/db:5432 until 2026-06-01 "ann"')).toEqual([
      'pass: holds for 2 pairs, for 1 of them thanks to an exception',
      'used: ann',
    ]);
    expect(results('deny dev -> prod\nexcept dev/web -> prod/db:80 until 2026-06-01 "ann"')).toEqual([
      'fail: 1 of 2 pairs is open',
      'unused: nothing that is denied is open there',
    ]);
    expect(results('deny dev/web -> 10.1.2.2/31:5432\nexcept dev/web -> 10.1.2.3/32 until 2026-06-01 "ann"')).toEqual([
      'fail: 1 of 2 pairs is open',
      'used: ann',
    ]);
    expect(results('deny dev -> prod\nexcept dev/web -> prod/db until 2026-05-31 "ann"')).toEqual([
      'fail: 1 of 2 pairs is open',
      'expired: it held until 2026-05-31',
    ]);
    expect(results('deny dev/web -> prod:1-65535\nexcept gone/web -> svc:prod/database until 2026-06-01 "ann"')).toEqual([
      'fail: 1 of 1 pair is open',
      'unused: "gone/web" names nothing that is in the input',
    ]);
    expect(results('deny prod -> internet\nexcept prod -> 0.0.0.0/0 until 2026-06-01 "ann"')[0]).toBe(
      'pass: holds for 2 pairs, for 1 of them thanks to an exception',
    );
    expect(results('deny prod -> internet\nexcept prod -> 0.0.0.0/1 until 2026-06-01 "ann"')[0]).toBe('fail: 1 of 3 pairs is open');
  });

  it('are unknown where it depends on addresses that nobody knows', () => {
    const elsewhere = WORLD.map((object) => (object.kind === 'Pod' ? { ...object, status: {} } : object));
    const status = (line: string, objects = elsewhere): string | undefined => results(line, objects)[0];
    const rule = 'NetworkPolicy/prod/db egress rule 1';
    expect(status('deny prod/db -> dev/web')).toBe(
      `unknown: for 1 of 1 pair it depends on what the input does not tell: ${rule} may hold pods whose addresses are not in the input (--pod-addresses tells where pods are)`,
    );
    expect(status('allow prod/db -> dev/web')).toBe(
      `unknown: for 1 of 1 pair it depends on what the input does not tell: ${rule} may hold pods whose addresses are not in the input (--pod-addresses tells where pods are)`,
    );
    // What no range has to do with is as sure as ever.
    expect(status('deny dev/job -> prod/db')).toBe('pass: holds for 1 pair');
    expect(status('deny dev/web -> prod/db')).toBe('fail: 1 of 1 pair is open');
    expect(status('deny prod/db -> dev/web\nexcept prod/db -> dev/web until 2026-06-01 "ann"')).toBe(
      'pass: holds for 1 pair, for 1 of them thanks to an exception',
    );
  });

  it(
    'hold exactly where no connection, or every one, is as they say',
    () => {
      const probe = fc.record({ protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'), port: fc.constantFrom(53, 80, 8080) });
      fc.assert(
        fc.property(clusters.map(placed), probe, fc.constantFrom('app=a', 'app!=a', '*'), (objects, { protocol, port }, from) => {
          const [denied, allowed] = judge(
            `deny ${from} -> tier:${port}/${protocol} if any\nallow ${from} -> tier:${port}/${protocol} if any`.replaceAll(
              '-> tier',
              '-> */[tier]',
            ),
            objects as Raw[],
          ).outcomes;
          const pods = (
            objects as { kind: string; metadata: { name: string; namespace: string; labels?: Record<string, string> } }[]
          ).filter(({ kind }) => kind === 'Pod');
          const namespaces = new Map(
            (objects as { kind: string; metadata: { name: string; labels?: Record<string, string> } }[])
              .filter(({ kind }) => kind === 'Namespace')
              .map(({ metadata }) => [metadata.name, metadata.labels ?? {}]),
          );
          const isSource = ({ metadata }: (typeof pods)[number]): boolean => {
            if (from === '*') return true;
            const held = [metadata.labels?.app, namespaces.get(metadata.namespace)?.app].includes('a');
            return from === 'app=a' ? held : !held;
          };
          let [open, closed] = [0, 0];
          for (const source of pods.filter(isSource)) {
            for (const target of pods.filter(({ metadata }) => metadata.labels?.tier !== undefined)) {
              if (source === target) continue;
              const name = ({ metadata }: typeof source): string => `${metadata.namespace}/${metadata.name}`;
              if (bruteForce(objects, { from: name(source), to: name(target), protocol, port }).allowed) open += 1;
              else closed += 1;
            }
          }
          expect([denied?.failing, allowed?.failing]).toEqual([open, closed]);
          expect([denied?.pairs, denied?.status]).toEqual([open + closed, open > 0 ? 'fail' : 'pass']);
        }),
        { numRuns: RUNS },
      );
    },
    60_000 + RUNS * 60,
  );
});

describe('addresses in assertions', () => {
  const dual = (name: string, labels: Raw, ips: readonly string[]): Raw =>
    pod(name, labels, { status: { podIPs: ips.map((ip) => ({ ip })) } });
  const service = (name: string, spec: Raw): Raw => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'b', name },
    spec: {
      selector: { app: 'w' },
      ports: [
        { port: 80, targetPort: 8080 },
        { port: 90, targetPort: 9000 },
      ],
      ...spec,
    },
  });
  /** Whoever comes by IPv6 gets port 8080, and by IPv4 port 9000. */
  const objects = [
    dual('a/x', {}, ['10.0.0.1', 'fd00::1']),
    dual('b/w', { app: 'w' }, ['10.0.0.2', 'fd00::2']),
    service('w4', { ipFamilies: ['IPv4'], clusterIP: '10.96.0.9' }),
    service('w6', { ipFamilies: ['IPv6'], clusterIP: 'fd00:96::9' }),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace: 'b', name: 'p' },
      spec: {
        podSelector: {},
        ingress: [
          { from: [{ ipBlock: { cidr: 'fd00::/16' } }], ports: [{ port: 8080 }] },
          { from: [{ ipBlock: { cidr: '10.0.0.0/24' } }], ports: [{ port: 9000 }] },
        ],
      },
    },
  ];

  it.each([
    ['allow a/x -> b/w:8080', 'pass: holds for 1 pair'],
    ['allow a/x -> 10.0.0.2:8080', 'fail: 1 of 1 pair is closed'],
    ['deny a/x -> 10.0.0.2:8080', 'pass: holds for 1 pair'],
    ['allow 10.0.0.1 -> b/w:8080', 'fail: 1 of 1 pair is closed'],
    ['allow 10.0.0.1 -> 10.0.0.2:9000', 'pass: holds for 1 pair'],
    ['deny 10.0.0.1 or fd00::1 -> b/w:8080', 'fail: 1 of 1 pair is open'],
    ['deny 0.0.0.0/0 -> b/w:8080', 'pass: holds for 3 pairs'],
    ['deny ::/0 -> b/w:8080', 'fail: 2 of 3 pairs are open'],
    ['allow a/x -> svc:b/w4:80', 'fail: 1 of 1 pair is not open on all ports; name the port that is meant, or :any'],
    ['allow a/x -> svc:b/w6:80', 'pass: holds for 1 pair'],
    ['allow a/x -> 10.96.0.9:90', 'pass: holds for 1 pair'],
    ['allow a/x -> 10.96.0.9:80', 'fail: 1 of 1 pair is closed'],
    ['allow a/x -> [fd00:96::9]:80', 'pass: holds for 1 pair'],
    ['allow a/x -> 10.96.0.9:any', 'pass: holds for 1 pair'],
    ['allow a/x -> 10.96.0.9:9000', 'fail: the Service at "10.96.0.9" has no such port'],
    // What a range is closed to is reached by an address in it all the same.
    ['deny a/x -> 10.96.0.8/31:90', 'fail: 2 of 2 pairs are open'],
    // Both parts of the end count, though they name the same pod.
    ['deny a/x -> svc:b/w6:80 or svc:b/w6:90', 'fail: 1 of 1 pair is open'],
    ['deny a/x -> svc:b/w6:90', 'pass: holds for 1 pair'],
  ])('%s', (line, wanted) => {
    expect(results(line, objects)).toEqual([wanted]);
  });
});
