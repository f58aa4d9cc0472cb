/** What a run has to know of the cluster before it begins: which policies there are, which kinds, how many nodes. */
import { CastellanError } from '../../lib/errors.ts';
import { isRecord } from '../../lib/record.ts';
import { type AdminKind, kindOf } from './admin-trials.ts';
import type { Fields, Resource } from './api.ts';
import { ACROSS_NODES, FEATURES, type Feature, type Uses, isAdminFeature, usesOf } from './features.ts';
import { ADMIN_GROUP, ADMIN_PLURALS } from './rights.ts';

/** By the names of kubectl: `nodes`, `networkpolicies.networking.k8s.io`. */
export interface Survey {
  /** Those that the server has. */
  kinds: ReadonlyMap<string, Resource>;
  /** Of those that could be listed. */
  objects: ReadonlyMap<string, readonly Fields[]>;
  /** Why others could not. */
  failed: ReadonlyMap<string, string>;
}

const NODES = 'nodes';
const POLICIES = ['networkpolicies.networking.k8s.io', ...Object.values(ADMIN_PLURALS).map(inGroup)];
/** What a survey has to hold. */
export const SURVEYED: readonly string[] = [NODES, ...POLICIES];

export function adminKindsOf({ kinds, objects }: Survey): ReadonlyMap<string, AdminKind> {
  return new Map(
    Object.entries(ADMIN_PLURALS).flatMap(([kind, plural]): [string, AdminKind][] => {
      const resource = kinds.get(inGroup(plural));
      return resource === undefined ? [] : [[kind, { resource, existing: objects.get(inGroup(plural)) ?? [] }]];
    }),
  );
}

export interface Choice {
  /** Also what no policy uses. */
  all: boolean;
  /** Named by the user; none leaves it to the scheduler. */
  nodes: readonly string[];
}

/** What is to be tried, and who uses it. */
export function chooseFeatures(survey: Survey, { all, nodes }: Choice): { features: readonly Feature[]; uses: Uses } {
  const known = survey.objects.get(NODES);
  const unknown = known === undefined ? undefined : nodes.find((name) => !known.some((node) => nameOf(node) === name));
  if (unknown !== undefined)
    throw new CastellanError('CAS_USAGE', `there is no node "${unknown}"`, {
      remedy: `The nodes are: ${(known ?? []).map(nameOf).join(', ')}.`,
    });
  const uses = usesOf(POLICIES.flatMap((name) => survey.objects.get(name) ?? []));
  // A single node has nothing across which traffic could go.
  const isSingle = nodes.length === 0 && known !== undefined && known.filter(isUsable).length < 2;
  const possible = FEATURES.filter((feature) => feature !== ACROSS_NODES || !isSingle);
  if (all) {
    const admin = adminKindsOf(survey);
    return { uses, features: possible.filter((feature) => !isAdminFeature(feature) || admin.has(kindOf(feature))) };
  }
  const [failed] = POLICIES.flatMap((name) => survey.failed.get(name) ?? []);
  if (failed !== undefined)
    throw new CastellanError('CAS_FORBIDDEN', `policies could not be listed, so what they use is not known: ${failed}`, {
      remedy: '--all tries everything, whatever is in use.',
    });
  const features = possible.filter((feature) => uses.has(feature));
  if (features.length > 0) return { features, uses };
  throw new CastellanError('CAS_NO_INPUT', 'there is no network policy, so there is nothing that would have to be enforced', {
    remedy: '--all tries everything, whatever is in use.',
  });
}

/** Where a pod without tolerations may be put. */
function isUsable({ spec, status }: Fields): boolean {
  const { taints, unschedulable } = isRecord(spec) ? spec : {};
  const { conditions } = isRecord(status) ? status : {};
  const isTainted = Array.isArray(taints) && taints.some((taint) => isRecord(taint) && taint.effect !== 'PreferNoSchedule');
  const isReady = Array.isArray(conditions) && conditions.some((one) => isRecord(one) && one.type === 'Ready' && one.status === 'True');
  return unschedulable !== true && !isTainted && isReady;
}

function inGroup(plural: string): string {
  return `${plural}.${ADMIN_GROUP}`;
}

function nameOf({ metadata }: Fields): string {
  return isRecord(metadata) ? String(metadata.name) : '';
}
