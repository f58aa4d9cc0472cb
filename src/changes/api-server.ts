/** Where the API server is behind its Service, as far as objects tell. */
import { type World, addressText, nameInNamespace, recordsAt, textAt, parseAddress } from '../engines/network/index.ts';

export interface ApiServerAddress {
  readonly cidr: string;
  readonly port: number;
}

/** The endpoints of the Service that every cluster has, else the nodes that are there for it. */
export function apiServerIn({ endpoints, nodes }: World): readonly ApiServerAddress[] {
  const own = endpoints.filter((object) => nameInNamespace(object) === 'default/kubernetes');
  const found = own.flatMap((object) => {
    if (textAt(object, 'kind') === 'EndpointSlice') {
      const listed = recordsAt(object, 'endpoints').flatMap(({ addresses }) => (Array.isArray(addresses) ? (addresses as unknown[]) : []));
      return at(listed, recordsAt(object, 'ports'));
    }
    return recordsAt(object, 'subsets').flatMap((subset) =>
      at(
        recordsAt(subset, 'addresses').map(({ ip }) => ip),
        recordsAt(subset, 'ports'),
      ),
    );
  });
  // Slices and the older Endpoints say the same.
  if (found.length > 0) return [...new Map(found.map((one) => [`${one.cidr} ${one.port}`, one])).values()];
  const planes = nodes.filter(({ labels }) => Object.hasOwn(labels, 'node-role.kubernetes.io/control-plane'));
  return planes.flatMap(({ addresses }) => addresses.map((address) => ({ cidr: hostRange(addressText(address)), port: 6443 })));
}

function at(addresses: readonly unknown[], ports: readonly Readonly<Record<string, unknown>>[]): ApiServerAddress[] {
  return addresses.flatMap((address) => {
    const parsed = typeof address === 'string' ? parseAddress(address) : undefined;
    if (parsed === undefined) return [];
    return ports.flatMap(({ port }) => (typeof port === 'number' ? [{ cidr: hostRange(addressText(parsed)), port }] : []));
  });
}

/** The range that is one address. */
export function hostRange(address: string): string {
  return `${address}/${address.includes(':') ? 128 : 32}`;
}
