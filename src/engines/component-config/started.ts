/** Components that are known to run, how each was started and where that stands: facts of nodes, then mirror pods. */
import type { Cluster } from '../../model/index.ts';
import type { NodeFacts } from '../../snapshot/index.ts';
import { type CommandLine, type ComponentName, commandLineOf, listOf, settingOf } from '../command-line/index.ts';
import type { EffectiveKubelet } from './kubelet.ts';
import { type NodeComponent, type NodeView, viewsOfNodes } from './node-view.ts';

/** A value, and where a person finds it. */
export interface Setting<T> {
  value: T;
  /** File, process or object. */
  source: string;
  /** The field or argument in it. */
  path: string;
  /** As it is written there. */
  shown: unknown;
}

export interface Started {
  component: ComponentName;
  /** '' where a pod does not say. */
  node: string;
  line: CommandLine;
  /** All settings as one, of a kubelet whose files are known, or that is given none. */
  kubelet?: EffectiveKubelet;
  /** Of its node, where facts of it were given. */
  facts?: NodeFacts;
  flag(name: string): Setting<string> | undefined;
  list(name: string): Setting<readonly string[]> | undefined;
}

export function startedIn(cluster: Cluster): Started[] {
  const onNodes = viewsOfNodes(cluster.nodes).flatMap(startedOn);
  const seen = new Set(onNodes.map(({ node, component }) => `${node}/${component}`));
  return [...onNodes, ...startedInPods(cluster).filter(({ node, component }) => !seen.has(`${node}/${component}`))];
}

function startedOn(view: NodeView): Started[] {
  const { facts, kubelet = view.flagsOnly } = view;
  return view.components.map((each) => {
    const { source, pathOf } = placeOf(each, facts.node);
    const isKubelet = each.name === 'kubelet' && kubelet !== undefined;
    return {
      component: each.name,
      node: facts.node,
      line: each.line,
      facts,
      ...readers(each.line, source, pathOf),
      ...(isKubelet && { kubelet }),
    };
  });
}

function placeOf({ from, process, file }: NodeComponent, node: string): { source: string; pathOf: (path: string) => string } {
  if (process !== undefined) return { source: `${node}:/proc/${process.pid}/cmdline`, pathOf: (path) => path.replace(/^command/, 'argv') };
  return { source: `${node}:${file?.path ?? `the ${from} of the component`}`, pathOf: (path) => path };
}

function startedInPods({ workloads }: Cluster): Started[] {
  return workloads.flatMap((workload) => {
    if (workload.namespace !== 'kube-system' || workload.kind !== 'Pod') return [];
    return workload.containers.flatMap((container) => {
      const line = container.type === 'container' ? commandLineOf(container.spec) : undefined;
      if (line === undefined) return [];
      const source = `Pod/${workload.namespace}/${workload.name}`;
      return [
        {
          component: line.component,
          node: workload.pod.nodeName ?? '',
          line,
          ...readers(line, source, (path) => `${container.path}.${path}`),
        },
      ];
    });
  });
}

function readers(line: CommandLine, source: string, pathOf: (path: string) => string): Pick<Started, 'flag' | 'list'> {
  return {
    flag(name) {
      const use = settingOf(line, name);
      if (use === undefined || use.opaque) return undefined;
      return { value: use.value, source, path: pathOf(use.path), shown: `${name}=${use.value}` };
    },
    list(name) {
      const found = listOf(line, name);
      if (found === undefined || found.opaque) return undefined;
      return { value: found.items, source, path: pathOf(found.use.path), shown: `${name}=${found.items.join(',')}` };
    },
  };
}
