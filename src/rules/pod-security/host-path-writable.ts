import { CONTAINER, POD, withContainer, withPod } from '../examples.ts';
import { type Hit, cis, defineRule, mitre, nsa } from '../rule.ts';
import { sensitiveHostPath } from './host-places.ts';
import { type HostVolume, hostVolumes, weighed, writableThrough } from './host-volumes.ts';

export const rule = defineRule({
  id: 'host-path-writable',
  title: 'Writable mount of a host path',
  severity: 'high',
  area: 'pod-security',
  rationale:
    'Whoever runs code in the container can change files of the node: plant programs and settings where the node or other pods pick them up, fill its disk, or leave a way back in that survives the pod.',
  remedy:
    'Set readOnly: true on the mount, and recursiveReadOnly: Enabled (Kubernetes 1.31 and later) where the node mounts other file systems below the path, since those stay writable otherwise. Where the workload really writes, use an emptyDir or a PersistentVolumeClaim instead.',
  controls: [...cis('5.2.11'), ...nsa('privileged-containers'), ...mitre('T1611')],
  aliases: {
    kubescape: ['C-0045'],
    'kube-linter': ['writable-host-mount'],
    'kyverno-policies': ['ensure-readonly-hostpath'],
    'gatekeeper-library': ['host-filesystem'],
  },
  covers: ['host-path', 'volume-types'],
  effort: 'medium',
  scope: 'workload',
  reads: ['kubernetes'],
  check(workload, { kubernetes }) {
    const volumes = hostVolumes(workload);
    if (volumes.length === 0) return undefined;
    return volumes.flatMap((volume) => hitOf(volume, kubernetes.minor) ?? []);
  },
  examples: () => ({
    good: [
      mounted('/data', 'readOnly: true'),
      mounted('/var/lib/kubelet/pods', 'readOnly: true, recursiveReadOnly: Enabled'),
      withPod('volumes: [{name: host, hostPath: {path: /data}}]'),
      withContainer('volumeMounts: [{name: host, mountPath: /host}]', 'volumes: [{name: host, emptyDir: {}}]'),
    ],
    bad: [
      { yaml: mounted('/data', 'readOnly: false'), path: `${CONTAINER}.volumeMounts[0]`, severity: 'medium' },
      { yaml: mounted('/etc/kubernetes', ''), path: `${CONTAINER}.volumeMounts[0]`, severity: 'critical' },
      { yaml: mounted('/', 'readOnly: true'), path: `${CONTAINER}.volumeMounts[0]`, severity: 'medium' },
      {
        yaml: withPod(
          'volumes: [{name: host, hostPath: {path: /data}}]\ninitContainers: [{name: setup, image: "busybox:1.37", volumeMounts: [{name: host, mountPath: /data}]}]',
        ),
        path: `${POD}.initContainers[0].volumeMounts[0]`,
      },
    ],
  }),
});

function hitOf(volume: HostVolume, minor: number): Hit | undefined {
  const writable = writableThrough(volume, minor);
  if (writable === undefined) return undefined;
  const { mount, extent } = writable;
  const { name, hostPath: folder, path } = volume;
  const also = [{ path }];
  if (extent === 'below') {
    const message = `container "${mount.container.name}" mounts ${folder} of the node read-only, but file systems that the node mounts below it stay writable without recursiveReadOnly`;
    return { message, path: mount.path, also, key: name, severity: weighed('medium', volume) };
  }
  // Outside the places that the node itself uses, writing does not lead to code on the node by itself.
  const severity = weighed(sensitiveHostPath(volume.normalized)?.write ?? 'medium', volume);
  return { message: `container "${mount.container.name}" can write to ${folder} of the node`, path: mount.path, also, key: name, severity };
}

function mounted(path: string, mount: string): string {
  return withContainer(
    `volumeMounts: [{name: host, mountPath: /host${mount && `, ${mount}`}}]`,
    `volumes: [{name: host, hostPath: {path: ${path}}}]`,
  );
}
