/**
 * `node collect` where a real control plane and a real kubelet run, and what `scan --node-facts` says of them: as the
 * harness starts them, as hard as they can be made, and deliberately bad. What is planted is found, and nothing else.
 */
import { chmodSync, chownSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeCluster } from './describe-cluster.ts';
import { type ControlFacts, STRONG, ofControlPlane, restartKubelet } from './node/facts.ts';
import type { ClusterOptions } from './options.ts';
import { runProgram } from './run-program.ts';
import type { TestCluster } from './test-cluster.ts';
import { boxPod } from './ways/objects.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
const ETCD_USER = 64_997;

interface Told {
  rule: string;
  status: string;
  subject: { kind: string; name: string; component?: string };
  evidence: { source: string; path: string; line?: number; value: unknown }[];
}

interface Judged {
  findings: Told[];
  source: { kind: string; nodes?: number };
  summary: {
    byFramework: Record<string, Record<string, number>>;
    byComponent: Record<string, Record<string, number>>;
    benchmark: string;
  };
}

/** The node as it is seen on itself, and the control plane, which runs beside it on the machine. */
async function judged(cluster: TestCluster): Promise<Judged> {
  const [node, control] = ['node1', 'control'].map((name) => join(cluster.dir, `${name}.json`));
  await cluster.onNode('node1', [process.execPath, MAIN, 'node', 'collect', '--node', 'node1', '-q', '-o', node ?? '']);
  const all = await runProgram(['unshare', '--mount', 'sh', '-ec', ACCOUNTS, cluster.dir, process.execPath, MAIN]);
  writeFileSync(control ?? '', JSON.stringify(ofControlPlane(JSON.parse(all) as ControlFacts, cluster.dir)));
  const scan = await runProgram([process.execPath, MAIN, 'scan', '--node-facts', node ?? '', control ?? '', '--all', '-q', '-f', 'json']);
  return JSON.parse(scan) as Judged;
}

/** The machine may have no user of etcd; whoever collects sees one. */
const ACCOUNTS = `
cp /etc/passwd "$0/passwd"; echo "etcd:x:${ETCD_USER}:${ETCD_USER}::/:/bin/false" >>"$0/passwd"; mount --bind "$0/passwd" /etc/passwd
cp /etc/group "$0/group"; echo "etcd:x:${ETCD_USER}:" >>"$0/group"; mount --bind "$0/group" /etc/group
exec "$1" "$2" node collect --node control -q
`;

/** `rule component` of what has a status, of nodes. */
function told({ findings }: Judged, status: string): string[] {
  const some = findings.filter((finding) => finding.status === status && finding.subject.kind === 'Node');
  return [...new Set(some.map(({ rule, subject }) => `${rule} ${subject.component}`))].toSorted();
}

function everyControlOnce({ summary }: Judged): void {
  const counts = Object.values(summary.byFramework['cis-1.12'] ?? {});
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(131);
}

const STOCK = [
  'admission-alwayspullimages kube-apiserver',
  'admission-deny-service-external-ips kube-apiserver',
  'admission-eventratelimit kube-apiserver',
  'apiserver-anonymous-auth kube-apiserver',
  'apiserver-audit-maxage kube-apiserver',
  'apiserver-audit-maxbackup kube-apiserver',
  'apiserver-audit-maxsize kube-apiserver',
  'apiserver-ciphers kube-apiserver',
  'apiserver-encryption-config kube-apiserver',
  'apiserver-sa-extend-token kube-apiserver',
  'audit-policy-thin-changes kube-apiserver',
  'cm-terminated-pod-gc kube-controller-manager',
  'cni-files-perm cni',
  'etcd-datadir-owner etcd',
  'kubelet-ciphers kubelet',
  'kubelet-config-perm kubelet',
  'kubelet-hostname-override kubelet',
  'kubelet-pod-pids kubelet',
  'kubelet-rotate-certs kubelet',
  'kubelet-seccomp-default kubelet',
];

