/**
 * The first screen on a real cluster: what a company does is recorded by its API server, the fixes are worked out from the
 * cluster and that record, and made. What they close is closed, what was foretold to break breaks, and nothing else does.
 * The record is the real log, made as long as a proof asks for by the one transformation of three-weeks.ts.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RECORDING_POLICY } from '../../../src/changes/audit-setup/policy.ts';
import { type State, TARGET } from '../../../src/changes/state.ts';
import { readState } from '../../../src/cli/fixes-input.ts';
import type { Chain } from '../../../src/graph/index.ts';
import { type CommandResult, runCommand } from '../command.ts';
import { describeCluster } from '../describe-cluster.ts';
import { readRecordFile } from '../../../src/record/index.ts';
import type { TestCluster } from '../test-cluster.ts';
import { waitFor } from '../wait.ts';
import { Refused } from '../ways/way.ts';
import { company } from './company.ts';
import { denialsIn, linesOf } from './audit-lines.ts';
import { takeChain } from './take-chain.ts';
import { writeWeeks } from './three-weeks.ts';
import { type Staff, running, workday } from './workday.ts';
import { RELEASES_OF_LONG_SUITES } from '../releases.ts';

const folder = mkdtempSync(join(tmpdir(), 'castellan-fixes-'));
const auditPolicy = join(folder, 'audit-policy.json');
writeFileSync(auditPolicy, JSON.stringify(RECORDING_POLICY));
afterAll(() => rmSync(folder, { recursive: true }));

/** One day more than a proof asks for. */
const DAYS = 22;
/** Of each closed entry that many ways are taken, or all that there are. */
const MOST_CHAINS = 16;
/** Milliseconds, on a machine that is busy with much else. */
const LONG = 180_000;

interface Fix {
  id: string;
  title: string;
  proof: { verdict: string; unknownBecause: string[]; denies: { who: string; what: string; count: number }[] };
}

interface Fixes {
  before: { exposed: number; workloads: number };
  after: { exposed: number; workloads: number };
  fixes: Fix[];
}

const FIVE: readonly (readonly [title: string, verdict: string, because: readonly string[]])[] = [
  ['drop the rule "create serviceaccounts/token" from Role ops/operator-own', 'safe', []],
  ['take Role deployer-jobs in ops from ServiceAccount ci/deployer', 'safe', []],
  ['take Role oncall in ops from User bob', 'unknown', ['rare-person']],
  ['take Role orders-debug in ops from ServiceAccount shop/orders', 'safe', []],
  ['take Role web-settings in ops from ServiceAccount shop/web', 'unknown', ['subject-silent']],
];

