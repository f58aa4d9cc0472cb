/** Addresses that objects tell only sometimes, as a user tells them. */
import type { Facts } from '../changes/network-policies/index.ts';
import { parseAddress, parseCidr } from '../engines/network/index.ts';
import { CastellanError } from '../lib/errors.ts';

export interface AddressFlags {
  apiServer?: string[];
  nodes?: string[];
}

/** Errors: CAS_USAGE. */
export function toldAddresses({ apiServer = [], nodes = [] }: AddressFlags): Facts {
  return { apiServer: apiServer.map(apiServerOf), nodes: nodes.map(nodesOf) };
}

/** `10.0.0.1:6443`, `10.0.0.0/28:6443`; the usual port where none is written. */
function apiServerOf(text: string): Facts['apiServer'][number] {
  const [, address = '', port = '6443'] = /^\[?([^\]]*?)\]?(?::(\d{1,5}))?$/.exec(text) ?? [];
  const cidr = cidrOf(address);
  if (cidr === undefined || Number(port) < 1 || Number(port) > 65535)
    throw new CastellanError('CAS_USAGE', `--api-server takes an address or range with its port, such as 10.0.0.1:6443, not "${text}"`);
  return { cidr, port: Number(port) };
}

function nodesOf(text: string): string {
  const cidr = cidrOf(text);
  if (cidr === undefined) throw new CastellanError('CAS_USAGE', `--nodes takes a range of addresses such as 10.0.0.0/24, not "${text}"`);
  return cidr;
}

function cidrOf(text: string): string | undefined {
  if (parseAddress(text) !== undefined) return `${text}/${text.includes(':') ? 128 : 32}`;
  return parseCidr(text) === undefined ? undefined : text;
}
