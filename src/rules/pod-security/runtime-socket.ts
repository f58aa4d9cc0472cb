import { POD, withContainer, withPod } from '../examples.ts';
import { type Hit, cis, defineRule, mitre, nsa } from '../rule.ts';
import { runtimeSocketAt } from '../../engines/host-paths/index.ts';
import { type HostVolume, hostVolumes, weighed } from './host-volumes.ts';

export const rule = defineRule({
  id: 'runtime-socket',
  title: 'Socket of the container runtime mounted',
  severity: 'critical',
  area: 'pod-security',
  rationale:
    'Whoever can connect to the socket of the container runtime starts a privileged container with the whole node mounted, past admission, audit and every policy. A read-only mount does not hinder connecting.',
  remedy:
    'Remove the mount. Build images with a rootless builder or a build service, read container data from the kubelet or the API, and leave runtime access to node agents in a namespace of their own.',
  controls: [...cis('5.2.11'), ...nsa('privileged-containers'), ...mitre('T1611', 'T1610')],
  aliases: {
    kubescape: ['C-0074'],
    trivy: ['KSV-0006'],
    checkov: ['CKV_K8S_27'],
    'kube-linter': ['docker-sock'],
    kubeaudit: ['mounts'],
    kubesec: ['DockerSock'],
    'kyverno-policies': ['disallow-cri-sock-mount', 'docker-socket-requires-label'],
  },
  covers: ['host-path-sensitive', 'host-path-writable', 'host-path', 'volume-types'],
  effort: 'medium',
  scope: 'workload',
  check(workload) {
    const volumes = hostVolumes(workload);
    if (volumes.length === 0) return undefined;
    return volumes.flatMap((volume) => hitOf(volume) ?? []);
  },
  examples: () => ({
    good: [
      mounted('/var/run/thing.sock', ''),
      mounted('/run/containerd-metrics', ''),
      withContainer('volumeMounts: [{name: sock, mountPath: /var/run/docker.sock}]', 'volumes: [{name: sock, emptyDir: {}}]'),
    ],
    bad: [
      { yaml: mounted('/var/run/docker.sock', ''), path: `${POD}.volumes[0].hostPath`, severity: 'critical' },
      { yaml: mounted('/var/run/../run/containerd/', 'readOnly: true'), path: `${POD}.volumes[0].hostPath`, severity: 'critical' },
      {
        yaml: mounted('/run/crio/crio.sock', '', 'securityContext: {runAsNonRoot: true}'),
        path: `${POD}.volumes[0].hostPath`,
        severity: 'high',
      },
      { yaml: mounted("'\\\\.\\pipe\\docker_engine'", ''), path: `${POD}.volumes[0].hostPath` },
      {
        yaml: withPod('volumes: [{name: sock, hostPath: {path: /var/run/docker.sock}}]'),
        path: `${POD}.volumes[0].hostPath`,
        severity: 'low',
      },
    ],
  }),
});

function hitOf(volume: HostVolume): Hit | undefined {
  const { name, hostPath, normalized, path, mounts } = volume;
  const socket = runtimeSocketAt(normalized);
  if (socket === undefined) return undefined;
  const what =
    socket === normalized
      ? `the runtime socket ${hostPath} of the node`
      : `${hostPath} of the node, where the runtime socket ${socket} lies`;
  if (mounts.length === 0)
    return { message: `volume "${name}" is ${what}, though no container mounts it`, path, key: name, severity: 'low' };
  const message = `volume "${name}" gives access to ${what}`;
  return { message, path, also: mounts.map((mount) => ({ path: mount.path })), key: name, severity: weighed('critical', volume) };
}

function mounted(path: string, mount: string, pod = ''): string {
  return withContainer(
    `volumeMounts: [{name: sock, mountPath: /host${mount && `, ${mount}`}}]`,
    `volumes: [{name: sock, hostPath: {path: ${path}}}]\n${pod}`,
  );
}
