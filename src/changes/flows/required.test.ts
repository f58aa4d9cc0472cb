import { describe, expect, test } from 'vitest';
import { Ledger, type UseRecord } from '../../record/index.ts';
import { Attestations } from '../attestations.ts';
import { type Evidence, type Proof, prove } from '../prove.ts';
import { toState } from '../state-examples.ts';
import type { StateContext } from '../state.ts';

type Raw = Record<string, unknown>;

const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const pod = (ref: string, address: string, spec: Raw = {}): Raw => {
  const [namespace, name] = ref.split('/');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels: { app: name } },
    spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 8443 }] }], ...spec },
    status: { podIP: address },
  };
};
const service = (ref: string, spec: Raw): Raw => {
  const [namespace, name] = ref.split('/');
  return { apiVersion: 'v1', kind: 'Service', metadata: { namespace, name }, spec: { selector: { app: name }, ...spec } };
};
const DNS = [
  pod('kube-system/coredns', '10.0.9.9'),
  service('kube-system/kube-dns', { selector: { app: 'coredns' }, ports: [{ name: 'dns', port: 53, protocol: 'UDP' }] }),
];
const API = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
  endpoints: [{ addresses: ['10.1.0.1'] }],
  ports: [{ port: 6443 }],
};
const NODE = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1' },
  status: { addresses: [{ type: 'InternalIP', address: '10.1.0.9' }] },
};
const WEB = pod('shop/web', '10.0.0.1');

type Rule = Raw;
const policy = (spec: { ingress?: readonly Rule[]; egress?: readonly Rule[] }): Raw => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'closed', namespace: 'shop' },
  spec: { podSelector: {}, policyTypes: Object.keys(spec).map((key) => (key === 'ingress' ? 'Ingress' : 'Egress')), ...spec },
});

function proved(objects: readonly Raw[], closed: Raw, evidence: Evidence & StateContext & { kind?: 'manifests' } = {}): Proof {
  const before = toState([NAMESPACE, ...objects], evidence.kind, evidence);
  const change = {
    patches: [{ target: 'NetworkPolicy/shop/closed', operation: 'create' as const, patch: [], object: closed }],
    effort: 'low' as const,
  };
  return prove({ before, after: before.with(change) }, change, evidence);
}

const needed = ({ denies }: Proof): unknown[] => denies.map(({ code, who, what }) => [code, who, what.split(' (')[0]]);
const codes = ({ unknownBecause }: Proof): string[] => [...new Set(unknownBecause.map(({ code }) => code))].toSorted();

const OUT = policy({ egress: [] });
const IN = policy({ ingress: [] });
const to = (peer: Raw, port: number, protocol = 'TCP'): Raw => ({ to: [peer], ports: [{ port, protocol }] });
const at = (cidr: string): Raw => ({ ipBlock: { cidr } });

