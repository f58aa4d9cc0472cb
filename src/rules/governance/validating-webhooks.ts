import { defineRule, mitre } from '../rule.ts';
import { webhookHits } from './webhook-check.ts';

const HEADER = 'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: guard}\n';
const RULES = 'rules: [{operations: [CREATE], apiGroups: [""], apiVersions: [v1], resources: [pods]}]';
const SERVICE = 'clientConfig: {service: {namespace: guard, name: guard}}';
const SELECTOR = 'namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}]}';

export const rule = defineRule({
  id: 'validating-webhooks',
  title: 'Validating webhooks to know about',
  severity: 'info',
  area: 'governance',
  rationale:
    'A validating webhook reads every object that it is asked about, Secrets included, and decides what may run. One that fails open guards nothing while it is down; one that fails closed for kube-system can keep a broken cluster from healing; one outside the cluster hands the objects to others.',
  remedy:
    'Keep the webhooks that you know. Set failurePolicy to Fail for those that enforce security, leave kube-system and their own namespace out by namespaceSelector, run several replicas, and point clientConfig at a Service.',
  controls: mitre('T1552.007'),
  aliases: { kubescape: ['C-0036'] },
  effort: 'medium',
  scope: 'object',
  kinds: ['ValidatingWebhookConfiguration'],
  check(object) {
    return webhookHits(object, false);
  },
  examples: () => ({
    good: [`${HEADER}webhooks: []`, `${HEADER.replace('Validating', 'Mutating')}webhooks: [{name: a.example.com, ${SERVICE}, ${RULES}}]`],
    bad: [
      { yaml: `${HEADER}webhooks: [{name: a.example.com, ${SERVICE}, ${SELECTOR}, ${RULES}}]`, path: 'webhooks[0]', severity: 'info' },
      { yaml: `${HEADER}webhooks: [{name: a.example.com, ${SERVICE}, ${RULES}}]`, path: 'webhooks[0].namespaceSelector', severity: 'low' },
      {
        yaml: `${HEADER}webhooks: [{name: a.example.com, failurePolicy: Ignore, ${SERVICE}, ${RULES}}]`,
        path: 'webhooks[0].failurePolicy',
        severity: 'low',
      },
      {
        yaml: `${HEADER}webhooks: [{name: a.example.com, clientConfig: {url: "https://guard.example.com/v"}, ${RULES}}]`,
        path: 'webhooks[0].clientConfig.url',
        severity: 'medium',
      },
    ],
  }),
});
