/** `castellan versions`: what runs in which version, what is wrong with that, and the way to a newer release. */
import {
  type ApiUse,
  type Instance,
  type VersionData,
  apiUsesIn,
  builtInData,
  inventoryOf,
  parseVersion,
  readVersionData,
  versionDocument,
} from '../engines/versions/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { standardError } from '../lib/standard-error.ts';
import { printable } from '../lib/terminal.ts';
import { type Cluster, NEWEST_KNOWN, buildCluster, minorOf } from '../model/index.ts';
import type { UseRecord } from '../record/index.ts';
import type { Gap } from '../snapshot/index.ts';
import { versionsDocument, versionsMarkdown, versionsTable } from '../report/versions/index.ts';
import { dayOf } from './days.ts';
import { readText } from './read-text.ts';
import { versionOf } from './kubernetes-version.ts';
import { tellLosses } from './losses.ts';
import { loadNodeFacts, refuseNodeFacts, withNodes } from './node-facts.ts';
import { nothingIn, readInput } from './reading.ts';
import type { ClusterFlags } from './live.ts';
import { readRecorded } from './recorded.ts';

export interface VersionsFlags extends ClusterFlags {
  format?: string;
  data?: string;
  to?: string;
  on?: string;
  all?: boolean;
  record?: string;
  audit?: string[];
  kubernetesVersion?: string;
  nodeFacts?: string[];
}

const FORMATS = ['table', 'json', 'markdown'] as const;

export async function runVersions(named: readonly string[], flags: VersionsFlags): Promise<number> {
  const format = FORMATS.find((one) => one === (flags.format ?? 'table'));
  if (format === undefined)
    throw new CastellanError('CAS_UNKNOWN_FORMAT', `versions has no format "${flags.format}"`, {
      remedy: `The formats are: ${FORMATS.join(', ')}.`,
    });
  const data = flags.data === undefined ? builtInData() : dataIn(flags.data);
  const on = dayOf(flags.on);
  const to = minorToReach(flags.to, data);
  const given = versionOf(flags.kubernetesVersion);
  const record = await readRecorded(flags.record, flags.audit ?? []);
  const { nodes, paths: more } = loadNodeFacts(flags.nodeFacts ?? []);
  const paths = [...named, ...more];
  refuseNodeFacts(paths);
  const snapshot = withNodes(await readInput(paths, flags), nodes);
  if (snapshot.counts.judged === 0) throw nothingIn(paths, snapshot);
  tellLosses(snapshot, flags.quiet);
  const cluster = buildCluster(snapshot);
  const instances = instancesOf(cluster, given);
  const unknown = unlisted(instances, data);
  for (const { scope, reason } of flags.quiet === true ? [] : unknown) standardError.write(`castellan: ${printable(scope)}: ${reason}\n`);
  refuseBackwards(instances, to);
  const document = versionsDocument({
    instances,
    tables: cluster.tables,
    uses: [...apiUsesIn(cluster.objects, data.removals), ...(record === undefined ? [] : requestUses(record))],
    data,
    on,
    requestsRead: record !== undefined,
    gaps: [...snapshot.gaps, ...cluster.gaps, ...unknown],
    ...(to !== undefined && { to }),
  });
  const target = paths.length > 0 ? paths.join(' ') : 'the cluster';
  if (format === 'json') stdout.write(`${JSON.stringify(document)}\n`);
  else if (format === 'markdown') stdout.write(versionsMarkdown(document, target));
  else stdout.write(versionsTable(document, { all: flags.all === true, target }));
  stdout.end();
  return 0;
}

/** `castellan versions data`: the tables, in the form that `--data` takes. */
export function runVersionsData(): number {
  stdout.write(`${JSON.stringify(versionDocument(builtInData()), null, 1)}\n`);
  stdout.end();
  return 0;
}

