/** Policies and webhooks that look at the pods of a namespace. What they would say of one is not judged here. */
import { type ApiObject, type Labels, type Tables, isEmptySelector, isRecord, selectorMatches } from '../model/index.ts';

type Webhook = NonNullable<ApiObject<'ValidatingWebhookConfiguration'>['body']['webhooks']>[number];

/** The first object that may refuse a pod in a namespace; undefined where nothing but Pod Security looks at it. */
export function refuserOfPods(tables: Tables, namespace: string): ApiObject | undefined {
  const labels = tables.namespaces.get(namespace)?.labels ?? {};
  const webhook = tables.ValidatingWebhookConfiguration.all.find(({ body }) =>
    (body.webhooks ?? []).some((each) => looksAtPods(each, labels)),
  );
  if (webhook !== undefined) return webhook;
  const denying = tables.ValidatingAdmissionPolicyBinding.all.filter(({ body }) => denies(body.spec, labels));
  const bound = new Set(denying.map(({ body }) => nameIn(body.spec)));
  return tables.ValidatingAdmissionPolicy.all.find(({ name, body }) => bound.has(name) && constrainsPods(body.spec, labels));
}

/** Whether a webhook is asked for every pod of a namespace: one that is asked by labels of the pod is avoided by leaving them out. */
export function looksAtPods({ rules, namespaceSelector, objectSelector }: Webhook, labels: Labels): boolean {
  if (namespaceSelector !== undefined && !isEmptySelector(namespaceSelector) && !selectorMatches(namespaceSelector, labels)) return false;
  if (objectSelector !== undefined && !isEmptySelector(objectSelector) && !selectorMatches(objectSelector, {})) return false;
  return (rules ?? []).some(({ operations, apiGroups, resources }) => {
    const all = (list: readonly string[] | undefined, value: string): boolean =>
      list?.includes(value) === true || list?.includes('*') === true;
    return all(operations, 'CREATE') && all(apiGroups, '') && (all(resources, 'pods') || resources?.includes('*/*') === true);
  });
}

function denies(spec: unknown, labels: Labels): boolean {
  if (!isRecord(spec) || !Array.isArray(spec.validationActions) || !spec.validationActions.includes('Deny')) return false;
  return selects(spec.matchResources, labels);
}

function nameIn(spec: unknown): string {
  return isRecord(spec) && typeof spec.policyName === 'string' ? spec.policyName : '';
}

function constrainsPods(spec: unknown, labels: Labels): boolean {
  if (!isRecord(spec) || !isRecord(spec.matchConstraints) || !selects(spec.matchConstraints, labels)) return false;
  const rules: unknown[] = Array.isArray(spec.matchConstraints.resourceRules) ? spec.matchConstraints.resourceRules : [];
  return rules.some(
    (rule) => isRecord(rule) && Array.isArray(rule.resources) && (rule.resources.includes('pods') || rule.resources.includes('*')),
  );
}

function selects(match: unknown, labels: Labels): boolean {
  const selector = isRecord(match) && isRecord(match.namespaceSelector) ? match.namespaceSelector : undefined;
  return selector === undefined || isEmptySelector(selector) || selectorMatches(selector, labels);
}
