/** What is going to be tried, before anything is made: trials, and the pods that they need. */
import { type AdminKind, adminTrial, kindOf } from './admin-trials.ts';
import type { Fields } from './api.ts';
import { ACROSS_NODES, type Direction, type Feature, type Part, isAdminFeature } from './features.ts';
import type { PodName } from './pods.ts';
import { podsOf } from './stage.ts';
import { type Probe, type Trial, acrossNodes, partTrial } from './trials.ts';

export interface Prepared {
  feature: Feature;
  /** Or why there is none. */
  trial: Trial | string;
}

/** `owner` is asked for only when a trial runs. */
export function prepare(features: readonly Feature[], admin: ReadonlyMap<string, AdminKind>, owner: () => Fields): Prepared[] {
  return features.map((feature) => ({ feature, trial: trialOf(feature, admin, owner) }));
}

export function probesOf(prepared: readonly Prepared[]): Probe[] {
  return prepared.flatMap(({ trial }) => (typeof trial === 'string' ? [] : trial.expectations.map(({ probe }) => probe)));
}

export function podsOfFeatures(features: readonly Feature[], admin: ReadonlyMap<string, AdminKind>): PodName[] {
  return podsOf(probesOf(prepare(features, admin, () => ({}))));
}

function trialOf(feature: Feature, admin: ReadonlyMap<string, AdminKind>, owner: () => Fields): Trial | string {
  if (feature === ACROSS_NODES) return acrossNodes;
  if (isAdminFeature(feature)) {
    const kind = admin.get(kindOf(feature));
    return kind === undefined ? 'the server does not have this kind' : adminTrial(feature, kind, { owner });
  }
  const direction: Direction = feature.startsWith('ingress-') ? 'ingress' : 'egress';
  return partTrial(direction, feature.slice(direction.length + 1) as Part) ?? 'the pods cannot speak SCTP';
}
