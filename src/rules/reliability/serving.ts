/** Which workloads a Service sends requests to. */
import type { ApiObject, Tables, Workload } from '../../model/index.ts';

const SELECTED = new WeakMap<Tables['Service'], ReadonlySet<ApiObject>>();

/**
 * Whether other programs reach the workload by a Service. `unknown` where the input holds no Services at all and is
 * not a whole cluster: one may exist elsewhere.
 */
export function servesRequests(
  workload: Pick<Workload, 'object'>,
  { Service, workloads, completeness }: Pick<Tables, 'Service' | 'workloads' | 'completeness'>,
): 'yes' | 'no' | 'unknown' {
  if (Service.all.length === 0 && !completeness.complete) return 'unknown';
  let selected = SELECTED.get(Service);
  if (selected === undefined) {
    selected = selectedWorkloads(Service, workloads);
    SELECTED.set(Service, selected);
  }
  return selected.has(workload.object) ? 'yes' : 'no';
}

function selectedWorkloads(services: Tables['Service'], workloads: Tables['workloads']): ReadonlySet<ApiObject> {
  const selected = new Set<ApiObject>();
  const seen = new Set<string>();
  for (const { namespace, body } of services.all) {
    // A thousand Services with the same selector are looked up once.
    const key = `${namespace} ${JSON.stringify(body.spec?.selector)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const workload of workloads.selectedBy(namespace, body.spec?.selector)) selected.add(workload.object);
  }
  return selected;
}
