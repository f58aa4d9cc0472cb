import { describe, expect, it } from 'vitest';
import { clusterOf, objectsOf } from '../../../test/rule-tester.ts';
import { holdsEverything } from './wide-rights.ts';

const BINDING =
  '{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: b}, subjects: [{kind: ServiceAccount, namespace: shop, name: web}], roleRef: {kind: ClusterRole, name: NAME}}';
const role = (rules: string): string =>
  `{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: NAME}, rules: ${rules}}`;

function judged(...yaml: string[]): boolean {
  return holdsEverything(clusterOf(objectsOf(yaml.join('\n---\n'))).tables.access, 'shop', 'web');
}

describe('holdsEverything', () => {
  it('knows cluster-admin by name and other roles by their rules', () => {
    expect(judged(BINDING.replace('NAME', 'cluster-admin'))).toBe(true);
    expect(judged(BINDING.replace('NAME', 'edit'))).toBe(false);
    expect(judged(BINDING, role('[{verbs: ["*"], apiGroups: ["*"], resources: ["*"]}]'))).toBe(true);
    expect(judged(BINDING, role('[{verbs: ["*"], apiGroups: [""], resources: ["*"]}]'))).toBe(false);
    expect(judged(BINDING, role('[{verbs: [get], apiGroups: ["*"], resources: ["*"]}]'))).toBe(false);
  });
});
