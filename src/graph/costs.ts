/** What it costs to take a part away, where nobody says otherwise, and what has to stay. */
import { refOf } from '../model/index.ts';
import type { AttackGraph } from './attack-graph.ts';
import { refsOf } from './system-parts.ts';

/** A grant, a token or an opening goes at once; a role or a workload takes thought. */
const COST_OF_KIND: Readonly<Record<string, number>> = {
  RoleBinding: 1,
  ClusterRoleBinding: 1,
  Secret: 1,
  Service: 1,
  rule: 1.2,
  Role: 2,
  ClusterRole: 2,
};
const COST_OF_WORKLOAD = 3;
const STAYS: ReadonlySet<string> = new Set(['ServiceAccount', 'Namespace', 'Node']);
const BOOTSTRAPPING = 'kubernetes.io/bootstrapping';

/** Of a part by its name; Infinity for what belongs to Kubernetes itself. */
export function defaultCosts({ scene }: AttackGraph): (part: string) => number {
  const system = new Set<string>();
  for (const object of scene.cluster.objects) {
    if (object.name.startsWith('system:') || object.labels[BOOTSTRAPPING] !== undefined || object.namespace === 'kube-system')
      system.add(refOf(object));
  }
  // What the input leaves out is nobody's to change.
  const absent = refsOf(scene.system);
  return (part) => {
    // No reference of an object has a blank in it: an expression of 25,000 parts takes longer than all else here.
    const role = part.startsWith('rule ') ? part.slice(part.lastIndexOf(' ') + 1) : undefined;
    const kind = role === undefined ? part.slice(0, part.indexOf('/')) : 'rule';
    const ref = role ?? part;
    // Who bound somebody in kube-system may take that back; what Kubernetes put there stays.
    if (STAYS.has(kind) || absent.has(ref) || ref === 'ClusterRole/cluster-admin' || ref === 'ClusterRoleBinding/cluster-admin')
      return Infinity;
    if (system.has(ref) && !(kind.endsWith('RoleBinding') && !ref.includes('system:'))) return Infinity;
    return COST_OF_KIND[kind] ?? COST_OF_WORKLOAD;
  };
}
