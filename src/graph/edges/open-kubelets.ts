/**
 * Kubelets that do whatever they are asked. Their settings stand in no object: what was collected on nodes tells them, or
 * what they told themselves.
 */
import { configOf, isLoopback } from '../../engines/command-line/index.ts';
import { settingsOfNodes } from '../../engines/component-config/index.ts';
import type { ApiObject, BodyOf, Tables } from '../../model/index.ts';
import type { NodeFacts } from '../../snapshot/index.ts';
import { factsOf, node, pod, policy } from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import type { Scene, Unit } from '../scene.ts';

const PORT = 10_250;

const WALL = policy('a/wall', { podSelector: {}, policyTypes: ['Egress'], egress: [] });

export const family = defineFamily({
  edges: {
    KUBELET_ANONYMOUS: {
      says: 'run commands in every container of the node, as its kubelet allows whatever it is asked',
      mitigation: 'Set authentication.anonymous.enabled: false and authorization.mode: Webhook for the kubelet, and start it anew.',
    },
  },
  draw(scene) {
    const kubelets = openKubelets(scene.tables.collected);
    if (kubelets.length === 0) return;
    const hubs = kubelets.map((kubelet) => ({ kubelet, hub: containersOn(scene, kubelet.node) }));
    // Nearly always who reaches one of them reaches all.
    const all = scene.builder.vertex('Kubelets');
    for (const { kubelet, hub } of hubs) scene.step(stepTo(kubelet), all, hub);
    for (const unit of scene.units) {
      if (unit.container.type === 'init') continue;
      const reached = hubs.filter(({ kubelet }) => isAllowed(scene, unit, kubelet) && reaches(scene, unit, kubelet));
      if (reached.length === hubs.length) scene.link(unit.vertex, all);
      else for (const { kubelet, hub } of reached) scene.step(stepTo(kubelet), unit.vertex, hub);
    }
  },
  examples: () => {
    const [from, to, edge] = ['Container/a/p/c', 'Container/b/q/c', 'KUBELET_ANONYMOUS'];
    const objects = [node('n'), pod('a/p', { nodeName: 'm' }), pod('b/q')];
    const open = ['--anonymous-auth=true', '--authorization-mode=AlwaysAllow'];
    return [
      { edge, objects, nodes: [kubeletOf('n', ...open)], from, to },
      // The defaults of a kubelet that is given no file.
      { edge, objects, nodes: [kubeletOf('n')], from, to },
      { edge, objects, from, to, because: 'nothing was collected on the node' },
      { edge, objects, nodes: [kubeletOf('n', '--authorization-mode=Webhook')], from, to, because: 'the API server is asked who may' },
      {
        edge,
        objects,
        nodes: [kubeletOf('n', '--anonymous-auth=false')],
        from,
        to,
        because: 'it asks who comes, and the pod has no token',
      },
      { edge, objects, nodes: [kubeletOf('n', '--address=127.0.0.1')], from, to, because: 'it listens on loopback only' },
      { edge, objects: [...objects, WALL], nodes: [kubeletOf('n')], from, to, because: 'a policy keeps the pod from it' },
      { edge, objects, nodes: [kubeletOf('m')], from, to, because: 'it is the kubelet of another node' },
      {
        edge,
        objects: [node('n'), pod('a/p', { nodeName: 'm', serviceAccountName: 's', automountServiceAccountToken: true }), pod('b/q')],
        nodes: [kubeletOf('n', '--anonymous-auth=false', '--authentication-token-webhook')],
        from,
        to,
      },
    ];
  },
});

interface OpenKubelet {
  readonly node: string;
  readonly object: ApiObject;
  readonly config: BodyOf<'KubeletConfiguration'>;
  /** Without saying who asks; else with any token of the cluster. */
  readonly toAnybody: boolean;
}

/** Nodes whose kubelets do what they are asked, as a text that changes where the graph of them does. */
export function openKubeletsText(collected: Tables['collected']): string {
  return openKubelets(collected)
    .map(({ node: name, toAnybody, config: { address = '', port = 0 } }) => `${name} ${toAnybody} ${address} ${port}`)
    .join('\n');
}

/** What a kubelet told of itself comes after what its files say, and counts. */
function openKubelets(collected: Tables['collected']): OpenKubelet[] {
  const byNode = new Map(settingsOfNodes(collected).kubelets.map((kubelet) => [kubelet.node, kubelet]));
  return [...byNode.values()].flatMap(({ node: name, object }) => {
    const config = configOf(object, 'KubeletConfiguration')?.body;
    if (config?.authorization?.mode !== 'AlwaysAllow') return [];
    const { anonymous, webhook } = config.authentication ?? {};
    const toAnybody = anonymous?.enabled === true;
    return toAnybody || webhook?.enabled !== false ? [{ node: name, object, config, toAnybody }] : [];
  });
}

function stepTo({ object }: OpenKubelet): { edge: string; where: { object: ApiObject; path: string } } {
  return { edge: 'KUBELET_ANONYMOUS', where: { object, path: 'authorization.mode' } };
}

function containersOn(scene: Scene, name: string): number {
  return scene.hub(`Kubelet/${name}`, (hub) => {
    for (const { root, workload, node: at } of scene.placement.pods)
      if (at === name)
        for (const container of workload.containers) scene.link(hub, scene.unitVertex(root, container.name), { klass: 'placement-now' });
  });
}

function isAllowed(scene: Scene, unit: Unit, { toAnybody }: OpenKubelet): boolean {
  return toAnybody || scene.mountsToken(unit);
}

function reaches(scene: Scene, { container: { workload }, root }: Unit, { node: name, config }: OpenKubelet): boolean {
  if (config.address !== undefined && config.address !== '' && isLoopback(config.address))
    return workload.pod.hostNetwork === true && scene.placement.nodesOf(root).nodes.includes(name);
  return scene.network.reachesNode(workload, name, config.port || PORT);
}

function kubeletOf(name: string, ...flags: readonly string[]): NodeFacts {
  return factsOf(name, ['kubelet', ...flags]);
}
