import { commandLineOf, parseFeatureGates } from '../../engines/command-line/index.ts';
import { apiServer } from '../control-plane/manifests.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';

export const rule = defineRule({
  id: 'alpha-feature',
  title: 'Alpha feature switched on',
  severity: 'low',
  area: 'governance',
  rationale:
    'Alpha features are off for a reason: their code is young, gets no fixes for holes in older releases, may change what stored objects mean and may be gone after the next upgrade.',
  remedy:
    'Take the gate out of --feature-gates of every component unless something needs it and somebody follows its changes. AllAlpha turns on whatever the next release brings.',
  controls: nsa('upgrading'),
  effort: 'medium',
  scope: 'cluster',
  reads: ['kubernetes', 'workloads'],
  // Where neither is known nothing passes.
  applies: (_cluster, { kubernetes, workloads }) =>
    kubernetes.features !== undefined ||
    workloads.all.some(({ containers }) => containers.some(({ spec }) => commandLineOf(spec) !== undefined)),
  check(_cluster, { kubernetes, workloads }) {
    const hits: Hit[] = [];
    const on = Object.entries(kubernetes.features ?? {})
      .filter(([, { stage, enabled }]) => stage === 'ALPHA' && enabled)
      .map(([name]) => name)
      .toSorted();
    if (on.length > 0) {
      const count = on.length === 1 ? 'an alpha feature' : `${on.length} alpha features`;
      hits.push({ message: `the API server has ${count} on: ${on.join(', ')}`, path: '', value: on, key: 'apiserver' });
    }
    for (const { workload, spec, path } of workloads.all.flatMap(({ containers }) => containers)) {
      const line = commandLineOf(spec);
      const use = line?.uses.get('--feature-gates')?.findLast(({ value }) => parseFeatureGates(value).has('AllAlpha'));
      if (line === undefined || use === undefined || parseFeatureGates(use.value).get('AllAlpha') !== true) continue;
      const also = [{ object: workload.object, path: `${path}.${use.path}` }];
      hits.push({ message: `${line.component} has every alpha feature on`, path: '', value: undefined, key: line.component, also });
    }
    return hits;
  },
  examples: () => ({
    good: [
      apiServer(),
      apiServer('--feature-gates=AllAlpha=false,NodeSwap=true'),
      apiServer('--feature-gates=AllBeta=true'),
      '{apiVersion: v1, kind: Namespace, metadata: {name: a}}',
    ],
    bad: [{ yaml: apiServer('--feature-gates=AllAlpha=true'), path: '' }],
  }),
});
