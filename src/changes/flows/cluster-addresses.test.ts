import { expect, it } from 'vitest';
import { readWorld } from '../../engines/network/index.ts';
import { CLUSTER } from '../../snapshot/index.ts';
import { clusterAddresses } from './cluster-addresses.ts';

type Raw = Record<string, unknown>;

const node = (name: string, podCIDRs?: readonly string[]): Raw => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  spec: podCIDRs === undefined ? {} : { podCIDR: podCIDRs[0], podCIDRs },
});
const pod = (podIP: string, spec: Raw = {}): Raw => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `p-${podIP.replaceAll(/[.:]/g, '-')}`, namespace: 'x' },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
  status: { podIP, podIPs: [{ ip: podIP }] },
});
const service = (clusterIP: string): Raw => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 's', namespace: 'x' },
  spec: { clusterIP, clusterIPs: [clusterIP] },
});

function asked(objects: readonly Raw[], ...addresses: readonly string[]): (string | undefined)[] {
  const sources = objects.map((object) => ({ object, origin: CLUSTER }));
  return addresses.map(clusterAddresses(sources, readWorld(objects)));
}

it('is a pod where all nodes say where pods are, and nowhere else', () => {
  const nodes = [node('a', ['10.244.0.0/24', 'fd00:1::/64']), node('b', ['10.244.1.0/24'])];
  const told = [...nodes, service('172.20.0.10'), pod('10.244.0.7'), pod('192.168.7.1', { hostNetwork: true })];
  expect(asked(told, '10.244.1.200', 'fd00:1::9', '10.244.2.1', '192.168.7.9', '8.8.8.8')).toEqual([
    'pod',
    'pod',
    undefined,
    undefined,
    undefined,
  ]);
});

it('is a pod anywhere private where a node says nothing, or where pods are elsewhere than nodes say', () => {
  const wanted = ['pod', 'pod', undefined];
  const addresses = ['10.244.2.1', '192.168.99.4', '203.0.113.9'];
  expect(asked([node('a', ['10.244.0.0/24']), node('b'), service('172.20.0.10')], ...addresses)).toEqual(wanted);
  expect(asked([service('172.20.0.10')], ...addresses)).toEqual(wanted);
  // A plug-in that gives addresses of its own, whatever nodes say.
  const calico = [node('a', ['10.244.0.0/24']), pod('192.168.104.7'), service('172.20.0.10')];
  expect(asked(calico, ...addresses, '10.244.0.9')).toEqual([...wanted, 'pod']);
});

it('is a Service near to one that is known, or in a range that is told; anywhere private where none is', () => {
  const range = { apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name: 'more' }, spec: { cidrs: ['172.31.0.0/24'] } };
  const nodes = [node('a', ['10.244.0.0/24'])];
  expect(asked([...nodes, service('10.96.0.10'), range], '10.100.3.4', '10.112.0.1', '172.31.0.77', '172.31.1.1')).toEqual([
    'service',
    undefined,
    'service',
    undefined,
  ]);
  expect(asked([...nodes, service('fd00:96::10')], 'fd00:96::ffff', 'fd00:96::10:1', 'fd00:96::1:0:0')).toEqual([
    'service',
    undefined,
    undefined,
  ]);
  expect(asked([...nodes, service('None')], '10.96.0.1', '10.244.0.5', '8.8.8.8')).toEqual(['service', 'service', undefined]);
});

it('is neither where it is no address', () => {
  expect(asked([], 'db.example', '', '10.0.0')).toEqual([undefined, undefined, undefined]);
});
