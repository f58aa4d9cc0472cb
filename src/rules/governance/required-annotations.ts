import { withPod } from '../examples.ts';
import { type Hit, defineRule } from '../rule.ts';
import { joinPath } from '../../lib/field-path.ts';
import { wholePattern } from './patterns.ts';

export interface RequiredAnnotations {
  /** Annotations that each object must carry, with the regular expression that the whole value must match ('' for any). */
  required: Readonly<Record<string, string>>;
  /** Annotations that no object may carry: whole keys, or a prefix that ends in `*`. */
  forbidden: readonly string[];
  /** Kinds that are looked at. */
  kinds: readonly string[];
}

const NOTHING: RequiredAnnotations = {
  required: {},
  forbidden: [],
  kinds: ['Namespace', 'Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job', 'Pod', 'Service', 'Ingress'],
};

export const rule = defineRule({
  id: 'required-annotations',
  title: 'Annotation missing or forbidden',
  severity: 'low',
  area: 'governance',
  rationale:
    'Annotations steer controllers: a forbidden one can switch protection off or open a load balancer to the world, and a missing one leaves nobody to call when the workload misbehaves.',
  remedy:
    'Add or remove the annotation in metadata.annotations. What is required and forbidden is set as options of this rule (required, forbidden, kinds); nothing is by default.',
  controls: [],
  aliases: {
    'kyverno-policies': ['require-annotations', 'restrict-annotations', 'allowed-annotations'],
    'gatekeeper-library': ['requiredannotations'],
  },
  needs: ['options'],
  scope: 'object',
  options: NOTHING,
  applies: (object, _tables, { required, forbidden, kinds }) =>
    (forbidden.length > 0 || Object.keys(required).length > 0) && kinds.includes(object.kind),
  check(object, _tables, { required, forbidden }) {
    let hits: Hit[] | undefined;
    for (const key in required) {
      const hit = missing(key, object.annotations[key], required[key] ?? '');
      if (hit !== undefined) (hits ??= []).push(hit);
    }
    if (forbidden.length === 0) return hits;
    for (const key in object.annotations) {
      if (!forbidden.some((entry) => (entry.endsWith('*') ? key.startsWith(entry.slice(0, -1)) : key === entry))) continue;
      (hits ??= []).push({
        message: `the annotation "${key}" is forbidden`,
        path: joinPath('metadata.annotations', key),
        key,
        fix: [{ remove: joinPath('metadata.annotations', key) }],
      });
    }
    return hits;
  },
  examples: () => ({
    options: { required: { owner: '.+@.+' }, forbidden: ['legacy.example.com/*'] },
    good: [
      '{apiVersion: v1, kind: Namespace, metadata: {name: shop, annotations: {owner: payments@example.com}}}',
      '{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, annotations: {legacy.example.com/open: "yes"}}}',
    ],
    bad: [
      { yaml: withPod(''), path: 'metadata.annotations.owner' },
      {
        yaml: '{apiVersion: v1, kind: Service, metadata: {name: web, annotations: {owner: a@b, legacy.example.com/open: "yes"}}}',
        path: 'metadata.annotations["legacy.example.com/open"]',
      },
    ],
  }),
});

function missing(key: string, value: string | undefined, wanted: string): Hit | undefined {
  const path = joinPath('metadata.annotations', key);
  if (value === undefined) return { message: `the annotation "${key}" is missing`, path, key };
  if (wanted === '') return undefined;
  const pattern = wholePattern(wanted);
  if (pattern === undefined)
    return { message: `the option for annotation "${key}" is no regular expression: ${wanted}`, path, key, status: 'unknown' };
  return pattern.test(value) ? undefined : { message: `the annotation "${key}" does not match ${wanted}`, path, key };
}
