/** Every ConfigMap and Secret that a workload names, wherever in its pod template. */
import type { Workload } from '../../model/index.ts';

export interface ConfigReference {
  kind: 'ConfigMap' | 'Secret';
  name: string;
  /** The keys that must be there; empty: any. */
  keys: readonly string[];
  optional: boolean;
  /** Of the name, in the object. */
  path: string;
}

const NONE: readonly string[] = [];

/** Image pull secrets are not in it: a pod starts without them where the image is public or there already. */
export function configReferences(workload: Workload): ConfigReference[] {
  const found: ConfigReference[] = [];
  const add = (
    kind: ConfigReference['kind'],
    ref: { name?: string; optional?: boolean } | undefined,
    place: { path: string; keys?: readonly string[] },
  ): void => {
    if (ref?.name) found.push({ kind, name: ref.name, keys: place.keys ?? NONE, optional: ref.optional === true, path: place.path });
  };
  for (const { spec, path } of workload.containers) {
    for (const [index, { valueFrom }] of (spec.env ?? []).entries()) {
      if (valueFrom === undefined) continue;
      const { configMapKeyRef, secretKeyRef } = valueFrom;
      add('ConfigMap', configMapKeyRef, {
        path: `${path}.env[${index}].valueFrom.configMapKeyRef.name`,
        keys: oneKey(configMapKeyRef?.key),
      });
      add('Secret', secretKeyRef, { path: `${path}.env[${index}].valueFrom.secretKeyRef.name`, keys: oneKey(secretKeyRef?.key) });
    }
    for (const [index, { configMapRef, secretRef }] of (spec.envFrom ?? []).entries()) {
      add('ConfigMap', configMapRef, { path: `${path}.envFrom[${index}].configMapRef.name` });
      add('Secret', secretRef, { path: `${path}.envFrom[${index}].secretRef.name` });
    }
  }
  for (const [index, { configMap, secret, projected }] of (workload.pod.volumes ?? []).entries()) {
    const path = `${workload.podPath}.volumes[${index}]`;
    if (configMap !== undefined) add('ConfigMap', configMap, { path: `${path}.configMap.name`, keys: itemKeys(configMap.items) });
    if (secret?.secretName)
      add(
        'Secret',
        { name: secret.secretName, optional: secret.optional === true },
        { path: `${path}.secret.secretName`, keys: itemKeys(secret.items) },
      );
    for (const [source, part] of (projected?.sources ?? []).entries()) {
      add('ConfigMap', part.configMap, {
        path: `${path}.projected.sources[${source}].configMap.name`,
        keys: itemKeys(part.configMap?.items),
      });
      add('Secret', part.secret, { path: `${path}.projected.sources[${source}].secret.name`, keys: itemKeys(part.secret?.items) });
    }
  }
  return found;
}

function oneKey(key: string | undefined): readonly string[] {
  return key === undefined || key === '' ? NONE : [key];
}

function itemKeys(items: readonly { key?: string }[] | undefined): readonly string[] {
  return items === undefined ? NONE : items.flatMap(({ key }) => (key === undefined ? [] : [key]));
}
