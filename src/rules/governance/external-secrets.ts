import { apiServer } from '../control-plane/manifests.ts';
import { documents } from '../examples.ts';
import { cis, defineRule, mitre, nsa } from '../rule.ts';
import { isWholeCluster } from './whole-cluster.ts';

/** API groups of operators that fetch secrets from a store outside. */
const STORES = new Set(['external-secrets.io', 'secrets-store.csi.x-k8s.io', 'secrets.hashicorp.com', 'redhatcop.redhat.io']);

const SECRET = `
apiVersion: v1
kind: Secret
metadata: {name: db, namespace: shop}
type: Opaque`;
const STORE = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: secretstores.external-secrets.io}
spec: {group: external-secrets.io, names: {kind: SecretStore, plural: secretstores}, scope: Namespaced}`;

export const rule = defineRule({
  id: 'external-secrets',
  title: 'Secrets are kept in the cluster alone',
  severity: 'low',
  area: 'governance',
  rationale:
    'A store outside the cluster rotates secrets, records who read them and keeps them out of etcd backups; Secrets made by hand tend to live for years.',
  remedy: 'Weigh a store such as Vault or that of the cloud, brought in by the External Secrets operator or the Secrets Store CSI driver.',
  controls: [...cis('5.4.2'), ...nsa('credentials-in-configuration'), ...mitre('T1552.007')],
  aliases: { kubescape: ['C-0208'] },
  effort: 'high',
  byPerson: true,
  scope: 'cluster',
  reads: ['completeness', 'workloads', 'Secret', 'CustomResourceDefinition'],
  applies: (_cluster, tables) => isWholeCluster(tables) && tables.Secret.all.length > 0,
  check(_cluster, { Secret, CustomResourceDefinition }) {
    if (CustomResourceDefinition.all.some(({ body }) => STORES.has(body.spec?.group ?? ''))) return undefined;
    const opaque = Secret.all.filter(({ body }) => body.type === undefined || body.type === 'Opaque').length;
    if (opaque === 0) return undefined;
    const words = opaque === 1 ? '1 Secret is kept' : `${opaque} Secrets are kept`;
    return {
      message: `${words} in the cluster alone: look whether a store outside would serve better`,
      path: '',
      value: undefined,
      status: 'manual',
    };
  },
  examples: () => ({
    good: [SECRET, documents(apiServer(), SECRET, STORE), apiServer()],
    bad: [{ yaml: documents(apiServer(), SECRET), path: '', status: 'manual' }],
  }),
});
