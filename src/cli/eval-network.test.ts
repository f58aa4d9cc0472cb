import { describe, expect, it, test } from 'vitest';
import { evalNetwork } from './eval-network.ts';

const POD = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'x' }, spec: { containers: [] } };

describe('eval network', () => {
  it('takes pods, what makes pods, and addresses as ends', () => {
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'x' },
      spec: { template: { spec: { containers: [] } } },
    };
    const probes = [
      { from: 'x/a', to: 'x/web', port: 80 },
      { from: 'ip:8.8.8.8', to: 'x/a', protocol: 'SCTP', port: 1 },
    ];
    const { results, ...rest } = evalNetwork({ objects: [{ kind: 'List', items: [POD, deployment] }], probes });
    expect(results).toMatchObject([{ allowed: true }, { allowed: true }]);
    expect(rest).toEqual({});
  });
  it('tells what the server would refuse, and does without it', () => {
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'p', namespace: 'x' },
      spec: { ingress: [{ from: [{}] }] },
    };
    expect(evalNetwork({ objects: [POD, policy], probes: [{ from: 'ip:8.8.8.8', to: 'x/a', port: 80 }] })).toMatchObject({
      results: [{ allowed: true }],
      problems: [{ category: 'peer-empty', object: 'NetworkPolicy/x/p', path: 'spec.ingress[0].from[0]' }],
    });
  });
});

test.each([
  ['no probes', undefined, /"probes" is not a list/],
  ['a probe that is none', [5], /probes\[0\]/],
  ['an unknown protocol', [{ from: 'x/a', to: 'x/a', protocol: 'ICMP', port: 1 }], /"protocol"/],
  ['a port that is none', [{ from: 'x/a', to: 'x/a', port: 0 }], /"port"/],
  ['an unknown pod', [{ from: 'x/b', to: 'x/a', port: 1 }], /"from"/],
  ['a broken address', [{ from: 'x/a', to: 'ip:1.2.3', port: 1 }], /"to"/],
])('%s is a bad case', (_name, probes, message) => {
  expect(() => evalNetwork({ objects: [POD], probes })).toThrow(message);
});
