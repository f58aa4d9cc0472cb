/** The command as people run it, on a cluster that does as it is told. */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WritableCluster, status } from '../../test/fakes/writable-cluster.ts';
import { type RanHere, endOf, runHere, runProcess, startProcess } from '../../test/run-here.ts';
import { SCHEMAS } from '../report/schemas/index.ts';

let folder: string;
let cluster: WritableCluster;
let server: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-'));
  cluster = new WritableCluster();
  cluster.add('networkpolicies', { metadata: { name: 'deny', namespace: 'shop' }, spec: { podSelector: {}, policyTypes: ['Ingress'] } });
  server = await cluster.start();
});
afterEach(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

/** The words of the command, on this cluster. */
function words(args: readonly string[]): string[] {
  const kubeconfig = join(folder, 'config');
  const clusters = [{ name: 'c', cluster: { server } }];
  writeFileSync(
    kubeconfig,
    JSON.stringify({ clusters, contexts: [{ name: 'prod', context: { cluster: 'c' } }], 'current-context': 'prod' }),
  );
  return ['net', 'verify', '--kubeconfig', kubeconfig, ...args];
}

function run(args: readonly string[]): Promise<RanHere> {
  return runHere(words(args));
}

interface Started {
  child: ChildProcess;
  ended: Promise<{ code: number | NodeJS.Signals | null; stdout: string; stderr: string }>;
}

/** As a process, which can be interrupted. */
function start(args: readonly string[]): Started {
  const child = startProcess(words(args));
  return { child, ended: endOf(child).then(({ status, ...said }) => ({ code: status ?? child.signalCode, ...said })) };
}

function writes(): string[] {
  return cluster.requests
    .filter(({ method, path }) => method !== 'GET' && !path.endsWith('reviews'))
    .map(({ method, path }) => `${method} ${path}`);
}

/** What is there of a run. */
function rest(): string[] {
  return [...cluster.objects.keys()].filter((key) => key.includes('castellan'));
}

async function until(what: () => boolean): Promise<void> {
  for (let count = 0; !what(); count += 1) {
    if (count > 1500) throw new Error('it did not come to that');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** In the middle of its first trial. */
async function inTheMiddle(child: ChildProcess): Promise<void> {
  await until(
    () =>
      cluster.of('networkpolicies').some(({ metadata }) => metadata.namespace?.startsWith('castellan') === true) || child.exitCode !== null,
  );
}

describe('castellan net verify', { timeout: 60_000 }, () => {
  it('writes nothing without a yes, and says what it would', async () => {
    const { status: code, stderr, stdout } = await run([]);
    expect(stderr).toMatch(/is going to write to the cluster of the context "prod" \(http:/);
    expect(stderr).toMatch(/namespace castellan-verify-[0-9a-f]{8}.*\n.*4 pods of the image node:24-alpine/);
    expect(stderr).toMatch(/no terminal to ask at \(CAS_NOT_CONFIRMED\)/);
    expect([code, stdout, writes()]).toEqual([2, '', []]);
  });

  it('tells what is enforced, and what it wrote', async () => {
    const { status: code, stdout, stderr } = await runProcess(words(['--yes']));
    expect(stdout).toMatch(
      /^FEATURE +ENFORCED +HOW KNOWN\ningress: default deny +yes +timed out with the policy, open without it\npolicies across nodes +yes /,
    );
    expect(stderr).toMatch(
      /enforced: 2 yes, 0 no, 0 unknown; nodes: node1, node2\ncastellan: written: create namespaces 1, create pods 4, /,
    );
    expect([code, rest()]).toEqual([0, []]);
  });

  it('gives JSON by its schema, with who uses what; 1 where something is not enforced', async () => {
    cluster.enforce = () => undefined;
    const { status: code, stdout, stderr } = await run(['--yes', '-f', 'json', '--wait', '1s', '-q']);
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect(new Ajv2020({ strict: true }).compile(SCHEMAS['net-verify'] ?? {})(document)).toBe(true);
    expect(document).toMatchObject({
      context: 'prod',
      features: [{ feature: 'ingress-deny', enforced: 'no', usedBy: ['NetworkPolicy/shop/deny'] }, { feature: 'across-nodes' }],
      summary: { yes: 0, no: 2, unknown: 0 },
      left: [],
    });
    expect([code, stderr, rest()]).toEqual([1, '', []]);
  });

  it('ends with 4 where something is not known', async () => {
    cluster.nodeOf = () => 'node1';
    expect((await run(['--yes'])).status).toBe(4);
  });

  it('does not try what a single node cannot have', async () => {
    cluster.objects.delete('nodes /node2');
    const { status: code, stdout } = await run(['--yes', '-q']);
    expect([code, stdout.trim().split('\n').length]).toEqual([0, 2]);
  });

  it('without policies has nothing to do, unless all is to be tried', async () => {
    cluster.objects.delete('networkpolicies shop/deny');
    const { status: code, stderr } = await run(['--yes']);
    expect([code, stderr]).toEqual([3, expect.stringMatching(/CAS_NO_INPUT\)\n--all tries everything/)]);
    expect((await run(['--all'])).stderr).toMatch(
      /6 pods .*\n.*NetworkPolicy and AdminNetworkPolicy and BaselineAdminNetworkPolicy and ClusterNetworkPolicy.* 27 features/,
    );
  });

  it('looks for rights before it writes, and names those that are missing', async () => {
    cluster.refuse = (_method, path, body) => {
      const asked = JSON.stringify(body);
      const denied =
        path.endsWith('/selfsubjectaccessreviews') &&
        (asked.includes('"subresource":"log"') || asked.includes('"verb":"delete","group":""'));
      return denied ? { status: 201, body: { status: { allowed: false } } } : undefined;
    };
    const { status: code, stderr } = await run(['--yes']);
    expect(stderr).toMatch(
      /prod: rights are missing, and nothing was written: delete namespaces, get pods\/log \(CAS_FORBIDDEN\)\ncastellan permissions --for net-verify/,
    );
    expect([code, writes()]).toEqual([3, []]);
  });

  it('goes on where rights may not be asked for', async () => {
    cluster.refuse = (_method, path) => (path.endsWith('reviews') ? status(403, 'forbidden') : undefined);
    expect((await run(['--yes', '-q'])).status).toBe(0);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('leaves nothing after %s', async (signal) => {
    const { child, ended } = start(['--yes', '--all']);
    await inTheMiddle(child);
    child.kill(signal);
    const { code, stderr, stdout } = await ended;
    expect(stderr).toMatch(/everything that was made is removed\ncastellan: net verify was interrupted \(CAS_INTERRUPTED\)/);
    expect([code, stdout, rest()]).toEqual([3, '', []]);
  });

  it('ends at once when it is asked twice, and the next run removes what is left', async () => {
    cluster.stuck = 'something remains';
    const { child, ended } = start(['--yes']);
    await inTheMiddle(child);
    child.kill('SIGINT');
    await until(() => writes().some((write) => write.startsWith('DELETE /api/v1/namespaces/castellan-verify-')));
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([130, expect.stringContaining('the next run')]);
    cluster.stuck = undefined;
    const next = await run(['--clean-up', '--yes']);
    expect(next.stderr).toMatch(
      /An earlier run .* namespaces castellan-verify-.*: this is removed first\.\n.*everything that was made is removed/,
    );
    expect([next.status, rest()]).toEqual([0, []]);
  });

  it('killed, leaves what the next run offers to remove, and removes with a yes', async () => {
    const { child, ended } = start(['--yes']);
    await inTheMiddle(child);
    child.kill('SIGKILL');
    await ended;
    const left = rest();
    expect(left.length).toBeGreaterThan(3);
    const asked = await run([]);
    expect(asked.stderr).toMatch(/An earlier run was ended before it could remove namespaces castellan-verify-/);
    expect(rest()).toEqual(left);
    const next = await run(['--yes', '-q']);
    expect([next.status, rest()]).toEqual([0, []]);
  });

  it.each([
    [['--node', 'a', '--node', 'b', '--node', 'c'], 2, /two nodes are used at most/],
    [['--node', 'elsewhere'], 2, /there is no node "elsewhere".*\nThe nodes are: node1, node2\./],
    [['--image-pull-secret', 'pull'], 2, /takes NAMESPACE\/NAME, not "pull"/],
    [['--wait', 'long'], 2, /--wait takes a duration/],
    [['--image', ''], 2, /--image names no image/],
    [['-f', 'dot'], 2, /net verify has no format "dot"/],
    [['--image-pull-secret', 'ops/pull', '--yes'], 2, /there is no Secret ops\/pull/],
  ])('%j is refused', async (args, exit, message) => {
    const { status: code, stderr } = await run(args);
    expect([code, stderr]).toEqual([exit, expect.stringMatching(message)]);
    expect(writes()).toEqual([]);
  });
});
