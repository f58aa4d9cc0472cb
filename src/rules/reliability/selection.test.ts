/** What selects what: Services, budgets and monitors. */
import { describe, expect, it } from 'vitest';
import { clusterOf, objectsOf } from '../../../test/rule-tester.ts';
import { hasBudget } from './budgets.ts';
import { someMatches } from './label-index.ts';
import { servesRequests } from './serving.ts';

const POD = '{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {containers: [{name: a}]}}';
const service = (selector: string, namespace = 'shop'): string =>
  `{apiVersion: v1, kind: Service, metadata: {name: s, namespace: ${namespace}, labels: {app: web, tier: a}}, spec: {selector: ${selector}}}`;
const budget = (selector: string, apiVersion = 'policy/v1'): string =>
  `{apiVersion: ${apiVersion}, kind: PodDisruptionBudget, metadata: {name: b, namespace: shop}, spec: {selector: ${selector}}}`;

function clusterFrom(yaml: readonly string[], complete = false): ReturnType<typeof clusterOf> {
  return clusterOf(objectsOf([POD, ...yaml].join('\n---\n')), complete);
}

describe('servesRequests', () => {
  it.each([
    [[], false, 'unknown'],
    [[], true, 'no'],
    [[service('{app: web}')], false, 'yes'],
    [[service('{app: web, more: x}')], false, 'no'],
    [[service('{}')], false, 'no'],
    [[service('{app: web}', 'other')], false, 'no'],
    [[service('{app: api}'), service('{app: web}')], false, 'yes'],
  ])('%j', (yaml, complete, expected) => {
    const { workloads, tables } = clusterFrom(yaml, complete);
    expect(workloads.map((workload) => servesRequests(workload, tables))).toEqual([expected]);
  });
});

describe('hasBudget', () => {
  it.each([
    [[], false],
    [[budget('{matchLabels: {app: web}}')], true],
    [[budget('{matchLabels: {app: api}}'), budget('{matchExpressions: [{key: app, operator: Exists}]}')], true],
    [[budget('{}')], true],
    [[budget('{}', 'policy/v1beta1')], false],
    [[budget('{matchLabels: {app: web}}').replace('shop', 'other')], false],
  ])('%j', (yaml, expected) => {
    const { workloads, tables } = clusterFrom(yaml);
    expect(workloads.map((workload) => hasBudget(workload, tables))).toEqual([expected]);
  });
});

describe('someMatches', () => {
  it.each([
    [{ matchLabels: { app: 'web', tier: 'a' } }, 'shop', true],
    [{ matchLabels: { app: 'web', tier: 'b' } }, 'shop', false],
    [{ matchLabels: { app: 'web' } }, 'other', false],
    [{ matchLabels: { app: 'web' } }, undefined, true],
    [{}, 'shop', true],
    [{}, 'other', false],
    [{ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['a'] }] }, undefined, false],
  ])('%j in %s', (selector, namespace, expected) => {
    expect(someMatches(clusterFrom([service('{}')]).tables.Service, selector, namespace)).toBe(expected);
  });
});
