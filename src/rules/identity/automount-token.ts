import { automountsToken } from '../../model/index.ts';
import { POD, documents, withPod } from '../examples.ts';
import { rightsOfAccount } from '../rbac/account-rights.ts';
import { clusterRole, clusterRoleBinding } from '../rbac/role-examples.ts';
import { cis, defineRule, mitre, nsa } from '../rule.ts';

const ACCOUNT = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: shop}';
const HOLDS = (roleName: string): string => clusterRoleBinding(roleName, '{kind: ServiceAccount, name: web, namespace: shop}');

export const rule = defineRule({
  id: 'automount-token',
  title: 'Service account token mounted',
  severity: 'medium',
  area: 'identity',
  rationale:
    'A token for the API server lies in every container of the pod, so a flaw that reads files or runs code there speaks to the cluster as the account. Most programs never call the API and need none.',
  remedy:
    'Set automountServiceAccountToken to false in the pod, or in the service account for all its pods. Programs that call the API (operators, service meshes, leader election) keep it, with an account of their own.',
  controls: [...cis('5.1.6'), ...nsa('token-protection'), ...mitre('T1528')],
  aliases: {
    kubescape: ['C-0034', 'C-0190', 'C-0261'],
    trivy: ['KSV-0036'],
    checkov: ['CKV_K8S_38'],
    polaris: ['automountServiceAccountToken'],
    kubeaudit: ['asat'],
    kubesec: ['AutomountServiceAccountToken'],
    popeye: ['301', '303'],
    'kyverno-policies': [
      'restrict-automount-sa-token',
      'restrict-sa-automount-sa-token',
      'disable-automountserviceaccounttoken',
      'remove-serviceaccount-token',
    ],
    'gatekeeper-library': ['automount-serviceaccount-token'],
  },
  // An account without its token is a name only.
  covers: ['default-service-account'],
  scope: 'workload',
  reads: ['ServiceAccount', 'access', 'completeness'],
  check(workload, { ServiceAccount, access, completeness }) {
    // The kubelet runs pods from its own files without any account.
    if (workload.isMirrorPod) return undefined;
    const { namespace, serviceAccount: name, pod, podPath } = workload;
    const account = ServiceAccount.get(namespace, name);
    if (!automountsToken(pod, account)) return undefined;
    const rights = rightsOfAccount(access, namespace, name);
    const path = `${podPath}.automountServiceAccountToken`;
    const mounts = `mounts a token of service account ${name}`;
    if (rights.level === 'takeover')
      return { message: `${mounts}, which ${rights.text}`, path, severity: 'high', right: { namespace, serviceAccount: name } };
    if (rights.level === 'some') return { message: `${mounts}, which ${rights.text}`, path };
    const fix = [{ set: path, value: false }];
    if (completeness.complete) return { message: `${mounts}, which has no rights to use it for`, path, severity: 'low', fix };
    if (account !== undefined || name === 'default')
      return { message: `${mounts}, to which nothing in this input gives rights`, path, severity: 'low', fix };
    return { message: `${mounts}, whose rights are not in this input`, path };
  },
  examples: () => ({
    good: [
      withPod('automountServiceAccountToken: false'),
      documents(`${ACCOUNT}\nautomountServiceAccountToken: false`, withPod('serviceAccountName: web')),
      documents(ACCOUNT, HOLDS('cluster-admin'), withPod('serviceAccountName: web\nautomountServiceAccountToken: false')),
    ],
    bad: [
      { yaml: withPod(''), path: `${POD}.automountServiceAccountToken`, severity: 'low' },
      { yaml: withPod('serviceAccountName: web'), path: `${POD}.automountServiceAccountToken`, severity: 'medium' },
      {
        yaml: documents(
          `${ACCOUNT}\nautomountServiceAccountToken: false`,
          withPod('serviceAccountName: web\nautomountServiceAccountToken: true'),
        ),
        path: `${POD}.automountServiceAccountToken`,
        severity: 'low',
      },
      {
        yaml: documents(ACCOUNT, HOLDS('edit'), withPod('serviceAccountName: web')),
        path: `${POD}.automountServiceAccountToken`,
        severity: 'high',
      },
      {
        yaml: documents(
          ACCOUNT,
          clusterRole('{apiGroups: [""], resources: [services], verbs: [list]}'),
          HOLDS('ci'),
          withPod('serviceAccountName: web'),
        ),
        path: `${POD}.automountServiceAccountToken`,
        severity: 'medium',
      },
    ],
  }),
});
