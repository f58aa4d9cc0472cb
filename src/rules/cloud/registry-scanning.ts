import { aks, eks, gke } from './cloud-examples.ts';
import { cloudRule, lookAt } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'registry-scanning',
  title: 'Images may not be scanned in the registry',
  severity: 'low',
  rationale: 'A registry that scans what is pushed, and what lies there when new holes become known, tells of a weak image before it runs.',
  remedy:
    'Switch scanning on where images are kept: ECR enhanced scanning, Defender for Containers, Artifact Analysis; or name the scanner of your pipeline.',
  controls: [...ofDistributions({ eks: ['5.1.1'], aks: ['5.1.1'], gke: ['5.1.1'] }), ...nsa('image-scanning'), ...mitre('T1525')],
  byPerson: true,
  aws: lookAt('arn', 'look whether the registry scans images on push and later'),
  azure: lookAt('id', 'look whether the registry scans images on push and later'),
  google: lookAt('selfLink', 'look whether the registry scans images on push and later'),
  examples: () => ({
    good: ['{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}'],
    bad: [
      { yaml: eks({}), path: 'arn', status: 'manual' },
      { yaml: aks({}), path: 'id', status: 'manual' },
      { yaml: gke({}), path: 'selfLink', status: 'manual' },
    ],
  }),
});
