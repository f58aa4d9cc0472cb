import { settingOf } from '../../engines/command-line/index.ts';
import type { NodeComponent, NodeView } from '../../engines/component-config/index.ts';
import type { CertificateFact } from '../../snapshot/index.ts';
import { type Hit, defineRule, mitre, nsa } from '../rule.ts';
import { hitOf } from './certificates.ts';
import { nodeFacts } from './node-examples.ts';

const OF_API_SERVER = ['DNS:kubernetes.default.svc', 'DNS:kubernetes.default'];

export const rule = defineRule({
  id: 'serving-certificate-names',
  title: 'Serving certificate lacks a name that the component is reached by',
  severity: 'medium',
  area: 'node',
  rationale:
    'Clients that find another name in the certificate refuse to go on, until somebody tells them not to look: then anybody in between can answer for the component.',
  remedy:
    'Issue it anew with the names and addresses that clients use: kubernetes.default.svc and the address of the Service for the API server, the advertised addresses for etcd, the node’s own for the kubelet.',
  controls: [...nsa('encryption-in-transit'), ...mitre('T1557')],
  scope: 'node',
  needs: ['node'],
  component: 'pki',
  check(view): Hit | readonly Hit[] {
    const asked = view.components.flatMap((component) => wanted(component, view));
    const seen = asked.flatMap(({ path, names, of }) => {
      const certificate = view.facts.certificates.find((one) => one.path === path && !one.ca);
      return certificate === undefined ? [] : [{ certificate, names, of }];
    });
    const hits = seen.flatMap(({ certificate, names, of }) => {
      const lacking = names.filter((name) => !isNamed(certificate, name));
      const words = `is served by ${of} and lacks ${lacking.join(', ')}`;
      return lacking.length === 0 ? [] : [hitOf(certificate, { words, field: 'names' })];
    });
    if (hits.length > 0) return hits;
    const [first] = seen;
    if (first === undefined)
      return { message: 'no serving certificate of a component was seen', path: '', value: undefined, status: 'not-applicable' };
    const { certificate, names, of } = first;
    const message = `${certificate.path} is served by ${of} and has ${names.join(', ')}`;
    return { message, file: certificate.path, path: 'names', value: certificate.names, status: 'pass' };
  },
  examples: () => ({
    good: [
      apiServer(['--tls-cert-file=/a.crt'], ['DNS:kubernetes', 'DNS:kubernetes.default', 'DNS:kubernetes.default.svc']),
      apiServer(
        ['--tls-cert-file=/a.crt', '--service-cluster-ip-range=10.96.0.0/12'],
        ['DNS:kubernetes.default', 'DNS:kubernetes.default.svc', 'IP Address:10.96.0.1'],
      ),
      // Which of several answers depends on the name that is asked for.
      apiServer(['--tls-cert-file=/a.crt', '--tls-sni-cert-key=/b.crt,/b.key'], ['DNS:api.example']),
      etcd('https://10.0.0.1:2379', ['IP Address:10.0.0.1']),
      etcd('https://etcd-1.example:2379', ['DNS:*.example']),
      nodeFacts({}),
    ],
    bad: [
      { yaml: apiServer(['--tls-cert-file=/a.crt'], ['DNS:api.example']), path: 'names' },
      {
        yaml: apiServer(
          ['--tls-cert-file=/a.crt', '--service-cluster-ip-range=10.96.0.0/12'],
          ['DNS:kubernetes.default', 'DNS:kubernetes.default.svc'],
        ),
        path: 'names',
      },
      { yaml: etcd('https://10.0.0.2:2379', ['IP Address:10.0.0.1']), path: 'names' },
    ],
  }),
});

interface Wanted {
  readonly path: string;
  readonly names: readonly string[];
  readonly of: string;
}

function wanted({ name, line }: NodeComponent, { facts, kubelet }: NodeView): Wanted[] {
  if (name === 'kube-apiserver') {
    const path = settingOf(line, '--tls-cert-file')?.value;
    if (path === undefined || line.uses.has('--tls-sni-cert-key')) return [];
    const address = firstOf(settingOf(line, '--service-cluster-ip-range')?.value ?? '');
    return [{ path, of: name, names: [...OF_API_SERVER, ...(address === undefined ? [] : [`IP Address:${address}`])] }];
  }
  if (name === 'etcd') {
    const path = settingOf(line, '--cert-file')?.value;
    const urls = settingOf(line, '--advertise-client-urls')?.value.split(',') ?? [];
    const hosts = urls.flatMap((url) => hostOf(url) ?? []);
    return path === undefined || hosts.length === 0 ? [] : [{ path, of: name, names: [...new Set(hosts)] }];
  }
  const file = kubelet?.config.tlsCertFile;
  return name === 'kubelet' && typeof file === 'string' ? [{ path: file, of: name, names: [`DNS:${facts.node}`] }] : [];
}

/** The API server takes the first address of the range of Services for its own. IPv4 alone is worked out. */
function firstOf(range: string): string | undefined {
  const [, a, b, c, d, size] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})(?:,|$)/.exec(range) ?? [];
  if (size === undefined || Number(size) > 30) return undefined;
  const number = ((Number(a) * 256 + Number(b)) * 256 + Number(c)) * 256 + Number(d);
  const host = 2 ** (32 - Number(size));
  const first = Math.floor(number / host) * host + 1;
  return [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.');
}

function hostOf(url: string): string | undefined {
  const [, host] = /^https:\/\/(\[[^\]]+\]|[^:/]+)/.exec(url.trim()) ?? [];
  if (host === undefined || host.startsWith('[')) return undefined;
  return /^[\d.]+$/.test(host) ? `IP Address:${host}` : `DNS:${host}`;
}

function isNamed({ names }: CertificateFact, wantedName: string): boolean {
  const name = wantedName.toLowerCase();
  return names.some((one) => {
    const own = one.toLowerCase();
    return own === name || (own.startsWith('dns:*.') && name.slice(name.indexOf('.')) === own.slice('dns:*'.length));
  });
}

function apiServer(flags: readonly string[], names: readonly string[]): string {
  return nodeFacts({ processes: [['kube-apiserver', ...flags]], certificates: [['/a.crt kube-apiserver', { names }]] });
}

function etcd(url: string, names: readonly string[]): string {
  return nodeFacts({
    processes: [['etcd', '--cert-file=/a.crt', `--advertise-client-urls=${url}`]],
    certificates: [['/a.crt etcd', { names }]],
  });
}