/** It takes two minutes for each release: the deep run takes both. */
for (const release of RELEASES_OF_LONG_SUITES) {
  describeCluster(`the first screen on ${release}`, { release, nodes: 1, nodeImage: true, auditPolicy }, (cluster) => {
    const own = join(folder, release);
    const record = `${own}.record`;
    const journal = `${own}-applied.json`;
    const evidence = ['--record', record, '--audit-policy', auditPolicy];
    let staff: Staff;
    let chains: Chain[];

    beforeAll(async () => {
      await settle(cluster());
      staff = await hire(cluster());
      const before = linesOf(cluster().auditLog).length;
      await workday(cluster(), staff);
      const day = await wholeDay(cluster(), before);
      writeFileSync(`${own}.log`, `${linesOf(cluster().auditLog).join('\n')}\n`);
      await writeWeeks(`${own}-weeks.log`, day, DAYS);
      await run('record', 'add', `server=${own}.log`, `server=${own}-weeks.log`, '--record', record);
    });

    const run = async (...args: readonly string[]): Promise<CommandResult> => {
      const result = await runCommand(args);
      expect(result.exit, result.stderr).toBe(0);
      return result;
    };
    const onCluster = (...args: readonly string[]): Promise<CommandResult> => run(...args, '--kubeconfig', cluster().kubeconfig);
    const fixes = async (...args: readonly string[]): Promise<Fixes> =>
      JSON.parse((await onCluster('fixes', '-f', 'json', ...evidence, ...args)).stdout) as Fixes;

    it(
      'has five fixes, and says of each what was seen and what was not',
      async () => {
        const before = await stateOf(cluster(), `${own}-before.snapshot`);
        const told = await fixes();
        writeFileSync(`${own}-proof.json`, JSON.stringify(told));
        const five = told.fixes.map(({ title, proof }) => [title, proof.verdict, proof.unknownBecause]).toSorted(byTitle);
        expect(five).toEqual(FIVE.map((fix) => [...fix]));
        expect(told.fixes.flatMap(({ proof }) => proof.denies)).toEqual([]);
        // What closes them all and is needed: the account that keeps the namespaces.
        expect([told.before, told.after]).toMatchObject([
          { exposed: 2, workloads: 4 },
          { exposed: 0, workloads: 1 },
        ]);
        expect([...before.paths.exposed, ...before.paths.workloads]).toHaveLength(6);
        const kept = 'Container/ops/provisioner/provisioner';
        const entries = [...before.paths.exposed, ...before.paths.workloads].filter((entry) => entry !== kept);
        // What runs as somebody else afterwards is not what another chain begins in: those that change most come last.
        chains = entries.flatMap((entry) => chainsFrom(before, entry)).toSorted((a, b) => changes(a) - changes(b));
        expect(chains.length).toBeGreaterThan(entries.length);
        // Which pod asked stands in the log of real servers.
        const whose = readRecordFile(record).actors.flatMap(({ name, bound, maker }) =>
          ACCOUNTS.includes(name) ? [[name, maker ?? bound]] : [],
        );
        expect(whose.toSorted(byTitle)).toEqual(
          ACCOUNTS.map((name) => [name, name.endsWith(':deployer') ? 'nothing' : name.split(':')[3]]).toSorted(byTitle),
        );
      },
      LONG,
    );

    it(
      'once made lets everybody work on without one new denial',
      async () => {
        const known = denialsIn(linesOf(cluster().auditLog));
        const { stdout } = await onCluster(
          'apply',
          '1',
          '2',
          '3',
          '4',
          '5',
          '--yes',
          '--journal',
          journal,
          '--proof',
          `${own}-proof.json`,
          ...evidence,
        );
        expect(stdout).toContain('2 · 4 before, 0 · 1 now, as foretold');
        const since = linesOf(cluster().auditLog).length;
        await workday(cluster(), staff);
        const after = linesOf(cluster().auditLog).slice(since);
        const asked = new Set(after.map((line) => (JSON.parse(line) as { user: { username: string } }).user.username));
        for (const name of ['alice', 'bob', ...ACCOUNTS]) expect(asked, name).toContain(name);
        // Whom nobody saw nobody sees now.
        expect(asked).not.toContain('system:serviceaccount:shop:web');
        expect([...denialsIn(after)].filter((denial) => !known.has(denial))).toEqual([]);
        expect([...denialsIn(after)]).toEqual(['alice: list secrets in shop']);
      },
      LONG,
    );

    it(
      'closes every chain that it said it closes',
      async () => {
        for (const chain of chains) {
          const met = await takeChain(cluster(), chain).then(
            () => 'nothing',
            (error: unknown) => error,
          );
          expect(met, textOf(chain)).toBeInstanceOf(Refused);
          expect((met as Refused).message).toMatch(/403|orbidden/);
        }
        await putBack(cluster());
      },
      LONG,
    );

    it(
      'breaks with one more what it says that it would break',
      async () => {
        const [next] = (await fixes('--top', '1')).fixes;
        expect(next?.title).toBe('take ClusterRole cluster-admin from ServiceAccount ops/provisioner');
        expect(next?.proof.verdict).toBe('breaks');
        const foretold = new Set(next?.proof.denies.map(({ who, what }) => `${who}: ${what}`));
        const since = linesOf(cluster().auditLog).length;
        const one = `${own}-one.json`;
        await onCluster('apply', next?.id ?? '', '--top', '1', '--yes', '--journal', one, ...evidence);
        const denied = await waitFor('denial', () => {
          const found = denialsIn(linesOf(cluster().auditLog).slice(since));
          return found.size > 0 ? found : undefined;
        });
        for (const denial of denied) expect(foretold).toContain(denial);
        await onCluster('apply', '--undo', one, '--yes');
      },
      LONG,
    );

    it(
      'taken back leaves every chain as it was',
      async () => {
        await onCluster('apply', '--undo', journal, '--yes');
        let changed = 1;
        for (const chain of chains) {
          if (changes(chain) > changed) await putBack(cluster());
          changed = Math.max(changed, changes(chain));
          await expect(takeChain(cluster(), chain), textOf(chain)).resolves.toBeUndefined();
        }
      },
      LONG,
    );
  });
}

