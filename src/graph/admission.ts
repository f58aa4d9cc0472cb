/** Webhooks that look at the pods of a namespace. What they would say of one is not known. */
import { type ApiObject, type Labels, type Tables, isEmptySelector, selectorMatches } from '../model/index.ts';

type Webhook = NonNullable<ApiObject<'ValidatingWebhookConfiguration'>['body']['webhooks']>[number];

/** The objects with webhooks that may refuse a pod in a namespace. */
export function webhooksForPods(tables: Tables, namespace: string): readonly ApiObject[] {
  const labels = tables.namespaces.get(namespace)?.labels ?? {};
  return tables.ValidatingWebhookConfiguration.all.filter(({ body }) => (body.webhooks ?? []).some((each) => looksAtPods(each, labels)));
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
