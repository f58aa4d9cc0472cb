import type { Tables } from '../../model/index.ts';
import { POD, documents, withPod } from '../examples.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'priority-class',
  title: 'No priority class',
  severity: 'info',
  area: 'reliability',
  rationale:
    'When nodes run short, pods of priority zero are the first to be evicted and the last to be placed; without classes a batch job can push out what guards the cluster.',
  remedy:
    'Define a few PriorityClasses, one of them as global default, and name them in priorityClassName; set preemptionPolicy Never where a workload should wait instead of evicting others.',
  controls: [],
  aliases: {
    polaris: ['priorityClassNotSet'],
    'kube-linter': ['priority-class-name'],
    'kyverno-policies': ['require-pod-priorityclassname', 'allowed-pod-priorities'],
  },
  scope: 'workload',
  reads: ['PriorityClass'],
  check(workload, { PriorityClass }) {
    const { priorityClassName = '' } = workload.pod;
    if (priorityClassName !== '' || workload.isMirrorPod || hasDefault(PriorityClass)) return undefined;
    return { message: 'has no priority class and no default gives it one', path: `${workload.podPath}.priorityClassName` };
  },
  examples: () => ({
    good: [
      withPod('priorityClassName: high'),
      documents(
        withPod(''),
        '{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: normal}, value: 100, globalDefault: true}',
      ),
    ],
    bad: [
      { yaml: withPod(''), path: `${POD}.priorityClassName` },
      {
        yaml: documents(withPod(''), '{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: high}, value: 100}'),
        path: `${POD}.priorityClassName`,
      },
    ],
  }),
});

const DEFAULTS = new WeakMap<Tables['PriorityClass'], boolean>();

function hasDefault(classes: Tables['PriorityClass']): boolean {
  let has = DEFAULTS.get(classes);
  if (has === undefined) {
    has = classes.all.some(({ body }) => body.globalDefault === true);
    DEFAULTS.set(classes, has);
  }
  return has;
}
