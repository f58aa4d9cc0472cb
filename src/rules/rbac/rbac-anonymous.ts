import { defineRule, mitre, nsa, ofDistributions } from '../rule.ts';
import { isPublicByDefault } from './bootstrap.ts';
import { roleText, subjectEntries } from './binding-subjects.ts';
import { clusterRoleBinding, roleBinding } from './role-examples.ts';

const EVERYBODY = new Map([
  ['system:anonymous', 'User'],
  ['system:unauthenticated', 'Group'],
]);

export const rule = defineRule({
  id: 'rbac-anonymous',
  title: 'Rights for anonymous requests',
  severity: 'critical',
  area: 'rbac',
  rationale:
    'Requests without any credential run as user system:anonymous in group system:unauthenticated. What is bound to them is open to everybody who reaches the API server, often the whole internet.',
  remedy:
    'Delete the subject and give the role to the account of the program that needs it. Health checks of a load balancer need no binding: /livez, /readyz and /version are public by the built-in binding system:public-info-viewer.',
  controls: [
    ...ofDistributions({ gke: ['4.1.8', '4.1.9'], openshift: ['1.2.1'] }),
    ...nsa('rbac', 'anonymous-requests'),
    ...mitre('T1078', 'T1190'),
  ],
  aliases: {
    kubescape: ['C-0262'],
    trivy: ['KSV-0122'],
    kubesec: ['BindingsToSystemAnonymous'],
    'kyverno-policies': ['restrict-binding-system-groups'],
    'gatekeeper-library': ['disallowanonymous'],
  },
  effort: 'medium',
  scope: 'object',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  check(binding) {
    const found = subjectEntries(binding, ({ name = '' }) => EVERYBODY.has(name));
    if (found.length === 0 || isPublicByDefault(binding)) return undefined;
    return found.map(({ entry, path }) => {
      const { kind = '', name = '' } = entry;
      const key = `${kind}/${name}`;
      if (kind !== EVERYBODY.get(name)) {
        return {
          message: `names ${name} as ${kind || 'nothing'}, but it is a ${EVERYBODY.get(name)?.toLowerCase()}: the entry grants nothing as it is written`,
          path,
          key,
          severity: 'low',
        };
      }
      return { message: `gives everybody without a login the ${roleText(binding)} (${kind.toLowerCase()} ${name})`, path, key };
    });
  },
  examples: () => ({
    good: [
      clusterRoleBinding('view', '{kind: Group, name: "system:authenticated"}'),
      clusterRoleBinding('system:public-info-viewer', '{kind: Group, name: "system:unauthenticated"}').replace(
        '{name: ci}',
        '{name: "system:public-info-viewer"}',
      ),
      roleBinding('{kind: Role, name: reader}', '{kind: User, name: anonymous}'),
    ],
    bad: [
      {
        yaml: clusterRoleBinding('view', '{kind: User, name: jane}', '{kind: User, name: "system:anonymous"}'),
        path: 'subjects[1].name',
        severity: 'critical',
      },
      {
        yaml: roleBinding('{kind: Role, name: reader}', '{kind: Group, name: "system:unauthenticated"}'),
        path: 'subjects[0].name',
        severity: 'critical',
      },
      {
        yaml: roleBinding('{kind: Role, name: reader}', '{kind: User, name: "system:unauthenticated"}'),
        path: 'subjects[0].name',
        severity: 'low',
      },
      {
        yaml: clusterRoleBinding('cluster-admin', '{kind: Group, name: "system:unauthenticated"}').replace(
          '{name: ci}',
          '{name: "system:public-info-viewer"}',
        ),
        path: 'subjects[0].name',
      },
    ],
  }),
});
