import { documents, withPod } from '../examples.ts';
import { type Hit, defineRule } from '../rule.ts';
import { scalersOf } from './scaling.ts';

const DEPLOYMENT = withPod('');
const hpa = (spec: string, name = 'web'): string =>
  `{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: ${name}, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, ${spec}}}`;

export const rule = defineRule({
  id: 'hpa-shape',
  title: 'Bounds of a HorizontalPodAutoscaler',
  severity: 'low',
  area: 'reliability',
  rationale:
    'An autoscaler that may go down to one replica makes every node upgrade an outage at night; one whose bounds are equal never scales; two on one target, or replicas written in the manifest too, pull the number back and forth.',
  remedy:
    'Set minReplicas to two or more and maxReplicas above it, one autoscaler a target, and leave spec.replicas out of the target (remove it once from the last applied configuration first, else it falls to one).',
  controls: [],
  aliases: {
    polaris: ['hpaMaxAvailability', 'hpaMinAvailability'],
    'kube-score': ['horizontalpodautoscaler-replicas'],
    popeye: ['602', '603', '604', '605'],
    'kyverno-policies': ['prevent-duplicate-hpa'],
    'gatekeeper-library': ['horizontalpodautoscaler'],
  },
  scope: 'object',
  kinds: ['HorizontalPodAutoscaler'],
  reads: ['HorizontalPodAutoscaler', 'ScaledObject', 'Deployment', 'StatefulSet', 'completeness'],
  check(object, tables) {
    const { minReplicas, maxReplicas, scaleTargetRef } = object.body.spec ?? {};
    const ref = { kind: scaleTargetRef?.kind ?? '', namespace: object.namespace, name: scaleTargetRef?.name ?? '' };
    const target =
      ref.kind === 'Deployment'
        ? tables.Deployment.get(ref.namespace, ref.name)
        : ref.kind === 'StatefulSet'
          ? tables.StatefulSet.get(ref.namespace, ref.name)
          : undefined;
    const hits: Hit[] = [];
    // What is unset is told only where the target is known: the bound may be patched in with it.
    if ((minReplicas ?? (target === undefined ? 2 : 1)) < 2) {
      const floor = minReplicas === 0 ? 'zero replicas' : `one replica${minReplicas === undefined ? ', since minReplicas is unset' : ''}`;
      hits.push({ message: `may scale down to ${floor}`, path: 'spec.minReplicas', key: 'min' });
    }
    if (maxReplicas !== undefined && maxReplicas < (minReplicas ?? 1))
      hits.push({
        message: `maxReplicas ${maxReplicas} is below ${minReplicas === undefined ? 'one' : `minReplicas ${minReplicas}`}, which is refused`,
        path: 'spec.maxReplicas',
        key: 'max',
        severity: 'medium',
      });
    else if (maxReplicas !== undefined && maxReplicas === (minReplicas ?? 1))
      hits.push({ message: `never scales: both bounds are ${maxReplicas}`, path: 'spec.maxReplicas', key: 'max' });
    const scalers = scalersOf(ref, tables);
    if (scalers.length > 1 && ref.name !== '') {
      const others = scalers.filter((scaler) => scaler.object !== object);
      hits.push({
        message: `${ref.kind} "${ref.name}" is scaled by ${scalers.length} autoscalers`,
        path: 'spec.scaleTargetRef',
        key: 'twice',
        also: others.slice(0, 10).map((scaler) => ({ object: scaler.object, path: 'spec.scaleTargetRef' })),
      });
    }
    // On a server the number is always there, since the autoscaler writes it.
    if (target?.body.spec?.replicas !== undefined && target.metadata.uid === undefined && !tables.completeness.complete) {
      hits.push({
        message: `${ref.kind} "${ref.name}" also sets replicas, which each deployment puts back`,
        path: 'spec.scaleTargetRef',
        key: 'replicas',
        also: [{ object: target, path: 'spec.replicas' }],
      });
    }
    return hits;
  },
  examples: () => ({
    good: [hpa('minReplicas: 2, maxReplicas: 10'), documents(hpa('minReplicas: 3, maxReplicas: 6'), DEPLOYMENT), hpa('maxReplicas: 10')],
    bad: [
      { yaml: hpa('minReplicas: 1, maxReplicas: 10'), path: 'spec.minReplicas' },
      { yaml: documents(hpa('maxReplicas: 10'), DEPLOYMENT), path: 'spec.minReplicas' },
      { yaml: hpa('minReplicas: 3, maxReplicas: 3'), path: 'spec.maxReplicas', severity: 'low' },
      { yaml: hpa('minReplicas: 3, maxReplicas: 2'), path: 'spec.maxReplicas', severity: 'medium' },
      {
        yaml: documents(hpa('minReplicas: 2, maxReplicas: 9'), hpa('minReplicas: 2, maxReplicas: 5', 'again')),
        path: 'spec.scaleTargetRef',
      },
      {
        yaml: documents(hpa('minReplicas: 2, maxReplicas: 9'), DEPLOYMENT.replace('spec:\n', 'spec:\n  replicas: 2\n')),
        path: 'spec.scaleTargetRef',
      },
    ],
  }),
});
