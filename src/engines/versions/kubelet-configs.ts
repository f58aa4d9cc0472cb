/** The configurations of kubelets that are in the input: documents of their own, and those that kubeadm keeps in ConfigMaps. */
import type { ApiObject, BodyOf, KindTable } from '../../model/index.ts';
import { configOf } from '../command-line/index.ts';
import type { Instance } from './inventory.ts';

export interface KubeletConfig {
  readonly body: BodyOf<'KubeletConfiguration'>;
  readonly object: ApiObject;
  /** The field that holds the file. */
  readonly path: string;
}

interface Tables {
  readonly Node: KindTable<'Node'>;
  readonly ConfigMap: KindTable<'ConfigMap'>;
  readonly KubeletConfiguration: KindTable<'KubeletConfiguration'>;
}

export function readKubeletConfigs({ ConfigMap, KubeletConfiguration }: Omit<Tables, 'Node'>): readonly KubeletConfig[] {
  return [...KubeletConfiguration.all, ...ConfigMap.all].flatMap((object) => {
    const config = configOf(object, 'KubeletConfiguration');
    return config === undefined ? [] : [{ body: config.body, object, path: config.path === '' ? 'kind' : config.path }];
  });
}

/**
 * Whether what the input has is the configuration of each of the kubelets. The ConfigMap of kubeadm is what nodes are set
 * up from, and each may have changed since; a file names no node, so that it speaks for a kubelet only where there is one.
 */
export function isOfEveryKubelet({ Node, KubeletConfiguration }: Tables, kubelets: readonly Instance[]): boolean {
  return kubelets.length === 1 && Node.all.length <= 1 && KubeletConfiguration.all.length > 0;
}
