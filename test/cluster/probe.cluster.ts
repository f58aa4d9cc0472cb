/**
 * `castellan probe` against a real control plane and a real kubelet: as the harness starts them, as hard as they can be
 * made, and deliberately bad. What is planted is found, and of the hardened one nothing is.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeCluster } from './describe-cluster.ts';
import { type ControlFacts, STRONG, kubeletListens, ofControlPlane, restartKubelet } from './node/facts.ts';
import type { ClusterOptions } from './options.ts';
import { runProgram } from './run-program.ts';
import type { TestCluster } from './test-cluster.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

interface Probed {
  connections: number;
  endpoints: { host: string; port: number; component: string; use: string; state: string; answers: { path: string; status?: number }[] }[];
  findings: { rule: string; status: string; severity: string; message: string; subject: { component: string }; evidence: unknown[] }[];
}

/** From the node itself, where everything is within reach; with what the facts of node and control plane say. */
async function probed(cluster: TestCluster): Promise<Probed> {
  const { dir, ports, machines } = cluster;
  const file = (name: string): string => join(dir, `${name}.json`);
  const run = (...args: string[]): Promise<string> => cluster.onNode('node1', [process.execPath, MAIN, ...args]);
  await run('node', 'collect', '--node', 'node1', '-q', '-o', file('node1'));
  const all = await runProgram([process.execPath, MAIN, 'node', 'collect', '--node', 'control', '-q']);
  const control = ofControlPlane(JSON.parse(all) as ControlFacts, dir);
  writeFileSync(file('control'), JSON.stringify(control));
  const near = [
    `127.0.0.1:${ports.etcd}=etcd`,
    `127.0.0.1:${ports.controller}=kube-controller-manager`,
    `127.0.0.1:${ports.scheduler}=kube-scheduler`,
  ];
  const targets = near.flatMap((target) => ['--target', target]);
  const facts = ['--node-facts', file('node1'), file('control')];
  const kubeconfig = join(dir, 'inner.kubeconfig');
  writeFileSync(kubeconfig, readFileSync(cluster.kubeconfig, 'utf8').replace('127.0.0.1', machines[0]?.address ?? ''));
  await run('probe', '--kubeconfig', kubeconfig, ...facts, ...targets, '--yes', '-q', '--rate', '500', '-f', 'json', '-o', file('probe'));
  return JSON.parse(readFileSync(file('probe'), 'utf8')) as Probed;
}

function told({ findings }: Probed): string[] {
  return [
    ...new Set(findings.map(({ rule, status, subject }) => `${rule} ${subject.component}${status === 'fail' ? '' : ` ${status}`}`)),
  ].toSorted();
}

function stateOf({ endpoints }: Probed, component: string, use: string): string[] {
  return endpoints.filter((each) => each.component === component && each.use === use).map(({ state }) => state);
}

const WEAK_BY_DEFAULT = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet'].map(
  (each) => `port-tls-suites ${each}`,
);

describeCluster('ports of a cluster as the harness starts it', { nodes: 1 }, (cluster) => {
  it('take what Go takes by default, and nothing else is wrong', async () => {
    const found = await probed(cluster());
    expect(told(found)).toEqual(WEAK_BY_DEFAULT);
    expect(stateOf(found, 'kubelet', 'read-only')).toEqual(['closed']);
    expect(stateOf(found, 'kubelet', 'secure')).toEqual(['open']);
    expect(found.connections).toBeGreaterThan(100);
  });

  it('are compared with what a ConfigMap tells kube-proxy, where nothing was collected on the node', async () => {
    const { dir } = cluster();
    const differing = async (address: string): Promise<string[]> => {
      const file = join(dir, 'proxy.yaml');
      writeFileSync(file, proxyObjects(address));
      await cluster().kubectl(['apply', '-f', file]);
      const kubeconfig = join(dir, 'inner.kubeconfig');
      const run = (...args: string[]): Promise<string> =>
        cluster().onNode('node1', [process.execPath, MAIN, ...args, '--kubeconfig', kubeconfig, '-q', '-f', 'json']);
      writeFileSync(join(dir, 'asked.json'), await run('probe', '--yes', '--rate', '500'));
      const { findings } = JSON.parse(await run('scan', '--probe', join(dir, 'asked.json'), '--only', 'port-differs')) as Probed;
      return findings.filter(({ subject }) => subject.component === 'kube-proxy').map(({ rule, message }) => `${rule}: ${message}`);
    };
    expect(await differing('127.0.0.1:10256')).toEqual(['port-differs: the port is closed by its settings, and yet answers']);
    expect(await differing('0.0.0.0:10256')).toEqual([]);
  });
});

