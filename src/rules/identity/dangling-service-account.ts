import { POD, documents, withPod } from '../examples.ts';
import { defineRule, nsa } from '../rule.ts';

const ACCOUNT = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: shop}';

export const rule = defineRule({
  id: 'dangling-service-account',
  title: 'Service account does not exist',
  severity: 'medium',
  area: 'identity',
  rationale:
    'Pods of an account that does not exist are refused, so the workload does not start. Whoever may create service accounts later decides what it runs as.',
  remedy: 'Create the service account in the namespace of the workload, or correct serviceAccountName.',
  controls: nsa('token-protection'),
  aliases: { kubescape: ['C-0307'], 'kube-linter': ['non-existent-service-account'], popeye: ['307', '507'] },
  scope: 'workload',
  reads: ['ServiceAccount', 'completeness'],
  check(workload, { ServiceAccount, completeness }) {
    const { namespace, serviceAccount: name, pod, podPath } = workload;
    // Every namespace gets the account default by itself.
    if (name === 'default' || workload.isMirrorPod || ServiceAccount.get(namespace, name) !== undefined) return undefined;
    const path = `${podPath}.${pod.serviceAccountName ? 'serviceAccountName' : 'serviceAccount'}`;
    const accounts = ServiceAccount.in(namespace);
    if (completeness.complete || accounts.length > 0)
      return { message: `service account "${name}" does not exist in namespace ${namespace}`, path };
    return {
      message: `service account "${name}" is not in this input, nor any other of namespace ${namespace}, so it may exist elsewhere`,
      path,
      status: 'unknown',
    };
  },
  examples: () => ({
    good: [documents(ACCOUNT, withPod('serviceAccountName: web')), withPod('serviceAccountName: default'), documents(ACCOUNT, withPod(''))],
    bad: [
      { yaml: documents(ACCOUNT, withPod('serviceAccountName: wep')), path: `${POD}.serviceAccountName`, severity: 'medium' },
      { yaml: documents(ACCOUNT, withPod('serviceAccount: wep')), path: `${POD}.serviceAccount` },
      {
        yaml: documents(ACCOUNT.replace('shop', 'ops'), withPod('serviceAccountName: web')),
        path: `${POD}.serviceAccountName`,
        status: 'unknown',
      },
    ],
  }),
});
