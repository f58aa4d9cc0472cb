/** What proofs are made from: a state of the cluster, recorded use, and how it was recorded. */
import { Attestations, type Evidence, State } from '../changes/index.ts';
import { type Sources, isSourced } from '../changes/edits/index.ts';
import { parsePolicy } from '../engines/audit-policy/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { parseYaml } from '../lib/yaml.ts';
import type { UseRecord } from '../record/index.ts';
import { type NodeFacts, type Snapshot, isOfCluster, sourcedOrigin } from '../snapshot/index.ts';
import { RULES } from '../rules/index.ts';
import { dayOf } from './days.ts';
import { loadConfig } from './inputs.ts';
import { readText } from './read-text.ts';
import { nothingIn, readInput } from './reading.ts';
import type { ClusterFlags } from './live.ts';
import { tellLosses } from './losses.ts';
import { loadNodeFacts, withNodes } from './node-facts.ts';
import { readRecorded } from './recorded.ts';
import { type AddressFlags, toldAddresses } from './told-addresses.ts';

export interface ProofFlags extends ClusterFlags, AddressFlags {
  format?: string;
  record?: string;
  audit?: string[];
  flows?: string[];
  auditPolicy?: string;
  servers?: string;
  /** The day to prove for; today where left out. */
  on?: string;
  config?: string;
  nodeFacts?: string[];
}

export interface NamedInput {
  readonly nodes: readonly NodeFacts[];
  readonly nodeFacts: readonly string[];
  /** Of objects, also those that followed the files of nodes. */
  readonly paths: readonly string[];
  /** No objects are asked for, neither of files nor of a cluster. */
  readonly isAlone: boolean;
}

type Named = Pick<ProofFlags, 'nodeFacts' | 'context' | 'kubeconfig'>;

/** What the command line names as input. */
export function namedInput(named: readonly string[], { nodeFacts = [], context, kubeconfig }: Named): NamedInput {
  const { nodes, paths: more } = loadNodeFacts(nodeFacts);
  const paths = [...named, ...more];
  const isAlone = nodes.length > 0 && paths.length === 0 && context === undefined && kubeconfig === undefined;
  return { nodes, nodeFacts: nodeFacts.filter((file) => !more.includes(file)), paths, isAlone };
}

export async function readState(
  named: readonly string[],
  flags: Pick<ProofFlags, 'nodeFacts'> & AddressFlags & ClusterFlags,
  sources?: Sources,
): Promise<State> {
  const addresses = toldAddresses(flags);
  const { nodes, paths, isAlone } = namedInput(named, flags);
  const objects = isAlone ? undefined : await readInput(paths, flags);
  const snapshot = objects !== undefined && nodes.length === 0 ? objects : withNodes(objects, nodes);
  if (snapshot.counts.judged === 0) throw nothingIn(paths, snapshot);
  tellLosses(snapshot, flags.quiet);
  return new State(sources === undefined ? snapshot : withSources(snapshot, sources), { assumeSystem: true, addresses });
}

/** Objects of a cluster that stand in a file are changed there. */
function withSources(snapshot: Snapshot, sources: Sources): Snapshot {
  const objects = [...snapshot.objects];
  if (!objects.some(({ origin }) => isOfCluster(origin)))
    throw new CastellanError('CAS_USAGE', '--source is where objects of a cluster come from, and the input is of no cluster', {
      remedy: 'Leave it out: objects of files are changed in their files.',
    });
  if (sources.objects.length === 0 && sources.charts.size === 0)
    throw new CastellanError('CAS_USAGE', 'what --source names holds neither manifests nor a chart');
  return {
    ...snapshot,
    objects: objects.map((one) =>
      isOfCluster(one.origin) && isSourced(one, sources) ? { ...one, origin: sourcedOrigin(one.origin) } : one,
    ),
  };
}

export async function readEvidence({
  record: path,
  audit = [],
  flows = [],
  auditPolicy,
  servers,
  config,
  on,
}: ProofFlags): Promise<Evidence> {
  const { attestations } = loadConfig(config, RULES);
  const record = await readRecorded(path, [...audit, ...flows]);
  if (record !== undefined && isEmpty(record))
    throw new CastellanError('CAS_USAGE', 'what was given as recorded use holds none', {
      remedy: 'Leave it out, or record first: castellan record add LOG… --record FILE.',
    });
  const day = dayOf(on);
  return {
    now: on === undefined ? Date.now() / 1000 : Date.parse(`${day}T00:00:00Z`) / 1000,
    ...(on !== undefined && { day }),
    ...(record !== undefined && { record }),
    ...(auditPolicy !== undefined && { auditPolicy: policyIn(auditPolicy) }),
    ...(servers !== undefined && { servers: serversIn(servers) }),
    ...(attestations.length > 0 && { attestations: new Attestations(attestations, day) }),
  };
}

/** Nothing in it, so that a screen that says "with recorded use" would not be true. */
function isEmpty({ requests, flows, streams }: UseRecord): boolean {
  return requests.length === 0 && flows.length === 0 && streams.every(({ parts }) => parts.length === 0);
}

function policyIn(path: string): NonNullable<Evidence['auditPolicy']> {
  const parsed = parseYaml(readText(path));
  if ('error' in parsed) throw new CastellanError('CAS_CONFIG', `${path}:${parsed.error.line}: ${parsed.error.reason}`);
  const { policy, problems } = parsePolicy(parsed.value);
  if (policy !== undefined && problems.length === 0) return policy;
  throw new CastellanError('CAS_CONFIG', `${path} is no audit policy that a server would take: ${problems[0]?.message ?? 'it is empty'}`, {
    remedy: 'Name the file of --audit-policy-file of the API server.',
  });
}

function serversIn(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new CastellanError('CAS_USAGE', `--servers takes the number of API servers, not "${text}"`);
}
