/**
 * `castellan probe --configz` against real kubelets, 1.36.3, which has a right for it, and 1.31.0, which has none: who is
 * shown what, what is refused and why, and what `castellan scan` makes of the answer.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type CommandResult, runCommand } from './command.ts';
import { describeCluster } from './describe-cluster.ts';
import { kubeletListens, restartKubelet } from './node/facts.ts';
import type { TestCluster } from './test-cluster.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

interface Told {
  rule: string;
  status: string;
  subject: { kind: string; name: string; component: string };
  message: string;
  evidence: { source: string; path: string; value: unknown }[];
}

interface Probed {
  endpoints: {
    component: string;
    use: string;
    node?: string;
    configz?: { by: string; untrusted?: string; config: Record<string, unknown> };
  }[];
  gaps: { scope: string; code: string; reason: string }[];
}

/** From the node, where its port is within reach. */
function onNode(cluster: TestCluster, ...args: readonly string[]): Promise<string> {
  const kubeconfig = join(cluster.dir, 'inner.kubeconfig');
  const [machine] = cluster.machines;
  writeFileSync(kubeconfig, readFileSync(cluster.kubeconfig, 'utf8').replace('127.0.0.1', machine?.address ?? ''));
  return cluster.onNode('node1', [process.execPath, MAIN, ...args, '--kubeconfig', kubeconfig, '-q', '-f', 'json']);
}

/** All ports that the cluster tells, as people ask. */
async function probed(cluster: TestCluster, ...args: readonly string[]): Promise<Probed> {
  return JSON.parse(await onNode(cluster, 'probe', '--yes', '--rate', '500', ...args)) as Probed;
}

/** Those of the node alone, which takes a fraction of the time. */
function probedNode(cluster: TestCluster, ...args: readonly string[]): Promise<Probed> {
  const file = join(cluster.dir, 'node.json');
  const [machine] = cluster.machines;
  const status = { addresses: [{ type: 'InternalIP', address: machine?.address }] };
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node1' }, status }));
  return probed(cluster, file, ...args);
}

function kubeletOf({ endpoints }: Probed): Probed['endpoints'][number] | undefined {
  return endpoints.find(({ component, use }) => component === 'kubelet' && use === 'secure');
}

/** Writes the token of an account of its own, with a role as `castellan permissions --for configz` prints it. */
async function tokenOf(cluster: TestCluster, account = 'castellan-configz', more = ''): Promise<string> {
  const { stdout } = await runCommand(['permissions', '--for', 'configz']);
  await cluster.kubectl(['apply', '-f', '-'], stdout + more);
  const token = await cluster.kubectl(['-n', 'castellan-configz', 'create', 'token', account, '--duration', '10m']);
  const file = join(cluster.dir, 'token');
  writeFileSync(file, token, { mode: 0o600 });
  return file;
}

/** What rules say of the kubelet's settings: `rule status`. */
function ofSettings(scan: string): string[] {
  const { findings } = JSON.parse(scan) as { findings: Told[] };
  const some = findings.filter(({ subject, rule }) => subject.kind === 'Node' && subject.component === 'kubelet' && SETTINGS.test(rule));
  return [...new Set(some.map(({ rule, status }) => `${rule} ${status}`))].toSorted();
}
/** Those that stand in its file. */
const SETTINGS =
  /^kubelet-(?:anonymous-auth|authz-mode|client-ca|read-only-port|streaming-timeout|iptables-chains|event-qps|tls-certs|rotate-certs|ciphers|pod-pids|seccomp-default)$/;

