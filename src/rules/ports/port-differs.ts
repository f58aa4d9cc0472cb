import type { Setting } from '../../engines/component-config/index.ts';
import type { Configured, EndpointView } from '../../engines/endpoints/index.ts';
import { TLS_VERSIONS, type TlsFact } from '../../snapshot/index.ts';
import { documents } from '../examples.ts';
import { nodeFacts } from '../node/node-examples.ts';
import { type Hit, nsa } from '../rule.ts';
import { probed } from './port-examples.ts';
import { acceptedBy, givenBy, portRule, requestOf } from './port-rule.ts';

/** As the API shows it. */
const STATIC_POD = `
apiVersion: v1
kind: Pod
metadata: {name: etcd-node1, namespace: kube-system}
spec: {nodeName: node1, containers: [{name: etcd, command: [etcd, --client-cert-auth=true]}]}`;
const KUBELET = nodeFacts({
  processes: [['kubelet', '--config=/var/lib/kubelet/config.yaml']],
  files: { '/var/lib/kubelet/config.yaml': '600 root:root {"kind": "KubeletConfiguration", "readOnlyPort": 0}' },
});

/** As kubeadm makes it. */
const PROXY = `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kube-proxy, namespace: kube-system}
spec:
  selector: {matchLabels: {k8s-app: kube-proxy}}
  template:
    metadata: {labels: {k8s-app: kube-proxy}}
    spec:
      containers:
      - name: kube-proxy
        command: [/usr/local/bin/kube-proxy, --config=/var/lib/kube-proxy/config.conf]
        volumeMounts: [{name: config, mountPath: /var/lib/kube-proxy}]
      volumes: [{name: config, configMap: {name: kube-proxy}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kube-proxy, namespace: kube-system}
data:
  config.conf: |
    apiVersion: kubeproxy.config.k8s.io/v1alpha1
    kind: KubeProxyConfiguration
    metricsBindAddress: ""
`;

interface Difference {
  key: string;
  message: string;
  /** What the port showed. */
  path: string;
  value: unknown;
  configured: Setting<unknown>;
}

