import { aks, eks, gke } from './cloud-examples.ts';
import { cloudRule, lookAt } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'registry-approved',
  title: 'Any image may run',
  severity: 'low',
  rationale:
    'Where any image runs, an image of the attacker does too; an admission check of where images come from, or of who signed them, ends that.',
  remedy:
    'Allow your registries alone, by an admission policy or the rule image-registry of Castellan, or demand signatures: Binary Authorization on GKE, Ratify with Azure Policy on AKS, a policy controller on EKS.',
  controls: [...ofDistributions({ eks: ['5.1.4'], aks: ['5.1.4'], gke: ['5.1.4'] }), ...nsa('image-scanning'), ...mitre('T1525', 'T1610')],
  effort: 'medium',
  byPerson: true,
  aws: lookAt('arn', 'look what keeps images of other registries from running'),
  azure: lookAt('id', 'look what keeps images of other registries from running'),
  google(cluster) {
    const path = 'binaryAuthorization.evaluationMode';
    const mode = cluster.text(path);
    const isOn =
      cluster.flag('binaryAuthorization.enabled') === true ||
      (mode !== undefined && !/^(?:DISABLED|EVALUATION_MODE_UNSPECIFIED)$/.test(mode));
    return { path, wrong: isOn ? undefined : 'Binary Authorization is off: any image may run' };
  },
  examples: () => ({
    good: [gke({ binaryAuthorization: { evaluationMode: 'PROJECT_SINGLETON_POLICY_ENFORCE' } })],
    bad: [
      { yaml: eks({}), path: 'arn', status: 'manual' },
      { yaml: aks({}), path: 'id', status: 'manual' },
      { yaml: gke({ binaryAuthorization: { evaluationMode: 'DISABLED' } }), path: 'binaryAuthorization.evaluationMode' },
    ],
  }),
});