describeCluster('facts of a node as the harness starts it', { nodes: 1 }, (cluster) => {
  it('have exactly the faults that it has', async () => {
    const result = await judged(cluster());
    everyControlOnce(result);
    expect(told(result, 'fail')).toEqual(STOCK);
    expect(told(result, 'unknown')).toEqual([]);
  });

  it('stand in one report with the objects of the cluster, by component', async () => {
    const facts = ['node1', 'control'].map((name) => join(cluster().dir, `${name}.json`));
    const scan = async (...more: readonly string[]): Promise<Judged> => {
      const args = ['scan', '--node-facts', ...facts, '--kubeconfig', cluster().kubeconfig, '-q', '-f', 'json', ...more];
      return JSON.parse(await runProgram([process.execPath, MAIN, ...args])) as Judged;
    };
    const [short, whole] = [await scan(), await scan('--all')];
    expect(short.source).toMatchObject({ kind: 'cluster', nodes: 2 });
    expect(short.summary.benchmark).toBe('cis-2.0');
    expect(Object.keys(short.summary.byComponent)).toEqual(
      expect.arrayContaining(['kube-apiserver', 'etcd', 'kubelet', 'access', 'network', 'workloads', 'cluster']),
    );
    expect(short.summary.byComponent['kube-apiserver']?.fail).toBeGreaterThan(5);
    expect([short.summary.byComponent, short.summary.byFramework]).toEqual([whole.summary.byComponent, whole.summary.byFramework]);
    everyControlOnce(short);
  });

  it('are shown where they stand', async () => {
    const { findings } = await judged(cluster());
    const of = (rule: string): Told | undefined => findings.find((finding) => finding.rule === rule && finding.status !== 'not-applicable');
    expect(of('apiserver-anonymous-auth')?.evidence).toMatchObject([
      {
        source: expect.stringMatching(/^control:\/proc\/\d+\/cmdline$/),
        path: expect.stringMatching(/^argv\[\d+\]$/),
        value: '--anonymous-auth=true',
      },
    ]);
    expect(of('kubelet-authz-mode')).toMatchObject({ status: 'pass', subject: { kind: 'Node', name: 'node1', component: 'kubelet' } });
    expect(of('kubelet-config-perm')?.evidence).toMatchObject([
      { source: 'node1:/var/lib/kubelet/config.yaml', path: 'mode', value: '644' },
    ]);
    expect(of('kubelet-seccomp-default')?.evidence).toMatchObject([{ source: 'node1:/var/lib/kubelet/config.yaml', line: 1 }]);
  });
});

const HARD: ClusterOptions = {
  nodes: 1,
  anonymous: 'health',
  encryption: 'secretbox',
  auditPolicy: join(import.meta.dirname, 'fixtures/complete-audit.yaml'),
  extraApiServerArgs: [
    '--enable-admission-plugins=NodeRestriction,AlwaysPullImages,DenyServiceExternalIPs,EventRateLimit',
    `--admission-control-config-file=${join(import.meta.dirname, 'fixtures/admission.json')}`,
    '--audit-log-maxage=30',
    '--audit-log-maxbackup=10',
    '--audit-log-maxsize=100',
    '--service-account-extend-token-expiration=false',
    '--request-timeout=2m',
    `--tls-cipher-suites=${STRONG}`,
  ],
  extraControllerArgs: ['--terminated-pod-gc-threshold=500'],
};

describeCluster('facts of a hardened node', HARD, (cluster) => {
  it('have no fault', async () => {
    const { dir } = cluster();
    await restartKubelet(
      cluster(),
      { rotateCertificates: true, podPidsLimit: 4096, seccompDefault: true, tlsCipherSuites: STRONG.split(','), eventRecordQPS: 50 },
      [],
    );
    chmodSync(join(dir, 'node1/kubelet/config.yaml'), 0o600);
    for (const file of readdirSync(join(dir, 'node1/etc-cni/net.d'))) chmodSync(join(dir, 'node1/etc-cni/net.d', file), 0o600);
    chownSync(join(dir, 'etcd'), ETCD_USER, ETCD_USER);
    const result = await judged(cluster());
    everyControlOnce(result);
    expect(told(result, 'fail')).toEqual([]);
    expect(told(result, 'unknown')).toEqual([]);
    // The key of the provider does not leave the machine, and the provider does.
    const facts = readFileSync(join(dir, 'control.json'), 'utf8');
    expect(facts).toContain('secretbox');
    for (const name of readdirSync(dir).filter((each) => each.startsWith('encryption')))
      for (const [, secret = ''] of readFileSync(join(dir, name), 'utf8').matchAll(/"secret":\s*"([^"]+)"/g))
        expect(facts).not.toContain(secret);
  });
});

