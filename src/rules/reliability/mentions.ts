/** Names of the input's ConfigMaps and Secrets that stand somewhere in an object: in arguments, annotations, custom resources. */
import { type ApiObject, type Kind, type RoleObject, type Tables, type Workload, isRecord } from '../../model/index.ts';
import { configReferences } from './config-references.ts';

type Read = Pick<Tables, 'objects' | 'workloads'>;

/** What holds names without using them or has no field for such a name, and pods that are told with what makes them. */
const NOT_WALKED: ReadonlySet<Kind | undefined> = new Set([
  'ConfigMap',
  'Secret',
  'RoleBinding',
  'ClusterRoleBinding',
  'Namespace',
  'CustomResourceDefinition',
  'Endpoints',
  'Service',
  'NetworkPolicy',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
  'PersistentVolumeClaim',
  'LimitRange',
  'ResourceQuota',
  'PriorityClass',
  'APIService',
  'Pod',
  'ReplicaSet',
  'Job',
]);
/** Likewise, of kinds that are read without their fields. */
const NOT_WALKED_BY_NAME: ReadonlySet<string> = new Set(['Event', 'EndpointSlice', 'Lease']);
const SEPARATORS = /[\s/,=:;"']+/;
/** Longer text is a script or a document and not a reference. */
const LONGEST = 4096;
const DEEPEST = 40;

const MENTIONED = new WeakMap<Tables['objects'], ReadonlySet<string>>();

interface Names {
  /** Of the ConfigMaps and Secrets of the input, whatever their namespace: nothing else is looked for. */
  readonly wanted: ReadonlySet<string>;
  readonly found: Set<string>;
  /** Length of the shortest of them: most texts of an object are shorter. */
  readonly shortest: number;
}

/** `namespace/name` of those that are named; names in objects without a namespace count everywhere: `/name`. */
export function mentionedNames({ objects, workloads }: Read): ReadonlySet<string> {
  let mentioned = MENTIONED.get(objects);
  if (mentioned === undefined) {
    const wanted = new Set(objects.all.filter(({ known }) => known === 'ConfigMap' || known === 'Secret').map(({ name }) => name));
    let shortest = Infinity;
    for (const { length } of wanted) shortest = Math.min(shortest, length);
    const names: Names = { wanted, found: new Set(), shortest };
    const templates = new Set<ApiObject>();
    for (const workload of workloads.all) {
      templates.add(workload.object);
      addWorkload(workload, names);
    }
    for (const object of objects.all) {
      if (object.known !== 'ConfigMap' && object.known !== 'Secret') addAnnotations(object.annotations, object.namespace, names);
      if (templates.has(object) || NOT_WALKED.has(object.known) || NOT_WALKED_BY_NAME.has(object.kind)) continue;
      // Names of rights, and no words beside them: "secrets" may be a Secret's name too.
      const isRole = object.known === 'Role' || object.known === 'ClusterRole';
      const within = isRole ? namesIn(object as RoleObject) : withoutMetadata(object.body);
      addAll(within, object.namespace, { names, depth: 0 });
    }
    mentioned = names.found;
    MENTIONED.set(objects, mentioned);
  }
  return mentioned;
}

function addWorkload(workload: Workload, names: Names): void {
  const { namespace, pod, containers, annotations } = workload;
  for (const { name } of configReferences(workload)) names.found.add(`${namespace}/${name}`);
  for (const { name } of pod.imagePullSecrets ?? []) names.found.add(`${namespace}/${name}`);
  addAnnotations(annotations, namespace, names);
  for (const volume of pod.volumes ?? [])
    if (volume.csi !== undefined || 'flexVolume' in volume) addAll(volume, namespace, { names, depth: 0 });
  for (const { spec } of containers) {
    for (const word of spec.command ?? []) addWords(word, namespace, names);
    for (const word of spec.args ?? []) addWords(word, namespace, names);
    for (const { value } of spec.env ?? []) addWords(value, namespace, names);
  }
}

/** Without those in which a tool keeps its own copy or the name of a release. */
function addAnnotations(annotations: Readonly<Record<string, string>>, namespace: string, names: Names): void {
  for (const key in annotations) {
    if (key.startsWith('kubectl.kubernetes.io/') || key.startsWith('meta.helm.sh/')) continue;
    addWords(annotations[key], namespace, names);
  }
}

function namesIn(role: RoleObject): string[] {
  return (role.body.rules ?? []).flatMap(({ resourceNames }) => resourceNames ?? []);
}

function withoutMetadata(body: object): unknown {
  const { metadata: _metadata, status: _status, ...rest } = body as Record<string, unknown>;
  return rest;
}

function addAll(value: unknown, namespace: string, into: { names: Names; depth: number }): void {
  if (typeof value === 'string') addWords(value, namespace, into.names);
  if (typeof value !== 'object' || value === null || into.depth > DEEPEST) return;
  const deeper = { names: into.names, depth: into.depth + 1 };
  if (Array.isArray(value)) for (const element of value) addAll(element, namespace, deeper);
  else if (isRecord(value)) for (const key in value) if (key !== 'matchLabels' && key !== 'labels') addAll(value[key], namespace, deeper);
}

function addWords(text: string | undefined, namespace: string, names: Names): void {
  if (text === undefined || text === '' || text.length > LONGEST || text.length < names.shortest) return;
  addWord(text, namespace, names);
  if (SEPARATORS.test(text)) for (const word of text.split(SEPARATORS)) addWord(word, namespace, names);
}

function addWord(word: string, namespace: string, { wanted, found }: Names): void {
  if (wanted.has(word)) found.add(`${namespace}/${word}`);
}
