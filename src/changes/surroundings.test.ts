import { expect, test } from 'vitest';
import type { SourceObject } from '../snapshot/index.ts';
import { surroundingsOf } from './surroundings.ts';

const source = (object: Record<string, unknown>): SourceObject => ({
  object,
  origin: { source: 'a.yaml', line: 1, format: 'yaml', prefix: [] },
});
const named = (kind: string, name: string, more: Record<string, unknown> = {}): SourceObject =>
  source({ apiVersion: 'v1', kind, metadata: { name, namespace: 'shop', ...(more.metadata as object | undefined) }, ...without(more) });

function without({ metadata: _metadata, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return rest;
}

const owned = (kind: string, name: string): Record<string, unknown> => ({ ownerReferences: [{ kind, name, controller: true }] });
const template = (account?: string, image = 'x'): Record<string, unknown> => ({
  template: { spec: { serviceAccountName: account, containers: [{ image }] } },
});

test('pods belong to what made what made them, and templates count without pods', () => {
  const { users, accounts } = surroundingsOf([
    named('ServiceAccount', 'cart'),
    named('Deployment', 'cart', { spec: template('cart') }),
    named('ReplicaSet', 'cart-1', { metadata: owned('Deployment', 'cart'), spec: template('cart') }),
    named('Pod', 'cart-1-a', {
      metadata: owned('ReplicaSet', 'cart-1'),
      spec: { serviceAccountName: 'cart' },
      status: { startTime: '2026-03-01T00:00:00Z' },
    }),
    named('Deployment', 'idle', { spec: template() }),
    named('CronJob', 'report', { spec: { schedule: '0 3 1 * *', jobTemplate: { spec: template('cart') } } }),
    named('CronJob', 'odd', { spec: { schedule: 'now and then', jobTemplate: { spec: template('cart') } } }),
    named('Deployment', 'v', { spec: template('v', 'docker.io/velero/velero:1') }),
  ]);
  const account = (name: string): string => `system:serviceaccount:shop:${name}`;
  expect(users).toEqual([
    { ref: 'Deployment/shop/cart', account: account('cart'), starts: [Date.UTC(2026, 2, 1) / 1000] },
    { ref: 'Deployment/shop/idle', account: account('default'), starts: [] },
    { ref: 'CronJob/shop/report', account: account('cart'), starts: [], period: 31 * 86_400 },
    { ref: 'CronJob/shop/odd', account: account('cart'), starts: [], period: Infinity },
    { ref: 'Deployment/shop/v', account: account('v'), starts: [], rare: 'backup and restore' },
  ]);
  expect([...accounts]).toEqual([account('cart')]);
});

test('API servers are counted by what leads to them, else by their pods', () => {
  const slice = (name: string): SourceObject =>
    source({
      kind: 'EndpointSlice',
      metadata: { name, namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      endpoints: [{ addresses: ['10.0.0.1'] }, { addresses: ['10.0.0.2'] }],
    });
  expect(surroundingsOf([slice('kubernetes')]).servers).toBe(2);
  const old = source({
    kind: 'Endpoints',
    metadata: { name: 'kubernetes', namespace: 'default' },
    subsets: [{ addresses: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }, { ip: '10.0.0.3' }] }],
  });
  expect(surroundingsOf([slice('kubernetes'), old]).servers).toBe(3);
  const pod = source({
    kind: 'Pod',
    metadata: { name: 'kube-apiserver-a', namespace: 'kube-system', labels: { component: 'kube-apiserver' } },
  });
  expect(surroundingsOf([pod]).servers).toBe(1);
  const lease = (name: string, hour: number): SourceObject =>
    source({
      kind: 'Lease',
      metadata: { name, namespace: 'kube-system', labels: { 'apiserver.kubernetes.io/identity': 'kube-apiserver' } },
      spec: { leaseDurationSeconds: 3600, renewTime: `2026-03-01T${hour}:00:00.000000Z` },
    });
  expect(surroundingsOf([pod, lease('a', 11), lease('b', 11)]).servers).toBe(2);
  // The second is of a server that is gone.
  expect(surroundingsOf([lease('a', 13), lease('b', 11)]).servers).toBe(1);
  expect(surroundingsOf([]).servers).toBeUndefined();
});

