/**
 * Whose an object is: where a change of it has to be made so that it stays. What something else writes again and again
 * cannot be changed in place, and what a vendor ships is the vendor's to mend.
 */
import { DEFAULT_ROLE_NAMES } from '../engines/rbac/index.ts';
import { isRecord } from '../lib/record.ts';
import type { ApiObject } from '../model/index.ts';

export const OWNER_KINDS = ['you', 'helm', 'gitops', 'operator', 'addon', 'bootstrap', 'aggregated'] as const;
export type OwnerKind = (typeof OWNER_KINDS)[number];

export interface Owner {
  readonly kind: OwnerKind;
  /** Of the release, application, operator or add-on; '' for `you`. */
  readonly name: string;
  /** Whether a change in place is undone by itself. */
  readonly restored: boolean;
  /** Where to change it instead, as an end of a sentence. '' where it is changed in place. */
  readonly where: string;
  /** The field that says so, and its value. Undefined for `you`. */
  readonly because: { readonly path: string; readonly value: string } | undefined;
}

type Owned = Pick<ApiObject, 'kind' | 'group' | 'namespace' | 'name' | 'labels' | 'annotations' | 'metadata' | 'body'> & {
  readonly origin?: Pick<ApiObject['origin'], 'sourced'>;
};

interface Sign {
  readonly in: 'labels' | 'annotations';
  readonly key: string;
  /** Only with this value. */
  readonly value?: string;
  readonly owner: (value: string, object: Owned) => Omit<Owner, 'because'>;
}

const YOURS: Owner = { kind: 'you', name: '', restored: false, where: '', because: undefined };

/** Tools that apply a state from elsewhere mark what they apply. The first sign that fits counts: the outermost tool. */
const SIGNS: readonly Sign[] = [
  label('kustomize.toolkit.fluxcd.io/name', flux('Kustomization', 'kustomize.toolkit.fluxcd.io/namespace')),
  label('helm.toolkit.fluxcd.io/name', flux('HelmRelease', 'helm.toolkit.fluxcd.io/namespace')),
  annotation('argocd.argoproj.io/tracking-id', (id) => gitops(`Argo CD application ${id.split(':', 1)[0] ?? id}`)),
  label('argocd.argoproj.io/instance', (name) => gitops(`Argo CD application ${name}`)),
  annotation('fleet.cattle.io/bundle-id', (name) => gitops(`Fleet bundle ${name}`)),
  label('configsync.gke.io/declared-version', () => gitops('Config Sync')),
  annotation('configmanagement.gke.io/managed', () => gitops('Config Sync')),
  label('kapp.k14s.io/app', () => gitops('kapp')),
  label('olm.owner', (name) => operator(`operator ${name}`)),
  label('eks.amazonaws.com/component', (name) => addon(`EKS add-on ${name}`, 'in the configuration of the EKS add-on')),
  label('addonmanager.kubernetes.io/mode', (_mode, { name }) => addon(name, 'in the files of the add-on manager'), 'Reconcile'),
  label('kubernetes.azure.com/managedby', () => addon('AKS', 'with the settings of the AKS cluster'), 'aks'),
  annotation('meta.helm.sh/release-name', (name, { annotations, namespace }) =>
    helm(name, annotations['meta.helm.sh/release-namespace'] ?? namespace),
  ),
  label('helm.sh/chart', (chart, { labels }) => helm(labels['app.kubernetes.io/instance'] ?? chart, '')),
  label('app.kubernetes.io/managed-by', (name) => operator(name)),
];

/** Values of app.kubernetes.io/managed-by that name a person's tool rather than something that runs. */
const HANDS = new Set(['', 'kubectl', 'kustomize', 'manual', 'user', 'terraform', 'pulumi', 'ansible', 'jsonnet', 'tanka', 'cdk8s']);
const MANAGED_BY = 'app.kubernetes.io/managed-by';

export function ownerOf(object: Owned): Owner {
  const bootstrap = bootstrapOf(object);
  if (bootstrap !== undefined) return bootstrap;
  for (const { in: place, key, value: only, owner } of SIGNS) {
    const value = object[place][key];
    if (value === undefined || (only !== undefined && value !== only)) continue;
    if (key === MANAGED_BY && HANDS.has(value.toLowerCase())) continue;
    const found =
      key === MANAGED_BY && value === 'Helm'
        ? helm(object.labels['app.kubernetes.io/instance'] ?? '', object.namespace)
        : owner(value, object);
    // Changed in the repository that it comes from it stays changed.
    const restored = found.restored && !(found.kind === 'gitops' && object.origin?.sourced === true);
    return { ...found, restored, because: { path: `metadata.${place}[${JSON.stringify(key)}]`, value } };
  }
  return controllerOf(object) ?? aggregatedOf(object) ?? YOURS;
}

