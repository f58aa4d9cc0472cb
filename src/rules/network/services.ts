/** From where a Service can be reached, as its type, its source ranges and the annotations of the clouds tell. */
import type { ApiObject } from '../../model/index.ts';

type Exposure = 'cluster' | 'node' | 'internal' | 'ranges' | 'public';

export function exposureOf({ body: { spec }, annotations }: ApiObject<'Service'>): Exposure {
  if (spec?.type === 'NodePort') return 'node';
  if (spec?.type !== 'LoadBalancer') return 'cluster';
  if (spec.loadBalancerClass === 'tailscale' || isInternal(annotations)) return 'internal';
  const ranges = spec.loadBalancerSourceRanges ?? annotations['service.beta.kubernetes.io/load-balancer-source-ranges']?.split(',') ?? [];
  const everybody = ranges.some((range) => range.trim() === '0.0.0.0/0' || range.trim() === '::/0');
  return ranges.length > 0 && !everybody ? 'ranges' : 'public';
}

export function describeExposure(exposure: Exposure): string {
  switch (exposure) {
    case 'node':
      return 'on a port of every node (NodePort)';
    case 'internal':
      return 'by an internal load balancer';
    case 'ranges':
      return 'by a load balancer, for the address ranges that it names';
    case 'public':
      return 'by a load balancer, for every address';
    default:
      return 'inside the cluster';
  }
}

/** Annotations that make a load balancer internal, with the value that does; '' stands for any value but none and false. */
const INTERNAL: Readonly<Record<string, string>> = {
  'service.beta.kubernetes.io/aws-load-balancer-internal': '',
  'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
  'service.beta.kubernetes.io/azure-load-balancer-internal': 'true',
  'networking.gke.io/load-balancer-type': 'internal',
  'cloud.google.com/load-balancer-type': 'internal',
  'service.beta.kubernetes.io/openstack-internal-load-balancer': 'true',
  'service.beta.kubernetes.io/oci-load-balancer-internal': 'true',
  'oci-network-load-balancer.oraclecloud.com/internal': 'true',
  'service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type': 'private',
  'service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type': 'intranet',
  'service.kubernetes.io/qcloud-loadbalancer-internal-subnetid': '',
  'service.beta.kubernetes.io/do-loadbalancer-network': 'internal',
  'load-balancer.hetzner.cloud/disable-public-network': 'true',
};

function isInternal(annotations: Readonly<Record<string, string>>): boolean {
  for (const name in annotations) {
    const wanted = Object.hasOwn(INTERNAL, name) ? INTERNAL[name] : undefined;
    if (wanted === undefined) continue;
    const value = annotations[name]?.toLowerCase() ?? '';
    if (wanted === '' ? value !== '' && value !== 'false' : value === wanted) return true;
  }
  return false;
}