describe('names that pods resolve', () => {
  const toDns = to({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }, 53, 'UDP');

  test('break a change that closes them, and need no record', () => {
    expect(needed(proved([WEB, ...DNS], OUT))).toEqual([['dns', 'shop/web[Pod]', 'kube-system/coredns[Pod] UDP 53']]);
    expect(proved([WEB, ...DNS], OUT).verdict).toBe('breaks');
    expect(proved([WEB, ...DNS], policy({ egress: [toDns] })).denies).toEqual([]);
    expect(proved([WEB, ...DNS], IN).denies).toEqual([]);
  });

  test('are not closed by what leaves them as they were', () => {
    const closedBefore = { ...policy({ egress: [] }), metadata: { name: 'before', namespace: 'shop' } };
    expect(proved([WEB, ...DNS, closedBefore], OUT).denies).toEqual([]);
    expect(proved([pod('shop/web', '10.1.0.9', { hostNetwork: true }), ...DNS], OUT).denies).toEqual([]);
  });

  test('are those of the cluster also where its pods are not in the input', () => {
    expect(needed(proved([WEB], OUT, { kind: 'manifests' }))).toEqual([['dns', 'shop/web[Pod]', 'kube-system/[k8s-app=kube-dns] UDP 53']]);
    expect(proved([WEB], policy({ egress: [toDns] })).denies).toEqual([]);
    // Of a namespace by a label that nobody of the input knows.
    const proof = proved([WEB], policy({ egress: [to({ namespaceSelector: { matchLabels: { team: 'platform' } } }, 53, 'UDP')] }));
    expect([needed(proof), codes(proof)]).toEqual([[], ['input-partial', 'no-record']]);
  });

  test('are asked of a cache on the node too', () => {
    const cache = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'node-local-dns', namespace: 'kube-system' },
      spec: {
        template: {
          metadata: {},
          spec: { hostNetwork: true, containers: [{ name: 'c', image: 'x', args: ['-localip', '169.254.20.10'] }] },
        },
      },
    };
    expect(needed(proved([WEB, ...DNS, cache], OUT))).toMatchObject([['dns', 'shop/web[Pod]', expect.anything() as string]]);
    const toCache = policy({ egress: [to(at('169.254.20.10/32'), 53, 'UDP')] });
    // Whether pods ask the one or the other stands in a file of the node.
    expect(codes(proved([WEB, ...DNS, cache], toCache))).toContain('resolver-unknown');
    expect(codes(proved([WEB, ...DNS, cache], policy({ egress: [toDns, to(at('169.254.20.10/32'), 53, 'UDP')] })))).not.toContain(
      'resolver-unknown',
    );
  });

  test('are those of the node where the pod says so', () => {
    const onNode = pod('shop/web', '10.0.0.1', { dnsPolicy: 'Default' });
    expect(needed(proved([onNode], OUT))).toEqual([['dns', 'shop/web[Pod]', 'the resolver of its node UDP 53']]);
    expect(codes(proved([onNode], policy({ egress: [to(at('10.0.0.0/8'), 53, 'UDP')] })))).toContain('resolver-unknown');
  });

  test('are not needed where somebody says so', () => {
    const said = {
      id: 'a',
      needed: false,
      what: { kind: 'connection' as const, to: 'kube-system/coredns[Pod]' },
      of: 'shop/web[Pod]',
      who: 'ann',
      why: 'it has addresses',
      until: '2099-01-01',
      text: 'connection to kube-system/coredns[Pod]',
    };
    const proof = proved([WEB, ...DNS], OUT, { attestations: new Attestations([said as never], '2026-01-01') });
    expect(proof.denies).toEqual([]);
    expect(proof.attestations).toHaveLength(1);
  });
});

describe('calls of the API server', () => {
  const HOOK = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'hook' },
    webhooks: [{ name: 'a.b.c', clientConfig: { service: { namespace: 'shop', name: 'web' } } }],
  };
  const EXTENSION = {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1.x' },
    spec: { service: { namespace: 'shop', name: 'web' } },
  };
  const CONVERSION = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'x' },
    spec: { conversion: { strategy: 'Webhook', webhook: { clientConfig: { service: { namespace: 'shop', name: 'web' } } } } },
  };
  const BEHIND = service('shop/web', { ports: [{ port: 443, targetPort: 8443 }] });
  const from = (...peers: readonly Raw[]): Raw => policy({ ingress: [{ from: peers, ports: [{ port: 8443 }] }] });

  test.each([HOOK, EXTENSION, CONVERSION])('break a change that closes them: $kind', (object) => {
    const proof = proved([WEB, BEHIND, API, object], IN);
    expect(needed(proof)).toEqual([['api-call', '10.1.0.1/32', 'shop/web[Pod] TCP 8443']]);
    expect(proof.denies[0]?.what).toContain(`${object.kind}/${object.metadata.name}`);
    expect(proved([WEB, BEHIND, API, object], from(at('10.1.0.0/24'))).denies).toEqual([]);
    expect(needed(proved([WEB, BEHIND, API, object], from(at('10.2.0.0/24'))))).toHaveLength(1);
  });

  test.each(['https://web.shop.svc:8443/x', 'https://10.96.0.77:8443/x', 'https://10.0.0.1:8443'])(
    'are made by a URL as well: %s',
    (url) => {
      const hook = { ...HOOK, webhooks: [{ name: 'a.b.c', clientConfig: { url } }] };
      const behind = service('shop/web', { clusterIP: '10.96.0.77', ports: [{ port: 8443 }] });
      expect(needed(proved([WEB, behind, API, hook], IN))).toEqual([['api-call', '10.1.0.1/32', 'shop/web[Pod] TCP 8443']]);
      expect(proved([WEB, behind, API, hook], from(at('10.1.0.0/24'))).denies).toEqual([]);
    },
  );

  test('come through the ends of the tunnel where there is one', () => {
    const agent = pod('kube-system/konnectivity-agent', '10.0.9.1');
    const labelled = { namespaceSelector: {}, podSelector: { matchLabels: { app: 'konnectivity-agent' } } };
    expect(needed(proved([WEB, BEHIND, API, HOOK, agent], from(at('10.1.0.0/24'))))).toEqual([
      ['api-call', 'kube-system/konnectivity-agent[Pod]', 'shop/web[Pod] TCP 8443'],
    ]);
    expect(proved([WEB, BEHIND, API, HOOK, agent], from(labelled)).denies).toEqual([]);
  });

  test('are unknown where its address is, unless no address is left', () => {
    expect(needed(proved([WEB, BEHIND, HOOK], IN))).toEqual([['api-call', 'the API server', 'shop/web[Pod] TCP 8443']]);
    const some = proved([WEB, BEHIND, HOOK], from(at('10.1.0.0/24')));
    expect([needed(some), codes(some)]).toEqual([[], ['api-server-unknown', 'no-record']]);
    expect(codes(proved([WEB, BEHIND, HOOK], from(at('0.0.0.0/0'))))).not.toContain('api-server-unknown');
  });
});

