import { type ApiObject, type Labels, type Tables, type Workload, replicasOf, selectorMatches } from '../../model/index.ts';
import { documents, withPod } from '../examples.ts';
import { type Hit, defineRule } from '../rule.ts';
import { workloadsUnder } from './budgets.ts';
import { scalersOf } from './scaling.ts';

type Budget = ApiObject<'PodDisruptionBudget'>;
type Read = Pick<Tables, 'workloads' | 'Deployment' | 'HorizontalPodAutoscaler' | 'ScaledObject'>;

const budget = (spec: string): string =>
  `{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop}, spec: {selector: {matchLabels: {app: web}}, ${spec}}}`;
const deployment = (replicas: number): string => withPod('').replace('spec:\n', `spec:\n  replicas: ${replicas}\n`);

export const rule = defineRule({
  id: 'pdb-blocking',
  title: 'PodDisruptionBudget that allows no eviction',
  severity: 'low',
  area: 'reliability',
  rationale:
    'Nodes with these pods cannot be drained: upgrades and security patches of the nodes hang until somebody deletes pods by force, or are put off.',
  remedy:
    'Use maxUnavailable 1, or a minAvailable below the number of replicas, and run at least two; for a single replica delete the budget.',
  controls: [],
  aliases: {
    polaris: ['pdbDisruptionsIsZero'],
    'kube-linter': ['pdb-max-unavailable', 'pdb-min-available', 'pdb-unhealthy-pod-eviction-policy'],
    'kube-score': ['poddisruptionbudget-has-policy'],
    popeye: ['900', '901', '209'],
    'kyverno-policies': ['pdb-maxunavailable', 'pdb-minavailable', 'require-reasonable-pdbs', 'deployment-replicas-higher-than-pdb'],
    'gatekeeper-library': ['poddisruptionbudget'],
  },
  scope: 'object',
  kinds: ['PodDisruptionBudget'],
  reads: ['workloads', 'Deployment', 'HorizontalPodAutoscaler', 'ScaledObject'],
  check(object, tables) {
    const pdb = object;
    const { minAvailable, maxUnavailable } = pdb.body.spec ?? {};
    if (minAvailable === undefined && maxUnavailable === undefined)
      return { message: 'sets neither minAvailable nor maxUnavailable', path: 'spec' };
    if (maxUnavailable !== undefined && amountOf(maxUnavailable) === 0)
      return { message: `maxUnavailable ${maxUnavailable} lets no pod go`, path: 'spec.maxUnavailable' };
    return minAvailable === undefined ? undefined : tooMany(pdb, minAvailable, tables);
  },
  examples: () => ({
    good: [
      documents(deployment(2), budget('minAvailable: 1')),
      documents(deployment(2), budget('maxUnavailable: 1')),
      documents(deployment(3), budget('minAvailable: 60%')),
      documents(
        deployment(1),
        budget('minAvailable: 1'),
        '{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {minReplicas: 2, maxReplicas: 4, scaleTargetRef: {kind: Deployment, name: web}}}',
      ),
      budget('minAvailable: 5'),
    ],
    bad: [
      { yaml: budget('maxUnavailable: 0'), path: 'spec.maxUnavailable' },
      { yaml: budget('maxUnavailable: 0%'), path: 'spec.maxUnavailable' },
      { yaml: budget('minAvailable: 100%'), path: 'spec.minAvailable' },
      { yaml: documents(deployment(2), budget('minAvailable: 51%')), path: 'spec.minAvailable' },
      { yaml: documents(deployment(1), budget('minAvailable: 1')), path: 'spec.minAvailable' },
      { yaml: budget('').replace(', }', '}'), path: 'spec' },
    ],
  }),
});

const PERCENT = /^(\d+)%$/;

/** The number or the percentage, whichever is written. */
function amountOf(value: string | number): number | undefined {
  if (typeof value === 'number') return value;
  const percent = PERCENT.exec(value)?.[1];
  return percent === undefined ? (/^\d+$/.test(value) ? Number(value) : undefined) : Number(percent);
}

/** Percentages are rounded up, so that 51 % of two pods are both. */
function tooMany(pdb: Budget, minAvailable: string | number, tables: Read): Hit | undefined {
  const amount = amountOf(minAvailable);
  if (amount === undefined) return undefined;
  const isPercent = typeof minAvailable === 'string' && minAvailable.endsWith('%');
  if (isPercent && amount >= 100) return { message: `minAvailable ${minAvailable} lets no pod go`, path: 'spec.minAvailable' };
  const expected = expectedPods(pdb, tables);
  if (expected === undefined || expected === 0) return undefined;
  const kept = isPercent ? Math.ceil((amount * expected) / 100) : amount;
  if (kept < expected) return undefined;
  return {
    message: `minAvailable ${minAvailable} of ${expected === 1 ? 'one replica' : `${expected} replicas`} lets no pod go`,
    path: 'spec.minAvailable',
  };
}

/** The fewest pods that the budget counts; undefined where it counts some of unknown number, or none in the input. */
function expectedPods(pdb: Budget, tables: Read): number | undefined {
  const objects = [...workloadsUnder(pdb, tables.workloads).map(replicasBy), ...unfinished(pdb, tables)];
  if (objects.length === 0) return undefined;
  let sum = 0;
  for (const { object, replicas } of objects) {
    const [scaler] = scalersOf(object, tables);
    const floor = scaler === undefined ? replicas : (scaler.min ?? 1);
    if (floor === undefined) return undefined;
    sum += floor;
  }
  return sum;
}

interface Counted {
  object: ApiObject;
  replicas: number | undefined;
}

function replicasBy(workload: Workload): Counted {
  return { object: workload.object, replicas: workload.kind === 'Pod' ? 1 : replicasOf(workload) };
}

const UNFINISHED = new WeakMap<Tables['Deployment'], Map<string, ApiObject<'Deployment'>[]>>();

/** Deployments whose pods come from elsewhere, as in the base of an overlay: their selector says what they will be. */
function unfinished(pdb: Budget, { Deployment }: Read): Counted[] {
  let index = UNFINISHED.get(Deployment);
  if (index === undefined) {
    index = new Map();
    for (const object of Deployment.all) {
      if (object.body.spec?.template?.spec !== undefined) continue;
      const labels = labelsOf(object);
      for (const key in labels) {
        const pair = `${object.namespace}/${key}=${labels[key]}`;
        const holders = index.get(pair);
        if (holders === undefined) index.set(pair, [object]);
        else holders.push(object);
      }
    }
    UNFINISHED.set(Deployment, index);
  }
  const selector = pdb.body.spec?.selector;
  const [first] = Object.entries(selector?.matchLabels ?? {});
  if (first === undefined) return [];
  const found = (index.get(`${pdb.namespace}/${first.join('=')}`) ?? []).filter((object) => selectorMatches(selector, labelsOf(object)));
  return found.map((object) => ({ object, replicas: object.body.spec?.replicas ?? 1 }));
}

function labelsOf({ body }: ApiObject<'Deployment'>): Labels {
  return body.spec?.template?.metadata?.labels ?? body.spec?.selector?.matchLabels ?? {};
}
