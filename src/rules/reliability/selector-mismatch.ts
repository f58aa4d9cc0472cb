import { type ApiObject, type LabelSelector, isEmptySelector, mapMatches, selectorMatches } from '../../model/index.ts';
import { withPod } from '../examples.ts';
import { type Hit, defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'selector-mismatch',
  title: 'Selector does not match its own pods',
  severity: 'medium',
  area: 'reliability',
  rationale:
    'The API server refuses a controller whose selector does not pick the pods of its template, so the version in the cluster stays the old one, with the holes that the new one closes.',
  remedy:
    'Make spec.selector a subset of the labels of the template. The selector of an existing object cannot be changed: adapt the labels, or delete the object without its pods and make it anew.',
  controls: [],
  aliases: {
    kubescape: ['C-0296'],
    'kube-linter': ['mismatching-selector'],
    'kube-score': [
      'deployment-pod-selector-labels-match-template-metadata-labels',
      'statefulset-pod-selector-labels-match-template-metadata-labels',
    ],
    popeye: ['508'],
  },
  scope: 'object',
  kinds: ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'DeploymentConfig', 'Rollout', 'Job', 'CronJob'],
  check(object) {
    switch (object.known) {
      case 'ReplicationController':
      case 'DeploymentConfig':
        return plain(object as ApiObject<'ReplicationController'>);
      case 'CronJob': {
        const spec = (object as ApiObject<'CronJob'>).body.spec?.jobTemplate?.spec;
        return judged(spec?.selector, spec?.template?.metadata?.labels, 'spec.jobTemplate.spec.selector');
      }
      default:
        return selected(object as ApiObject<'Deployment'>);
    }
  },
  examples: () => ({
    good: [
      withPod(''),
      '{apiVersion: extensions/v1beta1, kind: Deployment, metadata: {name: web}, spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: a}]}}}}',
      '{apiVersion: v1, kind: ReplicationController, metadata: {name: web}, spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: a}]}}}}',
      '{apiVersion: batch/v1, kind: Job, metadata: {name: web}, spec: {template: {spec: {containers: [{name: a, image: a}]}}}}',
      '{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {selector: {matchExpressions: [{key: app, operator: In, values: [web, api]}]}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: a}]}}}}',
    ],
    bad: [
      { yaml: withPod('').replace('labels: {app: web}', 'labels: {app: api}'), path: 'spec.selector' },
      { yaml: withPod('').replace('metadata: {labels: {app: web}}', 'metadata: {}'), path: 'spec.selector' },
      { yaml: withPod('').replace('selector: {matchLabels: {app: web}}', 'replicas: 1'), path: 'spec.selector' },
      {
        yaml: '{apiVersion: v1, kind: ReplicationController, metadata: {name: web}, spec: {selector: {app: api}, template: {metadata: {labels: {app: web}}}}}',
        path: 'spec.selector',
      },
      {
        yaml: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {selector: {matchExpressions: [{key: app, operator: DoesNotExist}]}, template: {metadata: {labels: {app: web}}}}}',
        path: 'spec.selector',
      },
    ],
  }),
});

function selected(object: ApiObject<'Deployment'>): Hit | undefined {
  const { spec } = object.body;
  const known = object.known as string;
  // Without a template there is nothing to compare: an overlay or another object brings it.
  if (spec?.template === undefined) return undefined;
  const required = object.apiVersion === 'apps/v1' && known !== 'Job' && known !== 'Rollout';
  if (required && (spec.selector === undefined || isEmptySelector(spec.selector))) {
    return { message: `the ${object.kind} has no selector, which apps/v1 wants`, path: 'spec.selector' };
  }
  return judged(spec.selector, spec.template.metadata?.labels, 'spec.selector');
}

function judged(selector: LabelSelector | undefined, labels: Readonly<Record<string, string>> | undefined, path: string): Hit | undefined {
  if (selector === undefined || selectorMatches(selector, labels ?? {})) return undefined;
  return { message: 'its selector does not match the labels of its pod template', path };
}

function plain({ body }: ApiObject<'ReplicationController'>): Hit | undefined {
  const { selector, template } = body.spec ?? {};
  if (selector === undefined || template === undefined || mapMatches(selector, template.metadata?.labels ?? {})) return undefined;
  return { message: 'its selector does not match the labels of its pod template', path: 'spec.selector' };
}
