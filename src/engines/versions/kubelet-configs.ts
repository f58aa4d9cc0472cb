/**
 * The configurations of kubelets that are in the input: documents of their own, those that kubeadm keeps in ConfigMaps, and
 * what was collected on nodes.
 */
import type { ApiObject, BodyOf, Tables as AllTables } from '../../model/index.ts';
import { configOf } from '../command-line/index.ts';
import { settingsOfNodes } from '../component-config/index.ts';
import type { Instance } from './inventory.ts';

export interface KubeletConfig {
  readonly body: BodyOf<'KubeletConfiguration'>;
  readonly object: ApiObject;
  /** The field that holds the file. */
  readonly path: string;
  /** Whose it is, where that is known. */
  readonly node?: string;
}

type Tables = Pick<AllTables, 'Node' | 'ConfigMap' | 'KubeletConfiguration' | 'collected'>;

/** Those that may be of one of the kubelets: what is known of other nodes says nothing of these. */
export function readKubeletConfigs(tables: Tables, kubelets: readonly Instance[]): readonly KubeletConfig[] {
  const nodes = new Set(kubelets.map(({ node }) => node));
  const given = [...tables.KubeletConfiguration.all, ...tables.ConfigMap.all].flatMap((object) => configIn(object) ?? []);
  const collected = settingsOfNodes(tables.collected).kubelets.flatMap(({ node, object }) => {
    const config = nodes.has(node) ? configIn(object) : undefined;
    return config === undefined ? [] : [{ ...config, node }];
  });
  return [...given, ...collected];
}

function configIn(object: ApiObject): KubeletConfig | undefined {
  const config = configOf(object, 'KubeletConfiguration');
  return config === undefined ? undefined : { body: config.body, object, path: config.path === '' ? 'kind' : config.path };
}

/**
 * Whether what the input has is the configuration of each of the kubelets. The ConfigMap of kubeadm is what nodes are set
 * up from, and each may have changed since; a file names no node, so that it speaks for a kubelet only where there is one.
 */
export function isOfEveryKubelet({ Node, KubeletConfiguration, collected }: Tables, kubelets: readonly Instance[]): boolean {
  const known = new Set(settingsOfNodes(collected).kubelets.map(({ node }) => node));
  if (kubelets.length > 0 && kubelets.every(({ node }) => node !== undefined && known.has(node))) return true;
  return kubelets.length === 1 && Node.all.length <= 1 && KubeletConfiguration.all.length > 0;
}

/** The kubelets that the configurations are of; all where one of these names no node. */
export function kubeletsWith(configs: readonly KubeletConfig[], kubelets: readonly Instance[]): readonly Instance[] {
  const nodes = new Set(configs.map(({ node }) => node));
  return nodes.has(undefined) ? kubelets : kubelets.filter(({ node }) => nodes.has(node));
}
