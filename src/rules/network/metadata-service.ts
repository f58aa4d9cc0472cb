/** Whether NetworkPolicies let pods connect to the address where clouds answer with metadata and credentials. */
import type { ApiObject, BodyOf, KindTable, Tables, Workload } from '../../model/index.ts';
import { isEmptySelector } from '../../model/index.ts';
import { policyTypesOf } from './policies.ts';

export const METADATA_ADDRESS = '169.254.169.254';

type EgressRule = NonNullable<NonNullable<BodyOf<'NetworkPolicy'>['spec']>['egress']>[number];

/** Workloads and whole namespaces to which some policy allows the address. */
interface Allowed {
  readonly workloads: ReadonlySet<Workload>;
  readonly namespaces: ReadonlySet<string>;
}

export function allowedToMetadata(policies: KindTable<'NetworkPolicy'>, all: Tables['workloads']): Allowed {
  const workloads = new Set<Workload>();
  const namespaces = new Set<string>();
  for (const { body, namespace } of policies.all) {
    const spec = body.spec ?? {};
    if (!policyTypesOf(spec).includes('Egress') || spec.egress?.some(allowsMetadata) !== true) continue;
    if (spec.podSelector === undefined || isEmptySelector(spec.podSelector)) namespaces.add(namespace);
    else for (const workload of all.matching(namespace, spec.podSelector)) workloads.add(workload);
  }
  return { workloads, namespaces };
}

function allowsMetadata({ to = [], ports = [] }: EgressRule): boolean {
  const port =
    ports.length === 0 ||
    ports.some(({ protocol = 'TCP', port: first, endPort }) => {
      if (protocol !== 'TCP') return false;
      return first === undefined || (typeof first === 'number' && first <= 80 && (endPort ?? first) >= 80);
    });
  if (!port) return false;
  return (
    to.length === 0 ||
    to.some(
      ({ ipBlock }) =>
        ipBlock !== undefined &&
        contains(ipBlock.cidr, METADATA_ADDRESS) &&
        ipBlock.except?.some((cidr) => contains(cidr, METADATA_ADDRESS)) !== true,
    )
  );
}

/** Whether an IPv4 block holds an address; a block that cannot be read holds none. */
export function contains(cidr: string | undefined, address: string): boolean {
  const [base = '', length = '32'] = (cidr ?? '').split('/');
  const block = toNumber(base);
  const number = toNumber(address);
  const bits = Number(length);
  if (block === undefined || number === undefined || !Number.isInteger(bits) || bits < 0 || bits > 32) return false;
  const size = 2 ** (32 - bits);
  return Math.floor(block / size) === Math.floor(number / size);
}

function toNumber(address: string): number | undefined {
  const parts = address.split('.');
  if (parts.length !== 4) return undefined;
  let number = 0;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    number = number * 256 + Number(part);
  }
  return number;
}

const CLOUDS = new Set([
  'aws',
  'azure',
  'gce',
  'openstack',
  'digitalocean',
  'hcloud',
  'oci',
  'ibm',
  'linode',
  'vultr',
  'scaleway',
  'exoscale',
]);

/** The cloud that nodes run in, where its metadata service is not known to be closed to pods. */
export function cloudOf(nodes: readonly ApiObject<'Node'>[]): string | undefined {
  for (const { body, labels } of nodes) {
    const provider = body.spec?.providerID?.split(':', 1)[0] ?? '';
    if (CLOUDS.has(provider) && labels['iam.gke.io/gke-metadata-server-enabled'] !== 'true') return provider;
  }
  return undefined;
}
