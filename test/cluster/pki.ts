/** The keys and kubeconfigs of one cluster, as files in its folder. */
import { generateKeyPair } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Authority, type Certificate, makeAuthority, type Subject } from './certificates.ts';

const HERE = ['localhost', '127.0.0.1'];
const IN_THE_CLUSTER = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local', '10.96.0.1'];

export class Pki {
  readonly #folder: string;
  readonly authority: Authority;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(this.path(''), { recursive: true, mode: 0o700 });
    this.authority = this.#makeAuthority('ca');
  }

  /** A file of the folder of keys. */
  path(name: string): string {
    return join(this.#folder, 'pki', name);
  }

  /** What the control plane serves and signs with; `address` is where it is reached besides loopback. */
  async makeControlPlane(address: string | undefined): Promise<void> {
    const [etcd, frontProxy] = [this.#makeAuthority('etcd-ca'), this.#makeAuthority('front-proxy-ca')];
    this.#write('etcd-server', etcd.issue({ name: 'etcd', hosts: HERE }));
    this.#write('etcd-client', etcd.issue({ name: 'kube-apiserver-etcd-client' }));
    this.#write('front-proxy-client', frontProxy.issue({ name: 'front-proxy-client' }));
    const hosts = [...HERE, ...IN_THE_CLUSTER, ...(address === undefined ? [] : [address])];
    this.issue('apiserver', { name: 'kube-apiserver', hosts });
    this.issue('apiserver-kubelet-client', { name: 'kube-apiserver-kubelet-client', groups: ['system:masters'] });
    this.issue('admin', { name: 'admin', groups: ['system:masters'] });
    for (const name of ['kube-controller-manager', 'kube-scheduler']) this.issue(name, { name: `system:${name}`, hosts: HERE });
    // Tokens of service accounts are signed with RSA, as in most clusters.
    const pair = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    writeFileSync(this.path('sa.key'), pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    writeFileSync(this.path('sa.pub'), pair.publicKey.export({ type: 'spki', format: 'pem' }));
  }

  /** A certificate that the API server takes, kept as `NAME.crt` and `NAME.key`. */
  issue(name: string, subject: Subject): Certificate {
    const made = this.authority.issue(subject);
    this.#write(name, made);
    return made;
  }

  read(name: string): Certificate {
    return { certificate: readFileSync(this.path(`${name}.crt`), 'utf8'), key: readFileSync(this.path(`${name}.key`), 'utf8') };
  }

  #makeAuthority(name: string): Authority {
    const made = makeAuthority(name);
    this.#write(name, made);
    return made;
  }

  #write(name: string, { certificate, key }: Certificate): void {
    writeFileSync(this.path(`${name}.crt`), certificate);
    writeFileSync(this.path(`${name}.key`), key, { mode: 0o600 });
  }
}

/** A kubeconfig as kubeadm writes them, all data inside. */
export function kubeconfigText(server: string, authority: Certificate, client: Certificate): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: test
  cluster:
    server: ${server}
    certificate-authority-data: ${base64(authority.certificate)}
users:
- name: user
  user:
    client-certificate-data: ${base64(client.certificate)}
    client-key-data: ${base64(client.key)}
contexts:
- name: test
  context: {cluster: test, user: user}
current-context: test
`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
