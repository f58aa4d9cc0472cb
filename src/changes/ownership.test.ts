import { describe, expect, test } from 'vitest';
import { toApiObject } from '../model/index.ts';
import { type Owner, ownerOf } from './ownership.ts';

function owner(metadata: Record<string, unknown>, more: Record<string, unknown> = {}): Owner {
  const object = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'x', ...metadata }, ...more };
  const read = toApiObject({ object, origin: { source: 'x.yaml', line: 1, format: 'yaml', prefix: [] } }, 0);
  if (!('metadata' in read)) throw new Error('a gap');
  return ownerOf(read);
}

const labels = (values: Record<string, string>): Owner => owner({ labels: values });
const annotations = (values: Record<string, string>): Owner => owner({ annotations: values });

describe('whose an object is', () => {
  test('yours, where nothing says otherwise', () => {
    expect(owner({})).toEqual({ kind: 'you', name: '', restored: false, where: '', because: undefined });
    expect(labels({ 'app.kubernetes.io/managed-by': 'kustomize', 'app.kubernetes.io/instance': 'shop' }).kind).toBe('you');
  });

  test('of a Helm release: it may be changed, and the next upgrade changes it back', () => {
    const release = { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': 'prod' };
    expect(annotations(release)).toMatchObject({
      kind: 'helm',
      name: 'prod/shop',
      restored: false,
      where: 'in the values of the Helm release prod/shop',
    });
    expect(labels({ 'app.kubernetes.io/managed-by': 'Helm', 'app.kubernetes.io/instance': 'shop' })).toMatchObject({
      kind: 'helm',
      name: 'shop',
    });
  });

  test('of what applies a repository, also where that runs Helm', () => {
    expect(
      annotations({ 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:prod/cart', 'meta.helm.sh/release-name': 'x' }),
    ).toMatchObject({
      kind: 'gitops',
      name: 'Argo CD application shop',
      restored: true,
    });
    expect(labels({ 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' }).name).toBe(
      'Flux Kustomization flux-system/apps',
    );
  });

  test('of Kubernetes: restored, unless its annotation says no', () => {
    const bootstrap = { labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } };
    expect(owner({ ...bootstrap, annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' } })).toMatchObject({
      kind: 'bootstrap',
      restored: true,
    });
    expect(owner({ ...bootstrap, annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } })).toMatchObject({
      kind: 'bootstrap',
      restored: false,
    });
    // In files the label is often left out.
    expect(owner({ name: 'cluster-admin' })).toMatchObject({ kind: 'bootstrap', restored: true });
    expect(owner({ name: 'system:discovery' }, { kind: 'ClusterRoleBinding' }).kind).toBe('bootstrap');
    const subjects = [{ kind: 'User', name: 'ann' }];
    expect(owner({ name: 'cluster-admin' }, { kind: 'ClusterRoleBinding', subjects }).kind).toBe('you');
    expect(owner({ name: 'system:our-own' }, { kind: 'ClusterRoleBinding' }).kind).toBe('you');
    // Anybody may set the label on something else.
    expect(owner(bootstrap, { kind: 'ServiceAccount', apiVersion: 'v1' }).kind).toBe('you');
  });

  test('of a controller or an operator', () => {
    const ownerReferences = [
      { apiVersion: 'x/v1', kind: 'Other', name: 'o' },
      { apiVersion: 'db/v1', kind: 'Cluster', name: 'main', controller: true },
    ];
    expect(owner({ ownerReferences })).toMatchObject({
      kind: 'operator',
      name: 'Cluster main',
      because: { path: 'metadata.ownerReferences[1]' },
    });
    expect(labels({ 'olm.owner': 'etcd.v1' })).toMatchObject({ kind: 'operator', name: 'operator etcd.v1' });
    expect(labels({ 'app.kubernetes.io/managed-by': 'cnpg' })).toMatchObject({ kind: 'operator', name: 'cnpg' });
  });

  test('of the provider, or of the add-on manager', () => {
    expect(labels({ 'addonmanager.kubernetes.io/mode': 'Reconcile' })).toMatchObject({ kind: 'addon', restored: true });
    expect(labels({ 'addonmanager.kubernetes.io/mode': 'EnsureExists' }).kind).toBe('you');
    expect(labels({ 'eks.amazonaws.com/component': 'coredns' }).name).toBe('EKS add-on coredns');
  });

  test('put together from others', () => {
    expect(owner({}, { aggregationRule: { clusterRoleSelectors: [] } })).toMatchObject({ kind: 'aggregated', restored: true });
  });
});
