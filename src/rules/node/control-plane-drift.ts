import type { NodeComponent, NodeView } from '../../engines/component-config/index.ts';
import { REPLICATED, differences, settingWords } from '../control-plane/replicas.ts';
import { documents } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = defineRule({
  id: 'control-plane-drift',
  title: 'Replicas of a component run with other settings',
  severity: 'medium',
  area: 'node',
  rationale:
    'Requests are spread over all replicas: whoever is refused by one is let in by the one that was forgotten, and what one records or encrypts the other does not.',
  remedy:
    'Give all replicas the same flags, and restart those that still run with the old ones; kubeadm upgrade and configuration management keep them equal.',
  controls: [...nsa('control-plane-hardening')],
  scope: 'node',
  needs: ['node'],
  component: 'control plane',
  check(view): Hit | Hit[] {
    const compared = view.components.flatMap((component): Both[] => {
      const first = view.all().find(({ components }) => components.some(({ name }) => name === component.name));
      const model = first?.components.find(({ name }) => name === component.name);
      if (!REPLICATED.has(component.name) || first === undefined || model === undefined || component === model) return [];
      // Two members of etcd on one node are two databases.
      if (first === view && component.name === 'etcd') return [];
      return [{ view, component, first, model }];
    });
    const hits = compared.flatMap((both) => differences(both.component.line, both.model.line).map((flag) => hitOf(flag, both)));
    if (hits.length > 0) return hits;
    const names = [...new Set(compared.map(({ component }) => component.name))];
    const message =
      names.length === 0 ? 'there is nothing before it to compare with' : `${names.join(', ')}: the same settings as those before`;
    return { message, path: '', value: undefined, status: names.length === 0 ? 'not-applicable' : 'pass' };
  },
  examples: () => ({
    good: [
      nodeFacts({
        processes: [
          ['etcd', '--data-dir=/main'],
          ['etcd', '--data-dir=/events'],
        ],
      }),
      documents(server('node1', '--profiling=false', '--advertise-address=10.0.0.1'), server('node2', '--profiling=false')),
      documents(server('node1', '--profiling=false'), server('node2', '--profiling', 'true', '--profiling=false')),
    ],
    bad: [
      { yaml: documents(server('node1', '--profiling=false'), server('node2', '--profiling=true')), path: 'argv[1]' },
      {
        yaml: nodeFacts({
          node: 'node1',
          processes: [
            ['kube-apiserver', '--profiling=false'],
            ['kube-apiserver', '--profiling=true'],
          ],
        }),
        path: 'argv[1]',
      },
    ],
  }),
});

interface Both {
  view: NodeView;
  component: NodeComponent;
  first: NodeView;
  model: NodeComponent;
}

function hitOf(flag: string, { view, component, first, model }: Both): Hit {
  const own = component.line.uses.get(flag)?.at(-1);
  const whose = first === view ? 'another there' : `that of ${first.facts.node}`;
  return {
    message: `${component.name} of ${view.facts.node} runs ${settingWords(component.line, flag)}, ${whose} ${settingWords(model.line, flag)}`,
    file: fileOf(component),
    path: own?.path.replace(/^command/, 'argv') ?? 'argv',
    value: own?.words.map(({ text }) => text).join(' '),
    key: `${component.name} ${flag}`,
  };
}

function fileOf({ process, file }: NodeComponent): string {
  return process === undefined ? (file?.path ?? '') : `/proc/${process.pid}/cmdline`;
}

function server(node: string, ...flags: readonly string[]): string {
  return nodeFacts({ node, processes: [['kube-apiserver', ...flags]] });
}
