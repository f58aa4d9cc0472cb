/** Label selectors as checked requirements (metav1.LabelSelector, k8s.io/apimachinery pkg/labels). */
import type { Labels } from '../../model/index.ts';

export type Requirement =
  | { readonly key: string; readonly operator: 'In' | 'NotIn'; readonly values: readonly string[] }
  | { readonly key: string; readonly operator: 'Exists' | 'DoesNotExist' };

/** All requirements have to hold; without any, everything matches. */
export interface Selector {
  readonly requirements: readonly Requirement[];
  /** Equal exactly for selectors that are written alike, whatever the order. */
  readonly key: string;
  /** Written as labels alone, without expressions. */
  readonly plain: boolean;
}

export function selectorOf(requirements: readonly Requirement[], plain = requirements.length === 0): Selector {
  const sorted = requirements
    .map((one) => ('values' in one ? { ...one, values: [...new Set(one.values)].toSorted() } : one))
    .map((one) => [requirementText(one), one] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const unique = new Map(sorted);
  return { requirements: [...unique.values()], key: [...unique.keys()].join(','), plain };
}

export const EVERYTHING: Selector = selectorOf([]);

export function isEverything({ requirements }: Selector): boolean {
  return requirements.length === 0;
}

export function matches({ requirements }: Pick<Selector, 'requirements'>, labels: Labels): boolean {
  for (const one of requirements) if (!holds(one, Object.hasOwn(labels, one.key) ? labels[one.key] : undefined)) return false;
  return true;
}

/** NotIn holds also where the key is absent. */
function holds(one: Requirement, value: string | undefined): boolean {
  switch (one.operator) {
    case 'In':
      return value !== undefined && one.values.includes(value);
    case 'NotIn':
      return value === undefined || !one.values.includes(value);
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
}

/** By labels of a pod or of its namespace: what is wanted may be with either, and what is not wanted is with neither. */
export function matchesEither({ requirements }: Selector, pod: Labels, namespace: Labels): boolean {
  return requirements.every((one) => {
    const [ofPod, ofNamespace] = [pod, namespace].map((labels) => holds(one, Object.hasOwn(labels, one.key) ? labels[one.key] : undefined));
    const isNegative = one.operator === 'NotIn' || one.operator === 'DoesNotExist';
    return isNegative ? ofPod === true && ofNamespace === true : ofPod === true || ofNamespace === true;
  });
}

/** Whether whatever `inner` matches is surely matched by `outer`: each requirement of it follows from one of `inner`. */
export function covers(outer: Selector, inner: Selector): boolean {
  return outer.requirements.every((wanted) => inner.requirements.some((given) => follows(wanted, given)));
}

function follows(wanted: Requirement, given: Requirement): boolean {
  if (wanted.key !== given.key) return false;
  switch (wanted.operator) {
    case 'In':
      return given.operator === 'In' && given.values.every((value) => wanted.values.includes(value));
    case 'NotIn':
      if (given.operator === 'DoesNotExist') return true;
      if (given.operator === 'In') return !given.values.some((value) => wanted.values.includes(value));
      return given.operator === 'NotIn' && wanted.values.every((value) => given.values.includes(value));
    case 'Exists':
      return given.operator === 'Exists' || given.operator === 'In';
    default:
      return given.operator === 'DoesNotExist';
  }
}

/** As kubectl writes selectors: `app=web,tier in (a,b),env,!old`. */
function requirementText(one: Requirement): string {
  switch (one.operator) {
    case 'In':
      return one.values.length === 1 ? `${one.key}=${one.values[0]}` : `${one.key} in (${one.values.join(',')})`;
    case 'NotIn':
      return `${one.key} notin (${one.values.join(',')})`;
    case 'Exists':
      return one.key;
    default:
      return `!${one.key}`;
  }
}
