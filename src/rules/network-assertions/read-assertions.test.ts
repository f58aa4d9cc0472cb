import { describe, expect, it } from 'vitest';
import { readWorld } from '../../engines/network/index.ts';
import { CastellanError } from '../../lib/errors.ts';
import { judgeAssertions, readAssertions } from './index.ts';

function mistake(text: string): string {
  try {
    readAssertions(text, 'rules');
  } catch (error) {
    if (error instanceof CastellanError) return `${error.message}\n${error.remedy.split('\n').slice(0, 2).join('\n')}`;
    throw error;
  }
  return 'none';
}

describe('lines', () => {
  it('may have comments, titles and either arrow', () => {
    const { assertions } = readAssertions('# first\n\n\tdeny a=b -> c/d:80 "no # entry" # why\nallow x → 10.0.0.0/8 if any\r\n', 'rules');
    expect(assertions.map(({ text, title, line, mayBeEmpty }) => ({ text, title, line, mayBeEmpty }))).toEqual([
      { text: 'deny a=b -> c/d:80', title: 'no # entry', line: 3, mayBeEmpty: false },
      { text: 'allow x -> 10.0.0.0/8 if any', title: '', line: 4, mayBeEmpty: true },
    ]);
  });

  it.each([
    ['*', [{ kind: 'peer', text: '*/*' }]],
    ['shop/web[Deployment]', [{ kind: 'peer', text: 'shop/web[Deployment]' }]],
    ['[team=a]/[app in (a,b)]', [{ kind: 'peer', text: '[team=a]/[app in (a,b)]' }]],
    ['app.kubernetes.io/name=web,!old', [{ kind: 'labels', text: 'app.kubernetes.io/name=web,!old' }]],
    ['tier in (a, b)', [{ kind: 'labels', text: 'tier in (a, b)' }]],
    [
      'web or tenant(a)',
      [
        { kind: 'name', text: 'web' },
        { kind: 'tenant', text: 'a' },
      ],
    ],
    ['ip:10.0.0.0/8', [{ kind: 'peer', text: 'ip:10.0.0.0/8' }]],
    ['[fd00::/8]', [{ kind: 'peer', text: 'fd00::/8' }]],
  ])('name an end as %s', (end, names) => {
    const { assertions } = readAssertions(`deny ${end} -> ${end}\ndeny x -> ${end}:443`, 'rules');
    expect(assertions.map(({ to }) => to.names)).toEqual([names, names]);
    expect(assertions.map(({ ports }) => ports?.numbers)).toEqual([undefined, [443, 444]]);
  });

  it('leave the colons of addresses and of Services alone', () => {
    const { assertions } = readAssertions('deny x -> fd00::1\ndeny x -> ip6:fd00::/8\ndeny x -> svc:a/b:80', 'rules');
    expect(assertions.map(({ to, ports }) => [to.text, ports])).toEqual([
      ['fd00::1', undefined],
      ['ip6:fd00::/8', undefined],
      ['svc:a/b:80', undefined],
    ]);
  });

  it.each([
    ['deny a b', 'rules:1:9: what may not be missing is the arrow: deny FROM -> TO', '    deny a b', '            ^'],
    [
      '\n  frob a -> b',
      'rules:2:3: a line begins with deny, allow, except, tenant or tenants, not with "frob"',
      '      frob a -> b',
      '      ^^^^',
    ],
    ['allow web -> db:99999', 'rules:1:17: "99999" is not between 1 and 65535', '    allow web -> db:99999', '                    ^^^^^'],
    ['allow web -> db:80,9-8', 'rules:1:20: "9-8" ends before it begins', '    allow web -> db:80,9-8', '                       ^^^'],
    [
      'allow web -> db:80/icmp',
      'rules:1:17: "icmp" is none of TCP, UDP, SCTP',
      '    allow web -> db:80/icmp',
      '                    ^^^^^^^',
    ],
    [
      'deny a -> b:any',
      'rules:1:16: "any" is for what is allowed; a deny is of all ports that are named',
      '    deny a -> b:any',
      '                   ^',
    ],
    [
      'deny a=b=c -> x',
      'rules:1:6: "a=b=c" is no selector of labels such as app=web,tier in (a,b),!old',
      '    deny a=b=c -> x',
      '         ^^^^^',
    ],
    ['deny a ->  or b', 'rules:1:11: an end of the connection is missing', '    deny a ->  or b', '              ^'],
    ['deny x -> 10.0.0.0/33', 'rules:1:11: "10.0.0.0/33" is no address', '    deny x -> 10.0.0.0/33', '              ^^^^^^^^^^^'],
    [
      'except a -> b until 2027-02-30 "x"',
      'rules:1:21: "2027-02-30" is no day such as 2027-01-31',
      '    except a -> b until 2027-02-30 "x"',
      '                        ^^^^^^^^^^',
    ],
    [
      'except a -> b until 2027-02-20',
      'rules:1:31: an exception needs its reason in quotes',
      '    except a -> b until 2027-02-20',
      '                                  ^',
    ],
    ['tenant a = b\ntenant a = c', 'rules:2:8: there is a tenant "a" already', '    tenant a = c', '           ^'],
    ['tenants by a\ntenants by b', 'rules:2:12: tenants are told apart by one label', '    tenants by b', '               ^'],
  ])('tell where %j is wrong', (text, what, source, caret) => {
    const [first = '', ...rest] = mistake(text).split('\n');
    expect(first).toContain(what);
    expect(rest).toEqual([source, caret]);
  });
});

