/** Facts of a node for tests of what changes it, from what matters in them. */
import { type NodeView, viewsOfNodes } from '../../engines/component-config/index.ts';
import { type FileFact, NODE_FACTS_SCHEMA, type NodeFacts, type UnitFact } from '../../snapshot/index.ts';

export function fileOf(path: string, text?: string): FileFact {
  const owner = { uid: 0, gid: 0, owner: 'root', group: 'root' };
  return {
    path,
    type: 'file',
    mode: '600',
    ...owner,
    size: text?.length ?? 1,
    namedBy: 'known place',
    ...(text !== undefined && { text }),
  };
}

export function unitOf(name: string, command: string, ...more: readonly string[]): UnitFact {
  const lines = [...more, `ExecStart=${command}`].map((text, index) => ({ line: index + 1, text }));
  return { name, path: `/etc/systemd/system/${name}`, lines, dropIns: [] };
}

export function factsOf(given: Partial<NodeFacts>): NodeFacts {
  return {
    schema: NODE_FACTS_SCHEMA,
    node: 'node1',
    collectedAt: '2026-11-01T08:00:00Z',
    collectedBy: '1.0.0',
    running: true,
    distribution: 'kubeadm',
    os: { id: 'debian', version: '13', name: 'Debian' },
    kernel: '6.12.0',
    versions: { 'kube-apiserver': '1.34.1' },
    processes: [],
    units: [],
    files: [],
    absent: [],
    certificates: [],
    sockets: [],
    sysctls: {},
    gaps: [],
    ...given,
  };
}

/** As kubeadm leaves it, with one container. */
export function manifestOf(component: string, ...words: readonly string[]): FileFact {
  const command = [component, ...words].map((word) => `    - ${word}\n`).join('');
  const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: ${component}, namespace: kube-system}\nspec:\n  containers:\n  - name: ${component}\n    command:\n${command}`;
  return fileOf(`/etc/kubernetes/manifests/${component}.yaml`, text);
}

/** As rules see it. */
export function viewOf(facts: NodeFacts): NodeView {
  const [view] = viewsOfNodes([facts]);
  if (view === undefined) throw new Error('a node has no view');
  return view;
}
