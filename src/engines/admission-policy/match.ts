/**
 * Whether a policy or its binding is about a write of a pod: selectors and rules as
 * k8s.io/apiserver/pkg/admission/plugin/policy/matching reads them. Pods have one group and version, so that the
 * match policies Exact and Equivalent are the same.
 */
import { type ApiObject, type Labels, type LabelSelector, isEmptySelector, selectorMatches } from '../../model/index.ts';
import { EITHER, FALSE, type Outcomes, TRUE, and, or } from '../cel/index.ts';
import type { PodRequest } from './request.ts';

type Match = NonNullable<NonNullable<ApiObject<'ValidatingAdmissionPolicy'>['body']['spec']>['matchConstraints']>;
type Rule = NonNullable<Match['resourceRules']>[number];

const NAME_LABEL = 'kubernetes.io/metadata.name';

export interface PlacedRequest {
  readonly request: PodRequest;
  /** Undefined where the Namespace is not in the input. */
  readonly labels: Labels | undefined;
}

export function matches(match: Match | undefined, { request, labels }: PlacedRequest): Outcomes {
  const { namespaceSelector, objectSelector, excludeResourceRules = [], resourceRules = [] } = match ?? {};
  const named = { ...labels, [NAME_LABEL]: request.namespace };
  const inNamespace = selects(namespaceSelector, labels === undefined && !asksNameOnly(namespaceSelector) ? undefined : named);
  const selected = and(inNamespace, selects(objectSelector, request.labels));
  const excluded = anyRule(excludeResourceRules, request);
  const ruled = resourceRules.length === 0 ? TRUE : anyRule(resourceRules, request);
  return and(selected, and(excluded === TRUE ? FALSE : excluded === FALSE ? TRUE : EITHER, ruled));
}

function selects(selector: LabelSelector | undefined, labels: Labels | undefined): Outcomes {
  if (selector === undefined || isEmptySelector(selector)) return TRUE;
  if (labels === undefined) return EITHER;
  return selectorMatches(selector, labels) ? TRUE : FALSE;
}

function asksNameOnly(selector: LabelSelector | undefined): boolean {
  const keys = [...Object.keys(selector?.matchLabels ?? {}), ...(selector?.matchExpressions ?? []).map(({ key }) => key)];
  return keys.every((key) => key === NAME_LABEL);
}

function anyRule(rules: readonly Rule[], request: PodRequest): Outcomes {
  return rules.reduce<Outcomes>((any, rule) => or(any, ruleMatches(rule, request)), FALSE);
}

function ruleMatches(rule: Rule, { operation, subresource, name }: PodRequest): Outcomes {
  const { operations, apiGroups, apiVersions, resources = [], scope = '*', resourceNames = [] } = rule;
  const holds = (list: readonly string[] | undefined, value: string): boolean =>
    list?.some((each) => each === '*' || each === value) === true;
  if (!holds(operations, operation) || !holds(apiGroups, '') || !holds(apiVersions, 'v1') || scope === 'Cluster') return FALSE;
  const about = resources.some((each) => {
    const [resource = '', sub = ''] = each.split('/');
    return (resource === '*' || resource === 'pods') && (sub === '*' || sub === (subresource ?? ''));
  });
  if (!about) return FALSE;
  if (resourceNames.length === 0) return TRUE;
  if (name === undefined) return EITHER;
  return resourceNames.includes(name) ? TRUE : FALSE;
}
