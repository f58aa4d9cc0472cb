/**
 * Templates of which no pod is there, where something changes pods as they are created: a sidecar that is put in may ask for
 * what the template does not. Pods that are there show it.
 */
import { isRecord, textOf } from '../../lib/record.ts';
import { type LabelSelector, selectorMatches } from '../../model/index.ts';
import type { SourceObject } from '../../snapshot/index.ts';
import { refIn } from '../overlay.ts';
import type { AccountUser } from '../requests/evidence.ts';

type Raw = Readonly<Record<string, unknown>>;

const NAME_LABEL = 'kubernetes.io/metadata.name';

/** `MutatingWebhookConfiguration/injector may change pods of CronJob/shop/report`, in one of the namespaces. */
export function mutatedLater(
  objects: readonly SourceObject[],
  namespaces: ReadonlySet<string>,
  users: readonly Pick<AccountUser, 'ref' | 'starts'>[],
): string[] {
  const idle = users.flatMap(({ ref, starts }) => {
    const [, namespace = ''] = ref.split('/');
    return starts.length === 0 && namespaces.has(namespace) ? [{ ref, namespace }] : [];
  });
  if (idle.length === 0) return [];
  const labels = labelsOfNamespaces(objects);
  const found = objects.flatMap(({ object }) => {
    const selectors = selectorsOf(object);
    return idle.flatMap(({ ref, namespace }) => {
      const own = { ...labels.get(namespace), [NAME_LABEL]: namespace };
      return selectors.some((selector) => selectorMatches(selector, own)) ? [`${refIn(object)} may change pods of ${ref}`] : [];
    });
  });
  return [...new Set(found)];
}

function labelsOfNamespaces(objects: readonly SourceObject[]): Map<string, Record<string, string>> {
  const found = new Map<string, Record<string, string>>();
  for (const { object } of objects) {
    if (object.kind !== 'Namespace' || !isRecord(object.metadata)) continue;
    const { name, labels } = object.metadata;
    found.set(textOf(name), Object.fromEntries(Object.entries(isRecord(labels) ? labels : {}).map(([key, value]) => [key, textOf(value)])));
  }
  return found;
}

/** By which namespaces are chosen whose pods it may change. What it asks of the pods themselves may be so or not. */
function selectorsOf(object: Raw): LabelSelector[] {
  if (object.kind === 'MutatingWebhookConfiguration') {
    return listOf(object.webhooks).flatMap(({ rules, namespaceSelector }) =>
      listOf(rules).some(isOfPods) ? [selectorIn(namespaceSelector)] : [],
    );
  }
  if (object.kind !== 'MutatingAdmissionPolicy' || !isRecord(object.spec) || !isRecord(object.spec.matchConstraints)) return [];
  const { resourceRules, namespaceSelector } = object.spec.matchConstraints;
  return listOf(resourceRules).some(isOfPods) ? [selectorIn(namespaceSelector)] : [];
}

function isOfPods({ resources, operations }: Raw): boolean {
  const [what, when] = [resources, operations].map((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  return ['pods', '*', '*/*'].some((one) => what?.includes(one)) && ['CREATE', '*'].some((one) => when?.includes(one));
}

function selectorIn(value: unknown): LabelSelector {
  return isRecord(value) ? value : {};
}

function listOf(value: unknown): Raw[] {
  return (Array.isArray(value) ? (value as unknown[]) : []).filter(isRecord);
}
