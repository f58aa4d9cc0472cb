import { expect, it } from 'vitest';
import { readWorld } from '../../engines/network/index.ts';
import { entriesOf } from './entries.ts';

type Raw = Record<string, unknown>;

const pod = (name: string, ports: Raw[], spec: Raw = {}): Raw => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'x', labels: { app: name } },
  spec: { containers: [{ name: 'c', image: 'i', ports }], ...spec },
});
const service = (name: string, spec: Raw): Raw => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'x' },
  spec: { selector: { app: 'web' }, clusterIP: '10.96.0.9', ports: [{ port: 80, targetPort: 8080 }], ...spec },
});
const entries = (...objects: readonly Raw[]): Record<string, unknown> => Object.fromEntries(entriesOf(readWorld(objects)));

const WEB = pod('web', [{ containerPort: 8080 }]);

it('are the ports of pods that Services open to the outside, and not those of the Services', () => {
  for (const spec of [
    { type: 'LoadBalancer' },
    { type: 'NodePort', ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }] },
    { externalIPs: ['203.0.113.7'] },
  ])
    expect(entries(WEB, service('web', spec)), JSON.stringify(spec)).toEqual({ 'x/web[Pod]': [{ TCP: ['8080'] }] });
  expect(entries(WEB, service('web', {}))).toEqual({});
});

it('are one for each way, and those that pods claim of their node', () => {
  const ports = [{ containerPort: 8080 }, { containerPort: 9090, hostPort: 9090 }, { containerPort: 53, protocol: 'UDP', hostPort: 53 }];
  expect(entries(pod('web', ports), service('web', { type: 'LoadBalancer' }))).toEqual({
    'x/web[Pod]': [{ TCP: ['8080'] }, { TCP: ['9090'] }, { UDP: ['53'] }],
  });
});

it('are none of pods on the network of their node, for which no policy has a say', () => {
  expect(entries(pod('agent', [{ containerPort: 9100, hostPort: 9100 }], { hostNetwork: true }))).toEqual({});
});
