/** Where a workload takes the contents of Secrets or ConfigMaps from: mounted volumes and environment. */
import type { Workload } from '../../model/index.ts';
import { isMounted } from './mounted.ts';

export interface Input {
  name: string;
  /** Path inside the object. */
  path: string;
}

const NOTHING: readonly Input[] = [];

export function inputsOf(workload: Workload, kind: 'secret' | 'configMap'): readonly Input[] {
  const { volumes } = workload.pod;
  const asEnvironment = workload.containers.some(({ spec }) => spec.env !== undefined || spec.envFrom !== undefined);
  if (volumes === undefined && !asEnvironment) return NOTHING;
  return [...fromVolumes(workload, kind), ...fromEnvironment(workload, kind)];
}

function fromVolumes(workload: Workload, kind: 'secret' | 'configMap'): Input[] {
  const found: Input[] = [];
  const volumes = workload.pod.volumes ?? [];
  for (let index = 0; index < volumes.length; index += 1) {
    const volume = volumes[index] ?? {};
    const at = `${workload.podPath}.volumes[${index}]`;
    const plain = kind === 'secret' ? volume.secret?.secretName : volume.configMap?.name;
    const sources = volume.projected?.sources ?? [];
    if ((plain === undefined && sources.length === 0) || !isMounted(workload, volume.name ?? '')) continue;
    if (plain !== undefined) found.push({ name: plain, path: kind === 'secret' ? `${at}.secret.secretName` : `${at}.configMap.name` });
    sources.forEach((source, number) => {
      const name = source[kind]?.name;
      if (name !== undefined) found.push({ name, path: `${at}.projected.sources[${number}].${kind}.name` });
    });
  }
  return found;
}

function fromEnvironment(workload: Workload, kind: 'secret' | 'configMap'): Input[] {
  const found: Input[] = [];
  for (const { spec, path } of workload.containers) {
    (spec.env ?? []).forEach(({ valueFrom }, index) => {
      const name = kind === 'secret' ? valueFrom?.secretKeyRef?.name : valueFrom?.configMapKeyRef?.name;
      if (name !== undefined) found.push({ name, path: `${path}.env[${index}].valueFrom.${kind}KeyRef.name` });
    });
    (spec.envFrom ?? []).forEach((source, index) => {
      const name = kind === 'secret' ? source.secretRef?.name : source.configMapRef?.name;
      if (name !== undefined) found.push({ name, path: `${path}.envFrom[${index}].${kind}Ref.name` });
    });
  }
  return found;
}
