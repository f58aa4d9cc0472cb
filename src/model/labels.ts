/** Label selectors with the semantics of k8s.io/apimachinery/pkg/labels and metav1.LabelSelectorAsSelector. */
import type { LabelSelector } from './kinds/pod.ts';

export type Labels = Readonly<Record<string, string>>;

/**
 * Whether a metav1.LabelSelector matches. An absent selector matches nothing and an empty one everything;
 * an operator that Kubernetes does not know makes the selector invalid, which matches nothing.
 */
export function selectorMatches(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false;
  if (!mapMatches(selector.matchLabels ?? {}, labels)) return false;
  for (const { key = '', operator, values = [] } of selector.matchExpressions ?? []) {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    switch (operator) {
      case 'In':
        if (value === undefined || !values.includes(value)) return false;
        break;
      case 'NotIn':
        if (value !== undefined && values.includes(value)) return false;
        break;
      case 'Exists':
        if (value === undefined) return false;
        break;
      case 'DoesNotExist':
        if (value !== undefined) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

/** Whether every pair of a plain label map is there: the selectors of Services and ReplicationControllers. */
export function mapMatches(wanted: Labels, labels: Labels): boolean {
  for (const key in wanted) {
    if (!Object.hasOwn(labels, key) || labels[key] !== wanted[key]) return false;
  }
  return true;
}

/** Whether a selector names nothing and so matches everything. */
export function isEmptySelector(selector: LabelSelector | undefined): boolean {
  if (selector === undefined) return false;
  for (const _ in selector.matchLabels ?? {}) return false;
  return (selector.matchExpressions ?? []).length === 0;
}
