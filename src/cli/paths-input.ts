/** What `paths` and `blast` have in common: the graph of what is read, and what is taken for granted of it. */
import { AttackGraph, ALL_CLASSES, COUNTED, type ClassMask, type GraphContext, requireContainers } from '../graph/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { buildCluster, minorOf } from '../model/index.ts';
import type { Gap } from '../snapshot/index.ts';
import { versionOf } from './kubernetes-version.ts';
import { loadNodeFacts, refuseNodeFacts, withNodes } from './node-facts.ts';
import { nothingIn, readInput } from './reading.ts';
import type { ClusterFlags } from './live.ts';
import { tellLosses } from './losses.ts';

export interface GraphFlags extends ClusterFlags {
  kubernetesVersion?: string;
  podSecurity?: string;
  exploitable?: string[];
  /** From --no-network-policies. */
  networkPolicies?: boolean;
  unsure?: boolean;
  format?: string;
  strict?: boolean;
  nodeFacts?: string[];
}

export interface ReadGraph {
  readonly graph: AttackGraph;
  /** What of the input was not read, and might have led on. */
  readonly gaps: readonly Gap[];
}

/** `more` is what is asked for besides. */
export async function readGraph(named: readonly string[], flags: GraphFlags, more: GraphContext = {}): Promise<ReadGraph> {
  const context = { ...contextOf(flags), ...more };
  const { nodes, paths: others } = loadNodeFacts(flags.nodeFacts ?? []);
  const paths = [...named, ...others];
  refuseNodeFacts(paths);
  const snapshot = withNodes(await readInput(paths, flags), nodes);
  if (snapshot.counts.judged === 0) throw nothingIn(paths, snapshot);
  const cluster = buildCluster(snapshot);
  const gaps = tellLosses(snapshot, flags.quiet);
  const graph = new AttackGraph(cluster, context);
  requireContainers(graph, context.remotelyExploitable ?? []);
  return { graph, gaps };
}

function contextOf({ kubernetesVersion, podSecurity = 'privileged', exploitable = [], networkPolicies = true }: GraphFlags): GraphContext {
  if (podSecurity !== 'privileged' && podSecurity !== 'baseline' && podSecurity !== 'restricted')
    throw new CastellanError('CAS_USAGE', `--pod-security takes privileged, baseline or restricted, not "${podSecurity}"`);
  const version = versionOf(kubernetesVersion);
  const names = exploitable.flatMap((each) => each.split(',')).map((name) => name.trim());
  return {
    podSecurityDefault: podSecurity,
    assumeSystem: true,
    networkPolicies,
    remotelyExploitable: names,
    ...(version !== undefined && { minor: minorOf(version) }),
  };
}

/** What is told: with --unsure also what depends on more than the objects say. An exploit is told where somebody names what is exploitable. */
export function classesOf({ unsure, exploitable = [] }: GraphFlags): ClassMask {
  if (unsure === true) return ALL_CLASSES;
  return exploitable.length > 0 ? COUNTED | EXPLOIT : COUNTED;
}
const EXPLOIT = 1 << 3;