const ACCOUNTS = ['ci:deployer', 'shop:orders', 'shop:report', 'ops:operator', 'ops:provisioner'].map(
  (name) => `system:serviceaccount:${name}`,
);
function isPlaced({ kind }: Readonly<Record<string, unknown>>): boolean {
  return kind === 'Deployment' || kind === 'CronJob';
}

/** Pods come last, when their accounts and what they mount are there. */
async function settle(cluster: TestCluster): Promise<void> {
  const objects = company();
  await write(
    cluster,
    objects.filter((object) => !isPlaced(object)),
  );
  await putBack(cluster);
}

/** Everything runs as it was meant to. */
async function putBack(cluster: TestCluster): Promise<void> {
  await write(cluster, company().filter(isPlaced));
  await Promise.all([running(cluster, 'shop'), running(cluster, 'ops')]);
}

async function write(cluster: TestCluster, items: readonly unknown[]): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items };
  await cluster.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], JSON.stringify(list));
}

async function hire(cluster: TestCluster): Promise<Staff> {
  const token = (await cluster.kubectl(['create', 'token', 'deployer', '-n', 'ci'])).trim();
  const deployer = { server: cluster.server, ca: cluster.pki.authority.certificate, token, agent: 'pipeline/1.0' };
  return { deployer, alice: cluster.user('alice'), bob: cluster.user('bob') };
}

/** A day is over when the node has renewed its Lease in it, which it does every ten seconds. */
function wholeDay(cluster: TestCluster, from: number): Promise<string[]> {
  return waitFor('heartbeat of the node', () => {
    const day = linesOf(cluster.auditLog).slice(from);
    return day.some((line) => line.includes('kube-node-lease') && line.includes('"verb":"update"')) ? day : undefined;
  });
}

async function stateOf({ kubeconfig }: TestCluster, file: string): Promise<State> {
  const { exit, stderr } = await runCommand(['snapshot', '-o', file, '--kubeconfig', kubeconfig]);
  expect(exit, stderr).toBe(0);
  return readState([file], { quiet: true });
}

function chainsFrom({ graph }: State, entry: string): Chain[] {
  const [from, to] = [graph.find(entry), graph.find(TARGET)];
  if (from === undefined || to === undefined) throw new Error(`${entry} is not in the graph`);
  return graph.chains(from, to, { count: MOST_CHAINS });
}

function byTitle([a]: readonly unknown[], [b]: readonly unknown[]): number {
  return String(a) < String(b) ? -1 : 1;
}

/** 0 where a chain changes no workload of others, 1 where it changes some of the shop, 2 where one of ops. */
function changes(chain: Chain): number {
  const changed = chain.filter(({ edge }) => edge === 'CONTROLLER_PATCH_AS_SA').map(({ to }) => to.split('/')[1]);
  return changed.includes('ops') ? 2 : Math.min(changed.length, 1);
}

function textOf(chain: Chain): string {
  return [chain[0]?.from, ...chain.map(({ edge, to }) => `${edge} ${to}`)].join(' → ');
}
