/** Who holds a role decides what it weighs: nobody, some namespaces, everywhere, through aggregation, by Kubernetes itself. */
import { describe, expect, it } from 'vitest';
import { clusterOf, findingsOf, objectsOf } from '../../../test/rule-tester.ts';
import { documents } from '../examples.ts';
import { RULES, judge } from '../index.ts';
import { rule as create } from './rbac-create-pods.ts';
import { rule as escalate } from './rbac-escalate.ts';
import { rule as network } from './rbac-network-write.ts';
import { rule as proxy } from './rbac-nodes-proxy.ts';
import { rule as permissions } from './rbac-sa-permissions.ts';
import { rule as secrets } from './rbac-secrets.ts';
import { rule as wildcards } from './rbac-wildcards.ts';
import { clusterRole, clusterRoleBinding, heldEverywhere, heldInShop, role, roleBinding } from './role-examples.ts';

const READ = '{apiGroups: [""], resources: [secrets], verbs: [get, list]}';

function told(rule: typeof secrets, ...docs: string[]): string[] {
  return findingsOf(rule, objectsOf(documents(...docs))).map(({ severity, message }) => `${severity}: ${message}`);
}

describe('holders', () => {
  it('names them, and where', () => {
    expect(told(secrets, heldEverywhere(clusterRole(READ)))).toEqual([
      'high: lets service account ci/runner read secrets (get, list on secrets) in every namespace',
    ]);
    expect(told(secrets, heldInShop(clusterRole(READ)))).toEqual([
      'high: lets service account ci/runner read secrets (get, list on secrets) in namespace shop',
    ]);
    const five = ['a', 'b', 'c', 'd', 'e'].map((name) => `{kind: User, name: ${name}}`);
    expect(told(secrets, clusterRole(READ), clusterRoleBinding('ci', ...five))[0]).toContain('lets users a, b, c and 2 more read secrets');
    expect(told(secrets, clusterRole(READ), clusterRoleBinding('ci', '{kind: User, name: a}', '{kind: Group, name: b}'))[0]).toContain(
      'lets user a and group b read',
    );
  });

  it('says that nobody holds it, also where a binding names nobody', () => {
    const nobody = 'low: would let its holders read secrets (get, list on secrets); nobody holds it in this input';
    expect(told(secrets, clusterRole(READ))).toEqual([nobody]);
    expect(told(secrets, clusterRole(READ), clusterRoleBinding('ci'))).toEqual([nobody]);
    expect(told(secrets, clusterRole(READ), clusterRoleBinding('other', '{kind: User, name: a}'))).toEqual([nobody]);
    const whole: string[] = [];
    judge(clusterOf(objectsOf(role(READ)), true), { rules: [secrets] }, ({ message }) => whole.push(message));
    expect(whole).toEqual(['would let its holders read secrets (get, list on secrets); nobody holds it']);
  });

  it('does not mix a Role with a ClusterRole of the same name, nor namespaces', () => {
    expect(told(secrets, role(READ), clusterRoleBinding('ci', '{kind: User, name: a}'))[0]).toMatch(/^low/);
    expect(told(secrets, role(READ).replace('shop', 'ops'), roleBinding('{kind: Role, name: ci}', '{kind: User, name: a}'))[0]).toMatch(
      /^low/,
    );
    expect(told(secrets, clusterRole(READ), roleBinding('{kind: Role, name: ci}', '{kind: User, name: a}'))[0]).toMatch(/^low/);
  });
});

describe('aggregation', () => {
  const part = clusterRole(READ).replace('{name: ci}', '{name: part, labels: {for: whole}}');
  const whole = `${clusterRole(READ).replace('{name: ci}', '{name: whole}')}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {for: whole}}]}`;
  it('finds holders of the whole for the part, once', () => {
    const found = findingsOf(secrets, objectsOf(documents(part, whole, clusterRoleBinding('whole', '{kind: Group, name: ops}'))));
    expect(found.map(({ subject, message }) => `${subject.name}: ${message}`)).toEqual([
      'part: lets group ops read secrets (get, list on secrets) in every namespace',
    ]);
  });
  it('replaces what stands in the whole, for its holders too', () => {
    const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: runner, namespace: ci}';
    const binding = clusterRoleBinding('whole', '{kind: ServiceAccount, name: runner, namespace: ci}');
    const harmless = part.replace('[secrets]', '[pods]');
    expect(told(secrets, account, harmless, whole, binding)).toEqual([]);
    expect(told(permissions, account, harmless, whole, binding)).toEqual([
      'info: service account ci/runner holds the role whole, which leads no further',
    ]);
    // A server's dump of a few roles: what stands there is what the controller wrote.
    expect(told(secrets, account, whole, binding)[0]).toMatch(/^high: lets service account ci\/runner read secrets/);
    expect(told(permissions, account, whole, binding)).toEqual(['info: service account ci/runner may read secrets in every namespace']);
  });
  it('knows the built-in roles by their labels', () => {
    const into = (name: string): string =>
      clusterRole(READ).replace('{name: ci}', `{name: ci, labels: {rbac.authorization.k8s.io/aggregate-to-${name}: "true"}}`);
    expect(told(secrets, into('view'))).toEqual([
      'high: would let its holders read secrets (get, list on secrets); every holder of the built-in role view gets it',
    ]);
    expect(told(secrets, into('admin'))[0]).toMatch(/^low: .* role admin gets it$/);
  });
});

