import { POD, withContainer, withPod } from '../examples.ts';
import { type Hit, cis, defineRule, mitre, nsa, pss } from '../rule.ts';
import { sensitiveHostPath } from './host-places.ts';
import { type HostVolume, hostVolumes, writableThrough } from './host-volumes.ts';

export const rule = defineRule({
  id: 'host-path',
  title: 'Volume from the file system of the node',
  severity: 'medium',
  area: 'pod-security',
  rationale:
    'A hostPath volume ties the pod to files of the node: it sees what other pods and the node itself leave there, its own data stays behind for the next pod, and a mistake in the path opens the node.',
  remedy:
    'Use emptyDir for scratch space, a PersistentVolumeClaim for data, a projected or configMap volume for settings. Node agents that need the host belong in a namespace of their own with Pod Security level privileged.',
  controls: [...cis('5.2.11'), ...pss('baseline', 'hostPathVolumes'), ...nsa('privileged-containers'), ...mitre('T1611')],
  aliases: {
    kubescape: ['C-0048', 'C-0203'],
    trivy: ['KSV-0023'],
    polaris: ['hostPathSet'],
    'kyverno-policies': ['disallow-host-path', 'limit-hostpath-vols', 'remove-hostpath-volumes'],
    'gatekeeper-library': ['host-filesystem'],
  },
  covers: ['volume-types'],
  effort: 'medium',
  scope: 'workload',
  reads: ['kubernetes'],
  check(workload, { kubernetes }) {
    const volumes = hostVolumes(workload);
    if (volumes.length === 0) return undefined;
    return volumes.map((volume): Hit => {
      const message = `volume "${volume.name}" is ${volume.hostPath || 'a folder without a path'} of the node`;
      return { message, path: volume.path, key: volume.name, severity: givesLittle(volume, kubernetes.minor) ? 'low' : 'medium' };
    });
  },
  examples: () => ({
    good: [
      withPod('volumes: [{name: cache, emptyDir: {}}]'),
      withPod('volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]'),
      withPod('volumes: [{name: plain}]'),
    ],
    bad: [
      { yaml: withPod('volumes: [{name: data, hostPath: {path: /data}}]'), path: `${POD}.volumes[0].hostPath`, severity: 'low' },
      {
        yaml: withContainer('volumeMounts: [{name: data, mountPath: /data}]', 'volumes: [{name: data, hostPath: {path: /data}}]'),
        path: `${POD}.volumes[0].hostPath`,
        severity: 'medium',
      },
      {
        yaml: withContainer(
          'volumeMounts: [{name: zone, mountPath: /etc/localtime, readOnly: true}]',
          'volumes: [{name: tmp, emptyDir: {}}, {name: zone, hostPath: {path: /etc/localtime}}]',
        ),
        path: `${POD}.volumes[1].hostPath`,
        severity: 'low',
      },
    ],
  }),
});

/** Nobody mounts it, or everybody read-only, and nothing of weight can be read there. */
function givesLittle(volume: HostVolume, minor: number): boolean {
  if (volume.mounts.length === 0) return true;
  if (writableThrough(volume, minor) !== undefined) return false;
  const { read } = sensitiveHostPath(volume.normalized) ?? {};
  return read === undefined || read === 'low';
}
