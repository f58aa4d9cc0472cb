/** Addresses that objects tell only sometimes, and that a user may tell instead. */
import { addressText } from '../../engines/network/index.ts';
import { type ApiServerAddress, apiServerIn, hostRange } from '../api-server.ts';
import type { Inventory } from './inventory.ts';

export interface Facts {
  /** Where the API server is, as pods see it behind its Service. */
  readonly apiServer: readonly ApiServerAddress[];
  /** Of the nodes. */
  readonly nodes: readonly string[];
}

/** What is told goes before what is found. */
export function factsOf({ world }: Inventory, told: Facts): Facts {
  return {
    apiServer: told.apiServer.length > 0 ? told.apiServer : apiServerIn(world),
    nodes:
      told.nodes.length > 0
        ? told.nodes
        : world.nodes.flatMap(({ addresses }) => addresses.map((address) => hostRange(addressText(address)))),
  };
}
