import { describe, expect, it } from 'vitest';
import { steady } from './steady.ts';

type Fields = Record<string, unknown>;
const made = (apiVersion: string, kind: string, more: Fields = {}): Fields => ({
  apiVersion,
  kind,
  metadata: { name: 'a', resourceVersion: '7', managedFields: [{ manager: 'x' }], ...(more.metadata as Fields | undefined) },
  spec: { a: 1 },
  status: { at: 'now', conditions: [{ type: 'Ready', lastHeartbeatTime: 'now' }] },
});
const left = (object: Fields): Fields => {
  steady(object);
  return object;
};

describe('what changes by itself', () => {
  it('is left out of nodes, autoscalers and custom resources', () => {
    expect(left(made('v1', 'Node'))).toMatchObject({ metadata: { name: 'a' }, status: { conditions: [{ type: 'Ready' }] } });
    expect(JSON.stringify(left(made('v1', 'Node')))).not.toContain('Heartbeat');
    expect(left(made('autoscaling/v2', 'HorizontalPodAutoscaler'))).not.toHaveProperty('status');
    for (const version of ['argoproj.io/v1alpha1', 'gateway.networking.k8s.io/v1', 'keda.sh/v1alpha1']) {
      const object = left(made(version, 'X'));
      expect(object).not.toHaveProperty('status');
      expect(object.metadata).toEqual({ name: 'a', managedFields: [{ manager: 'x' }] });
    }
  });

  it('stays in everything else', () => {
    for (const [version, kind] of [
      ['v1', 'Pod'],
      ['apps/v1', 'Deployment'],
      ['networking.k8s.io/v1', 'Ingress'],
    ] as const) {
      expect(left(made(version, kind))).toEqual(made(version, kind));
    }
  });

  it('of what a controller made is who set which field, and of leaders who leads', () => {
    const ownerReferences = [{ controller: true, uid: 'u' }];
    expect(left(made('v1', 'Pod', { metadata: { ownerReferences } })).metadata).toEqual({
      name: 'a',
      resourceVersion: '7',
      ownerReferences,
    });
    const annotations = { 'control-plane.alpha.kubernetes.io/leader': '{"renewTime":"now"}', b: 'c' };
    expect(left(made('v1', 'Endpoints', { metadata: { annotations } })).metadata).toEqual({ name: 'a', annotations: { b: 'c' } });
  });
});
