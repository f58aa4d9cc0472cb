/**
 * What a container gets once the API server and a LimitRange have filled in their defaults
 * (k8s.io/api core/v1 defaults, plugin/pkg/admission/limitranger), and what a ResourceQuota demands of it.
 */
import type { ApiObject, Container, KindTable, Tables } from '../../model/index.ts';
import type { Hit } from '../rule.ts';

export type Resource = 'cpu' | 'memory' | 'ephemeral-storage';
type Side = 'limits' | 'requests';
type Quantity = string | number;
type Amounts = Readonly<Record<string, Quantity>>;
type AmountTables = Pick<Tables, 'LimitRange' | 'ResourceQuota'>;

/** The limit in force: the container's own, its pod's, or the default of a LimitRange. */
export function limitOf(container: Container, resource: Resource, ranges: KindTable<'LimitRange'>): Quantity | undefined {
  return (
    given(container.spec.resources?.limits?.[resource]) ??
    given(container.workload.pod.resources?.limits?.[resource]) ??
    defaultsOf(container.workload.namespace, ranges).limits[resource]
  );
}

/** The request in force. One that is missing becomes the container's own limit before a LimitRange is asked. */
export function requestOf(container: Container, resource: Resource, ranges: KindTable<'LimitRange'>): Quantity | undefined {
  const { resources } = container.spec;
  const { pod, namespace } = container.workload;
  return (
    given(resources?.requests?.[resource]) ??
    given(resources?.limits?.[resource]) ??
    given(pod.resources?.requests?.[resource]) ??
    given(pod.resources?.limits?.[resource]) ??
    defaultsOf(namespace, ranges).requests[resource]
  );
}

/** The hit of a container that has no such limit or request, or undefined where it has one or needs none. */
export function missingAmount(container: Container, wanted: { resource: Resource; side: Side }, tables: AmountTables): Hit | undefined {
  if (container.type === 'ephemeral') return undefined;
  const { resource, side } = wanted;
  const inForce = side === 'limits' ? limitOf : requestOf;
  if (inForce(container, resource, tables.LimitRange) !== undefined) return undefined;
  const nothing = getsNothing(container, tables.LimitRange);
  const fact = `container "${container.name}" ${nothing ? 'sets no resources: it has' : 'has'} no ${nameOf(resource)} ${side === 'limits' ? 'limit' : 'request'}`;
  const quota = quotaThatDemands(container.workload.namespace, wanted, tables.ResourceQuota);
  const hit: Hit = { message: fact, path: nothing ? 'resources' : `resources.${side}.${resource}` };
  if (quota === undefined) return hit;
  return {
    ...hit,
    message: `${fact}, which ResourceQuota "${quota.name}" demands: new pods are refused`,
    also: [{ object: quota, path: 'spec.hard' }],
  };
}

/** Neither a limit nor a request of anything, from nowhere. */
function getsNothing({ spec: { resources }, workload }: Container, ranges: KindTable<'LimitRange'>): boolean {
  if (!isEmpty(resources?.limits) || !isEmpty(resources?.requests) || workload.pod.resources !== undefined) return false;
  const { limits, requests } = defaultsOf(workload.namespace, ranges);
  return isEmpty(limits) && isEmpty(requests);
}

function isEmpty(amounts: Amounts | undefined): boolean {
  for (const _resource in amounts) return false;
  return true;
}

export function nameOf(resource: string): string {
  return resource === 'cpu' ? 'CPU' : resource;
}

/** A limit or request of nothing bounds nothing, as if it were not written. */
function given(quantity: Quantity | undefined): Quantity | undefined {
  return quantity === '' || quantity === 0 || quantity === '0' ? undefined : quantity;
}

interface Defaults {
  limits: Record<string, Quantity>;
  requests: Record<string, Quantity>;
}
const NO_DEFAULTS: Defaults = { limits: {}, requests: {} };
const DEFAULTS = new WeakMap<KindTable<'LimitRange'>, Map<string, Defaults>>();

/** What LimitRanges of the namespace fill in for a container that says nothing. */
export function defaultsOf(namespace: string, ranges: KindTable<'LimitRange'>): Readonly<{ limits: Amounts; requests: Amounts }> {
  if (ranges.all.length === 0) return NO_DEFAULTS;
  let index = DEFAULTS.get(ranges);
  if (index === undefined) DEFAULTS.set(ranges, (index = indexDefaults(ranges)));
  return index.get(namespace) ?? NO_DEFAULTS;
}

function indexDefaults(ranges: KindTable<'LimitRange'>): Map<string, Defaults> {
  const index = new Map<string, Defaults>();
  for (const range of ranges.all) {
    const defaults = index.get(range.namespace) ?? { limits: {}, requests: {} };
    index.set(range.namespace, defaults);
    for (const item of range.body.spec?.limits ?? []) {
      if (item.type !== 'Container') continue;
      // A maximum without a default is the default; what is the default is also asked for.
      const limits: Amounts = { ...item.max, ...item.default };
      Object.assign(defaults.limits, limits);
      Object.assign(defaults.requests, { ...item.min, ...limits, ...item.defaultRequest });
    }
  }
  return index;
}

/** The quota that refuses pods whose containers do not say how much they take. */
function quotaThatDemands(
  namespace: string,
  wanted: { resource: Resource; side: Side },
  quotas: KindTable<'ResourceQuota'>,
): ApiObject<'ResourceQuota'> | undefined {
  const { resource, side } = wanted;
  // Kubernetes demands this of CPU and memory only; a quota with scopes is for some pods, and which is not known here.
  if (quotas.all.length === 0 || resource === 'ephemeral-storage') return undefined;
  return quotas.in(namespace).find(({ body }) => {
    const { hard, scopes, scopeSelector } = body.spec ?? {};
    if (hard === undefined || (scopes ?? []).length > 0 || scopeSelector !== undefined) return false;
    return `${side}.${resource}` in hard || (side === 'requests' && resource in hard);
  });
}
