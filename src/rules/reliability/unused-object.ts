import type { ApiObject, Tables } from '../../model/index.ts';
import { documents, withContainer, withPod } from '../examples.ts';
import { defineRule } from '../rule.ts';
import { CLUSTER_NAMESPACES, GIVEN_CONFIG_MAPS } from '../system-namespaces.ts';
import { mentionedNames } from './mentions.ts';

const SECRET = '{apiVersion: v1, kind: Secret, metadata: {name: api, namespace: shop}, stringData: {a: b}}';
const MAP = '{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop}, data: {a: b}}';
const TWO = documents(withPod(''), withContainer('args: [--config=shop/named]').replace('name: web', 'name: api'));

export const rule = defineRule({
  id: 'unused-object',
  title: 'ConfigMap, Secret or Role that nothing uses',
  severity: 'info',
  area: 'reliability',
  rationale:
    'A Secret that nothing uses is a credential that nobody rotates and somebody may still read; roles that nobody holds are handed out again by mistake.',
  remedy: 'See whether a program reads it through the API, then delete it, and revoke the credential where it was made.',
  controls: [],
  aliases: { popeye: ['400', '401'] },
  scope: 'object',
  kinds: ['ConfigMap', 'Secret', 'Role'],
  reads: ['objects', 'workloads', 'RoleBinding', 'completeness'],
  check(object, tables) {
    // What lies there is read through the API by components that no manifest shows.
    if (CLUSTER_NAMESPACES.has(object.namespace) || (object.metadata.ownerReferences ?? []).length > 0) return undefined;
    if (object.known === 'Role')
      return isHeldByNobody(object, tables) ? { message: `no binding hands out Role "${object.name}"`, path: 'metadata.name' } : undefined;
    // Of one or no workload the input is likely to be a part only.
    if (!tables.completeness.complete && tables.workloads.in(object.namespace).length < 2) return undefined;
    if (object.known === 'Secret' ? isUsedSecret(object as ApiObject<'Secret'>) : isUsedMap(object)) return undefined;
    const names = mentionedNames(tables);
    if (names.has(`${object.namespace}/${object.name}`) || names.has(`/${object.name}`)) return undefined;
    return {
      message: `nothing in the ${tables.completeness.complete ? 'cluster' : 'input'} refers to ${object.kind} "${object.name}"`,
      path: 'metadata.name',
    };
  },
  examples: () => ({
    good: [
      SECRET,
      documents(withPod(''), SECRET),
      documents(
        TWO,
        SECRET,
        '{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web, namespace: shop}, spec: {tls: [{secretName: api}]}}',
      ),
      documents(
        TWO,
        SECRET,
        '{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}, imagePullSecrets: [{name: api}]}',
      ),
      documents(
        TWO,
        SECRET,
        '{apiVersion: example.com/v1, kind: Database, metadata: {name: db, namespace: shop}, spec: {credentials: {from: api}}}',
      ),
      documents(TWO, MAP.replace('name: settings', 'name: named')),
      documents(TWO, MAP.replace('name: settings', 'name: kube-root-ca.crt')),
      documents(TWO, SECRET.replace('kind: Secret', 'kind: Secret, type: helm.sh/release.v1')),
      documents(
        TWO,
        MAP,
        '{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r, namespace: shop}, rules: [{resources: [configmaps], resourceNames: [settings], verbs: [get]}]}',
      ),
    ],
    bad: [
      { yaml: documents(TWO, SECRET), path: 'metadata.name' },
      { yaml: documents(TWO, MAP), path: 'metadata.name' },
      {
        yaml: [
          '{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reader, namespace: shop}, rules: []}',
          '{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, roleRef: {kind: Role, name: other}, subjects: []}',
        ].join('\n---\n'),
        path: 'metadata.name',
      },
    ],
  }),
});

/** Types that a controller or the API server reads by type. */
const READ_BY_TYPE: ReadonlySet<string> = new Set([
  'kubernetes.io/service-account-token',
  'bootstrap.kubernetes.io/token',
  'helm.sh/release.v1',
]);
/** Labels by which a program collects the objects that it wants. */
const COLLECTED_BY = [
  'grafana_dashboard',
  'grafana_datasource',
  'argocd.argoproj.io/secret-type',
  'sealedsecrets.bitnami.com/sealed-secrets-key',
  'cluster.x-k8s.io/cluster-name',
  'OWNER',
  'owner',
] as const;

function isCollected({ labels }: ApiObject): boolean {
  return COLLECTED_BY.some((key) => labels[key] !== undefined);
}

function isUsedSecret(secret: ApiObject<'Secret'>): boolean {
  return READ_BY_TYPE.has(secret.body.type ?? '') || isCollected(secret);
}

function isUsedMap(map: ApiObject): boolean {
  return GIVEN_CONFIG_MAPS.has(map.name) || map.annotations['control-plane.alpha.kubernetes.io/leader'] !== undefined || isCollected(map);
}

const HANDED_OUT = new WeakMap<Tables['RoleBinding'], ReadonlySet<string>>();

/** By name, since the same role may stand in several files of the input. */
function isHeldByNobody(role: ApiObject, { RoleBinding, completeness }: Pick<Tables, 'RoleBinding' | 'completeness'>): boolean {
  if (!completeness.complete && RoleBinding.in(role.namespace).length === 0) return false;
  let handedOut = HANDED_OUT.get(RoleBinding);
  if (handedOut === undefined) {
    handedOut = new Set(
      RoleBinding.all.map(({ namespace, body }) => (body.roleRef?.kind === 'Role' ? `${namespace}/${body.roleRef.name}` : '')),
    );
    HANDED_OUT.set(RoleBinding, handedOut);
  }
  return !handedOut.has(`${role.namespace}/${role.name}`);
}
