import { apiStatus } from '../../engines/versions/index.ts';
import { parsePath, valueAt } from '../../lib/field-path.ts';
import { type ApiObject, type ContainerSpec, type Kind, type PodSpec, KINDS, isRecord } from '../../model/index.ts';
import { type Hit, defineRule } from '../rule.ts';
import { isDnsLabel, isDnsSubdomain, isPlaceholder } from './metadata-syntax.ts';

export const rule = defineRule({
  id: 'schema-invalid',
  title: 'Object that the API server refuses',
  severity: 'medium',
  area: 'governance',
  rationale:
    'An object that does not fit its schema is refused when it is applied, or loses the field: a security setting that stands in the file then never takes effect, and nobody notices before it matters.',
  remedy:
    'Write the field with the type that the API wants: quote text that looks like a number or a boolean, leave quotes off numbers and booleans, and add what is required.',
  controls: [],
  aliases: { 'kube-linter': ['schema-validation'] },
  scope: 'object',
  check(object) {
    let hits: Hit[] | undefined;
    for (const { path, expected, value } of object.misfits) {
      const field = withoutIndexes(path);
      (hits ??= []).push({ message: `${path} must be ${article(expected)} and is ${describe(value)}`, path, value: undefined, key: field });
    }
    const identity = identityOf(object);
    if (identity !== undefined) (hits ??= []).push(identity);
    const lacking = workloadBasics(object);
    if (lacking.length > 0) (hits ??= []).push(...lacking);
    return hits;
  },
  examples: () => ({
    good: [
      '{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 2, template: {spec: {containers: [{name: web, image: web}]}}}}',
      '{apiVersion: v1, kind: Pod, metadata: {generateName: web-}, spec: {containers: [{name: web, image: web}]}}',
      '{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: "system:Reader"}, rules: []}',
      '{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: Metadata}]}',
      '{apiVersion: example.com/v9, kind: Widget, metadata: {name: web}, spec: {replicas: "2"}}',
      '{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: web}, spec: {workloadRef: {kind: Deployment, name: web}}}',
    ],
    bad: [
      {
        yaml: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: "2", template: {spec: {containers: [{name: web, image: web}]}}}}',
        path: 'spec.replicas',
      },
      {
        yaml: '{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: web, image: web, securityContext: {privileged: "false"}}]}}',
        path: 'spec.containers[0].securityContext.privileged',
      },
      { yaml: '{apiVersion: v1, kind: ConfigMap, data: {a: b}}', path: 'metadata.name' },
      { yaml: '{apiVersion: v1, kind: ConfigMap, metadata: {name: Settings_1}}', path: 'metadata.name' },
      {
        yaml: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 2}}',
        path: 'spec.template.spec.containers',
      },
      { yaml: '{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: web}]}}', path: 'spec.containers[0].image' },
      {
        yaml: '{apiVersion: v1, kind: Deployment, metadata: {name: web}, spec: {template: {spec: {containers: [{name: web, image: web}]}}}}',
        path: 'apiVersion',
      },
      {
        yaml: '{apiVersion: batch/v2, kind: Job, metadata: {name: web}, spec: {template: {spec: {containers: [{name: web, image: web}]}}}}',
        path: 'apiVersion',
      },
    ],
  }),
});

function identityOf(object: ApiObject): Hit | undefined {
  const { apiVersion, kind, name, known } = object;
  if (apiVersion === '') return { message: `the ${kind} has no apiVersion`, path: 'apiVersion', key: 'apiVersion' };
  if (apiStatus(apiVersion, kind, 0)?.state === 'unknown' || (known !== undefined && !groupsOf(known).includes(object.group))) {
    return { message: `no release of Kubernetes serves ${apiVersion} ${kind}`, path: 'apiVersion', key: 'apiVersion' };
  }
  if (known === undefined || CONFIGURATION.has(known)) return undefined;
  if (name === '') return { message: `the ${kind} has no name`, path: 'metadata.name', key: 'metadata.name' };
  if (NAMED_FREELY.has(known) || object.metadata.name === undefined || isPlaceholder(name)) return undefined;
  const fits = SHORT_NAMES.has(known) ? isDnsLabel(name) : isDnsSubdomain(name);
  return fits
    ? undefined
    : {
        message: `the API server refuses the name "${name}": lower-case letters, digits and "-"${SHORT_NAMES.has(known) ? '' : ' or "."'} are allowed`,
        path: 'metadata.name',
        key: 'metadata.name',
      };
}

/** Files that a program reads; they are no objects of the API and need no name. */
const CONFIGURATION: ReadonlySet<Kind> = new Set<Kind>([
  'KubeletConfiguration',
  'KubeProxyConfiguration',
  'Policy',
  'EncryptionConfiguration',
  'AdmissionConfiguration',
]);
const NAMED_FREELY: ReadonlySet<Kind> = new Set<Kind>(['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding', 'APIService']);
const SHORT_NAMES: ReadonlySet<Kind> = new Set<Kind>(['Namespace', 'Service']);

function groupsOf(kind: Kind): readonly string[] {
  return KINDS[kind].groups;
}

interface PodPaths {
  readonly spec: string;
}
const POD_PATHS: ReadonlyMap<string, PodPaths> = new Map(
  Object.entries(KINDS).flatMap(([kind, entry]) => ('pod' in entry ? [[kind, entry.pod] as const] : [])),
);
const SEGMENTS = new Map([...POD_PATHS.values()].map(({ spec }) => [spec, parsePath(spec)]));

/** What every workload of Kubernetes itself must have: containers with a name and an image. */
function workloadBasics(object: ApiObject): Hit[] {
  const paths = POD_PATHS.get(object.known ?? '');
  // Others fill in images and templates for these.
  if (paths === undefined || object.known === 'Rollout' || object.known === 'DeploymentConfig') return [];
  const pod = valueAt(object.body, SEGMENTS.get(paths.spec) ?? []);
  const spec: PodSpec = isRecord(pod) ? pod : {};
  const listPath = `${paths.spec}.containers`;
  if ((spec.containers ?? []).length === 0) return [{ message: `the ${object.kind} has no containers`, path: listPath, key: listPath }];
  const hits: Hit[] = [];
  addIncomplete(hits, spec.containers, listPath);
  addIncomplete(hits, spec.initContainers, `${paths.spec}.initContainers`);
  return hits;
}

function addIncomplete(hits: Hit[], containers: readonly ContainerSpec[] | undefined, path: string): void {
  if (containers === undefined) return;
  for (let index = 0; index < containers.length; index += 1) {
    const { name = '', image = '' } = containers[index] ?? {};
    if (name === '') hits.push({ message: `${path}[${index}] has no name`, path: `${path}[${index}].name`, key: `${path}.name` });
    if (image === '')
      hits.push({
        message: `${name === '' ? `${path}[${index}]` : `container "${name}"`} has no image`,
        path: `${path}[${index}].image`,
        key: `${path}.image`,
      });
  }
}

function withoutIndexes(path: string): string {
  return path.replaceAll(/\[\d+\]/g, '');
}

function article(expected: string): string {
  return /^[aeio]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}

/** What stands there, without the value itself: it may be a credential. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isRecord(value)) return 'an object';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return Number.isInteger(value) ? 'a number' : 'a fraction';
  return `a ${typeof value}`;
}
