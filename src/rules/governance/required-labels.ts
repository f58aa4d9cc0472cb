import { withPod } from '../examples.ts';
import { type Hit, defineRule } from '../rule.ts';
import { joinPath } from '../../lib/field-path.ts';
import { isLabelValue, isPlaceholder, isQualifiedName } from './metadata-syntax.ts';
import { wholePattern } from './patterns.ts';

export interface RequiredLabels {
  /** Labels that each object must carry, with the regular expression that the whole value must match ('' for any). */
  labels: Readonly<Record<string, string>>;
  /** Kinds that need them. */
  kinds: readonly string[];
}

const NOTHING_REQUIRED: RequiredLabels = {
  labels: {},
  kinds: ['Namespace', 'Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job', 'Pod'],
};

export const rule = defineRule({
  id: 'required-labels',
  title: 'Label missing, malformed or not as required',
  severity: 'low',
  area: 'governance',
  rationale:
    'Who owns a workload, how confidential its data is and which policies apply is found by labels; without them an incident has no owner. A malformed label makes the API server refuse the object.',
  remedy:
    'Add the label to metadata.labels. Labels that are required are set as options of this rule (labels: key and pattern, kinds); leave selectors alone, they cannot be changed later.',
  controls: [],
  aliases: {
    kubescape: ['C-0076', 'C-0077'],
    'kube-linter': ['required-label-owner'],
    'kube-score': ['label-values'],
    'kyverno-policies': ['require-labels'],
    'gatekeeper-library': ['requiredlabels'],
  },
  scope: 'object',
  options: NOTHING_REQUIRED,
  // What has no labels and needs none is not judged: that none is malformed says nothing.
  applies: (object, _tables, { labels, kinds }) => hasAny(object.labels) || (hasAny(labels) && kinds.includes(object.kind)),
  check(object, _tables, { labels, kinds }) {
    let hits: Hit[] | undefined;
    for (const key in object.labels) {
      const value = object.labels[key] ?? '';
      if (isQualifiedName(key) && isLabelValue(value)) continue;
      if (isPlaceholder(key) || isPlaceholder(value)) continue;
      const part = isQualifiedName(key) ? `value "${value}" of label "${key}"` : `label key "${key}"`;
      (hits ??= []).push({
        message: `the ${part} is malformed, so the API server refuses the object`,
        path: joinPath('metadata.labels', key),
        key,
      });
    }
    if (!kinds.includes(object.kind) || object.metadata.ownerReferences !== undefined) return hits;
    for (const key in labels) {
      const hit = missing(key, object.labels[key], labels[key] ?? '');
      if (hit !== undefined) (hits ??= []).push(hit);
    }
    return hits;
  },
  examples: () => ({
    options: { labels: { owner: '[a-z]+', 'app.kubernetes.io/name': '' } },
    good: [
      '{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {owner: payments, app.kubernetes.io/name: shop}}}',
      '{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, labels: {any: ""}}}',
      '{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, labels: {version: "${VERSION}"}}}',
    ],
    bad: [
      { yaml: withPod(''), path: 'metadata.labels.owner' },
      {
        yaml: '{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {owner: Payments 1, app.kubernetes.io/name: shop}}}',
        path: 'metadata.labels.owner',
      },
      { yaml: '{apiVersion: v1, kind: Service, metadata: {name: web, labels: {team: a b}}}', path: 'metadata.labels.team' },
    ],
  }),
});

function hasAny(labels: Readonly<Record<string, string>>): boolean {
  for (const _key in labels) return true;
  return false;
}

function missing(key: string, value: string | undefined, wanted: string): Hit | undefined {
  const path = joinPath('metadata.labels', key);
  if (value === undefined) return { message: `the label "${key}" is missing`, path, key };
  if (wanted === '') return undefined;
  const pattern = wholePattern(wanted);
  if (pattern === undefined)
    return { message: `the option for label "${key}" is no regular expression: ${wanted}`, path, key, status: 'unknown' };
  return pattern.test(value) ? undefined : { message: `the label "${key}" is "${value}" and does not match ${wanted}`, path, key };
}
