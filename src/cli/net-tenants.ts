/** `castellan net tenants`: whether no pod of one tenant reaches another's, proved or shown by an example. */
import {
  type Choices,
  type Conns,
  type Grouping,
  Peers,
  type PlaceOf,
  Relation,
  type TenantPair,
  type World,
  anywhere,
  connsText,
  parseTenants,
  reasonsFor,
  reasonsText,
  tenants,
} from '../engines/network/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { DocumentPositions } from '../lib/positions.ts';
import { plural, printable } from '../lib/terminal.ts';
import { parseYaml } from '../lib/yaml.ts';
import { sideText } from '../report/network/index.ts';
import { readText } from './read-text.ts';
import { gapsField, strictExit } from './net-gaps.ts';
import { type NetFlags, netFormat, readNet, writeDocument, writeRows } from './net-input.ts';

export interface TenantFlags {
  tenantLabel?: string;
  tenants?: string;
}

export interface NetTenantsFlags extends NetFlags, TenantFlags {
  failOn?: string;
  strict?: boolean;
}

/** The answer is no failure; with `--fail-on open` exit code 1 says that two tenants are not apart. */
export async function runNetTenants(paths: readonly string[], flags: NetTenantsFlags): Promise<number> {
  const format = netFormat('tenants', flags, ['table', 'json', 'csv']);
  const grouping = tenantGrouping(flags);
  if (flags.failOn !== undefined && flags.failOn !== 'open')
    throw new CastellanError('CAS_USAGE', `--fail-on takes open, not "${flags.failOn}"`);
  if (grouping === undefined) throw new CastellanError('CAS_USAGE', 'net tenants needs --tenant-label or --tenants');
  const world = await readNet(paths, flags, 'proof');
  const found = tenants(new Relation(world), grouping);
  const [only] = found.tenants;
  if (found.tenants.length < 2)
    throw new CastellanError(
      'CAS_TENANTS',
      `${placeOf(grouping)}${only === undefined ? 'there are no tenants' : `there is only the tenant "${only.name}"`}`,
      {
        remedy: 'Name a label that namespaces have with different values, or a file that names the ends of two tenants or more.',
      },
    );
  const lowered = gapsField(world);
  if (format === 'json') writeDocument('net-tenants', { ...found, ...lowered });
  else
    writeRows(
      format,
      ['FROM', 'TO', 'APART', 'PAIRS', 'PORTS', 'EXAMPLE', 'EGRESS', 'INGRESS'],
      found.pairs.map(({ from, to, apart, unknown, pairs, open, allowed, example }) => [
        from,
        to,
        apart ? 'yes' : unknown === true ? 'unknown' : 'no',
        `${open} of ${pairs}`,
        connsText(allowed),
        example === undefined ? '' : `${example.src} > ${example.dst}${someOf(example.conns, allowed)}`,
        example === undefined ? '' : sideText(example.egress),
        example === undefined ? '' : sideText(example.ingress),
      ]),
    );
  if (found.empty !== undefined && flags.quiet !== true) tellEmpty(found.empty);
  const inDoubt = found.pairs.filter((pair) => pair.unknown === true);
  const unknown = inDoubt.length;
  if (unknown > 0 && flags.quiet !== true) tellUnknown(inDoubt, world);
  if (flags.failOn === 'open' && found.pairs.some((pair) => !pair.apart && pair.unknown !== true)) return 1;
  return unknown > 0 && flags.strict === true ? 4 : strictExit(flags, lowered);
}

/** The example is one of the pairs, and may be open on fewer ports than all of them together. */
function someOf(conns: Conns, allowed: Conns): string {
  const [own, all] = [connsText(conns), connsText(allowed)];
  return own === all ? '' : ` (${own})`;
}

function tellEmpty(empty: readonly string[]): void {
  process.stderr.write(`${printable(`castellan: without pods, and so left out: ${plural(empty.length, 'tenant')} ${empty.join(', ')}`)}\n`);
}

function tellUnknown(inDoubt: readonly TenantPair[], world: World): void {
  const relation = new Relation(anywhere(world));
  const peers = new Peers(relation);
  const kindsOf = (name: string): Choices[] => peers.find(name).flatMap(({ kinds }) => kinds);
  const ends = inDoubt.flatMap(({ example }) => (example === undefined ? [] : [example]));
  const kinds = ends.flatMap(({ src, dst }) => kindsOf(src).flatMap((from) => kindsOf(dst).map((to) => ({ from, to }))));
  const reasons = reasonsText(reasonsFor(world, relation, kinds));
  const text = `castellan: of ${plural(inDoubt.length, 'pair')} it is not known whether they are apart, as it depends on what the input does not tell: ${reasons}`;
  process.stderr.write(`${printable(text)}\n`);
}

/** By a label of namespaces, or by a file that names the ends of each. */
export function tenantGrouping({ tenantLabel, tenants: file }: TenantFlags): Grouping | undefined {
  if (tenantLabel !== undefined && file !== undefined)
    throw new CastellanError('CAS_USAGE', 'tenants come from --tenant-label or from --tenants, not from both');
  if (tenantLabel !== undefined) return { by: 'namespace-label', key: tenantLabel };
  return file === undefined ? undefined : readTenants(file);
}

function readTenants(file: string): Grouping {
  const text = readText(file);
  const parsed = parseYaml(text);
  if ('error' in parsed) {
    const { line, reason } = parsed.error;
    throw new CastellanError('CAS_TENANTS', `${file}${line === undefined ? '' : `:${line}`}: ${reason}`);
  }
  const positions = new DocumentPositions(text, 'yaml');
  const placeOf: PlaceOf = (path) => `${file}:${positions.locate(path).line}`;
  return { by: 'tenants', tenants: parseTenants(parsed.value, placeOf), placeOf };
}

function placeOf(grouping: Grouping): string {
  return grouping.by === 'tenants' ? `${grouping.placeOf?.(['tenants']) ?? ''}: ` : '';
}
