import { describe, expect, it } from 'vitest';
import { clusterOf, objectsOf } from '../../../test/rule-tester.ts';
import { webhookHits } from './webhook-check.ts';

function judged(webhook: string, apiVersion = 'admissionregistration.k8s.io/v1'): string[] {
  const yaml = `{apiVersion: ${apiVersion}, kind: ValidatingWebhookConfiguration, metadata: {name: g}, webhooks: [${webhook}]}`;
  const [object] = clusterOf(objectsOf(yaml)).tables.ValidatingWebhookConfiguration.all;
  return object === undefined ? [] : webhookHits(object, false).map(({ severity, path }) => `${severity} ${path}`);
}
const PODS = 'rules: [{operations: ["*"], resources: [pods]}]';
const SERVICE = 'clientConfig: {service: {name: g, namespace: g}}';

describe('webhookHits', () => {
  it.each([
    [`{${SERVICE}, ${PODS}}`, 'low webhooks[0].namespaceSelector'],
    [`{${SERVICE}, objectSelector: {matchLabels: {a: b}}, ${PODS}}`, 'info webhooks[0]'],
    [`{${SERVICE}, matchConditions: [{name: a, expression: "true"}], ${PODS}}`, 'info webhooks[0]'],
    [`{${SERVICE}, namespaceSelector: {matchLabels: {team: a}}, ${PODS}}`, 'info webhooks[0]'],
    [`{${SERVICE}, rules: [{operations: [CREATE], resources: [widgets]}]}`, 'info webhooks[0]'],
    [`{${SERVICE}, rules: [{operations: [DELETE], resources: ["*"]}]}`, 'info webhooks[0]'],
    [`{clientConfig: {url: "https://g.guard.svc:443/x"}, failurePolicy: Ignore, ${PODS}}`, 'low webhooks[0].failurePolicy'],
    [`{clientConfig: {url: "https://g.guard.svc.evil.example/x"}, ${PODS}}`, 'medium webhooks[0].clientConfig.url'],
    ['{}', 'info webhooks[0]'],
  ])('%s', (webhook, expected) => {
    expect(judged(webhook)).toEqual([expected]);
  });
  it('knows the default of v1beta1', () => {
    expect(judged(`{${SERVICE}, ${PODS}}`, 'admissionregistration.k8s.io/v1beta1')).toEqual(['low webhooks[0].failurePolicy']);
  });
});
