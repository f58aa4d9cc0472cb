/** What pods and volumes refer to by name, as the API server counts it (pkg/api/v1/pod and persistentvolume, Visit…Names). */
import { isRecord } from '../../model/index.ts';

export interface Reference {
  readonly kind:
    | 'ConfigMap'
    | 'PersistentVolume'
    | 'PersistentVolumeClaim'
    | 'Pod'
    | 'ResourceClaim'
    | 'ResourceSlice'
    | 'Secret'
    | 'ServiceAccount'
    | 'VolumeAttachment';
  readonly namespace: string;
  readonly name: string;
}

type Fields = Readonly<Record<string, unknown>>;

export interface PodParts {
  readonly name: string;
  readonly namespace: string;
  readonly spec: Fields;
  readonly status: unknown;
}

export function podReferences({ name, namespace, spec, status }: PodParts): Reference[] {
  const found: Reference[] = [];
  const add = (kind: Reference['kind'], value: unknown): void => {
    if (typeof value === 'string' && value !== '') found.push({ kind, namespace, name: value });
  };
  // Admission fills it in where a manifest leaves it out.
  add('ServiceAccount', typeof spec.serviceAccountName === 'string' ? spec.serviceAccountName : 'default');
  for (const { name: secret } of records(spec.imagePullSecrets)) add('Secret', secret);
  for (const container of ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) => records(spec[list]))) {
    for (const { secretRef, configMapRef } of records(container.envFrom)) {
      add('Secret', at(secretRef, 'name'));
      add('ConfigMap', at(configMapRef, 'name'));
    }
    for (const { valueFrom } of records(container.env)) {
      add('Secret', at(at(valueFrom, 'secretKeyRef'), 'name'));
      add('ConfigMap', at(at(valueFrom, 'configMapKeyRef'), 'name'));
    }
  }
  for (const volume of records(spec.volumes)) {
    for (const { secret, configMap } of records(at(volume.projected, 'sources'))) {
      add('Secret', at(secret, 'name'));
      add('ConfigMap', at(configMap, 'name'));
    }
    add('Secret', at(volume.secret, 'secretName'));
    add('ConfigMap', at(volume.configMap, 'name'));
    add('Secret', at(volume.azureFile, 'secretName'));
    add('Secret', at(at(volume.csi, 'nodePublishSecretRef'), 'name'));
    for (const driver of DRIVERS) add('Secret', at(at(volume[driver], 'secretRef'), 'name'));
    add('PersistentVolumeClaim', at(volume.persistentVolumeClaim, 'claimName'));
    if (isRecord(volume.ephemeral)) add('PersistentVolumeClaim', `${name}-${String(volume.name)}`);
  }
  for (const claim of claimsOf(spec, status)) add('ResourceClaim', claim);
  return found;
}

const DRIVERS = ['cephfs', 'cinder', 'flexVolume', 'rbd', 'scaleIO', 'iscsi', 'storageos'] as const;

/** A claim that is made from a template gets its name later, in the status. */
function claimsOf(spec: Fields, status: unknown): unknown[] {
  const made = new Map(records(at(status, 'resourceClaimStatuses')).map((each) => [each.name, each.resourceClaimName]));
  return [
    ...records(spec.resourceClaims).map(({ name, resourceClaimName }) => resourceClaimName ?? made.get(name)),
    at(at(status, 'extendedResourceClaimStatus'), 'resourceClaimName'),
  ];
}

/** Those that a kubelet needs: what only a controller attaches or grows with is not for it. */
export function volumeSecrets(spec: Fields, claimNamespace: string): Reference[] {
  const found: Reference[] = [];
  const add = (ref: unknown, fallback = ''): void => {
    const [name, namespace] = [at(ref, 'name'), at(ref, 'namespace')];
    if (typeof name !== 'string' || name === '') return;
    found.push({ kind: 'Secret', namespace: typeof namespace === 'string' && namespace !== '' ? namespace : fallback, name });
  };
  for (const key of ['nodePublishSecretRef', 'nodeStageSecretRef', 'nodeExpandSecretRef']) add(at(spec.csi, key));
  for (const driver of ['cephfs', 'flexVolume', 'rbd', 'scaleIO', 'iscsi']) add(at(spec[driver], 'secretRef'), claimNamespace);
  for (const driver of ['cinder', 'storageos']) add(at(spec[driver], 'secretRef'));
  const file = spec.azureFile;
  if (isRecord(file)) add({ name: file.secretName, namespace: file.secretNamespace }, claimNamespace);
  return found;
}

function at(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}

function records(value: unknown): Fields[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isRecord) : [];
}