describe('the API server', () => {
  const account = (name: string, bound?: 'nothing'): UseRecord => {
    const ledger = new Ledger();
    const stream = ledger.stream('cp1', 'audit');
    const actor = ledger.actor({ name: `system:serviceaccount:shop:${name}`, groups: [], ...(bound !== undefined && { bound }) });
    const asked = {
      verb: 'get',
      apiGroup: '',
      resource: 'configmaps',
      subresource: '',
      namespace: 'shop',
      name: 'x',
      path: '',
      through: 'request',
    } as const;
    for (const time of [1_760_000_000, 1_760_000_060]) ledger.request(actor, asked, { stream: stream.id, time, outcome: 'allowed' });
    return ledger.record();
  };
  const api = ({ denies }: Proof): unknown[] => denies.filter(({ code }) => code === 'api-server');

  test('is needed by an account that asked it, as often as it did', () => {
    const proof = proved([WEB, API], OUT, { record: account('default') });
    expect(api(proof)).toMatchObject([{ who: 'shop/web[Pod]', count: 2, last: 1_760_000_060 }]);
    expect(api(proved([WEB, API], policy({ egress: [to(at('10.1.0.1/32'), 6443)] }), { record: account('default') }))).toEqual([]);
    expect(api(proved([WEB, API], policy({ egress: [to(at('10.1.0.1/32'), 443)] }), { record: account('default') }))).toHaveLength(1);
  });

  test('is not by others: another account, no token, a token of nobody', () => {
    for (const [one, record] of [
      [WEB, account('other')],
      [pod('shop/web', '10.0.0.1', { automountServiceAccountToken: false }), account('default')],
      [WEB, account('default', 'nothing')],
    ] as const)
      expect(api(proved([one, API], OUT, { record }))).toEqual([]);
  });

  test('is perhaps where several have the account', () => {
    const proof = proved([WEB, pod('shop/db', '10.0.0.2'), API], OUT, { record: account('default') });
    expect([api(proof), codes(proof).includes('account-shared')]).toEqual([[], true]);
  });

  test('is somewhere, where its address is not known', () => {
    expect(api(proved([WEB], OUT, { record: account('default') }))).toHaveLength(1);
    const some = proved([WEB], policy({ egress: [to(at('10.1.0.0/16'), 6443)] }), { record: account('default') });
    expect([api(some), codes(some).includes('api-server-unknown')]).toEqual([[], true]);
  });

  test('is where the user says, where the input does not', () => {
    const addresses = { apiServer: [{ cidr: '10.1.0.1/32', port: 6443 }], nodes: [] };
    const told = (cidr: string): Proof =>
      proved([WEB], policy({ egress: [to(at(cidr), 6443)] }), { record: account('default'), addresses });
    expect([api(told('10.1.0.0/16')), codes(told('10.1.0.0/16')).includes('api-server-unknown')]).toEqual([[], false]);
    expect(api(told('10.2.0.0/16'))).toMatchObject([{ who: 'shop/web[Pod]', count: 2 }]);
  });
});

