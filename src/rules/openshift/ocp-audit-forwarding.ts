import { nsa, ofDistributions } from '../rule.ts';
import { openshiftRule } from './openshift-rule.ts';

export const rule = openshiftRule({
  id: 'ocp-audit-forwarding',
  title: 'Forwarding of audit logs needs a look',
  severity: 'low',
  rationale: 'Logs that stay on the nodes of the control plane are gone with them, and whoever takes these over rewrites them.',
  remedy: 'Set up a ClusterLogForwarder with the input audit and an output outside of the cluster.',
  controls: [...ofDistributions({ openshift: ['1.2.19'] }), ...nsa('audit-logging')],
  component: 'kube-apiserver',
  look: 'look whether a ClusterLogForwarder sends audit logs out of the cluster',
});
