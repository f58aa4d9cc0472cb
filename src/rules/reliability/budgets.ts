/** Which PodDisruptionBudgets hold for which pods (k8s.io/kubernetes pkg/controller/disruption). */
import { type ApiObject, type Tables, type Workload, isEmptySelector } from '../../model/index.ts';

type Budget = ApiObject<'PodDisruptionBudget'>;

const COVERED = new WeakMap<Tables['PodDisruptionBudget'], ReadonlySet<Workload>>();

/** The workloads whose pods a budget counts; an empty selector counts all of the namespace, but none in v1beta1. */
export function workloadsUnder(budget: Budget, workloads: Tables['workloads']): readonly Workload[] {
  const selector = budget.body.spec?.selector;
  if (budget.apiVersion === 'policy/v1beta1' && isEmptySelector(selector)) return [];
  return workloads.matching(budget.namespace, selector);
}

export function hasBudget(
  workload: Workload,
  { PodDisruptionBudget, workloads }: Pick<Tables, 'PodDisruptionBudget' | 'workloads'>,
): boolean {
  let covered = COVERED.get(PodDisruptionBudget);
  if (covered === undefined) {
    covered = coveredWorkloads(PodDisruptionBudget, workloads);
    COVERED.set(PodDisruptionBudget, covered);
  }
  return covered.has(workload);
}

function coveredWorkloads(budgets: Tables['PodDisruptionBudget'], workloads: Tables['workloads']): ReadonlySet<Workload> {
  const covered = new Set<Workload>();
  const seen = new Set<string>();
  for (const budget of budgets.all) {
    // A thousand budgets with the same selector are looked up once.
    const key = `${budget.apiVersion} ${budget.namespace} ${JSON.stringify(budget.body.spec?.selector)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const workload of workloadsUnder(budget, workloads)) covered.add(workload);
  }
  return covered;
}
