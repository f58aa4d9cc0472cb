/** Recorded use as rules look at it: what was really done, and how the components that did it are started. */
import type { Cluster } from '../../model/index.ts';
import type { UseRecord } from '../../record/index.ts';
import { type Started, startedIn } from '../component-config/index.ts';
import { type ControllerUse, controllerUseIn } from './controller-use.ts';

export interface UseView {
  readonly controllers: ControllerUse;
  readonly started: readonly Started[];
}

export function viewOfUse(cluster: Cluster, record: UseRecord): UseView {
  return { controllers: controllerUseIn(record), started: startedIn(cluster) };
}
