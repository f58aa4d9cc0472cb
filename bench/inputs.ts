/** What is scanned: generated workloads, and manifests of real projects. All of it is written once, into the cache folder. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { shortHash } from '../src/lib/hash.ts';
import { readSnapshotFile, writeSnapshotFile } from '../src/snapshot/index.ts';
import { cacheFolder } from './cache.ts';
import { clusterParts } from './generate-cluster.ts';
import { fixesParts } from './generate-fixes.ts';
import { writeEtcdSnapshot } from './generate-etcd.ts';
import { workloads, writeWorkloads } from './generate.ts';
import { BenchError, findPython } from './measure.ts';
import type { Peer } from './peers.ts';

const ROOT = join(import.meta.dirname, '..');
const CORPUS = join(ROOT, '../shared/corpora/posture/real-manifests');
const EXAMPLES = join(ROOT, 'examples/shop');
const EXAMPLE_COPIES = 12;

export interface Input {
  folder: string;
  /** Names inside the folder. */
  files: readonly string[];
  documents: number;
  /** Where the documents come from, in words. */
  origin: string;
}

export function generatedFiles(count: number): Input {
  const folder = writtenOnce(`generated-${generatorHash()}`, `files-${count}`, (target) => writeWorkloads(count, target));
  return { folder, files: filesIn(folder), documents: count, origin: 'generated' };
}

export function generatedFile(count: number): Input {
  const folder = writtenOnce(`generated-${generatorHash()}`, `one-${count}`, (target) => {
    writeFileSync(join(target, 'all.yaml'), workloads(count));
  });
  return { folder, files: filesIn(folder), documents: count, origin: 'generated' };
}

/** A cluster of so many Deployments as one snapshot file, with the ReplicaSets and pods that they make. */
export function generatedSnapshot(count: number): Input {
  let documents = 0;
  const folder = writtenOnce(`generated-${generatorHash('generate.ts', 'generate-cluster.ts')}`, `cluster-${count}`, (target) => {
    writeSnapshotFile(join(target, SNAPSHOT), clusterParts(count));
  });
  for (const segment of readSnapshotFile(join(folder, SNAPSHOT)).segments) documents += segment.count;
  return { folder, files: [SNAPSHOT], documents, origin: 'generated' };
}
/** A snapshot with rights that lead to control of the cluster. */
export function generatedFixes(pods: number, grants: number): Input {
  const group = `generated-${generatorHash('generate.ts', 'generate-cluster.ts', 'generate-fixes.ts')}`;
  const folder = writtenOnce(group, `fixes-${pods}-${grants}`, (target) => {
    writeSnapshotFile(join(target, SNAPSHOT), fixesParts(pods, grants));
  });
  return { folder, files: [SNAPSHOT], documents: 1, origin: 'generated' };
}
const SNAPSHOT = 'cluster.snapshot';

/**
 * A cluster of so many service accounts with half again as many bindings, as the script writes it that the yardstick was
 * measured with; undefined where that is not beside the repository.
 */
export function generatedSubjects(count: number): string | undefined {
  const python = findPython();
  if (!existsSync(SUBJECTS_SCRIPT) || python === undefined) return undefined;
  const group = `subjects-${shortHash(readFileSync(SUBJECTS_SCRIPT, 'utf8'))}`;
  const folder = writtenOnce(group, `subjects-${count}`, (target) => {
    const done = spawnSync(python, [SUBJECTS_SCRIPT, String(count), join(target, SUBJECTS)], { encoding: 'utf8' });
    if (done.status !== 0) throw new BenchError(`no cluster of ${count} subjects was written: ${done.stderr}`);
  });
  return join(folder, SUBJECTS);
}
const SUBJECTS_SCRIPT = join(ROOT, '../shared/tools/gen_rbac.py');
const SUBJECTS = 'cluster.json';

/** A snapshot of etcd of so many bytes. */
export function generatedDatabase(bytes: number): { folder: string; file: string; records: number } {
  const group = `generated-${generatorHash('generate-etcd.ts', '../test/etcd/bbolt-writer.ts', '../test/etcd/contents.ts')}`;
  const folder = writtenOnce(group, `etcd-${bytes}`, (target) => {
    writeFileSync(join(target, RECORDS), String(writeEtcdSnapshot(join(target, DATABASE), bytes)));
  });
  return { folder, file: DATABASE, records: Number(readFileSync(join(folder, RECORDS), 'utf8')) };
}
const DATABASE = 'etcd.snapshot';
const RECORDS = 'records';

export interface RealInputs {
  /** One document a file. */
  split: Input;
  /** One file a project. */
  joined: Input;
  /** Names of documents left out, because the peer stops without any answer when it meets one of them. */
  leftOut: readonly string[];
}

interface Document {
  group: string;
  name: string;
  text: string;
}

/** Manifests of real projects when their collection stands beside the repository, else the example cluster, several times. */
export function realManifests(kubeScore: Peer | undefined): RealInputs {
  const documents = existsSync(CORPUS) ? corpusDocuments() : repeatedExamples();
  const origin = existsSync(CORPUS) ? 'real projects' : `examples/shop, ${EXAMPLE_COPIES} times`;
  const key = shortHash(documents.map((document) => document.name + document.text).join('\0'));
  const all = writtenOnce(`real-${key}`, 'all', (target) => writeDocuments(documents, target));
  if (kubeScore === undefined) return arrange({ documents, folder: `real-${key}`, variant: 'whole', origin, leftOut: [] });
  const leftOut = unreadable(kubeScore, all, `real-${key}`);
  const kept = documents.filter((document) => !leftOut.includes(document.name));
  return arrange({ documents: kept, folder: `real-${key}`, variant: `for-kube-score-${kubeScore.version}`, origin, leftOut });
}

