/** `--node-facts FILE…`: what was collected on nodes, to be judged beside the objects or alone. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { CastellanError } from '../lib/errors.ts';
import {
  NODE_FACTS_SCHEMA,
  type CloudCluster,
  type NodeFacts,
  type ProbeFacts,
  type Snapshot,
  parseCloudCluster,
  parseNodeFacts,
  versionOfNodes,
} from '../snapshot/index.ts';
import { readText } from './read-text.ts';

export interface GivenFacts {
  nodes: readonly NodeFacts[];
  /** What followed the files and is none of them: the command line has no other way to tell where their list ends. */
  paths: readonly string[];
}

/** @throws CAS_NOT_NODE_FACTS, CAS_NODE_FACTS_NEWER, CAS_NOT_FOUND, CAS_USAGE where a node comes twice */
export function loadNodeFacts(named: readonly string[]): GivenFacts {
  const files = named.filter((file, index) => index === 0 || holdsNodeFacts(file));
  const folder = files.find((file) => statSync(file, { throwIfNoEntry: false })?.isDirectory() === true);
  if (folder !== undefined)
    throw new CastellanError('CAS_UNREADABLE', `${folder} is a folder, and --node-facts takes files`, {
      remedy: `Name the files in it: --node-facts ${folder.replace(/\/+$/, '')}/*.json`,
    });
  const nodes = files.map((file) => parseNodeFacts(readText(file), file));
  const names = nodes.map(({ node }) => node);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new CastellanError('CAS_USAGE', `two files hold facts of the node ${twice}`, {
      remedy: 'Name the newer one only; castellan node collect --node NAME tells machines of one name apart.',
    });
  return { nodes, paths: named.filter((file) => !files.includes(file)) };
}

/** @throws CAS_USAGE where a path is a file of node facts: nothing of it would be judged as a manifest */
export function refuseNodeFacts(paths: readonly string[]): void {
  const facts = paths.filter(holdsNodeFacts);
  if (facts.length === 0) return;
  const others = paths.filter((path) => !facts.includes(path)).map((path) => ` ${path}`);
  throw new CastellanError('CAS_USAGE', `${facts.join(', ')} ${facts.length === 1 ? 'holds' : 'hold'} facts of a node and no manifests`, {
    remedy: `castellan scan --node-facts ${facts.join(' ')}${others.join('')} judges them.`,
  });
}

const HEAD = 4096;
const LARGEST_DESCRIPTION = 1 << 20;

function holdsNodeFacts(file: string): boolean {
  if (file === '-' || statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false;
  const start = startOf(file);
  return start.trimStart().startsWith('{') && start.includes(`"${NODE_FACTS_SCHEMA.replace(/\d+$/, '')}`);
}

/** Empty where it cannot be read: who reads it in full says why. */
function startOf(file: string, most = HEAD): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const bytes = Buffer.alloc(most);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, most, 0));
  } catch {
    return '';
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** @throws CAS_NOT_CLOUD, CAS_NOT_FOUND, CAS_UNREADABLE */
export function loadClouds(file: string | undefined): CloudCluster[] {
  return file === undefined ? [] : [parseCloudCluster(readText(file), file)];
}

const DESCRIPTION = /\barn:aws[a-z-]*:eks:|Microsoft\.ContainerService\/managedClusters|container\.googleapis\.com\/v1\/\S*\/clusters\//i;

/** The one of these paths that is a provider's description of a cluster, for who forgot `--cloud`. */
export function descriptionAmong(paths: readonly string[]): string | undefined {
  const files = paths.filter((path) => path !== '-' && statSync(path, { throwIfNoEntry: false })?.isFile() === true);
  return files.find((file) => DESCRIPTION.test(startOf(file, LARGEST_DESCRIPTION)));
}

/** What is judged beside objects. */
export interface Beside {
  nodes: readonly NodeFacts[];
  clouds: readonly CloudCluster[];
  probe: ProbeFacts | undefined;
}

/** Each node, each description of a provider and what ports answered count as one document that was judged. */
export function withBeside(snapshot: Snapshot | undefined, { nodes, clouds, probe }: Beside): Snapshot {
  const kind = nodes.length > 0 ? 'nodes' : clouds.length > 0 ? 'cloud' : 'ports';
  const nothing: Snapshot = { ...NOTHING, header: { ...NOTHING.header, kind } };
  const { header, objects, counts, gaps } = snapshot ?? nothing;
  const { files, documents, judged, foreign } = counts;
  const more = nodes.length + clouds.length + (probe === undefined ? 0 : 1);
  // What the API server of a cluster says of itself counts before what its nodes show.
  const kubernetesVersion = header.kubernetesVersion ?? versionOfNodes(nodes) ?? clouds[0]?.kubernetesVersion;
  return {
    header: { ...header, ...(kubernetesVersion !== undefined && { kubernetesVersion }) },
    objects,
    counts: { files: files + more, documents: documents + more, judged: judged + more, foreign },
    gaps,
    nodes,
    clouds,
    ...(probe !== undefined && { probe }),
  };
}

/** For commands that ask no more than what was collected on nodes. */
export function withNodes(snapshot: Snapshot | undefined, nodes: readonly NodeFacts[]): Snapshot {
  return withBeside(snapshot, { nodes, clouds: [], probe: undefined });
}

const NOTHING: Snapshot = {
  header: { kind: 'nodes', complete: false },
  objects: [],
  counts: { files: 0, documents: 0, judged: 0, foreign: 0 },
  gaps: [],
};
