/**
 * The Job that `castellan node manifest` prints, on a real node with the disk of the node mounted, from an image of the
 * built command: what it writes to its log is what the command sees when it is run on the node.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { runCommand } from './command.ts';
import { describeCluster } from './describe-cluster.ts';
import { CASTELLAN, packCastellan } from './node/images.ts';
import { importImage } from './node/join.ts';
import { runProgram } from './run-program.ts';

const ROOT = join(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'src/cli/main.ts');

interface Facts {
  node: string;
  running: boolean;
  processes: { name: string; argv: string[] }[];
  sockets: { port: number; process?: string }[];
  gaps: { scope: string; code: string; reason: string }[];
}

interface Told {
  rule: string;
  status: string;
  message: string;
  subject: { kind: string; component?: string };
}

describeCluster('the Job that collects the facts of a node', { nodes: 1 }, (cluster) => {
  beforeAll(async () => {
    const { dir, machines } = cluster();
    await runProgram([process.execPath, join(ROOT, 'tools/build.ts'), join(dir, 'dist')]);
    for (const machine of machines) await importImage(machine, await packCastellan(dir, join(dir, 'dist')));
  });

  it('sees what the command sees on the node', async () => {
    const { dir, kubectl } = { dir: cluster().dir, kubectl: (args: string[], stdin?: string) => cluster().kubectl(args, stdin) };
    const { stdout: manifest, exit } = await runCommand(['node', 'manifest', '--image', CASTELLAN, '--node', 'node1']);
    expect(exit).toBe(0);
    await kubectl(['apply', '-f', '-'], manifest);
    await kubectl(['-n', 'castellan-nodes', 'wait', '--for=condition=complete', 'job', '--all', '--timeout=60s']);
    const log = await kubectl(['-n', 'castellan-nodes', 'logs', 'job/castellan-node-node1']);
    writeFileSync(join(dir, 'job.json'), log);
    const direct = await cluster().onNode('node1', [process.execPath, MAIN, 'node', 'collect', '--node', 'node1', '-q']);
    writeFileSync(join(dir, 'direct.json'), direct);
    const [job, own] = [JSON.parse(log) as Facts, JSON.parse(direct) as Facts];
    expect(job).toMatchObject({ node: 'node1', running: true });
    expect(job.gaps).toEqual(own.gaps);
    for (const name of ['kubelet', 'containerd', 'kube-proxy'])
      expect(job.processes.filter((each) => each.name === name)).toEqual(own.processes.filter((each) => each.name === name));
    expect(job.processes.some(({ name }) => name === 'kubelet')).toBe(true);
    expect(job.sockets.find(({ port }) => port === 10_250)).toMatchObject({ process: 'kubelet' });
  });

  it('leads to the same findings', async () => {
    const { dir } = cluster();
    const told = async (name: string): Promise<string[]> => {
      const { stdout } = await runCommand(['scan', '--node-facts', join(dir, name), '--all', '-q', '-f', 'json']);
      const { findings } = JSON.parse(stdout) as { findings: Told[] };
      const some = findings.filter(({ subject }) => subject.kind === 'Node');
      return some.map(({ rule, status, message, subject }) => `${subject.component} ${rule} ${status} ${message}`).toSorted();
    };
    const [job, direct] = await Promise.all([told('job.json'), told('direct.json')]);
    expect(direct.length).toBeGreaterThan(40);
    expect(job).toEqual(direct);
  });
});
