/** The API servers that are known, by their pods and by what was collected on nodes, which counts more than the pods there. */
import { type CommandLine, processesNamed } from '../engines/command-line/index.ts';
import { settingsOfNodes } from '../engines/component-config/index.ts';
import type { ApiObject, Tables } from '../model/index.ts';

export interface KnownServer {
  readonly line: CommandLine;
  readonly object: ApiObject;
  /** Of what holds its arguments. */
  readonly path: string;
}

export function apiServersIn({ workloads, collected }: Pick<Tables, 'workloads' | 'collected'>): KnownServer[] {
  const onNodes = settingsOfNodes(collected).lines.filter(({ line }) => line.component === 'kube-apiserver');
  const nodes = new Set(onNodes.map(({ node }) => node));
  const inPods = processesNamed(workloads, 'kube-apiserver').flatMap(({ container, line }) => {
    const { object, isMirrorPod, pod } = container.workload;
    return isMirrorPod && nodes.has(pod.nodeName ?? '') ? [] : [{ line, object, path: container.path }];
  });
  return [...onNodes.map(({ line, object, path }) => ({ line, object, path })), ...inPods];
}
