import { aks, eks, gke } from './cloud-examples.ts';
import { cloudRule, lookAt } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'registry-readonly',
  title: 'Nodes may do more than read in the registry',
  severity: 'low',
  rationale:
    'The identity of a node is within reach of every pod that escapes to it; one that may push turns that into the images of all clusters.',
  remedy: 'Give nodes the right to pull alone: AmazonEC2ContainerRegistryPullOnly, AcrPull, Artifact Registry Reader.',
  controls: [...ofDistributions({ eks: ['5.1.3'], aks: ['5.1.3'], gke: ['5.1.3'] }), ...nsa('image-scanning'), ...mitre('T1525')],
  byPerson: true,
  aws: lookAt('arn', 'look whether the identity of the nodes may only pull'),
  azure: lookAt('id', 'look whether the identity of the nodes may only pull'),
  google: lookAt('selfLink', 'look whether the identity of the nodes may only pull'),
  examples: () => ({
    good: ['{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}'],
    bad: [
      { yaml: eks({}), path: 'arn', status: 'manual' },
      { yaml: aks({}), path: 'id', status: 'manual' },
      { yaml: gke({}), path: 'selfLink', status: 'manual' },
    ],
  }),
});
