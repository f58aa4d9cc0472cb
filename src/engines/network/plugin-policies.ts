/** Policies of network plug-ins, in groups of their own and with other rules: what these allow or deny is not judged here. */
import { groupOf } from '../../model/index.ts';
import { type Raw, textAt } from './read.ts';

const OWN_GROUPS: ReadonlySet<string> = new Set(['networking.k8s.io', 'policy.networking.k8s.io', 'extensions', '']);

/** CiliumNetworkPolicy, NetworkPolicy of Calico and Antrea and their like. Staged ones are not in force. */
export function isPluginPolicyObject(object: Raw): boolean {
  const kind = textAt(object, 'kind');
  return kind.endsWith('NetworkPolicy') && !kind.startsWith('Staged') && !OWN_GROUPS.has(groupOf(textAt(object, 'apiVersion')));
}
