import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nodeFacts, objectsOf } from '../../../test/rule-tester.ts';
import { RUNS } from '../../../test/runs.ts';
import { nodeFactsOf } from '../../snapshot/index.ts';
import { kubeletDrift } from './kubelet-drift.ts';
import { viewsOfNodes } from './node-view.ts';

const DEFAULTS = {
  authentication: { anonymous: { enabled: false }, webhook: { enabled: true, cacheTTL: '2m0s' }, x509: {} },
  authorization: { mode: 'Webhook' },
  address: '0.0.0.0',
  port: 10_250,
  enableServer: true,
  enableDebuggingHandlers: true,
  enableProfilingHandler: true,
  enableDebugFlagsHandler: true,
  enableSystemLogHandler: true,
  streamingConnectionIdleTimeout: '4h0m0s',
  makeIPTablesUtilChains: true,
  eventRecordQPS: 50,
  podPidsLimit: -1,
  seccompDefault: false,
};

function drift(files: Record<string, unknown>, running: Record<string, unknown> = {}): string[] {
  return kubeletDrift(files, { ...DEFAULTS, ...running }).map(({ path, holds, runs }) => `${path} ${String(holds)} ${String(runs)}`);
}

it.each<[Record<string, unknown>, Record<string, unknown>]>([
  [{}, {}],
  // As kubeadm writes what it does not set.
  [{ streamingConnectionIdleTimeout: '0s', port: 0, authorization: { mode: '' }, rotateCertificates: false }, {}],
  [{ streamingConnectionIdleTimeout: '5m' }, { streamingConnectionIdleTimeout: '5m0s' }],
  [{ tlsCipherSuites: ['A', 'B'] }, { tlsCipherSuites: ['B', 'A'] }],
  // What the kubelet chooses by itself.
  [{}, { tlsCertFile: '/var/lib/kubelet/pki/kubelet.crt', eventRecordQPS: 5, featureGates: { Any: true } }],
])('is none between %j and %j', (files, running) => {
  expect(drift(files, running)).toEqual([]);
});

it.each<[Record<string, unknown>, Record<string, unknown>, string[]]>([
  [{ rotateCertificates: true }, {}, ['rotateCertificates true undefined']],
  [{}, { readOnlyPort: 10_255 }, ['readOnlyPort 0 10255']],
  [{}, { staticPodURL: 'http://203.0.113.9/pods' }, ['staticPodURL  http://203.0.113.9/pods']],
  [{ eventRecordQPS: 0 }, {}, ['eventRecordQPS 0 50']],
  [{ authorization: { mode: 'Webhook' } }, { authorization: { mode: 'AlwaysAllow' } }, ['authorization.mode Webhook AlwaysAllow']],
  [{ featureGates: { A: true, B: true } }, { featureGates: { A: false, B: true } }, ['featureGates.A true false']],
])('is told between %j and %j', (files, running, expected) => {
  expect(drift(files, running)).toEqual(expected);
});

it('does not fall over what is no configuration', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (files, value) => {
      kubeletDrift(files, { ...files, authentication: value, featureGates: value, tlsCipherSuites: value });
      kubeletDrift({ authentication: value, featureGates: value, port: value }, files);
    }),
    { numRuns: RUNS },
  );
});

it('stands beside the files of a node, and alone where nothing was collected', () => {
  const [facts] = objectsOf(
    nodeFacts({
      node: 'n1',
      processes: [['kubelet', '--config=/k.yaml']],
      files: { '/k.yaml': '600 root:root {"kind": "KubeletConfiguration", "readOnlyPort": 0}' },
    }),
  ).map((each) => nodeFactsOf(each, 'n1.json'));
  const asked = (host: string, node?: string) => ({
    host,
    port: 10_250,
    component: 'kubelet' as const,
    use: 'secure' as const,
    ...(node !== undefined && { node }),
    from: 'a test',
    state: 'open' as const,
    http: false,
    answers: [],
    configz: { by: 'certificate' as const, config: { readOnlyPort: 1 } },
  });
  const endpoints = [asked('10.0.0.1', 'n1'), asked('10.0.0.2', 'n2'), asked('fd00::3')];
  const views = viewsOfNodes(facts === undefined ? [] : [facts], { endpoints });
  const configs = (objects: (typeof views)[number]['objects']): unknown[] =>
    objects.filter(({ object }) => object.kind === 'KubeletConfiguration').map(({ object }) => object.readOnlyPort);
  expect(views.map(({ facts: { node }, known, objects }) => [node, known, configs(objects)])).toEqual([
    ['n1', 'collected', [0, 1]],
    ['n2', 'asked', [1]],
    ['[fd00::3]:10250', 'address', [1]],
  ]);
  expect(views[1]?.all().map(({ facts: { node } }) => node)).toEqual(['n1']);
  const [own] = views[2]?.objects ?? [];
  expect(own && views[2]?.locate(own.origin, 'readOnlyPort')).toMatchObject({
    origin: { source: '[fd00::3]:10250/configz' },
    path: 'readOnlyPort',
  });
});
