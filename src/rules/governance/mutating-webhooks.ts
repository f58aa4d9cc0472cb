import { defineRule, mitre } from '../rule.ts';
import { webhookHits } from './webhook-check.ts';

const HEADER = 'apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: {name: guard}\n';
const RULES = 'rules: [{operations: [CREATE], apiGroups: [""], apiVersions: [v1], resources: [pods]}]';
const SERVICE = 'clientConfig: {service: {namespace: guard, name: guard}}';
const SELECTOR = 'namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}]}';

export const rule = defineRule({
  id: 'mutating-webhooks',
  title: 'Mutating webhooks to know about',
  severity: 'info',
  area: 'governance',
  rationale:
    'A mutating webhook rewrites objects before they are stored: whoever runs it can put a container, a volume or another image into every pod of the cluster. One that fails closed for kube-system can keep a broken cluster from healing; one outside the cluster hands the objects to others.',
  remedy:
    'Keep the webhooks that you know, and guard their Deployments and certificates like the control plane. Leave kube-system and their own namespace out by namespaceSelector, run several replicas, and point clientConfig at a Service.',
  controls: mitre('T1610'),
  aliases: { kubescape: ['C-0039'] },
  effort: 'medium',
  scope: 'object',
  kinds: ['MutatingWebhookConfiguration'],
  check(object) {
    return webhookHits(object, true);
  },
  examples: () => ({
    good: [`${HEADER}webhooks: []`, `${HEADER.replace('Mutating', 'Validating')}webhooks: [{name: a.example.com, ${SERVICE}, ${RULES}}]`],
    bad: [
      { yaml: `${HEADER}webhooks: [{name: a.example.com, ${SERVICE}, ${SELECTOR}, ${RULES}}]`, path: 'webhooks[0]', severity: 'info' },
      { yaml: `${HEADER}webhooks: [{name: a.example.com, ${SERVICE}, ${RULES}}]`, path: 'webhooks[0].namespaceSelector', severity: 'low' },
      {
        yaml: `${HEADER}webhooks: [{name: a.example.com, failurePolicy: Ignore, ${SERVICE}, ${RULES}}]`,
        path: 'webhooks[0]',
        severity: 'info',
      },
      {
        yaml: `${HEADER}webhooks: [{name: a.example.com, clientConfig: {url: "https://guard.example.com/v"}, ${RULES}}]`,
        path: 'webhooks[0].clientConfig.url',
        severity: 'medium',
      },
    ],
  }),
});
