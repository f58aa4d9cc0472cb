import { aks, eks, gke } from './cloud-examples.ts';
import { cloudRule, lookAt } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'registry-user-access',
  title: 'Too many may write to the registry',
  severity: 'low',
  rationale: 'Whoever pushes an image that the cluster pulls runs code in it, without any right in the cluster.',
  remedy:
    'Look who may push and delete in the registries of this cluster: leave that to the pipeline, give people read access, and make tags immutable.',
  controls: [...ofDistributions({ eks: ['5.1.2'], aks: ['5.1.2'], gke: ['5.1.2'] }), ...nsa('image-scanning'), ...mitre('T1525')],
  byPerson: true,
  aws: lookAt('arn', 'look who may push to the registries that the cluster pulls from'),
  azure: lookAt('id', 'look who may push to the registries that the cluster pulls from'),
  google: lookAt('selfLink', 'look who may push to the registries that the cluster pulls from'),
  examples: () => ({
    good: ['{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}'],
    bad: [
      { yaml: eks({}), path: 'arn', status: 'manual' },
      { yaml: aks({}), path: 'id', status: 'manual' },
      { yaml: gke({}), path: 'selfLink', status: 'manual' },
    ],
  }),
});