export const rule = portRule({
  id: 'port-differs',
  title: 'Port does something else than its component is told to',
  severity: 'medium',
  rationale:
    'What was hardened in a file does not hold: the component still runs as it was started before, another file counts, or another program answers at the address.',
  remedy:
    'Compare the arguments of the process that runs with the file (castellan node collect on the node), restart the component, and look at who listens on the port.',
  controls: [...nsa('control-plane-hardening')],
  applies: ({ configured }) => Object.keys(configured).length > 0,
  check(view): Hit[] {
    return differences(view).map(({ key, message, path, value, configured }) => {
      return { message, path, value, key, also: [{ file: configured.source, path: configured.path, value: configured.shown }] };
    });
  },
  examples: () => ({
    good: [
      documents(PROXY, probed({ component: 'kube-proxy', use: 'health', http: true, answers: { 'http /healthz': 200 } })),
      documents(server('--anonymous-auth=false', '--tls-min-version=VersionTLS13'), probed({ answers: { 'https /api': 401 } })),
      documents(server('--anonymous-auth=true'), probed({ answers: { 'https /api': 403 } })),
    ],
    bad: [
      { yaml: documents(server('--anonymous-auth=false'), probed({ answers: { 'https /api': 403 } })), path: 'GET https:/api' },
      {
        yaml: documents(
          server('--tls-min-version=VersionTLS13'),
          probed({ versions: { 'TLS 1.2': ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'] } }),
        ),
        path: 'tls.versions',
      },
      {
        yaml: documents(STATIC_POD, probed({ component: 'etcd', use: 'client', answers: { 'https /health': 200 } })),
        path: 'tls.clientCertificate',
      },
      {
        yaml: documents(PROXY, probed({ component: 'kube-proxy', use: 'metrics', http: true, answers: { 'http /metrics': 200 } })),
        path: 'GET http:/metrics',
      },
      {
        yaml: documents(KUBELET, probed({ component: 'kubelet', use: 'read-only', http: true, answers: { 'http /pods': 200 } })),
        path: 'GET http:/pods',
      },
    ],
  }),
});

function differences(view: EndpointView): Difference[] {
  const { fact, configured } = view;
  return [
    ofAnonymous(view),
    ...(fact.tls === undefined ? [] : ofTls(fact.tls, configured)),
    ofOpenPort(view),
    ofClientCertificate(view),
    ofCertificate(view),
  ].filter((each) => each !== undefined);
}

/** Who is told to be nobody gets 401; 403 is what somebody anonymous gets. */
function ofAnonymous({ fact, configured: { anonymous } }: EndpointView): Difference | undefined {
  if (anonymous === undefined) return undefined;
  const statuses = fact.answers.filter(({ scheme, path }) => scheme === 'https' && !/^\/(?:healthz|livez|readyz)$/.test(path));
  const admitted = statuses.find(({ status = 0 }) => status === 403 || (status >= 200 && status < 300));
  const refused = statuses.find(({ status }) => status === 401);
  if (!anonymous.value && admitted !== undefined)
    return {
      key: 'anonymous',
      message: 'anonymous requests are switched off, and yet taken',
      path: requestOf(admitted),
      value: admitted.status,
      configured: anonymous,
    };
  if (anonymous.value && refused !== undefined && admitted === undefined)
    return {
      key: 'anonymous',
      message: 'anonymous requests are switched on, and yet refused',
      path: requestOf(refused),
      value: refused.status,
      configured: anonymous,
    };
  return undefined;
}

function ofTls(tls: TlsFact, { leastVersion, suites }: Configured): Difference[] {
  const found: Difference[] = [];
  const path = 'tls.versions';
  const accepted = acceptedBy(tls);
  if (leastVersion !== undefined) {
    const older = accepted.filter(({ version }) => TLS_VERSIONS.indexOf(version) < TLS_VERSIONS.indexOf(leastVersion.value));
    const value = older.map(({ version }) => version).join(', ');
    if (older.length > 0)
      found.push({
        key: 'version',
        message: `${leastVersion.value} is set as the least version, and it takes ${value}`,
        path,
        value,
        configured: leastVersion,
      });
  }
  if (suites === undefined) return found;
  const more = accepted
    .filter(({ version }) => version !== 'TLS 1.3')
    .flatMap((each) => each.suites)
    .filter((suite) => !suites.value.some((name) => sameSuite(name, suite)));
  const value = [...new Set(more)].join(', ');
  if (more.length > 0)
    found.push({ key: 'suites', message: `it agrees to suites that are not set: ${value}`, path, value, configured: suites });
  return found;
}

/** Go writes the suites with ChaCha20 also without the hash. */
function sameSuite(name: string, suite: string): boolean {
  return name === suite || `${name}_SHA256` === suite;
}

function ofOpenPort(view: EndpointView): Difference | undefined {
  const { open } = view.configured;
  const [given] = givenBy(view);
  if (open?.value !== false || given === undefined) return undefined;
  return {
    key: 'open',
    message: 'the port is closed by its settings, and yet answers',
    path: requestOf(given),
    value: given.status,
    configured: open,
  };
}

function ofClientCertificate({ fact: { tls }, configured: { clientCertificate } }: EndpointView): Difference | undefined {
  if (clientCertificate?.value !== true || tls?.clientCertificate !== 'not-required') return undefined;
  return {
    key: 'client-certificate',
    message: 'clients must show a certificate by its settings, and need not',
    path: 'tls.clientCertificate',
    value: tls.clientCertificate,
    configured: clientCertificate,
  };
}

function ofCertificate({ fact: { tls }, configured: { certificate } }: EndpointView): Difference | undefined {
  const [served] = tls?.certificates ?? [];
  if (certificate === undefined || served === undefined || served.fingerprint === certificate.value) return undefined;
  return {
    key: 'certificate',
    message: `it shows another certificate (${served.subject}) than the file that is set holds`,
    path: 'tls.certificates[0].fingerprint',
    value: served.fingerprint,
    configured: certificate,
  };
}

function server(...flags: readonly string[]): string {
  return nodeFacts({ node: 'node1', processes: [['kube-apiserver', ...flags]] });
}
