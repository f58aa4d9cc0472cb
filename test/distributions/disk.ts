/** The disk of a node of a distribution, as it is laid out there, and what is judged of it. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { collectNode } from '../../src/collect/node/index.ts';
import { type Finding, RULES, judgeAll } from '../../src/rules/index.ts';
import type { FileFact, NodeFacts } from '../../src/snapshot/index.ts';
import { clusterOf } from '../rule-tester.ts';

/** By path `MODE` and behind a blank the text; folders end with a slash. */
export interface Disk {
  files: Readonly<Record<string, string>>;
  processes?: readonly (readonly string[])[];
  /** Files that belong to etcd. */
  ofEtcd?: readonly string[];
}

/** What `node collect --root` writes of it, with the owners that the files have there: whoever runs the test is another. */
export function factsOf({ files, processes = [], ofEtcd = [] }: Disk): NodeFacts {
  const root = mkdtempSync(join(tmpdir(), 'castellan-disk-'));
  try {
    for (const [path, about] of Object.entries(files)) put(join(root, path), about);
    for (const [index, argv] of processes.entries()) {
      put(join(root, `/proc/${100 + index}/cmdline`), `444 ${argv.map((word) => `${word}\0`).join('')}`);
    }
    const facts = collectNode({ root, node: 'node1', version: '0.0.0', now: new Date(0) });
    return { ...facts, files: facts.files.map((file) => owned(file, ofEtcd.includes(file.path))) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function put(path: string, about: string): void {
  const [, mode = '', text = ''] = /^(\d+)(?: ([^]*))?$/.exec(about) ?? [];
  if (path.endsWith('/')) mkdirSync(path, { recursive: true });
  else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  chmodSync(path, Number.parseInt(mode, 8));
}

function owned(file: FileFact, isOfEtcd: boolean): FileFact {
  return isOfEtcd ? { ...file, uid: 60, gid: 60, owner: 'etcd', group: 'etcd' } : { ...file, uid: 0, gid: 0, owner: 'root', group: 'root' };
}

/** The worst that each rule said of the node. */
export function saidOf(facts: NodeFacts): Map<string, Finding['status']> {
  const said = new Map<string, Finding['status']>();
  judgeAll(clusterOf([facts]), { rules: RULES, all: true }, ({ rule, status, subject }) => {
    if (subject.kind === 'Node' && said.get(rule.id) !== 'fail') said.set(rule.id, status);
  });
  return said;
}

export function withStatus(said: ReadonlyMap<string, Finding['status']>, wanted: Finding['status']): string[] {
  return [...said]
    .filter(([, status]) => status === wanted)
    .map(([id]) => id)
    .toSorted();
}
