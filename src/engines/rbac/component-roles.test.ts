import { describe, expect, it } from 'vitest';
import { addedRights, componentRole, componentRoleRefs } from './index.ts';
import type { RuleContent } from './rule.ts';

function rule(verbs: string, apiGroup: string, resources: string, names = ''): RuleContent {
  const resourceNames = names === '' ? [] : names.split(' ');
  return { verbs: verbs.split(' '), apiGroups: [apiGroup], resources: resources.split(' '), resourceNames, nonResourceURLs: [] };
}

describe('the roles of Kubernetes itself', () => {
  it('are read with names, groups and URLs', () => {
    expect(componentRoleRefs()).toHaveLength(69);
    expect(componentRole('ClusterRole/system:basic-user')?.last).toContainEqual(
      rule('create', 'authentication.k8s.io', 'selfsubjectreviews'),
    );
    expect(componentRole('Role/kube-system/system:controller:token-cleaner')?.first).toContainEqual(
      rule('delete get list watch', '', 'secrets'),
    );
    expect(componentRole('ClusterRole/system:monitoring')?.last[0]).toMatchObject({ verbs: ['get'], resources: [], apiGroups: [] });
    expect(componentRole('ClusterRole/view')).toBeUndefined();
  });

  it('are told apart by release', () => {
    const cronJobs = componentRole('ClusterRole/system:controller:cronjob-controller');
    expect(cronJobs?.first).toContainEqual(rule('delete list', '', 'pods'));
    expect(cronJobs?.last).toContainEqual(rule('delete list watch', '', 'pods'));
    expect(componentRole('ClusterRole/system:controller:service-cidrs-controller')?.first).toEqual([]);
  });

  it.each([
    [rule('get list', '', 'pods'), 1],
    [rule('delete list watch', '', 'pods'), 0],
    [rule('*', '', 'pods'), 1],
    [rule('delete', '', 'pods', 'one'), 0],
    [rule('list', '', 'pods secrets'), 1],
  ])('add %j: %i rights that no release brings', (added, count) => {
    const role = componentRole('ClusterRole/system:controller:cronjob-controller');
    expect(role && addedRights(role, [added])).toHaveLength(count);
  });
});
