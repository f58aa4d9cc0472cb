/**
 * Which policies are Kubernetes' own. Network plug-ins have kinds of the same names in groups of their own, with other
 * rules and an order among them: what these allow or deny is not judged here.
 */
import { groupOf } from '../model/index.ts';
import { textOf } from '../lib/record.ts';
import { refIn } from './overlay.ts';
import type { State } from './state.ts';

const OWN_GROUPS: ReadonlySet<string> = new Set(['networking.k8s.io', 'policy.networking.k8s.io', 'extensions', '']);
export const POLICY_KINDS: ReadonlySet<string> = new Set([
  'NetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'ClusterNetworkPolicy',
]);

/** `CiliumNetworkPolicy`, `NetworkPolicy.crd.projectcalico.org`: as `refIn` begins. Staged ones are not in force. */
export function isPluginPolicy(kind: string): boolean {
  return !POLICY_KINDS.has(kind) && /^(?!Staged)\w*NetworkPolicy(\.|$)/.test(kind);
}

/** Those of the state, as `Kind/namespace/name`. */
export function pluginPolicies({ objects }: State): string[] {
  return objects.flatMap(({ object }) => {
    const isOwn = OWN_GROUPS.has(groupOf(textOf(object.apiVersion)));
    if (isOwn || !textOf(object.kind).endsWith('NetworkPolicy')) return [];
    const ref = refIn(object);
    return isPluginPolicy(ref.split('/', 1)[0] ?? '') ? [ref] : [];
  });
}