describe('collected metrics', () => {
  const annotated = {
    ...WEB,
    metadata: { ...(WEB.metadata as Raw), annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090' } },
  };
  const prometheus = pod('monitoring/prom', '10.0.5.5', { containers: [{ name: 'c', image: 'quay.io/prometheus/prometheus:v3' }] });

  test('break a change that closes them', () => {
    expect(needed(proved([annotated, prometheus], IN))).toEqual([['scrape', 'monitoring/prom[Pod]', 'shop/web[Pod] TCP 9090']]);
    const open = policy({ ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 9090 }] }] });
    expect(proved([annotated, prometheus], open).denies).toEqual([]);
  });

  test('are unknown where nobody of the input collects them', () => {
    const proof = proved([annotated], IN);
    expect([needed(proof), codes(proof)]).toEqual([[], ['no-record', 'scraper-unknown']]);
  });
});

describe('peers on the network of a node', () => {
  const agent = pod('ops/agent', '10.1.0.9', { hostNetwork: true });
  const asking = pod('shop/web', '10.0.0.1', {
    containers: [{ name: 'c', image: 'x', env: [{ name: 'AGENT', value: 'http://agent.ops:9100' }] }],
  });
  const objects = [asking, agent, service('ops/agent', { ports: [{ port: 9100 }] })];

  test('break a change that closes them', () => {
    expect(needed(proved([...objects, NODE, ...DNS], OUT))).toContainEqual(['host-peer', 'shop/web[Pod]', 'ops/agent[Pod] TCP 9100']);
    const open = policy({ egress: [to(at('10.1.0.0/24'), 9100)] });
    expect(needed(proved([...objects, NODE, ...DNS], open)).some((one) => JSON.stringify(one).includes('host-peer'))).toBe(false);
  });

  test('are unknown where the addresses of nodes are', () => {
    const unplaced = objects.map((one) => (one === agent ? { ...agent, status: {} } : one));
    expect(codes(proved([...unplaced, ...DNS], policy({ egress: [to(at('10.1.0.0/24'), 9100)] })))).toContain('nodes-unknown');
  });

  test('are not the node that probes its own pod, which no policy stops', () => {
    const ledger = new Ledger();
    const stream = ledger.stream('flows', 'flows');
    stream.event(1_760_000_000);
    for (const source of ['host:n1', 'ip:10.1.0.9'])
      ledger.flow(
        { source, destination: 'pod:shop/web', protocol: 'TCP', port: 8443 },
        { stream: stream.id, time: 1_760_000_000, outcome: 'allowed' },
      );
    const record = ledger.record();
    expect(proved([WEB, NODE], IN, { record }).denies).toEqual([]);
    const elsewhere = pod('shop/web', '10.0.0.1', { nodeName: 'n2' });
    expect(proved([elsewhere, NODE], IN, { record }).denies).toHaveLength(2);
  });

  test('are perhaps the node of a pod that is gone, where it asked on the port of a probe', () => {
    const ledger = new Ledger();
    const stream = ledger.stream('flows', 'flows');
    stream.event(1_760_000_000);
    const flow = { source: 'host:n1', destination: 'pod:shop/web-7d4b9c6f5-zzzzz', protocol: 'TCP', port: 8443 } as const;
    ledger.flow(flow, { stream: stream.id, time: 1_760_000_000, outcome: 'allowed' });
    const made = (probe: Raw): Raw => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'c', image: 'x', ports: [{ name: 'up', containerPort: 8443 }], ...probe }] },
        },
      },
    });
    const record = ledger.record();
    const proof = proved([made({ readinessProbe: { httpGet: { port: 'up' } } }), NODE], IN, { record });
    expect([proof.denies, codes(proof).includes('ends-unknown')]).toEqual([[], true]);
    expect(proved([made({ readinessProbe: { exec: { command: ['true'] } } }), NODE], IN, { record }).denies).toHaveLength(1);
  });
});
