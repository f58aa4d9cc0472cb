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
  it('tells of fields that the API does not know as loudly as of what it refuses', () => {
    const found = lintFindings(snapshotOf(policy('{podSelector: {}, policytypes: [Egress], ingress: [{form: []}]}')));
    expect(found.filter(({ rule }) => rule === 'field-unknown')).toMatchObject([
      { severity: 'medium', policy: 'NetworkPolicy/ops/web', path: 'spec.policytypes' },
      { severity: 'medium', policy: 'NetworkPolicy/ops/web', path: 'spec.ingress[0].form', direction: 'ingress', ruleIndex: 1 },
    ]);
  });

  it('asks what administrators deny of pods that run otherwise than their owner says, too', () => {
    const owned = (kind: string, uid: string): string =>
      `ownerReferences: [{apiVersion: apps/v1, kind: ${kind}, name: web, uid: ${uid}, controller: true}]`;
    const template = 'template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: a}]}}';
    const cluster = [
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop, uid: d}\nspec: {${template}}`,
      `apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: web, namespace: shop, uid: r, ${owned('Deployment', 'd')}}\nspec: {${template}}`,
      `apiVersion: v1\nkind: Pod\nmetadata: {name: web-1, namespace: shop, labels: {app: web}, ${owned('ReplicaSet', 'r')}}\nspec: {containers: [{name: c, image: a}]}`,
      `apiVersion: v1\nkind: Pod\nmetadata: {name: web-2, namespace: shop, labels: {app: web, debug: "1"}, ${owned('ReplicaSet', 'r')}}\nspec: {hostPID: true, containers: [{name: c, image: b}]}`,
    ].join('\n---\n');
    const deny =
      'apiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy\nmetadata: {name: default}\nspec: {subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}], egress: [{action: Deny, to: [{namespaces: {}}]}]}';
    const told = (yaml: string): string[] =>
      lintFindings(snapshotOf(yaml)).flatMap(({ rule, policy: ref }) => (/^(ns|pod)-without-netpol$/.test(rule) ? [`${rule} ${ref}`] : []));
    expect(told(`${cluster}\n---\n${deny}`)).toEqual([]);
    expect(told(`${cluster}\n---\n${deny.replace('namespaces: {}}', 'namespaces: {matchLabels: {a: b}}}')}`)).toEqual([
      'ns-without-netpol Namespace/shop',
    ]);
  });

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
