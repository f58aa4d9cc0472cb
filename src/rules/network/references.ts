/** References between objects by selector or name: what they find, and what may stand behind one that finds nothing. */
import { type ApiObject, LABELS_OF_ONE, type LabelSelector, type Labels, type Tables, type Workload } from '../../model/index.ts';

type Service = ApiObject<'Service'>;
type ServicePort = NonNullable<NonNullable<Service['body']['spec']>['ports']>[number];

/** ` in the input`, where more may be in the cluster than was given. */
export function inTheInput({ complete }: Tables['completeness']): string {
  return complete ? '' : ' in the input';
}

/** A selector as kubectl writes it, shortened after a few terms. */
export function describeSelector(selector: LabelSelector | undefined): string {
  const terms = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  for (const { key = '', operator, values } of selector?.matchExpressions ?? []) {
    if (operator === 'Exists') terms.push(key);
    else if (operator === 'DoesNotExist') terms.push(`!${key}`);
    else terms.push(`${key} ${operator === 'NotIn' ? 'notin' : 'in'} (${(values ?? []).join(', ')})`);
  }
  return terms.length <= 3 ? terms.join(',') : `${terms.slice(0, 3).join(',')} and ${terms.length - 3} more`;
}

/**
 * Whether the pods that a selector looks for are probably made by an operator: a custom resource of the namespace
 * has the name that the selector asks for, as with `prometheus: main` or `strimzi.io/cluster: events`, or the kind,
 * as with `app.kubernetes.io/name: prometheus`.
 */
export function isMadeByOperator(namespace: string, selector: LabelSelector, objects: Tables['objects']): boolean {
  const names = namesOfCustomResources(objects);
  if (names.size === 0) return false;
  for (const value of Object.values<string>(selector.matchLabels ?? {})) if (names.has(`${namespace}/${value}`)) return true;
  return (selector.matchExpressions ?? []).some(
    ({ operator, values = [] }) => operator === 'In' && values.some((value) => names.has(`${namespace}/${value}`)),
  );
}

/** Custom resources that configure something and start no pods, by how their kinds are called. */
const CONFIGURES =
  /(?:Monitor|Rule|Policy|Route|Secret|Certificate|Issuer|Gateway|Application|Project|Binding|Config|Class|Middleware|Proxy|Entry|Filter|Template|Store|Autoscaler|ScaledObject|Endpoint|EndpointSlice)$/;
const NAMES = new WeakMap<Tables['objects'], Set<string>>();

function namesOfCustomResources(objects: Tables['objects']): Set<string> {
  let names = NAMES.get(objects);
  if (names === undefined) {
    const made = objects.all.filter(
      ({ known, namespace, group, kind }) =>
        known === undefined && namespace !== '' && group.includes('.') && !group.endsWith('.k8s.io') && !CONFIGURES.test(kind),
    );
    NAMES.set(
      objects,
      (names = new Set(made.flatMap(({ namespace, name, kind }) => [`${namespace}/${name}`, `${namespace}/${kind.toLowerCase()}`]))),
    );
  }
  return names;
}

/** The workloads whose pods a Service leads to. */
export function podsOf(service: Service, workloads: Tables['workloads']): readonly Workload[] {
  const selector = podSelectorOf(service);
  if (selector === undefined) return [];
  const selected = workloads.selectedBy(service.namespace, selector);
  if (selected.length > 0 || !Object.keys(selector).some((key) => LABELS_OF_ONE.has(key))) return selected;
  const rest = Object.fromEntries(Object.entries(selector).filter(([key]) => !LABELS_OF_ONE.has(key)));
  const pod = selector['statefulset.kubernetes.io/pod-name'];
  const candidates = Object.keys(rest).length > 0 ? workloads.selectedBy(service.namespace, rest) : workloads.in(service.namespace);
  // `db-0` is a pod of the StatefulSet `db`.
  return pod === undefined
    ? candidates
    : candidates.filter(({ kind, name }) => kind === 'StatefulSet' && pod.replace(/-\d+$/, '') === name);
}

export function asSelector(labels: Labels): LabelSelector {
  return { matchLabels: labels };
}

/** The selector by which a Service finds pods; undefined where it has none, or is only a name for another host. */
export function podSelectorOf({ body: { spec } }: Service): Labels | undefined {
  if (spec?.selector === undefined || spec.type === 'ExternalName') return undefined;
  for (const _ in spec.selector) return spec.selector;
  return undefined;
}

/** The port of a Service under a number or a name. */
function portOf(service: Service, port: string | number): ServicePort | undefined {
  return service.body.spec?.ports?.find(
    (candidate) => candidate.port === port || candidate.name === port || String(candidate.port) === port,
  );
}

/** What is wrong with a reference to a port of a Service; one without ports of its own is a name for another host. */
export function missingPort(service: Service, port: string | number | undefined): string | undefined {
  const ports = service.body.spec?.ports ?? [];
  if (port === undefined || ports.length === 0 || service.body.spec?.type === 'ExternalName') return undefined;
  if (portOf(service, port) !== undefined) return undefined;
  const offered = ports
    .map(({ name, port: number }) => [number ?? 'one without a number', ...(name === undefined ? [] : [`(${name})`])].join(' '))
    .join(', ');
  return `Service "${service.name}" has no port ${port}, only ${offered}`;
}