/** A file of kube-proxy as kubeadm keeps it, and pods that it would be mounted in: none runs. */
function proxyObjects(healthzBindAddress: string): string {
  const file = { apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration', healthzBindAddress };
  const metadata = { name: 'kube-proxy', namespace: 'kube-system' };
  const labels = { 'k8s-app': 'kube-proxy' };
  const container = {
    name: 'kube-proxy',
    image: 'registry.example/kube-proxy:v1.36.3',
    command: ['kube-proxy', '--config=/var/lib/kube-proxy/config.conf'],
    volumeMounts: [{ name: 'file', mountPath: '/var/lib/kube-proxy' }],
  };
  const spec = {
    nodeSelector: { nowhere: 'true' },
    containers: [container],
    volumes: [{ name: 'file', configMap: { name: 'kube-proxy' } }],
  };
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'config.conf': JSON.stringify(file) } },
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata,
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    },
  ]
    .map((object) => JSON.stringify(object))
    .join('\n---\n');
}

const HARD: ClusterOptions = {
  nodes: 1,
  anonymous: 'health',
  extraApiServerArgs: [`--tls-cipher-suites=${STRONG}`],
  extraControllerArgs: [`--tls-cipher-suites=${STRONG}`],
  extraSchedulerArgs: ['--tls-min-version=VersionTLS13'],
  extraEtcdArgs: [`--cipher-suites=${STRONG}`],
};

describeCluster('ports of a hardened cluster', HARD, (cluster) => {
  it('have no fault, and do what their components are told', async () => {
    await restartKubelet(cluster(), { tlsCipherSuites: STRONG.split(',') }, ['--hostname-override=node1']);
    await kubeletListens(cluster());
    const found = await probed(cluster());
    expect(found.findings).toEqual([]);
    for (const component of ['kube-apiserver', 'kubelet', 'kube-proxy', 'etcd', 'kube-scheduler', 'kube-controller-manager'])
      expect(found.endpoints.some((each) => each.component === component && each.state === 'open')).toBe(true);
    const api = found.endpoints.find(({ component }) => component === 'kube-apiserver');
    expect(api?.answers.find(({ path }) => path === '/api')).toMatchObject({ status: 401 });
    expect(api?.answers.find(({ path }) => path === '/healthz')).toMatchObject({ status: 200 });
  });
});

const BAD: ClusterOptions = {
  nodes: 1,
  extraApiServerArgs: [
    '--tls-min-version=VersionTLS10',
    '--tls-cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_RC4_128_SHA,TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
  ],
  extraControllerArgs: ['--authorization-always-allow-paths=/healthz,/metrics,/configz', `--tls-cipher-suites=${STRONG}`],
  extraSchedulerArgs: [`--tls-cipher-suites=${STRONG}`],
  extraEtcdArgs: ['--client-cert-auth=false', '--trusted-ca-file=', `--cipher-suites=${STRONG}`],
};

describeCluster('ports of a bad cluster', BAD, (cluster) => {
  it('show every fault that was planted, and no other', async () => {
    const { dir } = cluster();
    await cluster().kubectl(['create', 'clusterrolebinding', 'careless', '--clusterrole=view', '--user=system:anonymous']);
    const open = { authentication: { anonymous: { enabled: true } }, authorization: { mode: 'AlwaysAllow' }, readOnlyPort: 10_255 };
    await restartKubelet(cluster(), { ...open, tlsCipherSuites: STRONG.split(',') }, ['--hostname-override=node1']);
    await kubeletListens(cluster());
    // Hardened in the file, and never started anew.
    const file = join(dir, 'node1/kubelet/config.yaml');
    const before = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify({ ...before, readOnlyPort: 0, authentication: { anonymous: { enabled: false } } }));
    const found = await probed(cluster());
    expect(told(found)).toEqual([
      'port-anonymous kube-apiserver',
      'port-anonymous kube-controller-manager',
      'port-anonymous kubelet',
      'port-differs kubelet',
      'port-etcd-open etcd',
      'port-read-only kubelet',
      'port-tls-suites kube-apiserver',
      'port-tls-version kube-apiserver',
    ]);
    const suites = found.findings.find(({ rule }) => rule === 'port-tls-suites');
    expect(suites).toMatchObject({ severity: 'medium', message: expect.stringContaining('RC4') as string });
    expect(found.findings.filter(({ rule }) => rule === 'port-differs').map(({ message }) => message)).toEqual([
      'anonymous requests are switched off, and yet taken',
      'the port is closed by its settings, and yet answers',
    ]);
  });

  it('are judged by castellan scan from the same file', async () => {
    const { dir } = cluster();
    const facts = ['node1', 'control'].map((name) => join(dir, `${name}.json`));
    const scan = await runProgram([
      process.execPath,
      MAIN,
      'scan',
      '--probe',
      join(dir, 'probe.json'),
      '--node-facts',
      ...facts,
      '-q',
      '-f',
      'json',
    ]);
    const probe = JSON.parse(readFileSync(join(dir, 'probe.json'), 'utf8')) as Probed;
    const { findings } = JSON.parse(scan) as Probed;
    expect(findings.filter(({ rule }) => rule.startsWith('port-'))).toEqual(probe.findings);
  });
});
