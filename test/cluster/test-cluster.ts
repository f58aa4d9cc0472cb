/** A cluster that runs, as tests see it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiAnswer, askApi, type Credentials } from './api.ts';
import { customResources } from './custom-resources.ts';
import type { Machine } from './node/machines.ts';
import type { Release } from './parts.ts';
import { kubeconfigText, Pki } from './pki.ts';
import type { Ports } from './ports.ts';
import { Programs } from './programs.ts';
import { runProgram } from './run-program.ts';
import type { Supervision } from './supervision.ts';
import { simulateNodes } from './simulate.ts';
import { waitFor } from './wait.ts';

interface Made {
  dir: string;
  bin: string;
  release: Release;
  ports: Ports;
  supervision: Supervision;
  machines: readonly Machine[];
}

export interface RequestOptions {
  /** Text as it is; anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** A kubeconfig that `user` made, or nobody. The administrator when left out. */
  as?: string;
}

export const NOBODY = 'nobody';

export class TestCluster {
  /** Everything that it writes; removed when it stops. */
  readonly dir: string;
  /** The programs of this release. */
  readonly bin: string;
  readonly release: Release;
  readonly server: string;
  /** Of the administrator. */
  readonly kubeconfig: string;
  /** One JSON document a line. */
  readonly auditLog: string;
  /** Ends one and starts it again, where a test is about that. */
  readonly programs: Programs;
  readonly ports: Ports;
  readonly pki: Pki;
  /** Real nodes; the control plane is on the first. */
  readonly machines: readonly Machine[];
  readonly #users = new Map<string, Credentials>();

  constructor({ dir, bin, release, ports, supervision, machines }: Made) {
    this.dir = dir;
    this.bin = bin;
    this.release = release;
    this.ports = ports;
    this.server = `https://127.0.0.1:${ports.api}`;
    this.kubeconfig = join(dir, 'admin.kubeconfig');
    this.auditLog = join(dir, 'audit.log');
    this.pki = new Pki(dir);
    this.machines = machines;
    this.programs = new Programs(supervision);
  }

  /** Where nodes reach the API server. */
  get innerServer(): string {
    return `https://${this.machines[0]?.address ?? '127.0.0.1'}:${this.ports.api}`;
  }

  /** The command line of a program of this release, run where the control plane is. */
  control(name: string, args: readonly string[]): string[] {
    return [...(this.machines[0]?.network ?? []), join(this.bin, name), ...args];
  }

  /** Runs kubectl as the administrator, or as whom `--kubeconfig` names; fails with what it wrote to standard error. */
  kubectl(args: readonly string[], stdin?: string): Promise<string> {
    // Its cache of what the server has would be in the home of whoever runs the tests.
    const env = { KUBECONFIG: this.kubeconfig, KUBECACHEDIR: join(this.dir, 'kubectl-cache') };
    return runProgram([join(this.bin, 'kubectl'), ...args], { env, stdin });
  }

  /** Reads and writes etcd past the API server. */
  etcdctl(args: readonly string[]): Promise<string> {
    const env = {
      ETCDCTL_ENDPOINTS: `https://127.0.0.1:${this.ports.etcd}`,
      ETCDCTL_CACERT: this.pki.path('etcd-ca.crt'),
      ETCDCTL_CERT: this.pki.path('etcd-client.crt'),
      ETCDCTL_KEY: this.pki.path('etcd-client.key'),
    };
    return runProgram(this.control('etcdctl', args), { env });
  }

  /** A user with a client certificate and, at first, no rights; the answer is the path of a kubeconfig. */
  user(name: string, groups: readonly string[] = []): string {
    const file = `user-${this.#users.size + 1}`;
    const made = this.pki.issue(file, { name, groups });
    const kubeconfig = join(this.dir, 'users', `${file}.kubeconfig`);
    writeFileSync(kubeconfig, kubeconfigText(this.server, this.pki.authority, made), { mode: 0o600 });
    this.#users.set(kubeconfig, { ca: this.pki.authority.certificate, cert: made.certificate, key: made.key });
    return kubeconfig;
  }

  request(method: string, path: string, { body, headers, as }: RequestOptions = {}): Promise<ApiAnswer> {
    const request = { method, path, ...(body !== undefined && { body }), ...(headers !== undefined && { headers }) };
    return askApi(this.server, this.#credentials(as), request);
  }

  /** Ends everything and removes the folder. */
  stop(): Promise<void> {
    return this.programs.stop();
  }

  /** Defines the custom resources of a group that is not part of Kubernetes; they take any content. */
  async define(group: string): Promise<void> {
    await this.kubectl(['apply', '-f', '-'], customResources(group));
    await this.kubectl(['wait', '--for=condition=Established', '--timeout=30s', '-f', '-'], customResources(group));
  }

  /** Adds nodes that only seem to be there, and run any pod. Needs the part `kwok`. */
  simulate(nodes: number): Promise<void> {
    return simulateNodes(this, nodes);
  }

  /** Runs a command as on a node: its /etc/kubernetes, its /var/lib/kubelet, its network. */
  onNode(name: string, command: readonly string[]): Promise<string> {
    const machine = this.machines.find((machine) => machine.name === name);
    if (machine === undefined) throw new Error(`there is no node ${name}`);
    return runProgram([...machine.enter, ...command]);
  }

  /** Waits until the API server is ready to serve. */
  async ready(): Promise<void> {
    const ask = async (): Promise<boolean> => (await this.request('GET', '/readyz')).status === 200;
    await waitFor('ready API server', ask, { seconds: 120, check: () => this.programs.check() });
  }

  #credentials(as: string | undefined): Credentials {
    const ca = this.pki.authority.certificate;
    if (as === NOBODY) return { ca };
    const { certificate, key } = this.pki.read('admin');
    if (as === undefined) return { ca, cert: certificate, key };
    const user = this.#users.get(as);
    if (user === undefined) throw new Error(`${as} is no kubeconfig of a user of this cluster`);
    return user;
  }
}