interface Arrangement {
  documents: readonly Document[];
  folder: string;
  variant: string;
  origin: string;
  leftOut: readonly string[];
}

function arrange({ documents, folder, variant, origin, leftOut }: Arrangement): RealInputs {
  const split = writtenOnce(folder, `${variant}-split`, (target) => writeDocuments(documents, target));
  const joined = writtenOnce(folder, `${variant}-joined`, (target) => {
    const groups = new Map<string, string[]>();
    for (const { group, text } of documents) groups.set(group, [...(groups.get(group) ?? []), text]);
    for (const [group, texts] of groups) writeFileSync(join(target, `${group}.yaml`), texts.join('---\n'));
  });
  return {
    split: { folder: split, files: filesIn(split), documents: documents.length, origin },
    joined: { folder: joined, files: filesIn(joined), documents: documents.length, origin },
    leftOut,
  };
}

function corpusDocuments(): Document[] {
  return readdirSync(CORPUS)
    .filter((file) => file.endsWith('.yaml'))
    .toSorted()
    .flatMap((file) => documentsOf(basename(file, '.yaml'), readFileSync(join(CORPUS, file), 'utf8')));
}

/** Copies of the example cluster that differ in their namespaces; what belongs to no namespace is taken once. */
function repeatedExamples(): Document[] {
  const files = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .toSorted();
  const once = files.flatMap((file) =>
    documentsOf(file.replaceAll(/[/\\]/g, '-').replace(/\.yaml$/, ''), readFileSync(join(EXAMPLES, file), 'utf8')),
  );
  const namespaced = once.filter((document) => /^ {2}namespace: /m.test(document.text));
  const copies = Array.from({ length: EXAMPLE_COPIES - 1 }, (_, copy) => namespaced.map((document) => inCopy(document, copy + 2)));
  return [...once, ...copies.flat()];
}

function inCopy(document: Document, copy: number): Document {
  const text = document.text.replaceAll(/^(\s*(?:- )?namespace: )([\w-]+)$/gm, `$1$2-${copy}`);
  return { group: `${document.group}-${copy}`, name: `${basename(document.name, '.yaml')}-${copy}.yaml`, text };
}

/** The documents of a multi-document text; pieces that hold comments only are none. */
export function documentsOf(group: string, text: string): Document[] {
  return text
    .split(/^---(?:[ \t].*)?$\n?/m)
    .filter((piece) => piece.split('\n').some((line) => /^\s*[^\s#]/.test(line)))
    .map((piece, index) => ({
      group,
      name: `${group}-${String(index).padStart(4, '0')}.yaml`,
      text: piece.endsWith('\n') ? piece : `${piece}\n`,
    }));
}

function writeDocuments(documents: readonly Document[], folder: string): void {
  for (const document of documents) writeFileSync(join(folder, document.name), document.text);
}

/** One unreadable file ends kube-score's whole run, so the bad ones are found by halving; the list is kept. */
function unreadable(kubeScore: Peer, folder: string, key: string): string[] {
  const memory = join(cacheFolder('inputs', key), `unreadable-${kubeScore.name}-${kubeScore.version}.json`);
  if (existsSync(memory)) return JSON.parse(readFileSync(memory, 'utf8')) as string[];
  const found = halve(filesIn(folder), (files) => answers(kubeScore, folder, files));
  writeFileSync(memory, `${JSON.stringify(found, undefined, 2)}\n`);
  return found;
}

/** The members that make a test fail, found with few tests when they are few. */
export function halve(members: readonly string[], passes: (some: readonly string[]) => boolean): string[] {
  if (members.length === 0 || passes(members)) return [];
  if (members.length === 1) return [...members];
  const middle = Math.floor(members.length / 2);
  return [...halve(members.slice(0, middle), passes), ...halve(members.slice(middle), passes)];
}

function answers(kubeScore: Peer, cwd: string, files: readonly string[]): boolean {
  const done = spawnSync(kubeScore.binary, ['score', '-o', 'json', ...files], { cwd, maxBuffer: 1 << 30 });
  return done.stdout.length > 0;
}

/** Another generator writes another set, so an old folder is never mistaken for its work. */
function generatorHash(...files: readonly string[]): string {
  const names = files.length === 0 ? ['generate.ts'] : files;
  return shortHash(names.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8')).join('\0'));
}

/** Fills a folder of the cache unless an earlier run did; it gets its name when it is complete. */
function writtenOnce(group: string, name: string, fill: (folder: string) => void): string {
  const parent = cacheFolder('inputs', group);
  const folder = join(parent, name);
  if (existsSync(folder)) return folder;
  const unfinished = join(parent, `${name}.unfinished-${process.pid}`);
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished);
  fill(unfinished);
  renameSync(unfinished, folder);
  return folder;
}

function filesIn(folder: string): string[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .toSorted();
  if (files.length === 0) throw new BenchError(`no manifests in ${folder}`);
  return files;
}
