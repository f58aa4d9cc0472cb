import { parseBoolean, settingOf, processesNamed } from '../../engines/command-line/index.ts';
import { apiServer } from '../control-plane/manifests.ts';
import { documents } from '../examples.ts';
import { type Hit, cis, defineRule, mitre, nsa } from '../rule.ts';
import { isWholeCluster } from './whole-cluster.ts';

const FLAG = '--enable-bootstrap-token-auth';
const TOKEN = `
apiVersion: v1
kind: Secret
metadata: {name: bootstrap-token-abcdef, namespace: kube-system}
type: bootstrap.kubernetes.io/token
data: {token-id: YWJjZGVm, expiration: MjAyNi0wMS0wMVQwMDowMDowMFo=}`;

export const rule = defineRule({
  id: 'no-bootstrap-token-users',
  title: 'Bootstrap tokens stay in use',
  severity: 'medium',
  area: 'governance',
  rationale:
    'A bootstrap token asks for certificates of nodes: whoever keeps one can join a machine to the cluster and receive the Secrets of the pods placed on it.',
  remedy:
    'Delete bootstrap tokens after the nodes have joined, give new ones an expiration of hours, and never hand them to people as a way to sign in.',
  controls: [...cis('3.1.3'), ...nsa('strong-authentication'), ...mitre('T1078')],
  aliases: { kubescape: ['C-0288'] },
  byPerson: true,
  scope: 'cluster',
  reads: ['completeness', 'workloads', 'Secret'],
  applies: (_cluster, tables) => isWholeCluster(tables) || tables.Secret.all.some(isBootstrapToken),
  check(_cluster, { completeness, workloads, Secret }) {
    const servers = processesNamed(workloads, 'kube-apiserver');
    const off =
      servers.length > 0 &&
      servers.every(({ line }) => line.hidden === undefined && parseBoolean(settingOf(line, FLAG)?.value ?? 'false') === false);
    if (off) return undefined;
    const hits: Hit[] = [];
    const tokens = Secret.all.filter(isBootstrapToken);
    for (const object of tokens) {
      const { data, stringData } = object.body;
      if (data?.expiration !== undefined || stringData?.expiration !== undefined) continue;
      // Of a live cluster the values are not read, and with them not which keys there are.
      if (data === undefined && stringData === undefined) continue;
      hits.push({
        message: `bootstrap token "${object.name}" never ends`,
        path: '',
        value: undefined,
        also: [{ object, path: 'data', value: Object.keys(object.body.data ?? {}).join(', ') }],
        key: object.name,
      });
    }
    if (hits.length > 0 || (completeness.complete && tokens.length === 0)) return hits;
    const also = [
      ...tokens.slice(0, 5).map((object) => ({ object, path: 'type' })),
      ...servers.map(({ container, line }) => ({
        object: container.workload.object,
        path: `${container.path}.${settingOf(line, FLAG)?.path ?? 'command'}`,
      })),
    ];
    return {
      message: 'look whether bootstrap tokens are used for more than joining nodes',
      path: '',
      value: undefined,
      status: 'manual',
      severity: 'low',
      also,
    };
  },
  examples: () => ({
    good: [
      documents(apiServer('--enable-bootstrap-token-auth=false'), TOKEN.replace(', expiration', ', other')),
      'apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: b}',
    ],
    bad: [
      { yaml: TOKEN.replace(', expiration', ', other'), path: '' },
      { yaml: documents(apiServer('--enable-bootstrap-token-auth'), TOKEN), path: '', status: 'manual' },
      { yaml: TOKEN.replace(/\ndata: .*/, ''), path: '', status: 'manual' },
    ],
  }),
});

function isBootstrapToken({ body }: { body: { type?: string } }): boolean {
  return body.type === 'bootstrap.kubernetes.io/token';
}
