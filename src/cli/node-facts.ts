/** `--node-facts FILE…`: what was collected on nodes, to be judged beside the objects or alone. */
import { statSync } from 'node:fs';
import { CastellanError } from '../lib/errors.ts';
import { NODE_FACTS_SCHEMA, type NodeFacts, type ProbeFacts, type Snapshot, parseNodeFacts } from '../snapshot/index.ts';
import { readText } from './inputs.ts';

export interface GivenFacts {
  nodes: readonly NodeFacts[];
  /** What followed the files and is none of them: the command line has no other way to tell where their list ends. */
  paths: readonly string[];
}

/** @throws CAS_NOT_NODE_FACTS, CAS_NODE_FACTS_NEWER, CAS_NOT_FOUND, CAS_USAGE where a node comes twice */
export function loadNodeFacts(named: readonly string[]): GivenFacts {
  const files = named.filter((file, index) => index === 0 || holdsNodeFacts(file));
  const nodes = files.map((file) => parseNodeFacts(readText(file), file));
  const names = nodes.map(({ node }) => node);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new CastellanError('CAS_USAGE', `two files hold facts of the node ${twice}`, {
      remedy: 'Name the newer one only; castellan node collect --node NAME tells machines of one name apart.',
    });
  return { nodes, paths: named.filter((file) => !files.includes(file)) };
}

function holdsNodeFacts(file: string): boolean {
  if (file === '-' || statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false;
  const start = readText(file).slice(0, 4096);
  return start.trimStart().startsWith('{') && start.includes(`"${NODE_FACTS_SCHEMA.replace(/\d+$/, '')}`);
}

/** Each node counts as one document that was judged. */
export function withNodes(snapshot: Snapshot | undefined, nodes: readonly NodeFacts[]): Snapshot {
  const { header, objects, counts, gaps } = snapshot ?? NOTHING;
  const { files, documents, judged, foreign } = counts;
  const more = nodes.length;
  return { header, objects, counts: { files: files + more, documents: documents + more, judged: judged + more, foreign }, gaps, nodes };
}

/** What was asked of ports counts as one document that was judged. */
export function withProbe(snapshot: Snapshot, probe: ProbeFacts): Snapshot {
  const { files, documents, judged, foreign } = snapshot.counts;
  return { ...snapshot, counts: { files: files + 1, documents: documents + 1, judged: judged + 1, foreign }, probe };
}

const NOTHING: Snapshot = {
  header: { kind: 'manifests', complete: false },
  objects: [],
  counts: { files: 0, documents: 0, judged: 0, foreign: 0 },
  gaps: [],
};
