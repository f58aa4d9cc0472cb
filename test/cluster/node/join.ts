/** Makes nodes of machines: container runtime, kubelet, network, kube-proxy, keeper of network policies. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClusterOptions } from '../options.ts';
import { builtPart } from '../parts.ts';
import { kubeconfigText } from '../pki.ts';
import { runProgram } from '../run-program.ts';
import type { TestCluster } from '../test-cluster.ts';
import { waitFor } from '../wait.ts';
import { CONTAINERD_SOCKET, containerdConfig, kubeletConfig, networkConfig, proxyConfig } from './files.ts';
import { makeGroups } from './groups.ts';
import { packImages } from './images.ts';
import type { Machine } from './machines.ts';
import { nodeStates, waitForNodes } from './node-states.ts';

const POLICY = fileURLToPath(new URL('policy.ts', import.meta.url));

export async function joinNodes(cluster: TestCluster, options: ClusterOptions): Promise<void> {
  const images = await packImages(cluster.dir, { node: options.nodeImage === true });
  await Promise.all(cluster.machines.map((machine) => joinNode(cluster, machine, { images, options })));
  await waitForNodes(cluster);
  await Promise.all(cluster.machines.map((machine) => routeToOthers(cluster, machine)));
}

interface How {
  images: readonly string[];
  options: ClusterOptions;
}

async function joinNode(cluster: TestCluster, machine: Machine, { images, options }: How): Promise<void> {
  await startRuntime(cluster, machine, images);
  await startKubelet(cluster, machine);
  const { podCidr } = await waitFor(
    `pod range of ${machine.name}`,
    async () => (await nodeStates(cluster)).find(({ name, podCidr }) => name === machine.name && podCidr !== ''),
    { check: () => cluster.programs.check() },
  );
  writeJson(cluster, machine, { file: 'etc-cni/net.d/10-pods.conflist', content: networkConfig(podCidr) });
  if (options.proxy !== false) await startProxy(cluster, machine);
  if (options.networkPolicies !== false) await startPolicies(cluster, machine);
}

async function startRuntime(cluster: TestCluster, machine: Machine, images: readonly string[]): Promise<void> {
  const bin = builtPart('node');
  const config = join(cluster.dir, `${machine.name}-containerd.toml`);
  writeFileSync(config, containerdConfig(bin));
  const path = `${bin}${delimiter}${process.env.PATH ?? ''}`;
  await cluster.programs.launch(`${machine.name}-containerd`, [...machine.enter, join(bin, 'containerd'), '--config', config], {
    PATH: path,
  });
  const ctr = [...machine.enter, join(bin, 'ctr'), '--address', CONTAINERD_SOCKET];
  await waitFor('answer from containerd', async () => (await runProgram([...ctr, 'version'])) !== '', {
    check: () => cluster.programs.check(),
  });
  for (const image of images) await importImage(machine, image);
}

/** From an archive, into the runtime of a node that is started. */
export async function importImage({ enter }: Machine, archive: string): Promise<void> {
  const ctr = [...enter, join(builtPart('node'), 'ctr'), '--address', CONTAINERD_SOCKET];
  await runProgram([...ctr, '-n', 'k8s.io', 'images', 'import', archive]);
}

async function startKubelet(cluster: TestCluster, machine: Machine): Promise<void> {
  const { pki, dir } = cluster;
  const [name, key] = [machine.name, `${machine.name}-kubelet`];
  const group = `${dir.split('/').at(-1) ?? ''}-${name}`;
  for (const path of makeGroups(group)) await cluster.programs.removeLater(path);
  const hosts = [name, machine.address];
  pki.issue(key, { name: `system:node:${name}`, groups: ['system:nodes'], hosts });
  mkdirSync(join(dir, name, 'kubernetes', 'manifests'));
  writeKubeconfig(cluster, machine, { file: 'kubelet.conf', key });
  copyFileSync(pki.path('ca.crt'), join(dir, name, 'kubernetes', 'ca.crt'));
  const certificates = { certificate: pki.path(`${key}.crt`), key: pki.path(`${key}.key`) };
  writeJson(cluster, machine, {
    file: 'kubelet/config.yaml',
    content: kubeletConfig({ address: machine.address, group, ...certificates }),
  });
  const places = ['--config=/var/lib/kubelet/config.yaml', '--kubeconfig=/etc/kubernetes/kubelet.conf', '--root-dir=/var/lib/kubelet'];
  const self = [`--hostname-override=${name}`, `--node-ip=${machine.address}`];
  await cluster.programs.launch(key, [...machine.enter, join(cluster.bin, 'kubelet'), ...places, ...self]);
}

async function startProxy(cluster: TestCluster, machine: Machine): Promise<void> {
  const key = `${machine.name}-kube-proxy`;
  cluster.pki.issue(key, { name: 'system:kube-proxy' });
  writeKubeconfig(cluster, machine, { file: 'kube-proxy.conf', key });
  writeJson(cluster, machine, {
    file: 'kubernetes/kube-proxy.yaml',
    content: proxyConfig(machine.name, '/etc/kubernetes/kube-proxy.conf'),
  });
  await cluster.programs.launch(key, [...machine.enter, join(cluster.bin, 'kube-proxy'), '--config=/etc/kubernetes/kube-proxy.yaml']);
}

/** Starts the keepers of all nodes anew, with a fault where one is named, or ends them for good where it is undefined. */
export async function restartPolicies(cluster: TestCluster, fault: string | undefined): Promise<void> {
  for (const machine of cluster.machines) {
    const key = `${machine.name}-policy`;
    if (cluster.programs.runs(key)) await cluster.programs.end(key);
    if (fault !== undefined) await startPolicies(cluster, machine, fault);
    else await cluster.onNode(machine.name, ['nft', 'delete', 'table', 'inet', 'policies']);
  }
}

/** With a fault, one of those that `policy-table.ts` can make. It is launched as `NODE-policy`. */
async function startPolicies(cluster: TestCluster, machine: Machine, fault = ''): Promise<void> {
  const key = `${machine.name}-policy`;
  if (fault === '') cluster.pki.issue(key, { name: 'test:network-policy', groups: ['system:masters'] });
  const credentials = [cluster.pki.path('ca.crt'), cluster.pki.path(`${key}.crt`), cluster.pki.path(`${key}.key`)];
  const program = [process.execPath, POLICY, machine.name, cluster.innerServer, ...credentials, fault];
  await cluster.programs.launch(key, [...machine.enter, ...program]);
}

/** The way to the pods of the other nodes. */
async function routeToOthers(cluster: TestCluster, machine: Machine): Promise<void> {
  for (const { name, podCidr, address } of await nodeStates(cluster))
    if (name !== machine.name) await runProgram([...machine.network, 'ip', 'route', 'replace', podCidr, 'via', address]);
}

function writeKubeconfig({ pki, innerServer, dir }: TestCluster, machine: Machine, { file, key }: { file: string; key: string }): void {
  const text = kubeconfigText(innerServer, pki.authority, pki.read(key));
  writeFileSync(join(dir, machine.name, 'kubernetes', file), text, { mode: 0o600 });
}

function writeJson({ dir }: TestCluster, machine: Machine, { file, content }: { file: string; content: unknown }): void {
  const path = join(dir, machine.name, file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, JSON.stringify(content, undefined, 2));
}
