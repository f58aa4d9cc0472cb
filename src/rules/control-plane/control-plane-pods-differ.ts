import { type CommandLine, processOf } from '../../engines/command-line/index.ts';
import { groupBy } from '../../lib/groups.ts';
import { concatPath } from '../../lib/field-path.ts';
import type { Container, Tables } from '../../model/index.ts';
import { documents } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { nodeFacts } from '../node/node-examples.ts';
import { REPLICATED, differences, settingWords } from './replicas.ts';

export const rule = defineRule({
  id: 'control-plane-pods-differ',
  title: 'Replicas of a component are started with other settings',
  severity: 'medium',
  area: 'control-plane',
  rationale:
    'Requests are spread over all replicas: whoever is refused by one is let in by the one that was forgotten, and what one records or encrypts the other does not.',
  remedy:
    'Give the static pods of all nodes of the control plane the same flags, one node at a time; kubeadm upgrade and configuration management keep them equal.',
  controls: [...nsa('control-plane-hardening')],
  scope: 'cluster',
  reads: ['workloads', 'collected'],
  applies: (_cluster, tables) => replicasIn(tables).some((replicas) => replicas.length > 1),
  check(_cluster, tables) {
    return replicasIn(tables).flatMap(([model, ...others]) =>
      model === undefined ? [] : others.flatMap((replica) => between(replica, model)),
    );
  },
  examples: () => ({
    good: [
      documents(server('a', '--profiling=false', '--advertise-address=10.0.0.1'), server('b', '--profiling=false')),
      documents(server('a', '--enable-admission-plugins=A,B'), server('b', '--enable-admission-plugins', 'B,A')),
      // What was collected on the nodes is compared there.
      documents(server('a', '--profiling=false'), server('b'), nodeFacts({ node: 'b' })),
      server('a', '--profiling=false'),
    ],
    bad: [
      { yaml: documents(server('a', '--oidc-issuer-url=https://id.example'), server('b')), path: 'spec.containers[0].command' },
      { yaml: documents(server('a', '--profiling=false'), server('b', '--profiling=true')), path: 'spec.containers[0].command[1]' },
    ],
  }),
});

interface Replica {
  readonly container: Container;
  readonly line: CommandLine;
}

/** By component, each by the names of their pods. What was collected on a node counts more than the pods that stand for it. */
function replicasIn({ workloads, collected }: Pick<Tables, 'workloads' | 'collected'>): Replica[][] {
  const nodes = new Set(collected.nodes.map(({ node }) => node));
  const all = workloads.all.flatMap(({ isMirrorPod, pod, containers }) =>
    isMirrorPod && !nodes.has(pod.nodeName ?? '')
      ? containers.flatMap((container) => {
          const line = processOf(container);
          return line !== undefined && REPLICATED.has(line.component) ? [{ container, line }] : [];
        })
      : [],
  );
  const named = all.toSorted((a, b) => (a.container.workload.name < b.container.workload.name ? -1 : 1));
  return [...groupBy(named, ({ line }) => line.component).values()];
}

function between({ container, line }: Replica, model: Replica): Hit[] {
  return differences(line, model.line).map((flag) => {
    const { workload, path } = container;
    const use = line.uses.get(flag)?.at(-1);
    const other = model.line.uses.get(flag)?.at(-1);
    return {
      message: `${workload.name} runs ${settingWords(line, flag)}, ${model.container.workload.name} ${settingWords(model.line, flag)}`,
      object: workload.object,
      path: concatPath(path, use?.path ?? line.list),
      key: `${workload.name} ${flag}`,
      also: [{ object: model.container.workload.object, path: concatPath(model.container.path, other?.path ?? model.line.list) }],
    };
  });
}

function server(node: string, ...flags: readonly string[]): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `kube-apiserver-${node}`, namespace: 'kube-system', annotations: { 'kubernetes.io/config.mirror': 'x' } },
    spec: {
      nodeName: node,
      containers: [{ name: 'a', image: 'registry.k8s.io/kube-apiserver:v1.34.1', command: ['kube-apiserver', ...flags] }],
    },
  });
}
