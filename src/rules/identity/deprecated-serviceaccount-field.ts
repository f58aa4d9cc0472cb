import { POD, withPod } from '../examples.ts';
import { defineRule, nsa } from '../rule.ts';

export const rule = defineRule({
  id: 'deprecated-serviceaccount-field',
  title: 'Deprecated field serviceAccount',
  severity: 'low',
  area: 'identity',
  rationale:
    'The field serviceAccount is an old name of serviceAccountName. Policies and people look at the new one, so an account that stands only in the old field is overlooked; where both differ the old one counts for nothing.',
  remedy: 'Write the name in serviceAccountName and remove serviceAccount; the pods run as the same account as before.',
  controls: nsa('token-protection'),
  aliases: { kubescape: ['C-0294'], 'kube-linter': ['deprecated-service-account-field'], kubeaudit: ['asat'] },
  scope: 'workload',
  check(workload) {
    const { serviceAccount, serviceAccountName } = workload.pod;
    // The API server writes both fields itself, with the same name.
    if (!serviceAccount || serviceAccount === serviceAccountName) return undefined;
    const path = `${workload.podPath}.serviceAccount`;
    if (serviceAccountName) {
      return {
        message: `serviceAccount says "${serviceAccount}", but the pods run as "${serviceAccountName}"`,
        path,
        fix: [{ remove: path }],
      };
    }
    return {
      message: `names its account "${serviceAccount}" in the old field serviceAccount`,
      path,
      fix: [{ set: `${workload.podPath}.serviceAccountName`, value: serviceAccount }, { remove: path }],
    };
  },
  examples: () => ({
    good: [withPod('serviceAccountName: web'), withPod('serviceAccountName: web\nserviceAccount: web'), withPod('serviceAccount: ""')],
    bad: [
      { yaml: withPod('serviceAccount: web'), path: `${POD}.serviceAccount` },
      { yaml: withPod('serviceAccount: old\nserviceAccountName: web'), path: `${POD}.serviceAccount` },
    ],
  }),
});