const BAD: ClusterOptions = {
  nodes: 1,
  auditPolicy: 'off',
  extraApiServerArgs: [
    `--token-auth-file=${join(import.meta.dirname, 'fixtures/tokens.csv')}`,
    '--profiling=true',
    '--tls-cipher-suites=TLS_RSA_WITH_AES_128_CBC_SHA,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  ],
  extraControllerArgs: ['--bind-address', '0.0.0.0'],
  extraSchedulerArgs: ['--profiling'],
};
const PLANTED = [
  'apiserver-profiling kube-apiserver',
  'apiserver-token-auth-file kube-apiserver',
  'audit-policy-present kube-apiserver',
  'cm-bind-address kube-controller-manager',
  'etcd-datadir-perm etcd',
  'kubelet-anonymous-auth kubelet',
  'kubelet-authz-mode kubelet',
  'kubelet-kubeconfig-owner kubelet',
  'kubelet-kubeconfig-perm kubelet',
  'kubelet-read-only-port kubelet',
  'pki-key-perm pki',
  'sched-profiling kube-scheduler',
];

describeCluster('facts of a bad node', BAD, (cluster) => {
  it('have every fault that was planted, and no other', async () => {
    const { dir } = cluster();
    // A flag wins over the file, and the file over what is behind it.
    await restartKubelet(cluster(), { authorization: { mode: 'AlwaysAllow' }, readOnlyPort: 10_255 }, [
      '--anonymous-auth',
      '--hostname-override=node1',
    ]);
    chmodSync(join(dir, 'node1/kubernetes/kubelet.conf'), 0o644);
    chownSync(join(dir, 'node1/kubernetes/kubelet.conf'), 1000, 1000);
    chmodSync(join(dir, 'etcd'), 0o755);
    chmodSync(join(dir, 'pki/apiserver.key'), 0o644);
    const result = await judged(cluster());
    everyControlOnce(result);
    // Without a policy there is nothing to say of one, nor of the log that it would fill.
    const expected = [...STOCK.filter((each) => !/^(?:audit-policy-thin-changes|apiserver-audit-)/.test(each)), ...PLANTED];
    expect(told(result, 'fail')).toEqual(expected.toSorted());
    expect(readFileSync(join(dir, 'control.json'), 'utf8')).not.toContain('a-token-for-tests-only');
    const anonymous = result.findings.find(({ rule }) => rule === 'kubelet-anonymous-auth');
    expect(anonymous?.evidence[0]).toMatchObject({ path: expect.stringMatching(/^argv/), value: '--anonymous-auth' });
  });

  it('let whoever reaches the kubelet run commands in its containers, as the graph says', async () => {
    const pods = [boxPod('default/here'), boxPod('default/there')].map((pod) => JSON.stringify(pod)).join('\n---\n');
    await cluster().kubectl(['apply', '-f', '-'], pods);
    await cluster().kubectl(['wait', '--for=condition=Ready', 'pod/here', 'pod/there', '--timeout=90s']);
    const facts = join(cluster().dir, 'node1.json');
    const blast = async (...more: readonly string[]): Promise<string[]> => {
      const args = ['blast', 'Container/default/here/c', ...more, '--kubeconfig', cluster().kubeconfig, '-q', '-f', 'json'];
      const { reaches } = JSON.parse(await runProgram([process.execPath, MAIN, ...args])) as {
        reaches: { kind: string; names: string[] }[];
      };
      return reaches.find(({ kind }) => kind === 'Container')?.names ?? [];
    };
    expect(await blast()).not.toContain('Container/default/there/c');
    expect(await blast('--node-facts', facts)).toContain('Container/default/there/c');
    const [machine] = cluster().machines;
    const script = `
      const url = 'https://${machine?.address}:10250/run/default/there/c?cmd=hostname';
      const sent = require('https').request(url, { method: 'POST', rejectUnauthorized: false }, (answer) => answer.pipe(process.stdout));
      sent.end();`;
    expect(await cluster().onNode('node1', [process.execPath, '-e', script])).toBe('there\n');
  });
});
