import { describe, expect, it } from 'vitest';
import { CniReader } from '../engines/cni/index.ts';
import { type World, readWorld } from '../engines/network/index.ts';
import { gapsField, noteGaps } from './net-gaps.ts';

const FLANNEL = { kind: 'DaemonSet', spec: { template: { spec: { containers: [{ image: 'ghcr.io/flannel-io/flannel:v0.26.1' }] } } } };
const CALICO = { kind: 'DaemonSet', spec: { template: { spec: { containers: [{ image: 'docker.io/calico/node:v3.28.0' }] } } } };
const POLICY = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'deny', namespace: 'shop' },
  spec: { podSelector: {} },
};
const ADMIN = {
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  kind: 'AdminNetworkPolicy',
  metadata: { name: 'deny' },
  spec: { priority: 1, subject: { namespaces: {} } },
};

function noted(...objects: Record<string, unknown>[]): World {
  const cni = new CniReader();
  for (const [index, object] of objects.entries()) cni.add(object, index);
  const world = readWorld(objects);
  noteGaps(world, cni.enforcement(), []);
  return world;
}

describe('gaps of the network', () => {
  it.each([
    ['a plug-in that ignores policies', ['cni-ignores-policies'], [FLANNEL, POLICY]],
    ['a kind that the plug-in does not know', ['policy-kind-not-enforced'], [CALICO, POLICY, ADMIN]],
    ['nothing, where no policy needs it', undefined, [FLANNEL]],
    ['nothing, where nobody knows the plug-in', undefined, [POLICY, ADMIN]],
    ['nothing, where all is enforced', undefined, [CALICO, POLICY]],
  ] as const)('are %s', (_what, codes, objects) => {
    expect(gapsField(noted(...objects)).gaps?.map(({ code }) => code)).toEqual(codes);
  });

  it('are told once of two states', () => {
    expect(gapsField(noted(FLANNEL, POLICY), noted(FLANNEL, POLICY)).gaps).toHaveLength(1);
  });
});
