/** What an attacker does with what he holds: requests as an identity, commands in a container or on a node. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { askApi } from '../api.ts';
import type { Certificate } from '../certificates.ts';
import { runProgram } from '../run-program.ts';
import type { TestCluster } from '../test-cluster.ts';
import { type Place, Refused } from './way.ts';
import { stream } from './websocket.ts';

/** How somebody signs in: not at all where both are missing. Headers are for impersonation. */
export interface Identity {
  readonly token?: string;
  readonly certificate?: Certificate;
  readonly headers?: Readonly<Record<string, string>>;
}

const KUBELET_CLIENT = fileURLToPath(new URL('kubelet-client.ts', import.meta.url));

type Json = Readonly<Record<string, unknown>>;

interface Made {
  cluster: TestCluster;
  place: Place;
  from: string;
  /** How long something that should come is waited for. */
  patience: number;
}

export class Attack {
  readonly cluster: TestCluster;
  readonly place: Place;
  readonly ns: string;
  readonly patience: number;
  readonly #from: string;
  #me: Identity | undefined;

  constructor({ cluster, place, from, patience }: Made) {
    this.cluster = cluster;
    this.place = place;
    this.ns = place.ns;
    this.patience = patience;
    this.#from = from;
  }

  /** The identity of the foothold. */
  async me(): Promise<Identity> {
    this.#me ??= await this.#identity();
    return this.#me;
  }

  async get(path: string, as?: Identity): Promise<string> {
    return this.ask('GET', path, { as });
  }

  async post(path: string, body: unknown, as?: Identity): Promise<Json> {
    return JSON.parse(await this.ask('POST', path, { body, as })) as Json;
  }

  async patch(path: string, body: unknown, as?: Identity): Promise<Json> {
    return JSON.parse(await this.ask('PATCH', path, { body, as })) as Json;
  }

