/** Who decides how many replicas a workload has: itself, a HorizontalPodAutoscaler or a ScaledObject of KEDA. */
import type { ApiObject, Tables, Workload } from '../../model/index.ts';

export interface Scaler {
  object: ApiObject;
  /** The fewest replicas that it leaves; undefined where it does not say. */
  min: number | undefined;
}

type Tabled = Pick<Tables, 'HorizontalPodAutoscaler' | 'ScaledObject'>;

const INDEX = new WeakMap<Tables['HorizontalPodAutoscaler'], Map<string, Scaler[]>>();

/** The scalers that name a target, in the order of the input. */
export function scalersOf(target: { kind: string; namespace: string; name: string }, tables: Tabled): readonly Scaler[] {
  let index = INDEX.get(tables.HorizontalPodAutoscaler);
  if (index === undefined) INDEX.set(tables.HorizontalPodAutoscaler, (index = indexed(tables)));
  return index.get(`${target.kind}/${target.namespace}/${target.name}`) ?? [];
}

/**
 * The fewest replicas that a workload runs with on purpose; undefined where nobody says, which is one replica until
 * somebody scales it.
 */
export function replicaFloor(workload: Workload, tables: Tabled): number | undefined {
  const [scaler] = scalersOf(workload, tables);
  if (scaler !== undefined) return scaler.min;
  return (workload.object as ApiObject<'Deployment'>).body.spec?.replicas;
}

function indexed({ HorizontalPodAutoscaler, ScaledObject }: Tabled): Map<string, Scaler[]> {
  const index = new Map<string, Scaler[]>();
  for (const object of HorizontalPodAutoscaler.all) {
    const { scaleTargetRef, minReplicas } = object.body.spec ?? {};
    add(index, `${scaleTargetRef?.kind}/${object.namespace}/${scaleTargetRef?.name}`, { object, min: minReplicas });
  }
  for (const object of ScaledObject.all) {
    const { scaleTargetRef, minReplicaCount = 0 } = object.body.spec ?? {};
    add(index, `${scaleTargetRef?.kind ?? 'Deployment'}/${object.namespace}/${scaleTargetRef?.name}`, { object, min: minReplicaCount });
  }
  return index;
}

function add(index: Map<string, Scaler[]>, key: string, scaler: Scaler): void {
  const scalers = index.get(key);
  if (scalers === undefined) index.set(key, [scaler]);
  else scalers.push(scaler);
}
