import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../engines/audit-policy/index.ts';
import { shortfalls } from './audit-coverage.ts';

function of(...rules: Record<string, unknown>[]): string[] {
  const { policy } = parsePolicy({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules });
  if (policy === undefined) throw new Error('no policy');
  return shortfalls(policy).map(
    ({ what, wanted, part, touched }) => `${what} ${wanted} ${part.rule}${touched === 'everyone' ? '' : ` ${touched}`}`,
  );
}

describe('audit policy', () => {
  const all = { level: 'Metadata' };
  it('is whole with metadata for everything', () => {
    expect(of(all)).toEqual([]);
  });
  it('records nothing without rules', () => {
    expect(of()).toContain('secrets recorded undefined');
    expect(of()).toContain('pods/exec recorded undefined');
  });
  it('lets the first rule that matches decide', () => {
    expect(of({ level: 'None', resources: [{ group: '', resources: ['pods/exec'] }] }, all)).toEqual(['pods/exec recorded 0']);
    expect(of(all, { level: 'None' })).toEqual([]);
  });
  it('knows which patterns take subresources, and which the resource itself', () => {
    expect(of({ level: 'None', resources: [{ group: '', resources: ['exec', 'pods/log', 'deployments'] }] }, all)).toEqual([]);
    expect(of({ level: 'None', resources: [{ group: '', resources: ['pods/*'] }] }, all)).toEqual([
      'pods recorded 0',
      'pods/exec recorded 0',
      'pods/portforward recorded 0',
      'pods/proxy recorded 0',
    ]);
    expect(of({ level: 'None', resources: [{ group: 'apps' }] }, all)).toEqual(['deployments recorded 0']);
    expect(of({ level: 'None', resources: [{ group: '*', resources: ['deployments'] }] }, all)).toEqual(['deployments recorded 0']);
    expect(of({ level: 'None', verbs: ['*'] }, all)).toEqual([]);
  });
  it('leaves rules aside that are for components, and for the locks of leaders', () => {
    expect(of({ level: 'None', users: ['system:kube-proxy', 'system:serviceaccount:kube-system:x'] }, all)).toEqual([]);
    expect(of({ level: 'None', userGroups: ['system:nodes'] }, all)).toEqual([]);
    expect(of({ level: 'None', userGroups: ['system:authenticated'], nonResourceURLs: ['/healthz'] }, all)).toEqual([]);
    expect(of({ level: 'None', resources: [{ group: '', resources: ['configmaps'], resourceNames: ['lock'] }] }, all)).toEqual([]);
  });
  it('knows rules that are for some', () => {
    const secrets = [{ group: '', resources: ['secrets'] }];
    for (const narrowed of [
      { namespaces: ['shop'] },
      { users: ['ci'] },
      { users: ['system:serviceaccount:shop:ci'] },
      { userGroups: ['dev'] },
    ]) {
      expect(of({ level: 'None', resources: secrets, ...narrowed }, all)).toEqual(['secrets recorded 0 some']);
    }
  });
  it('wants no contents of credentials', () => {
    expect(of({ level: 'Request' })).toEqual([
      'secrets without-content 0',
      'configmaps without-content 0',
      'tokenreviews without-content 0',
    ]);
    expect(of({ level: 'Request', verbs: ['get', 'list', 'watch'] }, all)).toEqual([]);
  });
  it('counts stages that are omitted', () => {
    expect(of({ level: 'Metadata', omitStages: ['RequestReceived', 'ResponseComplete'] })).toContain('pods recorded 0');
    expect(of({ level: 'RequestResponse', omitStages: ['ResponseComplete'] })).toEqual([]);
  });
});