  /** The text of the answer; throws `Refused` with status and text where it is no success. */
  async ask(method: string, path: string, { body, as }: { body?: unknown; as?: Identity | undefined } = {}): Promise<string> {
    const { token, certificate, headers } = as ?? (await this.me());
    const credentials = {
      ca: this.cluster.pki.authority.certificate,
      ...(certificate !== undefined && { cert: certificate.certificate, key: certificate.key }),
    };
    const answer = await askApi(this.cluster.server, credentials, {
      method,
      path,
      ...(body !== undefined && { body }),
      // What stands behind a proxy has its own forms.
      headers: {
        ...(path.includes('/proxy/') && { accept: '*/*' }),
        ...headers,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    });
    if (answer.status >= 300) throw new Refused(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.text;
  }

  /** The same as the administrator, for what is not the attacker's doing; a refusal is a fault of the test. */
  async asAdministrator(method: string, path: string, body?: unknown): Promise<string> {
    const answer = await this.cluster.request(method, path, body === undefined ? {} : { body });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.text;
  }

  /** Runs a script where the foothold is: in its container, or on its node. */
  async run(script: string): Promise<string> {
    const [kind, first = '', name = '', container = ''] = this.#from.split('/');
    if (kind === 'Node') return refusedWhenFailed(() => this.cluster.onNode(first, ['sh', '-c', script]));
    if (kind !== 'Container') throw new Error(`${this.#from} runs nothing`);
    return refusedWhenFailed(() => this.cluster.kubectl(['exec', '-n', first, name, '-c', container, '--', 'sh', '-c', script]));
  }

  /** kubectl as the foothold, or as whom else he holds, from outside of the cluster. */
  async kubectl(args: readonly string[], { stdin, as }: { stdin?: string; as?: Identity } = {}): Promise<string> {
    const kubeconfig = this.#kubeconfig(as ?? (await this.me()));
    return refusedWhenFailed(() => this.cluster.kubectl([`--kubeconfig=${kubeconfig}`, ...args], stdin));
  }

  /** A stream of a pod through the API server: what comes back, after what is sent. */
  async stream(path: string, send?: string): Promise<string> {
    const { token = '' } = await this.me();
    const ca = this.cluster.pki.authority.certificate;
    return stream({ url: new URL(path, this.cluster.server), ca, headers: { authorization: `Bearer ${token}` }, send });
  }

  /** Asks the kubelet of node1 itself, from the network of the nodes: a page, or a stream with all that comes. */
  async kubelet(path: string, how: 'page' | 'stream' = 'page'): Promise<string> {
    const { token = '' } = await this.me();
    const [machine] = this.cluster.machines;
    const target = `https://${machine?.address ?? ''}:10250${path}`;
    const env = { TARGET: target, TOKEN: token, CA: this.cluster.pki.authority.certificate, HOW: how };
    const said = await runProgram([...(machine?.network ?? []), process.execPath, KUBELET_CLIENT], { env });
    const { body = '', refused } = JSON.parse(said) as { body?: string; refused?: string };
    if (refused !== undefined) throw new Refused(refused);
    return body;
  }

  /** Runs a script in a pod of the attacker's own, which is the attacker himself; waits until it runs. */
  async inOwnPod(pod: string, script: string, container = 'c'): Promise<string> {
    return this.eventually(() =>
      refusedWhenFailed(() => this.cluster.kubectl(['exec', '-n', this.ns, pod, '-c', container, '--', 'sh', '-c', script])),
    );
  }

  /** The name of a pod that runs as an account. */
  async podOf(account: string): Promise<string> {
    const { items } = JSON.parse(await this.asAdministrator('GET', `/api/v1/namespaces/${this.ns}/pods`)) as {
      items: { metadata: { name: string }; spec: { serviceAccountName?: string } }[];
    };
    const pod = items.find(({ spec }) => spec.serviceAccountName === account);
    if (pod === undefined) throw new Refused(`no pod runs as ${account}`);
    return pod.metadata.name;
  }

  /** Tries until it works: what was written takes its moment to be seen. After that, what it met last. */
  async eventually<T>(attempt: () => Promise<T>): Promise<T> {
    const until = Date.now() + this.patience * 1000;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof Refused) || Date.now() > until) throw error;
        await pause(100);
      }
    }
  }

  /** Throws `Refused` unless the text holds the word, as it is or in base64. */
  finds(text: string, word = this.place.word): void {
    if (text.includes(word) || text.includes(Buffer.from(word).toString('base64'))) return;
    throw new Refused(`the word is not in: ${text.slice(0, 400)}`);
  }

  /** Throws `Refused` unless the identity is of this name for the server. */
  async is(name: string, as: Identity): Promise<void> {
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const answer = await this.post('/apis/authentication.k8s.io/v1/selfsubjectreviews', review, as);
    const { userInfo } = answer.status as { userInfo: { username?: string; groups?: string[] } };
    if (userInfo.username !== name && userInfo.groups?.includes(name) !== true)
      throw new Refused(`it is not ${name} but ${JSON.stringify(userInfo)}`);
  }

  /** What only who holds the whole cluster can do. */
  async controlsCluster(as?: Identity): Promise<void> {
    await this.eventually(() => this.ask('GET', '/api/v1/secrets?limit=1', { as }));
    await this.eventually(() => this.ask('GET', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings?limit=1', { as }));
    await this.eventually(() =>
      this.ask('PATCH', `/api/v1/namespaces/kube-system?dryRun=All`, { as, body: { metadata: { labels: { a: 'b' } } } }),
    );
  }

  #kubeconfig({ token, certificate }: Identity): string {
    const { server, pki, dir } = this.cluster;
    const user =
      certificate === undefined
        ? { token }
        : { 'client-certificate-data': base64(certificate.certificate), 'client-key-data': base64(certificate.key) };
    const cluster = { server, 'certificate-authority-data': base64(pki.authority.certificate) };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'c',
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    };
    const file = join(mkdtempSync(join(dir, 'users', 'attack-')), 'kubeconfig');
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    return file;
  }

  async #identity(): Promise<Identity> {
    const [kind, first = '', ...rest] = this.#from.split('/');
    const name = [first, ...rest].join('/');
    if (kind === 'ServiceAccount') return { token: await this.#tokenOf(first, rest[0] ?? '') };
    if (kind === 'APIServer' || name === 'system:unauthenticated') return {};
    if (kind === 'User') return { certificate: this.cluster.pki.authority.issue({ name }) };
    if (kind === 'Group') return { certificate: this.cluster.pki.authority.issue({ name: 'somebody', groups: [name] }) };
    throw new Error(`${this.#from} signs in nowhere by itself`);
  }

  /** The foothold is a token that leaked, wherever it came from. */
  async #tokenOf(namespace: string, name: string): Promise<string> {
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const text = await this.asAdministrator('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, body);
    return tokenIn(JSON.parse(text) as Json);
  }
}

/** Of the answer to a TokenRequest. */
export function tokenIn(answer: Json): string {
  return (answer.status as { token: string }).token;
}

/** One's own output belongs to the test; a command that fails was refused. */
async function refusedWhenFailed(run: () => Promise<string>): Promise<string> {
  try {
    return await run();
  } catch (error) {
    throw new Refused(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