describeCluster('the configuration of a running kubelet', { nodes: 1 }, (cluster) => {
  it('is read with a client certificate, and judged without facts of the node as with them', async () => {
    const { dir } = cluster();
    const found = await probed(cluster(), '--configz');
    const kubelet = kubeletOf(found);
    expect(kubelet).toMatchObject({ node: 'node1', configz: { by: 'certificate', config: { kind: 'KubeletConfiguration' } } });
    expect(kubelet?.configz?.untrusted).toBeUndefined();
    expect(found.gaps).toEqual([]);
    writeFileSync(join(dir, 'configz.json'), JSON.stringify(found));
    await cluster().onNode('node1', [process.execPath, MAIN, 'node', 'collect', '--node', 'node1', '-q', '-o', join(dir, 'node1.json')]);
    const scan = (...args: readonly string[]): Promise<CommandResult> => runCommand(['scan', ...args, '--all', '-q', '-f', 'json']);
    const [asked, collected, both] = await Promise.all([
      scan('--probe', join(dir, 'configz.json')),
      scan('--node-facts', join(dir, 'node1.json')),
      scan('--probe', join(dir, 'configz.json'), '--node-facts', join(dir, 'node1.json')),
    ]);
    expect(ofSettings(asked.stdout).length).toBeGreaterThan(8);
    expect(ofSettings(asked.stdout)).toEqual(ofSettings(collected.stdout));
    expect(ofSettings(both.stdout)).toEqual(ofSettings(collected.stdout));
    const { findings } = JSON.parse(both.stdout) as { findings: Told[] };
    expect(findings.filter(({ rule }) => rule === 'kubelet-config-differs')).toMatchObject([{ status: 'pass' }]);
  });

  it('is held against the files, which somebody changed and did not have read', async () => {
    const { dir } = cluster();
    const file = join(dir, 'node1/kubelet/config.yaml');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(before) as object), podPidsLimit: 4096, seccompDefault: true }));
    await cluster().onNode('node1', [process.execPath, MAIN, 'node', 'collect', '--node', 'node1', '-q', '-o', join(dir, 'changed.json')]);
    writeFileSync(file, before);
    const { stdout } = await runCommand([
      'scan',
      '--probe',
      join(dir, 'configz.json'),
      '--node-facts',
      join(dir, 'changed.json'),
      '-q',
      '-f',
      'json',
    ]);
    const { findings } = JSON.parse(stdout) as { findings: Told[] };
    const differs = findings.filter(({ rule }) => rule === 'kubelet-config-differs');
    expect(differs.map(({ message }) => message)).toEqual([
      'the kubelet runs with podPidsLimit -1, and its files and flags say 4096',
      'the kubelet runs with seccompDefault false, and its files and flags say true',
    ]);
    expect(differs[0]?.evidence).toMatchObject([
      { source: expect.stringMatching(/:10250\/configz$/), path: 'podPidsLimit', value: -1 },
      { source: 'node1:/var/lib/kubelet/config.yaml', path: 'podPidsLimit', value: 4096 },
    ]);
    // A file that is right does not make up for what runs.
    expect(findings.find(({ rule }) => rule === 'kubelet-seccomp-default')).toMatchObject({
      status: 'fail',
      evidence: [{ source: expect.stringMatching(/:10250\/configz$/), path: 'seccompDefault' }],
    });
  });

  it('is read with a token that may do nothing else, and with no other', async () => {
    const token = await tokenOf(cluster());
    const found = await probedNode(cluster(), '--configz-token', token);
    expect(kubeletOf(found)?.configz).toMatchObject({ by: 'token', config: { kind: 'KubeletConfiguration' } });
    expect(JSON.stringify(found)).not.toContain(readFileSync(token, 'utf8').trim());

    const other = await probedNode(cluster(), '--configz-token', await tokenOf(cluster(), 'other', OTHER));
    expect(other.endpoints.some(({ configz }) => configz !== undefined)).toBe(false);
    expect(other.gaps).toMatchObject([{ code: 'forbidden', reason: expect.stringContaining('the right to get nodes/configz is missing') }]);

    await expect(probedNode(cluster(), '--configz-token', await tokenOf(cluster(), 'other', OTHER + MORE))).rejects.toThrow(
      /may do more than get nodes\/configz: get secrets, list secrets/,
    );
  });

  it('is told with a doubt where no CA vouches for the kubelet, and not where it serves nothing to debug with', async () => {
    // Without a certificate of its own it signs one itself.
    await restartKubelet(cluster(), { tlsCertFile: '', tlsPrivateKeyFile: '' }, []);
    await kubeletListens(cluster());
    const found = await probedNode(cluster(), '--configz');
    const { configz } = kubeletOf(found) ?? {};
    expect(configz?.untrusted).toMatch(/^the CA of the cluster does not vouch for its certificate/);
    // It shows that certificate as if somebody had set it.
    expect(configz?.config).toMatchObject({ tlsCertFile: '/var/lib/kubelet/pki/kubelet.crt' });
    const file = join(cluster().dir, 'own-certificate.json');
    writeFileSync(file, JSON.stringify(found));
    const { stdout } = await runCommand(['scan', '--probe', file, '-q', '-f', 'json']);
    const { findings } = JSON.parse(stdout) as { findings: Told[] };
    expect(findings.find(({ rule }) => rule === 'kubelet-serving-cert')).toMatchObject({ status: 'fail' });
    await restartKubelet(cluster(), { enableDebuggingHandlers: false }, []);
    await kubeletListens(cluster());
    const { gaps } = await probedNode(cluster(), '--configz');
    expect(gaps).toMatchObject([
      { scope: expect.stringMatching(/:10250\/configz$/), reason: expect.stringContaining('does not serve /configz') },
    ]);
  });
});

const OTHER = `---
apiVersion: v1
kind: ServiceAccount
metadata: {name: other, namespace: castellan-configz}
`;
const MORE = `---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: more, namespace: kube-system}
rules: [{apiGroups: [""], resources: [secrets], verbs: [get, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: more, namespace: kube-system}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: more}
subjects: [{kind: ServiceAccount, name: other, namespace: castellan-configz}]
`;

describeCluster('the configuration of a running kubelet of 1.31', { nodes: 1, release: '1.31.0' }, (cluster) => {
  it('is not had by the right alone, as this release asks for nodes/proxy', async () => {
    const { gaps } = await probedNode(cluster(), '--configz-token', await tokenOf(cluster()));
    expect(gaps).toMatchObject([{ code: 'forbidden', reason: expect.stringContaining('asks for nodes/proxy') }]);
    expect(kubeletOf(await probedNode(cluster(), '--configz'))?.configz).toMatchObject({ by: 'certificate' });
  });
});