const TESTS = `- name: web reaches db
  type: k8s
  protocol: tcp
  targetPort: 5432
  timeoutSeconds: 20
  attempts: 3
  exitCode: 0
  src: {k8sResource: {kind: deployment, name: web, namespace: shop}}
  dst: {k8sResource: {kind: statefulset, name: db, namespace: shop}}
- name: no dns to elsewhere
  type: k8s
  protocol: udp
  targetPort: 53
  exitCode: 1
  src: {k8sResource: {kind: deployment, name: web, namespace: shop}}
  dst: {k8sResource: {kind: statefulset, name: db, namespace: shop}}
- name: an address
  type: k8s
  targetPort: 443
  exitCode: 1
  src: {k8sResource: {kind: statefulset, name: db, namespace: shop}}
  dst: {host: {name: 1.1.1.1}}
- name: a service
  type: k8s
  targetPort: 80
  src: {k8sResource: {kind: deployment, name: web, namespace: shop}}
  dst: {host: {name: database}}
- name: a name
  type: k8s
  targetPort: 443
  src: {k8sResource: {kind: deployment, name: web, namespace: shop}}
  dst: {host: {name: example.com}}
- name: from nowhere
  type: k8s
  targetPort: 443
  src: {k8sResource: {kind: deployment, name: nope, namespace: shop}}
  dst: {host: {name: example.com}}
`;

function workload(kind: string, name: string): Record<string, unknown> {
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c' }] } };
  return { apiVersion: 'apps/v1', kind, metadata: { namespace: 'shop', name }, spec: { template } };
}

describe("netassert's tests", () => {
  it('are judged, and what only a resolver knows is unknown', () => {
    const world = readWorld([
      workload('Deployment', 'web'),
      workload('StatefulSet', 'db'),
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { namespace: 'shop', name: 'db' },
        spec: { podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Ingress', 'Egress'], ingress: [{ ports: [{ port: 5432 }] }] },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { namespace: 'shop', name: 'database' },
        spec: { selector: { app: 'db' }, ports: [{ port: 80, targetPort: 5432 }] },
      },
    ]);
    const { outcomes } = judgeAssertions(world, readAssertions(`# tests\n${TESTS}`, 'tests.yaml'), '2026-06-01');
    expect(outcomes.map(({ assertion, status }) => `${assertion.line} ${assertion.title}: ${status}`)).toEqual([
      '2 web reaches db: pass',
      '11 no dns to elsewhere: pass',
      '18 an address: pass',
      '24 a service: pass',
      '29 a name: unknown',
      // Nobody to reach it is no matter of what is not known.
      '34 from nowhere: fail',
    ]);
  });

  it.each([
    [TESTS.replace('targetPort: 5432', 'targetPort: 0'), 'rules:4:3: targetPort is a port from 1 to 65535'],
    [TESTS.replace('exitCode: 0', 'exitcode: 1'), 'rules:7:3: there is no field "exitcode"'],
    [TESTS.replace('kind: deployment', 'kind: job'), 'rules:8:23: the kind is one of deployment, statefulset, daemonset, pod'],
    [TESTS.replace('  dst: {host: {name: 1.1.1.1}}\n', ''), 'a destination is either a k8sResource or a host'],
    [`${TESTS}${TESTS}`, 'there is a test "web reaches db" already'],
    ['- name: [', 'rules:'],
  ])('tell what is wrong', (text, what) => {
    expect(mistake(text)).toContain(what);
  });
});
