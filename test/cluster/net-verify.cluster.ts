/** `net verify` on real nodes, whose keeper of policies is there, has a fault, or is gone; and interrupted in the middle. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CommandResult, runCommand } from './command.ts';
import { DEEP } from '../runs.ts';
import { describeCluster } from './describe-cluster.ts';
import { restartPolicies } from './node/join.ts';
import { NODE } from './node/images.ts';
import { RELEASES } from './parts.ts';
import { RELEASES_OF_LONG_SUITES } from './releases.ts';
import type { TestCluster } from './test-cluster.ts';
import { waitFor } from './wait.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
const SHOP = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
  - from: [{podSelector: {}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]
    ports: [{port: 8080, endPort: 8090}]
---
apiVersion: v1
kind: Namespace
metadata: {name: office}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: office}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}]}
`;
/** Of the shop's policies; those of its ingress alone are what is tried again and again. */
const USED = [
  'ingress-deny',
  'ingress-pod-selectors',
  'ingress-blocks',
  'ingress-block-exceptions',
  'ingress-port-ranges',
  'egress-deny',
  'egress-ports',
  'egress-udp',
  'across-nodes',
];

const EVERY_FAULT = [
  ['exceptions', 'ingress-block-exceptions'],
  ['ranges', 'ingress-port-ranges'],
] as const;
/** Trials take minutes: one fault and the newest release, all in the deep run. */
const FAULTS = DEEP ? EVERY_FAULT : EVERY_FAULT.slice(0, 1);

const [NEWEST] = RELEASES;

interface Document {
  features: { feature: string; enforced: string; how: string; usedBy: string[] }[];
  nodes: string[];
  left: string[];
}

const SHOPS = USED.filter((feature) => !feature.startsWith('egress'));

function verify({ kubeconfig }: Pick<TestCluster, 'kubeconfig'>, args: readonly string[]): Promise<CommandResult> {
  return runCommand(['net', 'verify', '--kubeconfig', kubeconfig, '--image', NODE, '-f', 'json', ...args]);
}

function documentOf({ stdout, stderr }: CommandResult): Document {
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Document;
}

/** On a busy machine a trial takes its time. */
describe('net verify on real nodes', { timeout: 600_000 }, () => {
  describeCluster(NEWEST, { nodes: 2, nodeImage: true }, (cluster) => {
    beforeAll(async () => {
      await cluster().kubectl(['apply', '-f', '-'], SHOP);
    });

    it('finds everything enforced, with the rights that permissions prints and none besides', async () => {
      const { stdout: role } = await runCommand(['permissions', '--for', 'net-verify']);
      const kubeconfig = cluster().user('verifier');
      const refused = await verify({ kubeconfig }, ['--yes']);
      expect(refused.stderr).toMatch(/CAS_FORBIDDEN/);
      await cluster().kubectl(['apply', '-f', '-'], role);
      await cluster().kubectl(['create', 'clusterrolebinding', 'verifier', '--clusterrole=castellan-net-verify', '--user=verifier']);
      const result = await verify({ kubeconfig }, ['--yes', '--all']);
      const { features, nodes, left } = documentOf(result);
      const others = features.filter(({ enforced }) => enforced !== 'yes').map(({ feature, how }) => `${feature}: ${how}`);
      expect(others).toEqual(['ingress', 'egress'].map((direction) => `${direction}-sctp: the pods cannot speak SCTP`));
      expect([result.exit, features.length, nodes.toSorted(), left]).toEqual([4, 23, ['node1', 'node2'], []]);
      expect(await rest(cluster())).toEqual([]);
      expect(writtenElsewhere(cluster(), 'verifier')).toEqual([]);
    });

    it('finds what a keeper with a fault does not hold', async () => {
      for (const [fault, feature] of FAULTS) {
        await restartPolicies(cluster(), fault);
        const result = await verify(cluster(), ['--yes', '-n', 'shop', '--wait', '15s']);
        const found = documentOf(result).features.filter(({ enforced }) => enforced !== 'yes');
        expect(
          found.map((one) => `${one.feature} ${one.enforced}: ${one.usedBy.join(',')}`),
          fault,
        ).toEqual([`${feature} no: NetworkPolicy/shop/web`]);
        expect([result.exit, await rest(cluster())]).toEqual([1, []]);
      }
    });

    it('finds enforcement off', async () => {
      await restartPolicies(cluster(), undefined);
      const result = await verify(cluster(), ['--yes', '-n', 'shop', '--wait', '3s']);
      expect(documentOf(result).features.map(({ feature, enforced }) => `${feature} ${enforced}`)).toEqual(
        SHOPS.map((feature) => `${feature} no`),
      );
      expect([result.exit, await rest(cluster())]).toEqual([1, []]);
    });

    it('leaves nothing behind when it is interrupted in the middle', async () => {
      await restartPolicies(cluster(), '');
      const { child, ended } = started(cluster());
      await inTheMiddle(cluster(), child);
      child.kill('SIGINT');
      expect(await ended).toMatchObject({ exit: 3, stderr: expect.stringContaining('everything that was made is removed') as string });
      expect(await rest(cluster())).toEqual([]);
    });

    it('killed in the middle, is cleaned up after by the next run', async () => {
      const { child, ended } = started(cluster());
      await inTheMiddle(cluster(), child);
      child.kill('SIGKILL');
      await ended;
      expect(await rest(cluster())).not.toEqual([]);
      // What nobody removes ends by itself.
      const limits = await cluster().kubectl(['get', 'pods', '-A', '-o', 'jsonpath={.items[*].spec.activeDeadlineSeconds}']);
      expect(new Set(limits.split(' '))).toEqual(new Set(['900']));
      const { exit, stderr } = await runCommand(['net', 'verify', '--kubeconfig', cluster().kubeconfig, '--clean-up', '--yes']);
      expect(stderr).toMatch(/An earlier run was ended before it could remove namespaces castellan-verify-/);
      expect([exit, await rest(cluster())]).toEqual([0, []]);
    });
  });

  for (const release of RELEASES_OF_LONG_SUITES.slice(1))
    describeCluster(release, { release, nodes: 2, nodeImage: true }, (cluster) => {
      it('finds enforced what the policies use', async () => {
        await cluster().kubectl(['apply', '-f', '-'], SHOP);
        const result = await verify(cluster(), ['--yes']);
        expect(documentOf(result).features.map(({ feature, enforced }) => `${feature} ${enforced}`)).toEqual(
          USED.map((feature) => `${feature} yes`),
        );
        expect([result.exit, await rest(cluster())]).toEqual([0, []]);
      });
    });
});

