import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../snapshot/index.ts';
import { lintFindings } from './net-lint.ts';

function snapshotOf(yaml: string): Snapshot {
  const objects = loadAll(yaml) as Record<string, unknown>[];
  return {
    header: { kind: 'manifests', complete: false },
    objects: objects.map((object, index) => ({ object, origin: { source: 'net.yaml', line: index + 1, format: 'yaml', prefix: [] } })),
    counts: { files: 1, documents: objects.length, judged: objects.length, foreign: 0 },
    gaps: [],
  };
}

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: db, namespace: shop, labels: {app: db}}\nspec: {containers: [{name: db, image: db}]}';
const policy = (spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web, namespace: ops}\nspec: ${spec}`;

describe('net lint', () => {
  it('takes the input for the whole cluster, and tells where in a policy', () => {
    const [first, ...more] = lintFindings(
      snapshotOf(
        `${POD}\n---\n${policy('{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}, {from: [{podSelector: {matchLabels: {app: cart}}}]}]}')}`,
      ),
    ).filter(({ rule }) => rule === 'peer-matches-no-pod');
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      rule: 'peer-matches-no-pod',
      severity: 'low',
      policy: 'NetworkPolicy/ops/web',
      direction: 'ingress',
      ruleIndex: 2,
      peerIndex: 1,
      path: 'spec.ingress[1].from[0]',
      source: 'net.yaml',
      line: 2,
    });
  });

  it('tells of what the API server refuses by its category, and judges it no further', () => {
    const found = lintFindings(snapshotOf(policy('{podSelector: {matchLabels: {app: x}}, ingress: [{from: [{}]}]}')));
    expect(found.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(['peer-empty medium']);
  });

  it('names the workload behind an Ingress', () => {
    const yaml = [
      POD.replace('name: db, image: db', 'name: db, image: db, ports: [{containerPort: 80}]'),
      'apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: shop}\nspec: {selector: {app: db}, ports: [{port: 80}]}',
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: db, namespace: shop}\nspec: {defaultBackend: {service: {name: db, port: {number: 80}}}}',
      policy('{podSelector: {}}').replace('ops', 'shop'),
    ].join('\n---\n');
    expect(lintFindings(snapshotOf(yaml)).find(({ rule }) => rule === 'ingress-backend-blocked')).toMatchObject({
      policy: 'Ingress/shop/db',
      workload: 'shop/db[Pod]',
    });
  });

  it('puts the worst first', () => {
    const ranks = lintFindings(snapshotOf(`${POD}\n---\n${policy('{podSelector: {}, ingress: [{}]}')}`)).map(({ severity }) => severity);
    const order = ['critical', 'high', 'medium', 'low', 'info'];
    expect(ranks.length).toBeGreaterThan(1);
    expect(ranks).toEqual(ranks.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
  });
});
