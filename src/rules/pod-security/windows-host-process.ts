import { CONTAINER, POD, withContainer, withPod } from '../examples.ts';
import { type Hit, cis, defineRule, mitre, nsa, pss } from '../rule.ts';

export const rule = defineRule({
  id: 'windows-host-process',
  title: 'Windows HostProcess container',
  severity: 'high',
  area: 'pod-security',
  rationale:
    'A HostProcess container is no container: its processes run on the Windows node itself, on its network and, as NT AUTHORITY\\SYSTEM, with every right there.',
  remedy:
    'Set windowsOptions.hostProcess to false and drop hostNetwork, which only HostProcess needs. Node agents (CNI, CSI, monitoring) that need it belong in a namespace of their own with Pod Security level privileged.',
  controls: [...cis('5.2.10'), ...pss('baseline', 'windowsHostProcess'), ...nsa('privileged-containers'), ...mitre('T1611')],
  aliases: {
    kubescape: ['C-0202'],
    trivy: ['KSV-0103'],
    polaris: ['hostProcess'],
    'kyverno-policies': ['disallow-host-process'],
    'gatekeeper-library': ['host-process'],
  },
  // The API server demands the network of the node with it.
  covers: ['host-network'],
  scope: 'workload',
  check({ pod, podPath, containers }) {
    let hits: Hit[] | undefined;
    if (pod.securityContext?.windowsOptions?.hostProcess === true) {
      hits = [hitAt(`${podPath}.securityContext`, 'the containers of the pod run as processes of the Windows node', '')];
    }
    for (const { spec, path, name } of containers) {
      if (spec.securityContext?.windowsOptions?.hostProcess !== true) continue;
      (hits ??= []).push(
        hitAt(`${path}.securityContext`, `container "${name}" runs as a process of the Windows node`, `container ${name}`),
      );
    }
    return hits;
  },
  examples: () => ({
    good: [
      withPod(''),
      withPod('securityContext: {windowsOptions: {hostProcess: false}}'),
      withContainer('securityContext: {windowsOptions: {runAsUserName: ContainerUser}}', 'os: {name: windows}'),
    ],
    bad: [
      {
        yaml: withPod('os: {name: windows}\nhostNetwork: true\nsecurityContext: {windowsOptions: {hostProcess: true}}'),
        path: `${POD}.securityContext.windowsOptions.hostProcess`,
      },
      {
        yaml: withContainer('securityContext: {windowsOptions: {hostProcess: true}}', 'hostNetwork: true'),
        path: `${CONTAINER}.securityContext.windowsOptions.hostProcess`,
      },
      {
        yaml: withPod(
          'initContainers: [{name: setup, image: "registry.example.com/setup:1", securityContext: {windowsOptions: {hostProcess: true}}}]',
        ),
        path: `${POD}.initContainers[0].securityContext.windowsOptions.hostProcess`,
      },
    ],
  }),
});

function hitAt(context: string, message: string, key: string): Hit {
  const path = `${context}.windowsOptions.hostProcess`;
  return { message, path, key, fix: [{ set: path, value: false }] };
}
