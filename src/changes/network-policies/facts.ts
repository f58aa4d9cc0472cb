/** Addresses that objects tell only sometimes, and that a user may tell instead. */
import { addressText, parseAddress, recordAt, recordsAt, textAt } from '../../engines/network/index.ts';
import type { Inventory } from './inventory.ts';

export interface Facts {
  /** Where the API server is, as pods see it behind its Service. */
  readonly apiServer: readonly { readonly cidr: string; readonly port: number }[];
  /** Of the nodes. */
  readonly nodes: readonly string[];
}

/** What is told goes before what is found. */
export function factsOf(inventory: Inventory, told: Facts): Facts {
  return {
    apiServer: told.apiServer.length > 0 ? told.apiServer : apiServerIn(inventory),
    nodes:
      told.nodes.length > 0
        ? told.nodes
        : inventory.world.nodes.flatMap(({ addresses }) => addresses.map((address) => cidr(addressText(address)))),
  };
}

/** The endpoints of the Service that every cluster has, else the nodes that are there for it. */
function apiServerIn({ sources, world }: Inventory): Facts['apiServer'] {
  const found = sources.flatMap(({ object }) => {
    const metadata = recordAt(object, 'metadata');
    if (textAt(metadata, 'name') !== 'kubernetes' || textAt(metadata, 'namespace') !== 'default' || textAt(object, 'kind') !== 'Endpoints')
      return [];
    return recordsAt(object, 'subsets').flatMap((subset) =>
      recordsAt(subset, 'addresses').flatMap((address) =>
        recordsAt(subset, 'ports').flatMap(({ port }) =>
          typeof port === 'number' && parseAddress(textAt(address, 'ip')) !== undefined
            ? [{ cidr: cidr(textAt(address, 'ip')), port }]
            : [],
        ),
      ),
    );
  });
  if (found.length > 0) return found;
  const planes = world.nodes.filter(({ labels }) => Object.hasOwn(labels, 'node-role.kubernetes.io/control-plane'));
  return planes.flatMap(({ addresses }) => addresses.map((address) => ({ cidr: cidr(addressText(address)), port: 6443 })));
}

function cidr(address: string): string {
  return `${address}/${address.includes(':') ? 128 : 32}`;
}
