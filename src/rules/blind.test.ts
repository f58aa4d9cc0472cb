import { describe, expect, it } from 'vitest';
import { type Cluster, buildCluster } from '../model/index.ts';
import type { MissingKind } from '../snapshot/index.ts';
import type { Finding } from './finding.ts';
import { judge } from './judge.ts';
import { type Rule, defineRule } from './rule.ts';

const HEADER = {
  title: 'R',
  severity: 'low',
  area: 'governance',
  rationale: '',
  remedy: '',
  controls: [],
  examples: () => ({ good: [], bad: [] }),
} as const;
const policies = defineRule({
  ...HEADER,
  id: 'policies',
  scope: 'workload',
  reads: ['NetworkPolicy'],
  check: (workload, { NetworkPolicy }) =>
    NetworkPolicy.in(workload.namespace).length === 0 ? { message: 'no policy', path: '' } : undefined,
});
const pods = defineRule({ ...HEADER, id: 'pods', scope: 'container', check: () => ({ message: 'bad', path: '' }) });
const roles = defineRule({ ...HEADER, id: 'roles', scope: 'object', kinds: ['Role'], check: () => undefined });

const MISSING: Record<string, MissingKind> = {
  networkpolicies: { group: 'networking.k8s.io', kind: 'NetworkPolicy', resource: 'networkpolicies', why: 'forbidden' },
  roles: { group: 'rbac.authorization.k8s.io', kind: 'Role', resource: 'roles', why: 'failed' },
  pods: { group: '', kind: 'Pod', resource: 'pods', why: 'forbidden' },
  others: { group: 'example.com', kind: 'Pod', resource: 'pods', why: 'forbidden' },
};

function clusterWithout(...resources: string[]): Cluster {
  return clusterMissing(...resources.map((resource) => MISSING[resource]).filter((kind) => kind !== undefined));
}

function clusterMissing(...missing: MissingKind[]): Cluster {
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { template: { spec: { containers: [{ name: 'app' }] } } },
  };
  return buildCluster({
    header: { kind: 'cluster', complete: false, missing },
    objects: [{ object, origin: { source: 'cluster', line: 1, format: 'json', prefix: [] } }],
    counts: { files: 0, documents: 1, judged: 1, foreign: 0 },
    gaps: [],
  });
}

function told(cluster: Cluster, rules: readonly Rule[], all = false): string[] {
  const found: string[] = [];
  judge(
    cluster,
    { rules, all },
    ({ rule, status, subject, message }: Finding) => void found.push(`${rule.id} ${status} ${subject.kind}: ${message}`),
  );
  return found;
}

describe('a kind that could not be listed', () => {
  it('makes what was compared with it unknown', () => {
    expect(told(clusterWithout('networkpolicies'), [policies])).toEqual([
      'policies unknown Cluster: networkpolicies could not be listed',
      'policies unknown Deployment: no policy; networkpolicies could not be listed',
    ]);
  });

  it('leaves what was seen as it is, and tells that more may be there', () => {
    expect(told(clusterWithout('pods'), [pods])).toEqual(['pods unknown Cluster: pods could not be listed', 'pods fail Deployment: bad']);
  });

  it('is told for rules about its objects', () => {
    expect(told(clusterWithout('roles'), [roles, pods])).toEqual([
      'roles unknown Cluster: roles could not be listed',
      'pods fail Deployment: bad',
    ]);
  });

  it('whose server is gone is known by its resource', () => {
    const gone = { group: 'networking.k8s.io', kind: '', resource: 'networkpolicies', why: 'failed' } as const;
    expect(told(clusterMissing(gone), [policies])[0]).toBe('policies unknown Cluster: networkpolicies could not be listed');
  });

  it('that no table holds makes unknown what looks at all objects', () => {
    const all: Rule = { ...policies, id: 'all', reads: ['objects'] };
    const calico = {
      group: 'crd.projectcalico.org',
      kind: 'GlobalNetworkPolicy',
      resource: 'globalnetworkpolicies',
      why: 'forbidden',
    } as const;
    expect(told(clusterMissing(calico), [{ ...all, check: () => ({ message: 'bad', path: '' }) }, pods])).toEqual([
      'all unknown Cluster: globalnetworkpolicies.crd.projectcalico.org could not be listed',
      'all unknown Deployment: bad; globalnetworkpolicies.crd.projectcalico.org could not be listed',
      'pods fail Deployment: bad',
    ]);
  });

  it('of another group changes nothing', () => {
    expect(told(clusterWithout('others'), [pods, policies])).toEqual(['policies fail Deployment: no policy', 'pods fail Deployment: bad']);
  });

  it('lets nothing pass', () => {
    const silent: Rule = { ...policies, check: () => undefined };
    expect(told(clusterWithout('networkpolicies'), [silent], true)).toEqual([
      'policies unknown Cluster: networkpolicies could not be listed',
    ]);
  });
});
