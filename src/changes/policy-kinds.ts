/**
 * Which policies are Kubernetes' own. Network plug-ins have kinds of the same names in groups of their own, with other
 * rules and an order among them: what these allow or deny is not judged here.
 */
import { isPluginPolicyObject } from '../engines/network/index.ts';
import { refIn } from './overlay.ts';
import type { State } from './state.ts';

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
  return objects.flatMap(({ object }) => (isPluginPolicyObject(object) ? [refIn(object)] : []));
}