function started({ kubeconfig }: TestCluster): { child: ChildProcess; ended: Promise<{ exit: number | null; stderr: string }> } {
  const child = spawn(process.execPath, [MAIN, 'net', 'verify', '--kubeconfig', kubeconfig, '--image', NODE, '--yes'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return { child, ended: new Promise((resolve) => child.on('close', (exit) => resolve({ exit, stderr }))) };
}

/** While a policy of the third trial is there. */
async function inTheMiddle(cluster: TestCluster, child: ChildProcess): Promise<void> {
  const seen = new Set<string>();
  await waitFor(
    'third policy of a run',
    async () => {
      const text = await cluster.kubectl([
        'get',
        'networkpolicies',
        '-A',
        '-o',
        'jsonpath={range .items[*]}{.metadata.namespace} {.metadata.uid}{"\\n"}{end}',
      ]);
      for (const line of text.split('\n')) if (line.startsWith('castellan-verify-')) seen.add(line);
      return seen.size >= 3;
    },
    {
      seconds: 300,
      check() {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
      },
    },
  );
}

/** Everything in the cluster that a run could have left. */
async function rest(cluster: TestCluster): Promise<string[]> {
  const found = await cluster.kubectl(['get', 'namespaces,pods,networkpolicies', '-A', '-o', 'name']);
  return found.split('\n').filter((line) => line !== '' && !/^namespace\/(?:default|kube-|shop|office)|\/(?:web|out)$/.test(line));
}

/** What somebody wrote that is not of a run, by the audit log. */
function writtenElsewhere({ auditLog }: TestCluster, user: string): string[] {
  return readFileSync(auditLog, 'utf8')
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as {
          user: { username: string };
          verb: string;
          objectRef?: { namespace?: string; name?: string; resource: string };
        },
    )
    .filter(({ user: { username }, verb }) => username === user && !['get', 'list'].includes(verb))
    .filter(({ objectRef }) => objectRef?.resource !== 'selfsubjectaccessreviews')
    .filter(({ objectRef }) => !`${objectRef?.namespace ?? ''}${objectRef?.name ?? ''}`.startsWith('castellan-verify-'))
    .map(({ verb, objectRef }) => `${verb} ${JSON.stringify(objectRef)}`);
}