function dataIn(path: string): VersionData {
  let value: unknown;
  try {
    value = JSON.parse(readText(path));
  } catch (error) {
    if (error instanceof CastellanError) throw error;
    // What the runtime says quotes the text, and this may be a file of anything.
    throw new CastellanError('CAS_VERSION_DATA', `${path} is no JSON`);
  }
  const read = readVersionData(value);
  if ('data' in read) return read.data;
  throw new CastellanError('CAS_VERSION_DATA', `${path}: ${read.problem}`);
}

function minorToReach(text: string | undefined, data: VersionData): number | undefined {
  if (text === undefined) return undefined;
  const minor = minorOf(text);
  if (minor === undefined) throw new CastellanError('CAS_USAGE', `--to takes a release such as ${NEWEST_KNOWN}, not "${text}"`);
  const newest = newestIn(data);
  if (minor > newest)
    throw new CastellanError('CAS_USAGE', `--to 1.${minor} is no release that is known: the data of ${data.asOf} end at 1.${newest}`, {
      remedy: 'Check the number, or give newer tables with --data FILE.',
    });
  return minor;
}

function newestIn({ products }: VersionData): number {
  return Math.max(0, ...(products.kubernetes?.releases ?? []).flatMap(({ cycle }) => minorOf(cycle) ?? []));
}

/** A release that the tables do not have: perhaps it is newer than they are, perhaps there is none of that number. */
function unlisted(instances: readonly Instance[], data: VersionData): Gap[] {
  const newest = newestIn(data);
  const found = instances.find(({ component, version }) => component === 'kube-apiserver' && (version?.minor ?? 0) > newest);
  if (found === undefined) return [];
  return [
    {
      scope: `Kubernetes ${found.text}`,
      code: 'needs-other-input',
      reason: `there is no such release in the data of ${data.asOf}, which end at 1.${newest}`,
      effect: 'its support, its holes and the APIs that it removes are not known; newer tables are given with --data FILE',
    },
  ];
}

/** What is given takes the place of what the API server answered. */
function instancesOf({ tables }: Cluster, given: string | undefined): readonly Instance[] {
  if (given === undefined) return inventoryOf(tables);
  const server: Instance = {
    component: 'kube-apiserver',
    version: parseVersion(given),
    text: given,
    object: undefined,
    path: '--kubernetes-version',
  };
  return inventoryOf({ ...tables, kubernetes: { server: undefined } }, [server]);
}

function refuseBackwards(instances: readonly Instance[], to: number | undefined): void {
  const minors = instances.flatMap(({ component, version }) =>
    component === 'kube-apiserver' && version !== undefined ? [version.minor] : [],
  );
  const [first] = minors;
  if (to === undefined) return;
  if (first === undefined)
    throw new CastellanError('CAS_USAGE', '--to needs the version that there is now, which the input does not tell', {
      remedy: 'Give it with --kubernetes-version, or read a cluster or its snapshot.',
    });
  if (to < Math.min(...minors))
    throw new CastellanError('CAS_USAGE', `--to 1.${to} is older than the API server, and Kubernetes does not go back`);
}

/** Of each user, whichever of his pods asked. */
function requestUses({ versions, actors }: UseRecord): ApiUse[] {
  const uses = new Map<string, ApiUse>();
  for (const { actor, apiGroup, apiVersion, resource, agent, allowed, unclear, last: seen } of versions) {
    const api = apiGroup === '' ? apiVersion : `${apiGroup}/${apiVersion}`;
    const who = actors[actor]?.name ?? '';
    const key = JSON.stringify([api, resource, who, agent]);
    const known = uses.get(key);
    const last = new Date(seen * 1000).toISOString().replace('.000Z', 'Z');
    uses.set(key, {
      api,
      kind: resource,
      how: 'request',
      who,
      ...(agent !== undefined && { agent }),
      last: known?.last !== undefined && known.last > last ? known.last : last,
      count: allowed + unclear + (known?.count ?? 0),
      objects: [],
    });
  }
  return [...uses.values()];
}