describe('roles of Kubernetes itself', () => {
  const controller = clusterRole(READ).replace(
    '{name: ci}',
    '{name: "system:controller:x", labels: {kubernetes.io/bootstrapping: rbac-defaults}}',
  );
  const own = clusterRoleBinding('system:controller:x', '{kind: ServiceAccount, name: x, namespace: kube-system}').replace(
    '{name: ci}',
    '{name: "system:controller:x"}',
  );
  it('are silent while only its own accounts hold them', () => {
    expect(told(secrets, controller)).toEqual([]);
    expect(told(secrets, controller, own)).toEqual([]);
  });
  it('count when somebody else is bound to them, whatever the binding is called', () => {
    expect(told(secrets, controller, own, clusterRoleBinding('system:controller:x', '{kind: User, name: jane}'))).toEqual([
      'high: lets user jane read secrets (get, list on secrets) in every namespace',
    ]);
    expect(told(secrets, controller, own.replace('namespace: kube-system', 'namespace: shop'))[0]).toContain('service account shop/x');
  });
});

describe('the four roles for people', () => {
  const named = (name: string, ...rules: string[]): string => clusterRole(...rules).replace('{name: ci}', `{name: ${name}}`);
  const WRITE = '[get, list, watch, create, update, patch, delete, deletecollection]';
  it('are judged when somebody rewrote them', () => {
    expect(told(secrets, named('view', READ))).toEqual([
      'high: would let its holders read secrets (get, list on secrets); every holder of the built-in role view gets it',
    ]);
    expect(told(secrets, named('view', READ), clusterRoleBinding('view', '{kind: Group, name: all}'))).toEqual([
      'high: lets group all read secrets (get, list on secrets) in every namespace',
    ]);
    expect(
      told(escalate, named('edit', '{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind]}')),
    ).toHaveLength(1);
    expect(told(wildcards, named('admin', '{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}'))).toHaveLength(1);
  });
  it('are silent as Kubernetes brings them', () => {
    expect(told(secrets, named('edit', READ))).toEqual([]);
    expect(told(create, named('admin', `{apiGroups: [apps], resources: [deployments], verbs: ${WRITE}}`))).toEqual([]);
    expect(
      told(network, named('edit', `{apiGroups: [networking.k8s.io], resources: [ingresses, networkpolicies], verbs: ${WRITE}}`)),
    ).toEqual([]);
    expect(told(wildcards, named('cluster-admin', '{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}'))).toEqual([]);
    const labelled = named('view', READ).replace('{name: view}', '{name: view, labels: {kubernetes.io/bootstrapping: rbac-defaults}}');
    expect(told(secrets, labelled)).toEqual([]);
  });
  it('are cluster roles: a Role of the name is like any other', () => {
    expect(told(secrets, heldInShop(role(READ)).replaceAll('name: ci}', 'name: edit}').replace('name: ci,', 'name: edit,'))[0]).toMatch(
      /read secrets/,
    );
  });
});

describe('reach', () => {
  const kubelet = '{apiGroups: [""], resources: [nodes/proxy], verbs: [get]}';
  it('is nothing inside a namespace for what has no namespace', () => {
    const idle = 'low: asks for get on nodes/proxy, which has no effect inside a namespace: it takes a ClusterRoleBinding';
    expect(told(proxy, heldInShop(role(kubelet)))).toEqual([idle]);
    expect(told(proxy, role(kubelet))).toEqual([idle]);
    expect(told(proxy, heldInShop(clusterRole(kubelet)))).toEqual([idle]);
    expect(told(proxy, heldEverywhere(clusterRole(kubelet)))).toEqual([
      "high: lets service account ci/runner reach the kubelets' API (get on nodes/proxy)",
    ]);
  });
  it('says so where the API never asks for the verb', () => {
    expect(
      told(escalate, heldEverywhere(clusterRole('{apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [bind]}'))),
    ).toEqual(['low: asks for bind on rolebindings, which grants nothing: these verbs count on roles and clusterroles only']);
  });
  it('points at the worst entry and keeps the others as evidence', () => {
    const [finding] = findingsOf(
      create,
      objectsOf(
        heldEverywhere(
          clusterRole(
            '{apiGroups: [batch], resources: [jobs], verbs: [create]}',
            '{apiGroups: [""], resources: [services, pods], verbs: [get, create]}',
          ),
        ),
      ),
    );
    expect(finding?.evidence.map(({ path, value }) => [path, value])).toEqual([
      ['rules[1].resources[1]', 'pods'],
      ['rules[1].verbs', ['get', 'create']],
      ['rules[0].verbs', ['create']],
    ]);
    expect(finding?.message).toContain('create pods and run pods through jobs (create on pods)');
  });
});

describe('one fact', () => {
  it('is one finding: what follows from an asterisk is told with it', () => {
    const found: { id: string; severity: string; also: readonly string[] }[] = [];
    // Without the inventory of accounts, which is about another object.
    const rules = RULES.filter((rule) => rule.id.startsWith('rbac-') && rule !== permissions);
    const account = '{apiVersion: v1, kind: ServiceAccount, metadata: {name: runner, namespace: ci}}';
    const objects = objectsOf(documents(account, heldEverywhere(clusterRole('{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}', READ))));
    judge(clusterOf(objects), { rules }, ({ rule, severity, also }) => found.push({ id: rule.id, severity, also }));
    expect(found.map(({ id, severity }) => `${severity} ${id}`)).toEqual(['critical rbac-wildcards', 'critical rbac-cluster-admin']);
    expect(found[0]?.also).toContain('rbac-escalate');
  });
});
