import { volumeSources } from '../../model/index.ts';
import { POD, withPod } from '../examples.ts';
import type { Severity } from '../finding.ts';
import { type Hit, defineRule, pss } from '../rule.ts';

/** Sources that the API knows and the restricted level refuses. What it does not know it drops, which leaves an emptyDir. */
const REFUSED: ReadonlySet<string> = new Set([
  'hostPath',
  'nfs',
  'iscsi',
  'fc',
  'rbd',
  'cephfs',
  'cinder',
  'glusterfs',
  'flexVolume',
  'flocker',
  'gitRepo',
  'quobyte',
  'scaleIO',
  'storageos',
  'portworxVolume',
  'photonPersistentDisk',
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'gcePersistentDisk',
  'vsphereVolume',
]);

/** Both run a program on the node that the pod's author can influence. */
const RUNS_ON_NODE: Readonly<Record<string, Severity>> = { gitRepo: 'high', flexVolume: 'medium' };

export const rule = defineRule({
  id: 'volume-types',
  title: 'Volume type outside the core set',
  severity: 'low',
  area: 'pod-security',
  rationale:
    'Volumes that name a storage server or a folder of the node in the pod itself bypass what the cluster decides about storage: whoever may create pods picks the server, the path and often the credentials.',
  remedy:
    'Let the pod name a PersistentVolumeClaim and keep server and credentials in a PersistentVolume or StorageClass, with a CSI driver in place of the removed in-tree plugins; clone a repository in an init container instead of gitRepo.',
  controls: pss('restricted', 'restrictedVolumes'),
  aliases: { trivy: ['KSV-0028'], 'kyverno-policies': ['restrict-volume-types'], 'gatekeeper-library': ['volumes', 'flexvolume-drivers'] },
  effort: 'medium',
  scope: 'workload',
  check(workload) {
    const { volumes } = workload.pod;
    if (volumes === undefined) return undefined;
    let hits: Hit[] | undefined;
    for (let index = 0; index < volumes.length; index += 1) {
      const volume = volumes[index] ?? {};
      const source = volumeSources(volume).find((each) => REFUSED.has(each));
      if (source === undefined) continue;
      const { name = '' } = volume;
      const hit: Hit = {
        message: `volume "${name}" is of type ${source}, which the restricted level does not allow`,
        path: `${workload.podPath}.volumes[${index}].${source}`,
        key: name,
      };
      const severity = RUNS_ON_NODE[source];
      if (severity !== undefined) hit.severity = severity;
      (hits ??= []).push(hit);
    }
    return hits;
  },
  examples: () => ({
    good: [
      withPod(
        'volumes: [{name: a, emptyDir: {}}, {name: b, configMap: {name: b}}, {name: c, secret: {secretName: c}}, {name: d, projected: {sources: []}}]',
      ),
      withPod(
        'volumes: [{name: a, csi: {driver: secrets-store.csi.k8s.io}}, {name: b, ephemeral: {}}, {name: c, persistentVolumeClaim: {claimName: c}}, {name: d, downwardAPI: {}}]',
      ),
      withPod('volumes: [{name: a}, {name: b, image: {reference: "registry.example.com/models:1"}}]'),
      withPod('volumes: [{name: a, hostPath: null}]'),
    ],
    bad: [
      { yaml: withPod('volumes: [{name: share, nfs: {server: 10.0.0.5, path: /}}]'), path: `${POD}.volumes[0].nfs`, severity: 'low' },
      { yaml: withPod('volumes: [{name: tmp, emptyDir: {}}, {name: host, hostPath: {path: /data}}]'), path: `${POD}.volumes[1].hostPath` },
      {
        yaml: withPod('volumes: [{name: code, gitRepo: {repository: "https://git.example.com/shop"}}]'),
        path: `${POD}.volumes[0].gitRepo`,
        severity: 'high',
      },
    ],
  }),
});
