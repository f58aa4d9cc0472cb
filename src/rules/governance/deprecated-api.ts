import { type ApiStatus, apiStatus } from '../../engines/versions/index.ts';
import type { ApiObject, Tables } from '../../model/index.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';

type Definitions = Tables['CustomResourceDefinition'];

export const rule = defineRule({
  id: 'deprecated-api',
  title: 'Deprecated or removed apiVersion',
  severity: 'medium',
  area: 'governance',
  rationale:
    'The API server refuses an object of a removed version, so after an upgrade the workload or the policy can no longer be applied, rolled back or restored, often at the moment when it has to be changed at once.',
  remedy:
    'Move the manifest to the apiVersion that replaces it and adapt the fields that changed (kubectl convert helps); stored objects are served under the new version already.',
  controls: nsa('upgrading'),
  aliases: {
    trivy: ['KSV-0107'],
    'kube-linter': ['no-extensions-v1beta'],
    'kube-score': ['stable-version'],
    kubeaudit: ['deprecatedapis'],
    popeye: ['403'],
    'kyverno-policies': ['check-deprecated-apis'],
    'gatekeeper-library': ['verifydeprecatedapi'],
  },
  scope: 'object',
  reads: ['kubernetes', 'CustomResourceDefinition'],
  check(object, { kubernetes, CustomResourceDefinition }) {
    const status = apiStatus(object.apiVersion, object.kind, kubernetes.minor);
    if (status === undefined) return customStatus(object, CustomResourceDefinition);
    // Without a date of removal nothing breaks, and some of these objects are written by Kubernetes itself.
    if (status.state === 'unknown' || status.removed === undefined) return undefined;
    return hitOf(object, status);
  },
  examples: () => ({
    good: [
      '{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}',
      '{apiVersion: v1, kind: Endpoints, metadata: {name: web}}',
      '{apiVersion: serving.knative.dev/v1beta1, kind: Service, metadata: {name: web}}',
      '{apiVersion: storage.k8s.io/v1beta1, kind: Unheard, metadata: {name: web}}',
    ],
    bad: [
      { yaml: '{apiVersion: extensions/v1beta1, kind: NetworkPolicy, metadata: {name: web}}', path: 'apiVersion', severity: 'medium' },
      { yaml: '{apiVersion: batch/v1beta1, kind: CronJob, metadata: {name: web}}', path: 'apiVersion', severity: 'medium' },
      { yaml: '{apiVersion: policy/v1beta1, kind: PodSecurityPolicy, metadata: {name: web}}', path: 'apiVersion', severity: 'medium' },
      {
        yaml: '{apiVersion: storage.k8s.io/v1beta1, kind: VolumeAttributesClass, metadata: {name: web}}',
        path: 'apiVersion',
        severity: 'low',
      },
      {
        yaml: [
          '{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: widgets.example.com}, spec: {group: example.com, names: {kind: Widget}, versions: [{name: v1, served: true}, {name: v1beta1, served: true, deprecated: true}]}}',
          '{apiVersion: example.com/v1beta1, kind: Widget, metadata: {name: old}}',
        ].join('\n---\n'),
        path: 'apiVersion',
        severity: 'low',
      },
    ],
  }),
});

function hitOf(object: ApiObject, { state, removed, deprecated, replacement }: ApiStatus): Hit {
  const instead = replacement === undefined ? ', and nothing replaces it' : `; use ${replacement}`;
  const fix: Pick<Hit, 'fix'> =
    replacement !== undefined && SAME_FIELDS.has(`${object.apiVersion} ${object.kind}`)
      ? { fix: [{ set: 'apiVersion', value: replacement }] }
      : {};
  if (state === 'removed')
    return {
      message: `${object.apiVersion} ${object.kind} is not served since Kubernetes 1.${removed}${instead}`,
      path: 'apiVersion',
      ...fix,
    };
  return {
    message: `${object.apiVersion} ${object.kind} is deprecated since Kubernetes 1.${deprecated} and goes in 1.${removed}${instead}`,
    path: 'apiVersion',
    severity: 'low',
    ...fix,
  };
}

/** Kinds whose new version has the same fields with the same meaning, so that the version is all that changes. */
const SAME_FIELDS: ReadonlySet<string> = new Set([
  'batch/v1beta1 CronJob',
  'coordination.k8s.io/v1beta1 Lease',
  'networking.k8s.io/v1beta1 IngressClass',
  'node.k8s.io/v1beta1 RuntimeClass',
  'rbac.authorization.k8s.io/v1beta1 ClusterRole',
  'rbac.authorization.k8s.io/v1beta1 ClusterRoleBinding',
  'rbac.authorization.k8s.io/v1beta1 Role',
  'rbac.authorization.k8s.io/v1beta1 RoleBinding',
  'scheduling.k8s.io/v1beta1 PriorityClass',
  'storage.k8s.io/v1beta1 CSIStorageCapacity',
  'storage.k8s.io/v1beta1 StorageClass',
]);

/** What the definition in the input says about the version of a custom object. */
function customStatus(object: ApiObject, definitions: Definitions): Hit | undefined {
  if (definitions.all.length === 0 || object.known !== undefined) return undefined;
  const definition = byKind(definitions).get(`${object.group}/${object.kind}`);
  const version = object.apiVersion.slice(object.apiVersion.indexOf('/') + 1);
  const versions = definition?.body.spec?.versions ?? [];
  const entry = versions.find((candidate) => candidate.name === version);
  if (definition === undefined || versions.length === 0) return undefined;
  const also = [{ object: definition, path: 'spec.versions' }];
  if (entry === undefined || entry.served === false)
    return { message: `the definition of ${object.kind} does not serve ${object.apiVersion}`, path: 'apiVersion', also };
  return entry.deprecated === true
    ? { message: `the definition of ${object.kind} marks ${object.apiVersion} as deprecated`, path: 'apiVersion', severity: 'low', also }
    : undefined;
}

const INDEX = new WeakMap<Definitions, Map<string, Definitions['all'][number]>>();

function byKind(definitions: Definitions): Map<string, Definitions['all'][number]> {
  let index = INDEX.get(definitions);
  if (index === undefined) {
    index = new Map(
      definitions.all.map((definition) => [`${definition.body.spec?.group}/${definition.body.spec?.names?.kind}`, definition]),
    );
    INDEX.set(definitions, index);
  }
  return index;
}
