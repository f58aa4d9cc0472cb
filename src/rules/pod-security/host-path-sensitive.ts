import { POD, withContainer, withPod } from '../examples.ts';
import { type Hit, cis, defineRule, mitre, nsa } from '../rule.ts';
import { type Sensitive, sensitiveHostPath } from './host-places.ts';
import { type HostVolume, hostVolumes, weighed, writableThrough } from './host-volumes.ts';

export const rule = defineRule({
  id: 'host-path-sensitive',
  title: 'Sensitive folder of the node mounted',
  severity: 'high',
  area: 'pod-security',
  rationale:
    'These folders hold keys, tokens of other pods, sockets or what the node runs as root. Writing there is code on the node; often reading is enough, and a read-only mount still lets the container connect to the sockets below it.',
  remedy:
    'Mount the one file or sub-folder that is needed, read-only, or get the data another way: the API for metadata, a projected token instead of the kubelet folder, a log collector with a narrow path. CNI and CSI drivers need some of these; keep them in a namespace that only cluster administrators can touch.',
  controls: [...cis('5.2.11'), ...nsa('privileged-containers'), ...mitre('T1611', 'T1552.001')],
  aliases: {
    kubescape: ['C-0020'],
    trivy: ['KSV-0121'],
    'kube-linter': ['sensitive-host-mounts'],
    kubeaudit: ['mounts'],
    'gatekeeper-library': ['host-filesystem'],
  },
  covers: ['host-path-writable', 'host-path', 'volume-types'],
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
      mounted('/data', ''),
      mounted('/lib/modules', 'readOnly: true'),
      mounted('/opt/cni/bin', 'readOnly: true'),
      mounted('/etcd-backup', ''),
    ],
    bad: [
      { yaml: mounted('/etc', ''), path: `${POD}.volumes[0].hostPath`, severity: 'critical' },
      {
        yaml: mounted('/var/run/../lib/kubelet/', 'readOnly: true, recursiveReadOnly: Enabled'),
        path: `${POD}.volumes[0].hostPath`,
        severity: 'high',
      },
      { yaml: mounted('/var/lib/kubelet/pods', 'readOnly: true'), path: `${POD}.volumes[0].hostPath`, severity: 'high' },
      { yaml: mounted('/var', 'readOnly: true'), path: `${POD}.volumes[0].hostPath`, severity: 'critical' },
      { yaml: mounted('/opt', ''), path: `${POD}.volumes[0].hostPath`, severity: 'high' },
      {
        yaml: mounted('/proc', 'readOnly: true', 'securityContext: {runAsUser: 65534}'),
        path: `${POD}.volumes[0].hostPath`,
        severity: 'low',
      },
      {
        yaml: withPod('volumes: [{name: host, hostPath: {path: /etc/kubernetes/pki}}]'),
        path: `${POD}.volumes[0].hostPath`,
        severity: 'low',
      },
    ],
  }),
});

function hitOf(volume: HostVolume, minor: number): Hit | undefined {
  const found = sensitiveHostPath(volume.normalized);
  if (found === undefined) return undefined;
  const { name, hostPath, path, mounts } = volume;
  const what = describe(hostPath, found);
  if (mounts.length === 0)
    return { message: `volume "${name}" would give access to ${what}, though no container mounts it`, path, key: name, severity: 'low' };
  const writable = writableThrough(volume, minor)?.extent === 'all';
  const severity = writable ? found.write : found.read;
  if (severity === undefined) return undefined;
  const message = `volume "${name}" gives ${writable ? 'write' : 'read'} access to ${what}`;
  return { message, path, also: mounts.map((mount) => ({ path: mount.path })), key: name, severity: weighed(severity, volume) };
}

function describe(hostPath: string, { above, place, what }: Sensitive): string {
  return above ? `${hostPath} of the node and with it to ${place}: ${what}` : `${hostPath} of the node: ${what}`;
}

function mounted(path: string, mount: string, pod = ''): string {
  return withContainer(
    `volumeMounts: [{name: host, mountPath: /host${mount && `, ${mount}`}}]`,
    `volumes: [{name: host, hostPath: {path: ${path}}}]\n${pod}`,
  );
}
