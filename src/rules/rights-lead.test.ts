import { describe, expect, it } from 'vitest';
import { clusterOf, objectsOf } from '../../test/rule-tester.ts';
import { documents } from './examples.ts';
import { type Finding, RULES, judge } from './index.ts';
import { clusterRoleBinding, heldEverywhere, role, roleBinding } from './rbac/role-examples.ts';

const NAMESPACES = ['ci', 'shop'].map((name) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}`).join('\n---\n');
const CREATE_PODS = role('{apiGroups: [""], resources: [pods], verbs: [create]}');
const RESTRICTED = NAMESPACES.replace('{name: shop}', '{name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}');
const HELD_BY = (subject: string): string => roleBinding('{kind: Role, name: ci}', subject);
const USER = '{kind: User, name: ann}';
const RUNNER = '{kind: ServiceAccount, name: runner, namespace: ci}';
const ADMIN_IN_SHOP = `${clusterRoleBinding('cluster-admin', '{kind: ServiceAccount, name: robot, namespace: shop}').replace('{name: ci}', '{name: robot}')}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: shop}`;
const POD_OF = (account: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: ci}\nspec: {serviceAccountName: ${account}, nodeName: n, containers: [{name: c, image: x}]}`;

function found(id: string, yaml: string, complete: boolean): Finding | undefined {
  const findings: Finding[] = [];
  const rules = RULES.filter((rule) => rule.id === id);
  judge(clusterOf(objectsOf(yaml), complete), { rules }, (finding) => findings.push(finding));
  return findings.find(({ object }) => object.name === 'ci');
}

describe('a dangerous right', () => {
  it('is critical where it leads outsiders to cluster control, and says how', () => {
    const yaml = documents(RESTRICTED, CREATE_PODS, HELD_BY(USER), ADMIN_IN_SHOP);
    const finding = found('rbac-create-pods', yaml, true);
    expect(finding?.severity).toBe('critical');
    expect(finding?.message).toBe(
      'lets user ann create pods (create on pods) in namespace shop; leads to cluster control, from 1 foothold: run a pod as any account of the namespace → account shop/robot → cluster-admin',
    );
  });
  it('stays as severe where only workloads come to have it', () => {
    const finding = found('rbac-create-pods', documents(RESTRICTED, CREATE_PODS, HELD_BY(RUNNER), ADMIN_IN_SHOP, POD_OF('runner')), true);
    expect(finding?.severity).toBe('medium');
    expect(finding?.message).toContain('leads to cluster control, from 1 foothold: ');
  });
  it('is low where it leads nowhere and nobody comes to have it', () => {
    const yaml = documents(RESTRICTED, CREATE_PODS, HELD_BY('{kind: ServiceAccount, name: deployer, namespace: kube-system}'));
    const finding = found('rbac-create-pods', yaml, true);
    expect(finding?.severity).toBe('low');
    expect(finding?.message).toMatch(/; no foothold leads to it, and it leads to nothing else$/);
  });
  it('keeps its severity where the input may not hold everything', () => {
    const yaml = documents(RESTRICTED, CREATE_PODS, HELD_BY('{kind: ServiceAccount, name: deployer, namespace: kube-system}'));
    const finding = found('rbac-create-pods', yaml, false);
    expect(finding?.severity).toBe('medium');
    expect(finding?.message).toBe('lets service account kube-system/deployer create pods (create on pods) in namespace shop');
  });
  it('takes an account that nothing runs as for a foothold only of whole clusters', () => {
    const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: runner, namespace: ci}';
    const yaml = documents(RESTRICTED, account, CREATE_PODS, HELD_BY(RUNNER), ADMIN_IN_SHOP);
    expect(found('rbac-create-pods', yaml, false)).toMatchObject({ severity: 'medium' });
    expect(found('rbac-create-pods', yaml, true)).toMatchObject({ severity: 'critical' });
  });
  it('may lead on only with another right of the same role', () => {
    const both = '{apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create]}';
    const bind = '{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind]}';
    const held = (...rules: string[]): string =>
      documents(
        NAMESPACES,
        heldEverywhere(
          `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: ci}\nrules: [${rules.join(', ')}]`,
        ).replace(RUNNER, USER),
      );
    expect(found('rbac-escalate', held(bind, both), true)?.message).toMatch(
      /; leads to cluster control, from 1 foothold: bind a cluster role /,
    );
    expect(found('rbac-escalate', held(bind), true)?.message).not.toContain('leads to');
  });
  it('has the same fingerprint whatever it leads to', () => {
    const alone = documents(RESTRICTED, CREATE_PODS, HELD_BY(USER));
    const one = found('rbac-create-pods', alone, true);
    const other = found('rbac-create-pods', documents(alone, ADMIN_IN_SHOP), true);
    expect(one?.message).not.toBe(other?.message);
    expect(one?.fingerprint).toBe(other?.fingerprint);
  });
});

describe('files', () => {
  it('of many objects are not searched for ways', () => {
    const yaml = documents(RESTRICTED, CREATE_PODS, HELD_BY(USER), ADMIN_IN_SHOP);
    const filler = Array.from(
      { length: 400 },
      (_, index) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c${index}, namespace: shop}`,
    );
    expect(found('rbac-create-pods', documents(yaml, ...filler), false)?.message).not.toContain('leads to');
    expect(found('rbac-create-pods', documents(yaml, ...filler), true)?.message).toContain('leads to');
  });
});
