/** What a reading of a cluster could not see, in words. */
import type { Gap } from '../../snapshot/index.ts';
import type { Discovery, ServedResource } from './discovery.ts';
import type { ListOutcome } from './list.ts';
import { isCollected, isGroupCollected, isLeftOut, nameOf } from './resources.ts';

/** The values of Secrets are not asked for; this says what cannot be said without them. */
export const SECRETS_GAP: Gap = {
  scope: 'secrets',
  code: 'secret-values',
  reason: 'Secrets were listed as a table of names, types and numbers of keys; their values stayed on the server',
  effect: 'whether a key that a pod refers to is in its Secret is not known',
};

export const FEATURES_GAP: Gap = {
  scope: '/metrics',
  code: 'not-collected',
  reason: 'the metrics of the API server may not be read, or do not tell its feature gates',
  effect: 'whether alpha features are on is not known',
};

export function unknownNamespaceGap(namespace: string, reason: string): Gap {
  return {
    scope: `namespace ${namespace}`,
    code: 'forbidden',
    reason,
    effect: 'whether there is such a namespace, and its labels, are not known',
  };
}

export function namespacesGap(namespaces: readonly string[]): Gap {
  return {
    scope: `namespaces other than ${namespaces.join(', ')}`,
    code: 'not-collected',
    reason: 'only the named namespaces were read',
    effect: 'what lies in others, or in none such as cluster roles and nodes, was not judged',
  };
}

export function tooDeepGap(scope: string): Gap {
  return {
    scope,
    code: 'too-deep',
    reason: 'it nests deeper than 200 levels, so that nobody could look for credentials in all of it',
    effect: 'it was not kept and not judged',
  };
}

export function gapOf(resource: ServedResource, outcome: ListOutcome & { namespace: string | undefined }): Gap | undefined {
  const { state, namespace } = outcome;
  const scope = nameOf(resource) + (namespace === undefined ? '' : ` in ${namespace}`);
  if (state === 'complete') return undefined;
  return { scope, ...TOLD[state], ...(state !== 'moved' && { reason: outcome.reason }) };
}
const TOLD: Readonly<Record<Exclude<ListOutcome['state'], 'complete'>, Omit<Gap, 'scope'>>> = {
  moved: {
    code: 'list-changed',
    reason: 'the cluster changed faster than the list could be read at one moment',
    effect: 'its first objects are older than its last; one that was made or removed meanwhile may be there or not',
  },
  forbidden: {
    code: 'forbidden',
    reason: '',
    effect: 'judgements that need it are unknown (castellan permissions prints the rights that a scan needs)',
  },
  failed: { code: 'list-failed', reason: '', effect: 'what was read until then was kept; judgements that need the rest are unknown' },
};

/** API groups whose server is gone, and kinds that no rule reads. */
export function gapsOfDiscovery({ resources, stale }: Discovery): Gap[] {
  const gaps: Gap[] = stale.map((group) => ({
    scope: group,
    reason: 'the server behind this API group does not answer',
    ...(isGroupCollected(group)
      ? { code: 'list-failed', effect: 'its objects, if there are any, were not judged' }
      : { code: 'not-collected', effect: 'no rule reads its kinds, so nothing is lost' }),
  }));
  const others = resources.filter(({ group, resource }) => !isCollected(group, resource) && !isLeftOut(group, resource)).map(nameOf);
  if (others.length > 0) {
    const shown = others.toSorted().slice(0, 8).join(', ') + (others.length > 8 ? ` and ${others.length - 8} more` : '');
    gaps.push({ scope: shown, code: 'not-collected', reason: 'no rule reads these kinds', effect: 'they were not listed' });
  }
  return gaps;
}
