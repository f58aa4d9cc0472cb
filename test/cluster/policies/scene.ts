/**
 * Pods of several small worlds side by side, each asking all others of its world all the time; and a canary on each
 * node, which tells when the keepers of policies have seen everything that was written before.
 */
import { type ProberConfig, PROBER, type Round } from '../../../src/enforce/verify/prober.ts';
import type { Ask } from '../bulk.ts';
import { NODE } from '../node/images.ts';
import type { Random } from '../random.ts';
import { waitFor } from '../wait.ts';
import { PORTS, PORT_NAMES, randomTeam } from './cases.ts';

type Fields = Record<string, unknown>;

export interface ScenePod {
  namespace: string;
  name: string;
  address: string;
}

export interface SmallWorld {
  namespaces: readonly string[];
  pods: readonly ScenePod[];
}

const CANARY = 'canary';
const NODES = ['node1', 'node2'];
/** Milliseconds after which nothing has come. */
const LIMIT = 700;

export class Scene {
  readonly #ask: Ask;
  worlds: readonly SmallWorld[] = [];
  #tick = 0;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Five pods a world, in two namespaces, on both nodes. */
  async setUp(count: number, random: Random): Promise<void> {
    const wanted = Array.from({ length: count }, (_, index) => [`w${index}-one`, `w${index}-two`]);
    await Promise.all(wanted.flat().map((name) => this.#namespace(name, { team: randomTeam(random) })));
    await this.#namespace(CANARY, {});
    const birds = await Promise.all(NODES.map((node) => this.#pod(CANARY, node, node)));
    this.worlds = await Promise.all(
      wanted.map(async (namespaces) => {
        const places = Array.from({ length: 5 }, (_, index) => ({
          namespace: namespaces[index % 2] ?? '',
          name: `p${index}`,
          node: NODES[index % 3 === 0 ? 0 : 1] ?? '',
        }));
        const pods = await Promise.all(places.map(({ namespace, name, node }) => this.#pod(namespace, name, node)));
        await Promise.all(
          pods.map((pod) =>
            this.#probing(
              pod,
              pods.filter((other) => other !== pod),
            ),
          ),
        );
        return { namespaces, pods };
      }),
    );
    const bird = await this.#pod(CANARY, 'bird', NODES[0] ?? '');
    await this.#probing(bird, birds);
    await this.#do('POST', `/apis/networking.k8s.io/v1/namespaces/${CANARY}/networkpolicies`, this.#canaryPolicy());
    await this.settled();
  }

  /** Returns when the keepers of both nodes hold what has been written so far, of pods and of policies. */
  async settled(): Promise<void> {
    this.#tick += 1;
    await this.label({ namespace: CANARY, name: 'bird', address: '' }, { tick: String(this.#tick) });
    await this.#do('PATCH', `/apis/networking.k8s.io/v1/namespaces/${CANARY}/networkpolicies/canary`, this.#canaryPolicy());
    const [open, shut] = this.#canaryPorts();
    const isSeen = ({ results }: Round): boolean =>
      NODES.every((node) => results[`${CANARY}/${node} TCP ${open}`] === 'open' && results[`${CANARY}/${node} TCP ${shut}`] !== 'open');
    await waitFor(
      `tick ${this.#tick} on both nodes`,
      async () => (await this.rounds({ namespace: CANARY, name: 'bird' })).slice(-1).some(isSeen),
      { seconds: 60 },
    );
  }

  async label({ namespace, name }: ScenePod, labels: Record<string, string | null>): Promise<void> {
    await this.#do('PATCH', `/api/v1/namespaces/${namespace}/pods/${name}`, { metadata: { labels } });
  }

  async make(policy: Fields): Promise<void> {
    const { namespace } = policy.metadata as { namespace: string };
    await this.#do('POST', `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`, policy);
  }

  async removePolicies({ namespaces }: SmallWorld): Promise<void> {
    await Promise.all(
      namespaces.map((namespace) => this.#do('DELETE', `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`)),
    );
  }

  /** The last few of a pod. */
  async rounds({ namespace, name }: Pick<ScenePod, 'namespace' | 'name'>): Promise<Round[]> {
    const { text } = await this.#ask('GET', `/api/v1/namespaces/${namespace}/pods/${name}/log?container=ask&tailLines=8`);
    return text.split('\n').flatMap((line) => (line.startsWith('{') && line.endsWith('}') ? [JSON.parse(line) as Round] : []));
  }

  /** Everything that decides. */
  async objects(): Promise<Fields[]> {
    const paths = { Pod: '/api/v1/pods', Namespace: '/api/v1/namespaces', NetworkPolicy: '/apis/networking.k8s.io/v1/networkpolicies' };
    const lists = await Promise.all(
      Object.entries(paths).map(async ([kind, path]) => {
        const { items } = (await this.#do('GET', path)) as { items: Fields[] };
        return items.map((item) => ({ ...item, kind, apiVersion: kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'v1' }));
      }),
    );
    return lists.flat();
  }

  async #namespace(name: string, labels: Record<string, string>): Promise<void> {
    await this.#do('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
    await waitFor(
      `account of ${name}`,
      async () => (await this.#ask('GET', `/api/v1/namespaces/${name}/serviceaccounts/default`)).status === 200,
    );
  }

  /** Answers on all ports; ready when it has an address. */
  async #pod(namespace: string, name: string, node: string): Promise<ScenePod> {
    const names = new Map(Object.entries(PORT_NAMES).map(([portName, number]) => [number as number, portName]));
    const ports = (['TCP', 'UDP'] as const).flatMap((protocol) =>
      PORTS[protocol].map((containerPort) => ({
        containerPort,
        protocol,
        ...(names.has(containerPort) && { name: names.get(containerPort) }),
      })),
    );
    const container = { name: 'answer', image: NODE, command: command({ name, tcp: PORTS.TCP, udp: PORTS.UDP, probes: [] }), ports };
    await this.#do('POST', `/api/v1/namespaces/${namespace}/pods`, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: { nodeName: node, terminationGracePeriodSeconds: 0, automountServiceAccountToken: false, containers: [container] },
    });
    const address = await waitFor(
      `pod ${namespace}/${name}`,
      async () => {
        const { status } = (await this.#do('GET', `/api/v1/namespaces/${namespace}/pods/${name}`)) as {
          status: { phase: string; podIP?: string };
        };
        return status.phase === 'Running' ? status.podIP : undefined;
      },
      { seconds: 120 },
    );
    return { namespace, name, address };
  }

  /** Asks from inside of the pod, in a container that joins it now that the addresses are known. */
  async #probing(pod: Pick<ScenePod, 'namespace' | 'name'>, others: readonly ScenePod[]): Promise<void> {
    const probes = others.flatMap(({ namespace, name, address }) =>
      (['TCP', 'UDP'] as const).flatMap((protocol) =>
        PORTS[protocol].map((port) => ({ key: `${namespace}/${name} ${protocol} ${port}`, name, host: address, port, protocol })),
      ),
    );
    const container = { name: 'ask', image: NODE, command: command({ name: pod.name, tcp: [], udp: [], probes }) };
    await this.#do('PATCH', `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/ephemeralcontainers`, {
      spec: { ephemeralContainers: [container] },
    });
    await waitFor(`questions of ${pod.name}`, async () => (await this.rounds(pod)).length > 0, { seconds: 120 });
  }

  #canaryPorts(): [open: number, shut: number] {
    const [even, odd] = PORTS.TCP;
    return this.#tick % 2 === 0 ? [even, odd] : [odd, even];
  }

  #canaryPolicy(): Fields {
    const [port] = this.#canaryPorts();
    const from = [{ podSelector: { matchLabels: { tick: String(this.#tick) } } }];
    const metadata = { name: 'canary', namespace: CANARY };
    return {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata,
      spec: { podSelector: {}, ingress: [{ from, ports: [{ port }] }] },
    };
  }

  async #do(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await this.#ask(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.json();
  }
}

function command(config: Omit<ProberConfig, 'limit' | 'every'>): string[] {
  return ['node', '-e', PROBER, JSON.stringify({ ...config, limit: LIMIT, every: 100 })];
}
