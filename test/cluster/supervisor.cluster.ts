/** Whatever happens to a test, nothing of its cluster is left. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, it } from 'vitest';
import { describeWith } from './describe-cluster.ts';
import { waitFor } from './wait.ts';

const PROGRAM = join(import.meta.dirname, 'fixtures', 'abandoned.ts');

interface Abandoned {
  child: ChildProcess;
  dir: string;
  supervisor: number;
}

let children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
});

/** A test process with a cluster that it will not stop. */
async function abandon(nodes: number): Promise<Abandoned> {
  const child = spawn(process.execPath, [PROGRAM, String(nodes)], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) return { child, ...(JSON.parse(line) as Omit<Abandoned, 'child'>) };
  throw new Error('it ended before its cluster was ready');
}

/** Ids of processes that name the folder in their arguments. */
function runningIn(dir: string): string[] {
  return readdirSync('/proc').filter((id) => /^\d+$/u.test(id) && argumentsOf(id).includes(dir));
}

function argumentsOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8');
  } catch {
    return ''; // it has just ended
  }
}

/** Folders of control groups that are named after the cluster's. */
function groupsOf(dir: string): string[] {
  const trees = readdirSync('/sys/fs/cgroup', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const inside = trees.flatMap(({ name }) => readdirSync(join('/sys/fs/cgroup', name)));
  return [...trees.map(({ name }) => name), ...inside].filter((name) => name.startsWith(basename(dir)));
}

describeWith('a test process that is killed', { linux: true }, () => {
  it('leaves no program and no folder', async () => {
    const { child, dir } = await abandon(0);
    expect(runningIn(dir).length, 'supervisor, etcd, API server, controllers').toBe(4);
    child.kill('SIGKILL');
    await waitFor('end of all programs', () => runningIn(dir).length === 0, { seconds: 10 });
    await waitFor('end of the folder', () => !existsSync(dir), { seconds: 10 });
  });

  it('leaves no program even when the supervisor is killed first', async () => {
    const { child, dir, supervisor } = await abandon(0);
    process.kill(supervisor, 'SIGKILL');
    await waitFor('end of all programs', () => runningIn(dir).length === 0, { seconds: 10 });
    child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });
});

describeWith('a test process with a real node that is killed', { nodes: 1 }, () => {
  it('leaves no program, no folder and no control group', async () => {
    const { child, dir } = await abandon(1);
    expect(groupsOf(dir).length).toBeGreaterThan(0);
    child.kill('SIGKILL');
    await waitFor('end of all programs', () => runningIn(dir).length === 0, { seconds: 10 });
    await waitFor('end of the folder', () => !existsSync(dir), { seconds: 10 });
    expect(groupsOf(dir)).toEqual([]);
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(dir);
  });
});
