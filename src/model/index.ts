export {
  Access,
  type BindingObject,
  type Grant,
  type PolicyRule,
  type RoleObject,
  type Subject,
  coversResource,
  subjectsOf,
} from './access.ts';
export {
  type Cluster,
  type KindTable,
  type Namespace,
  ReadObjects,
  type TableName,
  type Tables,
  Workloads,
  buildCluster,
  objectOf,
} from './cluster.ts';
export { LABELS_OF_ONE, POD_INDEX, POD_NAME, UNKNOWN_VALUE, controllerLabels, replicaLabels } from './controller-labels.ts';
export { automountsToken, imagePullPolicy, replicasOf, volumeSources } from './defaults.ts';
export { type BodyOf, type Kind, type KindEntry, KINDS, groupOf, isNamespaced, kindOf } from './kinds/catalog.ts';
export type { ContainerSpec, LabelSelector, ObjectMeta, PodSpec, ProbeSpec, VolumeSpec } from './kinds/pod.ts';
export { type Labels, isEmptySelector, mapMatches, selectorMatches } from './labels.ts';
export { type ApiObject, refOf, toApiObject } from './objects.ts';
export { type Manager, managerOf } from './managers.ts';
export { parseQuantity } from './quantity.ts';
export { type Infer, type Misfit, type Shape, conform, isRecord } from './schema.ts';
export { NEWEST_KNOWN, minorOf } from './versions.ts';
export { type Container, type ContainerType, type Workload, toWorkload } from './workloads.ts';
