import { POD, withPod } from '../examples.ts';
import { defineRule, mitre, nsa } from '../rule.ts';
import { isSandbox } from './sandboxes.ts';
import { isWindows } from './security-context.ts';

/** `hardened`: further names of runtime classes that count as a sandbox in this cluster. */
interface Options {
  hardened: readonly string[];
}
const OPTIONS: Options = { hardened: [] };

export const rule = defineRule({
  id: 'runtime-class',
  title: 'No sandboxed runtime class',
  severity: 'info',
  area: 'pod-security',
  rationale:
    'With the plain runtime every container talks to the kernel of the node, so one flaw in it frees all of them. A sandbox (gVisor, Kata Containers) puts a second kernel in between.',
  remedy:
    'For workloads that run code of others (builds, plugins, notebooks), install a sandboxed runtime and set runtimeClassName to its class; programs with unusual system calls or much disk work become slower or fail, so test them.',
  controls: [...nsa('sandboxing'), ...mitre('T1611')],
  aliases: { kubescape: ['C-0297'], 'kyverno-policies': ['restrict-runtimeClassName'] },
  effort: 'high',
  options: OPTIONS,
  scope: 'workload',
  check({ pod, podPath }, _tables, { hardened }) {
    const { runtimeClassName = '' } = pod;
    if (runtimeClassName !== '' && isSandbox(runtimeClassName, hardened)) return undefined;
    // Pods that are part of the node cannot run in a sandbox.
    if (pod.hostNetwork === true || pod.hostPID === true || pod.hostIPC === true || isWindows(pod)) return undefined;
    const message =
      runtimeClassName === ''
        ? 'the pod runs on the default runtime, without a sandbox'
        : `runtime class "${runtimeClassName}" is not known as a sandbox`;
    return { message, path: `${podPath}.runtimeClassName` };
  },
  examples: () => ({
    good: [
      withPod('runtimeClassName: gvisor'),
      withPod('runtimeClassName: kata-qemu'),
      withPod('runtimeClassName: walled'),
      withPod('hostPID: true'),
    ],
    bad: [
      { yaml: withPod(''), path: `${POD}.runtimeClassName` },
      { yaml: withPod('runtimeClassName: ""'), path: `${POD}.runtimeClassName` },
      { yaml: withPod('runtimeClassName: nvidia'), path: `${POD}.runtimeClassName` },
    ],
    options: { hardened: ['walled'] },
  }),
});
