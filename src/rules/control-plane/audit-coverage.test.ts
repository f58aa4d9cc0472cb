import { describe, expect, it } from 'vitest';
import { shortfalls } from './audit-coverage.ts';

const of = (...rules: NonNullable<Parameters<typeof shortfalls>[0]['rules']>[number][]): string[] =>
  shortfalls({ rules }).map(({ what, wanted, index }) => `${what} ${wanted} ${index}`);

describe('audit policy', () => {
  it('is whole with metadata for everything', () => {
    expect(of({ level: 'Metadata' })).toEqual([]);
  });
  it('records nothing without rules', () => {
    expect(of()).toContain('secrets recorded undefined');
    expect(of()).toContain('pods/exec recorded undefined');
  });
  it('lets the first rule that matches decide', () => {
    expect(of({ level: 'None', resources: [{ group: '', resources: ['pods/exec'] }] }, { level: 'Metadata' })).toEqual([
      'pods/exec recorded 0',
    ]);
    expect(of({ level: 'Metadata' }, { level: 'None' })).toEqual([]);
  });
  it('knows that a resource is not its subresources, and a group not another', () => {
    expect(
      of({ level: 'None', resources: [{ group: '', resources: ['exec', 'pods/log', 'deployments'] }] }, { level: 'Metadata' }),
    ).toEqual([]);
    expect(of({ level: 'None', resources: [{ group: '', resources: ['pods/*'] }] }, { level: 'Metadata' })).toEqual([
      'pods/exec recorded 0',
      'pods/portforward recorded 0',
      'pods/proxy recorded 0',
    ]);
    expect(of({ level: 'None', resources: [{ group: 'apps' }] }, { level: 'Metadata' })).toEqual(['deployments recorded 0']);
  });
  it('leaves rules aside that are for some users, names or namespaces only', () => {
    const all = { level: 'Metadata' };
    expect(of({ level: 'None', users: ['system:kube-proxy'] }, all)).toEqual([]);
    expect(of({ level: 'None', namespaces: ['kube-system'] }, all)).toEqual([]);
    expect(of({ level: 'None', userGroups: ['system:nodes'] }, all)).toEqual([]);
    expect(of({ level: 'None', userGroups: ['system:authenticated'], nonResourceURLs: ['/healthz'] }, all)).toEqual([]);
    expect(of({ level: 'None', resources: [{ group: '', resources: ['configmaps'], resourceNames: ['lock'] }] }, all)).toEqual([]);
  });
  it('wants no contents of credentials', () => {
    expect(of({ level: 'Request' })).toEqual([
      'secrets without-content 0',
      'configmaps without-content 0',
      'tokenreviews without-content 0',
    ]);
  });
});