/** Somebody may bind further subjects by a binding of Kubernetes, and those are not restored. */
function namesOthers(body: unknown): boolean {
  const subjects = isRecord(body) && Array.isArray(body.subjects) ? (body.subjects as unknown[]) : [];
  return subjects.some((one) => isRecord(one) && !String(one.name).startsWith('system:') && one.namespace !== 'kube-system');
}

/** Names that the API server gives itself: plugin/pkg/auth/authorizer/rbac/bootstrappolicy. */
const BOOTSTRAP_BINDING =
  /^(cluster-admin|system:(basic-user|discovery|public-info-viewer|monitoring|node|node-proxier|volume-scheduler|service-account-issuer-discovery|kube-dns|kube-scheduler|kube-controller-manager|controller:.+))$/;

function hasBootstrapName(kind: string, name: string): boolean {
  if (kind === 'ClusterRole') return DEFAULT_ROLE_NAMES.includes(name) || name.startsWith('system:controller:');
  return kind === 'ClusterRoleBinding' && BOOTSTRAP_BINDING.test(name);
}

/** k8s.io/kubernetes/pkg/registry/rbac/rest: what the API server itself makes at each start. */
function bootstrapOf({ labels, annotations, kind, name, body }: Owned): Owner | undefined {
  const key = 'kubernetes.io/bootstrapping';
  const value = labels[key];
  if (!/^(Cluster)?Role(Binding)?$/.test(kind)) return undefined;
  if (value !== 'rbac-defaults') {
    // The label may be left out of what somebody wrote to a file; the name is Kubernetes' own all the same.
    if (!hasBootstrapName(kind, name) || namesOthers(body)) return undefined;
    return {
      kind: 'bootstrap',
      name: 'Kubernetes',
      restored: true,
      where: 'by binding another role, as the API server restores this one',
      because: { path: 'metadata.name', value: name },
    };
  }
  const restored = annotations['rbac.authorization.kubernetes.io/autoupdate'] !== 'false';
  const where = restored ? 'after setting its annotation rbac.authorization.kubernetes.io/autoupdate to "false"' : '';
  return { kind: 'bootstrap', name: 'Kubernetes', restored, where, because: { path: `metadata.labels[${JSON.stringify(key)}]`, value } };
}

/** What a controller made it also makes anew. */
function controllerOf({ metadata }: Owned): Owner | undefined {
  const owners = metadata.ownerReferences ?? [];
  const index = owners.findIndex(({ controller }) => controller === true);
  const owner = owners[index];
  if (owner === undefined) return undefined;
  const name = `${owner.kind ?? ''} ${owner.name ?? ''}`.trim();
  return { ...operator(name), where: `in its owner, ${name}`, because: { path: `metadata.ownerReferences[${index}]`, value: name } };
}

/** The rules of such a role are put together by a controller, whatever is written into it. */
function aggregatedOf({ kind, group, body }: Owned): Owner | undefined {
  if (kind !== 'ClusterRole' || group !== 'rbac.authorization.k8s.io') return undefined;
  const { aggregationRule }: Record<string, unknown> = isRecord(body) ? body : {};
  if (!isRecord(aggregationRule)) return undefined;
  const where = 'in the roles that it is put together from';
  return {
    kind: 'aggregated',
    name: 'the aggregation controller',
    restored: true,
    where,
    because: { path: 'aggregationRule', value: 'set' },
  };
}

function label(key: string, owner: Sign['owner'], value?: string): Sign {
  return { in: 'labels', key, owner, ...(value !== undefined && { value }) };
}

function annotation(key: string, owner: Sign['owner']): Sign {
  return { in: 'annotations', key, owner };
}

function flux(kind: string, namespaceKey: string): Sign['owner'] {
  return (name, { labels }) => gitops(`Flux ${kind} ${labels[namespaceKey] ?? ''}/${name}`);
}

function gitops(name: string): Omit<Owner, 'because'> {
  return { kind: 'gitops', name, restored: true, where: `in the repository of ${name}` };
}

/** The next upgrade of a release writes what the chart says. */
function helm(name: string, namespace: string): Omit<Owner, 'because'> {
  const release = namespace === '' ? name : `${namespace}/${name}`;
  return { kind: 'helm', name: release, restored: false, where: `in the values of the Helm release ${release}` };
}

function operator(name: string): Omit<Owner, 'because'> {
  return { kind: 'operator', name, restored: true, where: `in what ${name} makes it from` };
}

function addon(name: string, where: string): Omit<Owner, 'because'> {
  return { kind: 'addon', name, restored: true, where };
}
