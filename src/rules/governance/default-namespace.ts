import { withPod } from '../examples.ts';
import { cis, defineRule, nsa } from '../rule.ts';
import type { ApiObject } from '../../model/index.ts';

/** Every object of `default` is one fact, told with this many of them. */
const MOST_SHOWN = 10;

export const rule = defineRule({
  id: 'default-namespace',
  title: 'Objects in the default namespace',
  severity: 'low',
  area: 'governance',
  rationale:
    'What lies in the default namespace shares its policies, quotas and service accounts with whatever else was applied without thinking of a namespace; rights and network rules cannot be drawn between them.',
  remedy:
    'Give each application a namespace of its own and name it in metadata.namespace; where helm or kustomize sets the namespace at deployment, scan what they render. Moving an object means making it anew: volumes and DNS names do not move with it.',
  controls: [...cis('5.6.4'), ...nsa('namespace-separation')],
  aliases: {
    kubescape: ['C-0061', 'C-0212'],
    trivy: ['KSV-0110'],
    checkov: ['CKV_K8S_21'],
    'kube-linter': ['use-namespace'],
    'kyverno-policies': ['disallow-default-namespace'],
  },
  effort: 'medium',
  scope: 'namespace',
  reads: ['objects'],
  check(namespace, { objects }) {
    if (namespace.name !== 'default') return undefined;
    const inside = objects.all.filter((object) => object.namespace === 'default' && isPlaced(object));
    if (inside.length === 0) return undefined;
    const unset = inside.filter((object) => (object.metadata.namespace ?? '') === '').length;
    const count = inside.length === 1 ? `${inside[0]?.kind} "${inside[0]?.name}" lies` : `${inside.length} objects lie`;
    return {
      message: `${count} in the default namespace${unset === 0 ? '' : unset === inside.length ? ', since no namespace is named' : `, ${unset} of them since they name no namespace`}`,
      path: '',
      value: undefined,
      // A namespace may still be given at deployment.
      severity: unset === inside.length ? 'info' : 'low',
      also: inside.slice(0, MOST_SHOWN).map((object) => ({ object, path: 'metadata.namespace' })),
    };
  },
  examples: () => ({
    good: [
      withPod(''),
      '{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: default}}',
      '{apiVersion: v1, kind: Service, metadata: {name: kubernetes, namespace: default}, spec: {clusterIP: 10.0.0.1}}',
      '{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: reader}, rules: []}',
      '{apiVersion: example.com/v1, kind: Widget, metadata: {name: scope-unknown}}',
    ],
    bad: [
      { yaml: '{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: default}}', path: '', severity: 'low' },
      { yaml: '{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reader}, rules: []}', path: '', severity: 'info' },
    ],
  }),
});

/** Whether somebody put the object there: not the API server, a controller or the lack of a scope we know. */
function isPlaced(object: ApiObject): boolean {
  if (object.name === 'kubernetes' && ['Service', 'Endpoints', 'EndpointSlice'].includes(object.kind)) return false;
  if (object.kind === 'ServiceAccount' && object.name === 'default') return false;
  if (object.kind === 'ConfigMap' && object.name === 'kube-root-ca.crt') return false;
  if (object.kind === 'Event' || object.kind === 'Lease') return false;
  if (object.metadata.ownerReferences?.some((owner) => owner.controller === true) === true) return false;
  return object.known !== undefined || (object.metadata.namespace ?? '') !== '' || BUILT_IN.has(object.group);
}

/** API groups whose kinds the model knows by scope, although it does not read into all of them. */
const BUILT_IN: ReadonlySet<string> = new Set([
  '',
  'apps',
  'batch',
  'autoscaling',
  'policy',
  'networking.k8s.io',
  'rbac.authorization.k8s.io',
  'discovery.k8s.io',
]);
