/**
 * What a provider says of a managed cluster: the answer of `aws eks describe-cluster`, `az aks show` or
 * `gcloud container clusters describe`, as it was given. Credentials in it are taken away before anything looks at it.
 */
import { CastellanError } from '../lib/errors.ts';
import { parseConfigText } from '../lib/multiplies.ts';
import { isRecord } from '../lib/record.ts';
import type { Origin } from './snapshot.ts';

export type Provider = 'aws' | 'azure' | 'google';

export interface CloudCluster {
  provider: Provider;
  name: string;
  /** `1.33`, `1.33.5-gke.1080000`, where it is told. */
  kubernetesVersion?: string;
  /** The description without what a command or a list wraps around it. */
  body: Record<string, unknown>;
  origin: Origin;
}

/** The distribution that facts of nodes name alike. */
export const DISTRIBUTION_OF: Readonly<Record<Provider, string>> = { aws: 'eks', azure: 'aks', google: 'gke' };

/** @throws CAS_NOT_CLOUD where it is no description of one cluster of a provider that is known */
export function parseCloudCluster(given: string, file: string): CloudCluster {
  const text = withoutSecrets(given);
  const parsed = parseConfigText(text);
  if (parsed === undefined) throw new CastellanError('CAS_NOT_CLOUD', `${file} is neither JSON nor YAML`);
  const { value, prefix } = unwrapped(parsed.value, file);
  const provider = providerOf(value);
  if (provider === undefined) throw new CastellanError('CAS_NOT_CLOUD', `${file} describes no cluster of EKS, AKS or GKE`);
  const inner = provider === 'azure' && isRecord(value.properties) ? ([value.properties, [...prefix, 'properties']] as const) : undefined;
  const [body, at] = inner ?? [value, prefix];
  const version = [body.version, body.currentKubernetesVersion, body.currentMasterVersion, body.kubernetesVersion].find(
    (each) => typeof each === 'string' && /^1\.\d+/.test(each),
  );
  return {
    provider,
    name: typeof value.name === 'string' ? value.name : '',
    ...(typeof version === 'string' && { kubernetesVersion: version }),
    body,
    origin: { source: file, line: 1, format: /^\s*[[{]/.test(text) ? 'json' : 'yaml', prefix: at, text },
  };
}

function unwrapped(value: unknown, file: string): { value: Record<string, unknown>; prefix: (string | number)[] } {
  if (Array.isArray(value)) {
    const [first, second] = value as unknown[];
    if (isRecord(first) && second === undefined) return { value: first, prefix: [0] };
    const words = second === undefined ? 'an empty list' : `a list of ${value.length}`;
    throw new CastellanError('CAS_NOT_CLOUD', `${file} is ${words}, and one cluster is wanted`);
  }
  if (!isRecord(value)) throw new CastellanError('CAS_NOT_CLOUD', `${file} describes no cluster`);
  return isRecord(value.cluster) ? { value: value.cluster, prefix: ['cluster'] } : { value, prefix: [] };
}

function providerOf(value: Record<string, unknown>): Provider | undefined {
  const says = (field: string, pattern: RegExp): boolean => typeof value[field] === 'string' && pattern.test(value[field]);
  if (says('arn', /^arn:aws[a-z-]*:eks:/) || isRecord(value.resourcesVpcConfig)) return 'aws';
  if (says('type', /^Microsoft\.ContainerService\/managedClusters$/i) || says('id', /\/managedClusters\//i)) return 'azure';
  if (says('selfLink', /container\.googleapis\.com|container\/v1/) || typeof value.currentMasterVersion === 'string') return 'google';
  return undefined;
}

/** GKE answers with the password and the key of a client where a cluster has them, Resource Manager with what was given. */
function withoutSecrets(text: string): string {
  return text
    .replaceAll(/("(?:clientKey|\w*password|secret|accessToken)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi, '$1"(hidden)"')
    .replaceAll(/^(\s*(?:- )?(?:clientKey|\w*password|secret|accessToken):[ \t]+)(?!"\(hidden\)")\S.*$/gim, '$1"(hidden)"');
}
