/**
 * Settings files of the kubelet and kube-proxy that are in the input: as documents of their own, or as text in
 * the ConfigMaps that kubeadm and others keep them in.
 */
import { joinPath } from '../../lib/field-path.ts';
import { parseYaml } from '../../lib/yaml.ts';
import { type ApiObject, type BodyOf, type KindTable, KINDS, conform, isRecord, kindOf } from '../../model/index.ts';

export type ConfigKind = 'KubeletConfiguration' | 'KubeProxyConfiguration';

export interface Config<K extends ConfigKind> {
  readonly body: BodyOf<K>;
  /** The field of the object that holds the file; '' where the object is the file. */
  readonly path: string;
}

interface Configs {
  KubeletConfiguration?: Config<'KubeletConfiguration'> | undefined;
  KubeProxyConfiguration?: Config<'KubeProxyConfiguration'> | undefined;
}

const KNOWN = new WeakMap<ApiObject, Configs>();

/** The file that an object is or holds. */
export function configOf<K extends ConfigKind>(object: ApiObject, kind: K): Configs[K] {
  if (object.known === kind) return { body: object.body, path: '' } as Configs[K];
  // Ordinary ConfigMaps are not looked into.
  if (object.known !== 'ConfigMap' || !object.name.includes('kube')) return undefined;
  let known = KNOWN.get(object);
  if (known === undefined) KNOWN.set(object, (known = configsIn(object as ApiObject<'ConfigMap'>)));
  return known[kind];
}

function configsIn(object: ApiObject<'ConfigMap'>): Configs {
  const found: Configs = {};
  for (const [key, text] of Object.entries(object.body.data ?? {})) {
    if (!/Kube(?:let|Proxy)Configuration/.test(text)) continue;
    const parsed = parseYaml(text, true);
    const file = 'value' in parsed ? parsed.value : undefined;
    if (!isRecord(file)) continue;
    const path = joinPath('data', key);
    const kind = kindOf(String(file.apiVersion), String(file.kind));
    if (kind === 'KubeletConfiguration') found[kind] = { body: conform(file, KINDS[kind].shape, []), path };
    if (kind === 'KubeProxyConfiguration') found[kind] = { body: conform(file, KINDS[kind].shape, []), path };
  }
  return found;
}

/** Whether a file of the kind is in the input at all. */
export function hasConfig(kind: ConfigKind, files: KindTable<ConfigKind>, maps: KindTable<'ConfigMap'>): boolean {
  return files.all.length > 0 || maps.all.some((map) => configOf(map, kind) !== undefined);
}