test('whether owners are checked is told by the flags of the API server, and OpenShift always does', () => {
  const server = (command: string): SourceObject =>
    source({
      kind: 'Pod',
      metadata: { name: 'kube-apiserver-a', namespace: 'kube-system', labels: { component: 'kube-apiserver' } },
      spec: { containers: [{ name: 'c', command: ['kube-apiserver', command] }] },
    });
  expect(surroundingsOf([server('--enable-admission-plugins=NodeRestriction')]).ownersChecked).toBe(false);
  expect(surroundingsOf([server('--enable-admission-plugins=NodeRestriction,OwnerReferencesPermissionEnforcement')]).ownersChecked).toBe(
    true,
  );
  const openshift = source({ apiVersion: 'config.openshift.io/v1', kind: 'ClusterVersion', metadata: { name: 'version' } });
  expect(surroundingsOf([openshift]).ownersChecked).toBe(true);
});

test.each([
  ['ghcr.io/cloudnative-pg/cloudnative-pg:1', 'failover'],
  ['ghcr.io/zalando/postgres-operator:v1', 'failover'],
  ['percona/percona-xtradb-cluster-operator:1', 'failover'],
  ['quay.io/strimzi/operator:1', 'failover'],
  ['osixia/keepalived:1', 'failover'],
  ['ghcr.io/kubereboot/kured:1', 'node upgrades and failures'],
  ['rancher/system-upgrade-controller:v1', 'node upgrades and failures'],
  ['amazon/aws-node-termination-handler:1', 'node upgrades and failures'],
  ['registry.k8s.io/provider-aws/cloud-controller-manager:v1', 'node upgrades and failures'],
  ['registry.k8s.io/sig-storage/csi-resizer:v1', 'storage'],
  ['rook/ceph:v1', 'storage'],
  ['bitnami/sealed-secrets-controller:1', 'certificates'],
  ['istio/pilot:1.24', 'certificates'],
  ['docker.elastic.co/eck/eck-operator:2', 'failover'],
  ['mongodb/mongodb-kubernetes-operator:1', 'failover'],
  ['vitess/operator:1', 'failover'],
  ['ghcr.io/shopco/pgadmin:1', undefined],
  ['neilpang/acme.sh:3', 'certificates'],
  ['quay.io/jetstack/cert-manager-acmesolver:v1', 'certificates'],
  ['ghcr.io/acme/web:1', undefined],
])('the component %s is rare: %s', (image, rare) => {
  const { users } = surroundingsOf([named('Deployment', 'v', { spec: template('v', image) })]);
  expect(users[0]?.rare).toBe(rare);
});

test('what restores before the others start is rare too', () => {
  const { spec } = template('v', 'x').template as { spec: Record<string, unknown> };
  const restoring = { template: { spec: { ...spec, initContainers: [{ name: 'i', image: 'restic/restic:1' }] } } };
  expect(surroundingsOf([named('Deployment', 'v', { spec: restoring })]).users[0]?.rare).toBe('backup and restore');
});

test('what makes pods from time to time uses an account too, as far as none of them are there', () => {
  const cron = (namespace: string, more: Record<string, unknown> = {}): SourceObject =>
    source({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'CronWorkflow',
      metadata: { name: 'report', namespace },
      spec: {
        schedules: ['0 0 1 * *'],
        workflowSpec: { serviceAccountName: 'cart', templates: [{ container: { image: 'x', args: [] } }] },
      },
      ...more,
    });
  const ref = 'CronWorkflow/shop/report';
  const account = 'system:serviceaccount:shop:cart';
  expect(surroundingsOf([cron('shop')]).others).toEqual([{ ref, account, starts: [], period: 31 * 86_400 }]);
  const pod = named('Pod', 'report-1', { metadata: owned('CronWorkflow', 'report'), spec: { serviceAccountName: 'cart' } });
  expect(surroundingsOf([cron('shop'), pod])).toMatchObject({ others: [], users: [{ ref, account }] });
  // What only names an account, as whoever acts as it does, starts nothing.
  expect(surroundingsOf([cron('shop', { spec: { serviceAccountName: 'cart', path: './deploy' } })]).others).toEqual([]);
});
