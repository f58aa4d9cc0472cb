/**
 * A company on a cluster: what runs, what it may do, and what of that it needs. Five may do more than they do, and each
 * of these rights leads to the whole cluster.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PlainObject } from '../../../src/graph/family.ts';
import { account, namespace } from '../../../src/graph/example-objects.ts';
import { NODE } from '../node/images.ts';

const CLIENT = readFileSync(fileURLToPath(new URL('client.ts', import.meta.url)), 'utf8');
const RBAC = 'rbac.authorization.k8s.io';

/** Of the built-in roles nobody has more than `view`. */
export function company(): readonly PlainObject[] {
  return [
    // Whoever makes pods in the shop does not leave their containers.
    namespace('shop', { 'pod-security.kubernetes.io/enforce': 'baseline' }),
    namespace('ops', { 'pod-security.kubernetes.io/enforce': 'baseline' }),
    namespace('ci', { 'pod-security.kubernetes.io/enforce': 'baseline' }),
    ORDERS,
    ...['shop/orders', 'shop/web', 'shop/report', 'ops/operator', 'ops/provisioner', 'ci/deployer'].map((at) => account(at)),
    ...['shop', 'ops'].map((home) => config(home, 'client', { 'client.ts': CLIENT })),
    config('shop', 'settings', { greeting: 'good morning' }),
    config('shop', 'report', {}),
    ...rights(),
    deployment('shop', 'orders'),
    deployment('shop', 'web'),
    deployment('ops', 'operator'),
    deployment('ops', 'provisioner'),
    REPORT,
  ];
}

function rights(): PlainObject[] {
  return [
    ...held('shop', 'orders', 'ServiceAccount/shop/orders', [
      rule('', 'pods configmaps', 'get list watch'),
      rule('coordination.k8s.io', 'leases', 'get create update patch'),
      rule('', 'events', 'create patch'),
    ]),
    // Surplus: nobody runs a command in a pod of ops.
    ...held('ops', 'orders-debug', 'ServiceAccount/shop/orders', [rule('', 'pods', 'get'), rule('', 'pods/exec', 'create')]),
    ...held('', 'operator', 'ServiceAccount/ops/operator', [
      rule('shop.example', 'orders', 'get list watch patch'),
      rule('shop.example', 'orders/status', 'update'),
      rule('', 'events', 'create patch'),
    ]),
    // Surplus: tokens of other accounts.
    ...held('ops', 'operator-own', 'ServiceAccount/ops/operator', [
      rule('coordination.k8s.io', 'leases', 'get create update patch'),
      rule('', 'serviceaccounts/token', 'create'),
    ]),
    ...held('shop', 'report', 'ServiceAccount/shop/report', [rule('', 'pods', 'get list watch'), rule('', 'configmaps', 'get patch')]),
    ...held('shop', 'deployer', 'ServiceAccount/ci/deployer', [
      rule('apps', 'deployments', 'get list watch patch'),
      rule('', 'configmaps', 'get patch'),
      rule('', 'pods', 'get list watch'),
    ]),
    // Surplus: pods of its own in ops, where the provisioner is.
    ...held('ops', 'deployer-jobs', 'ServiceAccount/ci/deployer', [rule('', 'pods', 'create get list watch delete')]),
    // Surplus: the web shop shows its token to nobody that the log sees.
    ...held('ops', 'web-settings', 'ServiceAccount/shop/web', [rule('apps', 'deployments', 'get patch')]),
    ...held('shop', 'view-shop', 'User/alice', 'view'),
    ...held('shop', 'customer', 'User/alice', [rule('shop.example', 'orders', 'get list watch create delete')]),
    ...held('ops', 'view-ops', 'User/bob', 'view'),
    // Surplus: for the night when something fails.
    ...held('ops', 'oncall', 'User/bob', [rule('', 'pods/exec', 'create')]),
    ...held('', 'provisioner', 'ServiceAccount/ops/provisioner', 'cluster-admin'),
  ];
}

function rule(group: string, resources: string, verbs: string): PlainObject {
  return { apiGroups: [group], resources: resources.split(' '), verbs: verbs.split(' ') };
}

/** A role of that name and its binding to one subject, or the binding of a ClusterRole that is there. '' for all namespaces. */
function held(home: string, name: string, who: string, rules: readonly PlainObject[] | string): PlainObject[] {
  const [kind = '', first = '', second] = who.split('/');
  const subject = second === undefined ? { kind, name: first, apiGroup: RBAC } : { kind, namespace: first, name: second };
  const place = home === '' ? { name } : { namespace: home, name };
  const prefix = home === '' ? 'Cluster' : '';
  const isThere = typeof rules === 'string';
  const roleRef = { apiGroup: RBAC, kind: isThere ? 'ClusterRole' : `${prefix}Role`, name: isThere ? rules : name };
  return [
    ...(isThere ? [] : [{ apiVersion: `${RBAC}/v1`, kind: `${prefix}Role`, metadata: place, rules }]),
    { apiVersion: `${RBAC}/v1`, kind: `${prefix}RoleBinding`, metadata: place, roleRef, subjects: [subject] },
  ];
}

function config(home: string, name: string, data: Readonly<Record<string, string>>): PlainObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: home, name }, data };
}

function podSpec(role: string): PlainObject {
  return {
    serviceAccountName: role,
    terminationGracePeriodSeconds: 1,
    securityContext: { runAsUser: 1000, runAsNonRoot: true },
    volumes: [{ name: 'client', configMap: { name: 'client' } }],
    containers: [
      { name: role, image: NODE, command: ['node', '/client/client.ts', role], volumeMounts: [{ name: 'client', mountPath: '/client' }] },
    ],
  };
}

function deployment(home: string, name: string): PlainObject {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: podSpec(name) };
  const spec = { replicas: 1, strategy: { type: 'Recreate' }, selector: { matchLabels: labels }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace: home, name }, spec };
}

const REPORT: PlainObject = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { namespace: 'shop', name: 'report' },
  spec: { schedule: '* * * * *', jobTemplate: { spec: { template: { spec: { ...podSpec('report'), restartPolicy: 'Never' } } } } },
};

const ORDERS: PlainObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'orders.shop.example' },
  spec: {
    group: 'shop.example',
    names: { kind: 'Order', plural: 'orders' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};
