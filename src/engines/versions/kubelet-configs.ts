/** The configurations of kubelets that are in the input: documents of their own, and those that kubeadm keeps in ConfigMaps. */
import type { ApiObject, BodyOf, KindTable } from '../../model/index.ts';
import { configOf } from '../command-line/index.ts';

export interface KubeletConfig {
  readonly body: BodyOf<'KubeletConfiguration'>;
  readonly object: ApiObject;
  /** The field that holds the file. */
  readonly path: string;
}

interface Tables {
  readonly ConfigMap: KindTable<'ConfigMap'>;
  readonly KubeletConfiguration: KindTable<'KubeletConfiguration'>;
}

export function readKubeletConfigs({ ConfigMap, KubeletConfiguration }: Tables): readonly KubeletConfig[] {
  return [...KubeletConfiguration.all, ...ConfigMap.all].flatMap((object) => {
    const config = configOf(object, 'KubeletConfiguration');
    return config === undefined ? [] : [{ body: config.body, object, path: config.path === '' ? 'kind' : config.path }];
  });
}
