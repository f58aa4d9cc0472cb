/** Static pods for the examples of rules, from the flags that matter. */
import type { ComponentName } from '../../engines/command-line/index.ts';

/** The list of words, and where the flags begin in it. */
export const COMMAND = 'spec.containers[0].command';
export const FIRST = `${COMMAND}[1]`;

export function staticPod(component: ComponentName, flags: readonly string[]): string {
  return [
    'apiVersion: v1',
    'kind: Pod',
    `metadata: {name: ${component}, namespace: kube-system, labels: {component: ${component}, tier: control-plane}}`,
    'spec:',
    '  hostNetwork: true',
    '  containers:',
    `  - name: ${component}`,
    `    image: registry.k8s.io/${component}:v1.34.1`,
    `    command: ${JSON.stringify([component, ...flags])}`,
  ].join('\n');
}

/** The same pod with the image of another release. */
export function ofRelease(tag: string, pod: string): string {
  return pod.replace(/(image: .*):v[\d.]+$/m, `$1:${tag}`);
}

export function apiServer(...flags: string[]): string {
  return staticPod('kube-apiserver', flags);
}
export function controllerManager(...flags: string[]): string {
  return staticPod('kube-controller-manager', flags);
}
export function cloudControllerManager(...flags: string[]): string {
  return staticPod('cloud-controller-manager', flags);
}
export function scheduler(...flags: string[]): string {
  return staticPod('kube-scheduler', flags);
}
export function etcd(...flags: string[]): string {
  return staticPod('etcd', flags);
}
export function kubelet(...flags: string[]): string {
  return staticPod('kubelet', flags);
}

export function kubeletConfiguration(yaml: string): string {
  return `apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n${yaml}`;
}
