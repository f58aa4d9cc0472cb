import { automountsToken } from '../../model/index.ts';
import { POD, documents, withPod } from '../examples.ts';
import { rightsOfAccount } from '../rbac/account-rights.ts';
import { clusterRoleBinding } from '../rbac/role-examples.ts';
import { cis, defineRule, mitre, nsa } from '../rule.ts';

const DEFAULT = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default, namespace: shop}';

export const rule = defineRule({
  id: 'default-service-account',
  title: 'Default service account used',
  severity: 'low',
  area: 'identity',
  rationale:
    'All pods that name no account share one identity: a right that one of them needs is given to all, and the audit log cannot tell which of them used it.',
  remedy:
    'Create a service account for the workload and name it in serviceAccountName; move the bindings it needs there. Set automountServiceAccountToken to false on the account default.',
  controls: [...cis('5.1.5'), ...nsa('token-protection'), ...mitre('T1528')],
  aliases: {
    kubescape: ['C-0189'],
    checkov: ['CKV_K8S_41', 'CKV_K8S_42'],
    'kube-linter': ['default-service-account'],
    kubeaudit: ['asat'],
    kubesec: ['ServiceAccountName'],
    popeye: ['300', '308'],
    'kyverno-policies': ['restrict-service-account'],
  },
  effort: 'medium',
  scope: 'workload',
  reads: ['ServiceAccount', 'access'],
  check(workload, { ServiceAccount, access }) {
    if (workload.serviceAccount !== 'default' || workload.isMirrorPod) return undefined;
    const { namespace, pod, podPath } = workload;
    const path = `${podPath}.serviceAccountName`;
    if (!automountsToken(pod, ServiceAccount.get(namespace, 'default'))) {
      return { message: `runs as the account default of ${namespace}, but without its token`, path, severity: 'info' };
    }
    const rights = rightsOfAccount(access, namespace, 'default');
    if (rights.level !== 'none')
      return { message: `runs as the account default of ${namespace}, which ${rights.text}`, path, severity: 'medium' };
    return { message: `runs as the account default of ${namespace}, shared with every other pod that names none`, path };
  },
  examples: () => ({
    good: [withPod('serviceAccountName: web'), withPod('serviceAccount: web')],
    bad: [
      { yaml: withPod(''), path: `${POD}.serviceAccountName`, severity: 'low' },
      {
        yaml: withPod('serviceAccountName: default\nautomountServiceAccountToken: false'),
        path: `${POD}.serviceAccountName`,
        severity: 'info',
      },
      {
        yaml: documents(`${DEFAULT}\nautomountServiceAccountToken: false`, withPod('')),
        path: `${POD}.serviceAccountName`,
        severity: 'info',
      },
      {
        yaml: documents(
          clusterRoleBinding('view', '{kind: ServiceAccount, name: default, namespace: shop}'),
          withPod('serviceAccountName: ""'),
        ),
        path: `${POD}.serviceAccountName`,
        severity: 'medium',
      },
      {
        yaml: documents(
          clusterRoleBinding('view', '{kind: ServiceAccount, name: default, namespace: shop}'),
          withPod('automountServiceAccountToken: false'),
        ),
        path: `${POD}.serviceAccountName`,
        severity: 'info',
      },
    ],
  }),
});
