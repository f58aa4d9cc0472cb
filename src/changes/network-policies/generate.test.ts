import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapshotOf } from '../../../test/report-tester.ts';
import { RUNS } from '../../../test/runs.ts';
import { connections, readWorld } from '../../engines/network/index.ts';
import type { Facts } from './facts.ts';
import { type Generated, type PolicyKind, generatePolicies } from './generate.ts';
import { Intended } from './intended.ts';
import { Inventory } from './inventory.ts';
import { linksOf } from './links.ts';
import { Needs } from './needs.ts';
import { objectsIn, selfCheck } from './self-check.ts';
import { Units } from './units.ts';

type Raw = Record<string, unknown>;

interface More {
  kind?: string;
  labels?: Record<string, string>;
  env?: Record<string, string>;
  container?: Raw;
  pod?: Raw;
  metadata?: Raw;
  annotations?: Raw;
}

/** `shop/web` with a port 8080 that is called http. */
function app(
  ref: string,
  { kind = 'Deployment', labels, env = {}, container = {}, pod = {}, metadata = {}, annotations = {} }: More = {},
): Raw {
  const [namespace, name = ''] = ref.split('/');
  const own = labels ?? { app: name };
  const containers = [
    {
      name: 'c',
      image: 'x',
      ports: [{ name: 'http', containerPort: 8080 }],
      env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
      ...container,
    },
  ];
  const template = { metadata: { labels: own, annotations }, spec: { containers, ...pod } };
  return { apiVersion: 'apps/v1', kind, metadata: { namespace, name, ...metadata }, spec: { selector: { matchLabels: own }, template } };
}

function service(ref: string, spec: Raw = {}, metadata: Raw = {}): Raw {
  const [namespace, name] = ref.split('/');
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name, ...metadata },
    spec: { selector: { app: name }, ports: [{ name: 'web', port: 80, targetPort: 'http' }], ...spec },
  };
}

function object(kind: string, ref: string, rest: Raw): Raw {
  const [namespace, name] = ref.includes('/') ? ref.split('/') : [undefined, ref];
  return { apiVersion: API[kind] ?? 'v1', kind, metadata: { ...(namespace !== undefined && { namespace }), name }, ...rest };
}
const API: Readonly<Record<string, string>> = {
  NetworkPolicy: 'networking.k8s.io/v1',
  Ingress: 'networking.k8s.io/v1',
  ServiceMonitor: 'monitoring.coreos.com/v1',
  PodMonitor: 'monitoring.coreos.com/v1',
  Prometheus: 'monitoring.coreos.com/v1',
  Alertmanager: 'monitoring.coreos.com/v1',
  ValidatingWebhookConfiguration: 'admissionregistration.k8s.io/v1',
  APIService: 'apiregistration.k8s.io/v1',
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
  RoleBinding: 'rbac.authorization.k8s.io/v1',
  ClusterNetworkPolicy: 'policy.networking.k8s.io/v1alpha2',
};

const NO_FACTS: Facts = { apiServer: [], nodes: [] };

function generate(
  objects: readonly Raw[],
  { kind = 'NetworkPolicy', facts = NO_FACTS }: { kind?: PolicyKind; facts?: Facts } = {},
): Generated {
  return generatePolicies(snapshotOf(objects), { kind, facts });
}

/** Without what resolves names, unless that is what is asked for. */
function opened(objects: readonly Raw[], options: { facts?: Facts; dns?: boolean } = {}): string[] {
  return generate(objects, options)
    .connections.filter(({ dst }) => options.dns === true || !dst.includes('kube-dns'))
    .map(({ src, dst, conns }) => `${src} -> ${dst} ${JSON.stringify(conns)}`);
}

function gaps(objects: readonly Raw[], kind: string): string[] {
  return generate(objects).gaps.flatMap((gap) => (gap.kind === kind ? [`${gap.app}: ${gap.what}`] : []));
}

const WEB_TO_API = ['shop/web[Deployment] -> shop/api[Deployment] {"TCP":["8080"]}'];

describe('what workloads are told', () => {
  it.each<[string, Record<string, string>]>([
    ['a URL', { API: 'http://api' }],
    ['a host and a port', { API: 'api:80' }],
    ['two variables', { API_HOST: 'api', API_PORT: '80' }],
    ['a bare name for a place', { API_URL: 'api.shop' }],
    ['the name of the whole cluster', { X: 'https://api.shop.svc.cluster.local:80/v1' }],
    ['variables in variables', { NAME: 'api', X: 'http://$(NAME):80' }],
    ['what stands for Services', { X: 'http://$(API_SERVICE_HOST):$(API_SERVICE_PORT)' }],
    ['a file in a variable', { CONFIG: 'server:\n  host: api\n  port: 80\n' }],
  ])('opens %s', (_name, env) => {
    expect(opened([app('shop/web', { env }), app('shop/api'), service('shop/api')])).toEqual(WEB_TO_API);
  });

  it.each<[string, Raw]>([
    ['an option', { args: ['--api=http://api:80'] }],
    ['two options', { args: ['--api-host', 'api', '--api-port', '80'] }],
    ['a script', { command: ['sh', '-c', 'until curl -s http://api:80/ready; do sleep 1; done'] }],
  ])('opens %s', (_name, container) => {
    expect(opened([app('shop/web', { container }), app('shop/api'), service('shop/api')])).toEqual(WEB_TO_API);
  });

  it.each<[string, Raw, Raw]>([
    ['all of a ConfigMap', { envFrom: [{ configMapRef: { name: 'c' } }] }, {}],
    ['a key of a ConfigMap', { env: [{ name: 'X_URL', valueFrom: { configMapKeyRef: { name: 'c', key: 'API_URL' } } }] }, {}],
    ['a mounted ConfigMap', {}, { volumes: [{ name: 'v', configMap: { name: 'c' } }] }],
    ['a file in a ConfigMap', {}, { volumes: [{ name: 'v', projected: { sources: [{ configMap: { name: 'f' } }] } }] }],
    ['a file of a service in a ConfigMap', {}, { volumes: [{ name: 'v', configMap: { name: 'n' } }] }],
    ['a Secret', { envFrom: [{ secretRef: { name: 's' } }] }, {}],
  ])('opens what %s names', (_name, container, pod) => {
    const told = [
      object('ConfigMap', 'shop/c', { data: { API_URL: 'http://api' } }),
      object('ConfigMap', 'shop/f', { data: { 'x.json': '{\n  "api": {\n    "host":"api",\n    "port":"80"\n  }\n}\n' } }),
      object('ConfigMap', 'shop/n', { data: { BACKEND: 'api:80' } }),
      object('Secret', 'shop/s', { data: { DSN: Buffer.from('x://me:p4ssw0rd@api:80/x').toString('base64') } }),
    ];
    const objects = [app('shop/web', { container, pod }), app('shop/api'), service('shop/api'), ...told];
    expect(opened(objects)).toEqual(WEB_TO_API);
    const { yaml, connections: shown } = generate(objects);
    expect(yaml + JSON.stringify(shown)).not.toContain('p4ssw0rd');
  });

  it('opens nothing for a ConfigMap that nobody reads, or a word that may be anything', () => {
    const objects = [
      app('shop/web', { env: { TITLE_TEXT: 'api' } }),
      app('shop/api'),
      service('shop/api'),
      object('ConfigMap', 'shop/c', { data: { API_URL: 'http://api' } }),
    ];
    expect(opened(objects)).toEqual([]);
    expect(gaps(objects, 'note')).toEqual(['shop/web[Deployment]: "api" may mean Service/shop/api, but nothing says so']);
  });

  it('finds pods of StatefulSets, also from themselves', () => {
    const db = app('data/db', { kind: 'StatefulSet', env: { SEEDS: 'db-0.db:7000,db-1.db:7000' } });
    const objects = [
      app('shop/web', { env: { DB_URL: 'x://db-0.db.data.svc.cluster.local:5432' } }),
      db,
      service('data/db', { clusterIP: 'None' }),
    ];
    expect(opened(objects)).toEqual([
      'data/db[StatefulSet] -> data/db[StatefulSet] {"TCP":["7000"]}',
      'shop/web[Deployment] -> data/db[StatefulSet] {"TCP":["5432"]}',
    ]);
  });

  it('opens behind a headless Service the port that is asked for, which nobody translates', () => {
    const objects = [app('shop/web', { env: { API: 'http://api' } }), app('shop/api'), service('shop/api', { clusterIP: 'None' })];
    expect(opened(objects)).toEqual(['shop/web[Deployment] -> shop/api[Deployment] {"TCP":["80"]}']);
  });

  it('opens addresses, and tells of names, absent Services and absent ports', () => {
    const env = { A: 'http://10.1.2.3:8080', B_HOST: 'sftp.bank.example', C: 'http://gone:80', D: 'api:81', E_HOST: '10.9.9.9' };
    const objects = [app('shop/web', { env }), app('shop/api'), service('shop/api')];
    expect(opened(objects)).toEqual(['shop/web[Deployment] -> 10.1.2.3/32 {"TCP":["8080"]}']);
    expect(gaps(objects, 'closed')).toEqual([
      'shop/web[Deployment]: 10.9.9.9: the port is not known',
      'shop/web[Deployment]: api:81: Service/shop/api has no port 81',
      'shop/web[Deployment]: gone:80: there is no Service shop/gone',
      'shop/web[Deployment]: sftp.bank.example: policies know addresses, not names',
    ]);
  });

  it('opens the protocol that a scheme stands for', () => {
    const env = { A: 'udp://10.1.2.3:8125', B: 'statsd://metrics', C: 'sctp://10.1.2.4:38412', D: 'udp://api:80', E: 'dns://10.1.2.5' };
    const ports = [8125, 8126].map((containerPort) => ({ containerPort, protocol: containerPort === 8125 ? 'UDP' : 'TCP' }));
    const both = [
      { name: 'udp', port: 8125, protocol: 'UDP' },
      { name: 'tcp', port: 8125, targetPort: 8126 },
    ];
    const objects = [app('shop/web', { env }), app('shop/metrics', { container: { ports } }), app('shop/api'), service('shop/api')];
    objects.push(service('shop/metrics', { ports: both }));
    expect(opened(objects)).toEqual([
      'shop/web[Deployment] -> 10.1.2.3/32 {"UDP":["8125"]}',
      'shop/web[Deployment] -> 10.1.2.4/32 {"SCTP":["38412"]}',
      'shop/web[Deployment] -> 10.1.2.5/32 {"TCP":["53"],"UDP":["53"]}',
      'shop/web[Deployment] -> shop/metrics[Deployment] {"UDP":["8125"]}',
    ]);
    expect(gaps(objects, 'closed')).toEqual(['shop/web[Deployment]: api:80: Service/shop/api has no port 80 of UDP']);
  });

  it('follows names for names, and addresses of Services', () => {
    const alias = service('shop/alias', { type: 'ExternalName', externalName: 'api.shop.svc.cluster.local' });
    const round = service('shop/round', { type: 'ExternalName', externalName: 'round.shop.svc.cluster.local' });
    const objects = [
      app('shop/web', { env: { A: 'http://alias:80', B: 'http://round:80', C: 'http://10.96.0.7:80' } }),
      app('shop/api'),
      service('shop/api', { clusterIP: '10.96.0.7' }),
      alias,
      round,
    ];
    expect(opened(objects)).toEqual(WEB_TO_API);
  });
});

describe('names are resolved', () => {
  const web = (pod: Raw = {}): Raw => app('shop/web', { env: { API: 'http://api' }, pod });
  const rest = [app('shop/api'), service('shop/api')];
  const dns = (objects: readonly Raw[]): string[] => opened(objects, { dns: true }).filter((line) => !line.includes('shop/api'));

  it('by the usual pods where the input has none', () => {
    expect(dns([web(), ...rest])).toEqual(['shop/web[Deployment] -> kube-system/[k8s-app=kube-dns] {"TCP":["53"],"UDP":["53"]}']);
  });
  it('by those of the input, on the ports that they have', () => {
    const ports = [{ name: 'dns', containerPort: 5353, protocol: 'UDP' }];
    const coredns = app('kube-system/coredns', { labels: { 'k8s-app': 'kube-dns' }, container: { ports } });
    const kubeDns = service('kube-system/kube-dns', {
      selector: { 'k8s-app': 'kube-dns' },
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP', targetPort: 'dns' },
        { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 5353 },
        { name: 'metrics', port: 9153 },
      ],
    });
    const cache = app('kube-system/node-local-dns', {
      kind: 'DaemonSet',
      pod: { hostNetwork: true },
      container: { args: ['-localip', '169.254.20.10,10.96.0.10'] },
    });
    expect(dns([web(), ...rest, coredns, kubeDns, cache])).toEqual([
      'shop/web[Deployment] -> 10.96.0.10/32 {"TCP":["53"],"UDP":["53"]}',
      'shop/web[Deployment] -> 169.254.20.10/32 {"TCP":["53"],"UDP":["53"]}',
      'shop/web[Deployment] -> kube-system/coredns[Deployment] {"TCP":["5353"],"UDP":["5353"]}',
    ]);
  });
  it('by those that the pod names, or by nobody knows whom', () => {
    expect(dns([web({ dnsPolicy: 'None', dnsConfig: { nameservers: ['10.0.0.53'] } }), ...rest])).toEqual([
      'shop/web[Deployment] -> 10.0.0.53/32 {"TCP":["53"],"UDP":["53"]}',
    ]);
    expect(dns([web({ dnsPolicy: 'Default' }), ...rest])).toEqual([]);
    expect(gaps([web({ dnsPolicy: 'Default' }), ...rest], 'closed')[0]).toContain('it asks the resolvers of its node');
  });
  it('only by who names something', () => {
    expect(dns([app('shop/web', { env: { API: 'http://10.1.2.3:80' } })])).toEqual(['shop/web[Deployment] -> 10.1.2.3/32 {"TCP":["80"]}']);
  });
});

describe('what leads in', () => {
  it('is opened to the addresses that may knock', () => {
    const ranges = { type: 'LoadBalancer', loadBalancerSourceRanges: ['192.0.2.0/24'] };
    expect(opened([app('shop/api'), service('shop/api', { type: 'NodePort' })])).toEqual([
      '0.0.0.0/0 -> shop/api[Deployment] {"TCP":["8080"]}',
    ]);
    expect(opened([app('shop/api'), service('shop/api', { ...ranges, externalTrafficPolicy: 'Local' })])).toEqual([
      '192.0.2.0/24 -> shop/api[Deployment] {"TCP":["8080"]}',
    ]);
    expect(opened([app('shop/api'), service('shop/api', ranges)])).toEqual(['0.0.0.0/0 -> shop/api[Deployment] {"TCP":["8080"]}']);
    expect(gaps([app('shop/api'), service('shop/api', ranges)], 'wide')[0]).toContain('may replace those of its clients');
    expect(opened([app('shop/api', { container: { ports: [{ containerPort: 53, hostPort: 53, protocol: 'UDP' }] } })])).toEqual([
      '0.0.0.0/0 -> shop/api[Deployment] {"UDP":["53"]}',
    ]);
    expect(opened([app('shop/api'), service('shop/api', { type: 'NodePort', ipFamilies: ['IPv4', 'IPv6'] })])).toEqual([
      '0.0.0.0/0 -> shop/api[Deployment] {"TCP":["8080"]}',
      '::/0 -> shop/api[Deployment] {"TCP":["8080"]}',
    ]);
  });

  const ingress = (ref: string, className = 'nginx'): Raw =>
    object('Ingress', ref, {
      spec: {
        ingressClassName: className,
        rules: [
          {
            host: 'shop.example',
            http: { paths: [{ path: '/', backend: { service: { name: ref.split('/')[1], port: { number: 80 } } } }] },
          },
        ],
      },
    });

  it('comes from the controller that is in the input, else from those whom policies of today let in, else from anybody', () => {
    const controller = app('edge/nginx', {
      labels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
    });
    const shop = [app('shop/api'), service('shop/api'), ingress('shop/api')];
    expect(opened([...shop, controller])).toEqual(['edge/nginx[Deployment] -> shop/api[Deployment] {"TCP":["8080"]}']);
    const policy = object('NetworkPolicy', 'shop/in', {
      spec: {
        podSelector: { matchLabels: { app: 'api' } },
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'edge' } } }], ports: [{ port: 'http' }] }],
      },
    });
    const other = [app('lab/x'), service('lab/x'), ingress('lab/x'), app('lab/y'), service('lab/y'), ingress('lab/y', 'inner')];
    expect(opened([...shop, ...other, policy])).toEqual([
      'edge/* -> lab/x[Deployment] {"TCP":["8080"]}',
      'edge/* -> shop/api[Deployment] {"TCP":["8080"]}',
      'the whole cluster -> lab/y[Deployment] {"TCP":["8080"]}',
    ]);
    expect(gaps([...shop, ...other, policy], 'wide')).toHaveLength(1);
  });

  it('is not called by those who stand behind it', () => {
    const web = app('shop/api', { env: { ROOT_URL: 'https://shop.example/' } });
    expect(gaps([web, service('shop/api'), ingress('shop/api')], 'closed')).toEqual([]);
    const other = app('shop/job', { env: { SHOP_URL: 'https://shop.example/' } });
    expect(gaps([web, other, service('shop/api'), ingress('shop/api')], 'closed')).toEqual([
      'shop/job[Deployment]: shop.example:443: policies know addresses, not names; Ingress/shop/api shows the cluster itself under that name',
    ]);
  });
});

describe('metrics', () => {
  const prometheus = app('mon/prom', { container: { image: 'quay.io/prometheus/prometheus:v3' } });

  it('are collected from what is annotated', () => {
    const annotations = { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9100' };
    expect(opened([prometheus, app('shop/api', { annotations })])).toEqual([
      'mon/prom[Deployment] -> shop/api[Deployment] {"TCP":["9100"]}',
    ]);
    expect(opened([prometheus, app('shop/api'), service('shop/api', {}, { annotations: { 'prometheus.io/scrape': 'true' } })])).toEqual([
      'mon/prom[Deployment] -> shop/api[Deployment] {"TCP":["8080"]}',
    ]);
    expect(gaps([app('shop/api', { annotations })], 'closed')).toEqual([
      'shop/api[Deployment]: its metrics are to be collected, but who does is not in the input',
    ]);
  });

  it('are collected from what monitors select', () => {
    const made = object('Prometheus', 'mon/main', {});
    const monitor = object('ServiceMonitor', 'mon/api', {
      spec: { selector: { matchLabels: { a: 'b' } }, namespaceSelector: { matchNames: ['shop'] }, endpoints: [{ port: 'web' }] },
    });
    const pods = object('PodMonitor', 'shop/api', {
      spec: { selector: { matchLabels: { app: 'api' } }, podMetricsEndpoints: [{ port: 'http' }] },
    });
    const wanted = ['mon/prometheus-main[StatefulSet] -> shop/api[Deployment] {"TCP":["8080"]}'];
    expect(opened([made, monitor, app('shop/api'), service('shop/api', {}, { labels: { a: 'b' } })])).toEqual(wanted);
    expect(opened([made, monitor, app('shop/api'), service('shop/api')])).toEqual([]);
    expect(opened([made, pods, app('shop/api'), app('lab/api')])).toEqual(wanted);
  });
});

describe("what Prometheus' operator makes", () => {
  const made = [
    object('Prometheus', 'mon/main', { spec: { serviceAccountName: 'p', alerting: { alertmanagers: [{ name: 'alerts', port: 'web' }] } } }),
    object('Alertmanager', 'mon/main', { spec: { replicas: 2 } }),
    service('mon/alerts', { selector: { alertmanager: 'main' }, ports: [{ name: 'web', port: 9093, targetPort: 'web' }] }),
    service('mon/prom', { selector: { prometheus: 'main' }, ports: [{ name: 'web', port: 9090, targetPort: 'web' }] }),
  ];

  it('has its policies, and is found behind Services', () => {
    const objects = [...made, app('mon/grafana', { env: { URL: 'http://prom:9090' } })];
    expect(opened(objects)).toEqual([
      'mon/alertmanager-main[StatefulSet] -> mon/alertmanager-main[StatefulSet] {"TCP":["9094"],"UDP":["9094"]}',
      'mon/grafana[Deployment] -> mon/prometheus-main[StatefulSet] {"TCP":["9090"]}',
      'mon/prometheus-main[StatefulSet] -> mon/alertmanager-main[StatefulSet] {"TCP":["9093"]}',
    ]);
  });

  it('is not made twice where it is there', () => {
    const labels = { 'app.kubernetes.io/name': 'prometheus', prometheus: 'main' };
    const names = generate([...made, app('mon/prometheus-main', { kind: 'StatefulSet', labels })]).policies.map(({ name }) => name);
    expect(names).toEqual(['default-deny', 'alertmanager-main', 'prometheus-main']);
  });
});

describe('the API server', () => {
  const clientConfig = { service: { namespace: 'shop', name: 'api', port: 80 } };
  const facts: Facts = { apiServer: [{ cidr: '10.0.0.1/32', port: 6443 }], nodes: [] };

  it.each<[string, Raw]>([
    ['webhooks', object('ValidatingWebhookConfiguration', 'w', { webhooks: [{ name: 'w', clientConfig }] })],
    ['extensions', object('APIService', 'v1.x', { spec: clientConfig })],
    ['conversions', object('CustomResourceDefinition', 'x.y', { spec: { conversion: { webhook: { clientConfig } } } })],
  ])('calls %s', (_name, caller) => {
    const objects = [app('shop/api'), service('shop/api'), caller];
    expect(opened(objects, { facts })).toEqual(['10.0.0.1/32 -> shop/api[Deployment] {"TCP":["8080"]}']);
    expect(opened(objects)).toEqual(['0.0.0.0/0 -> shop/api[Deployment] {"TCP":["8080"]}']);
    expect(gaps(objects, 'wide')[0]).toContain('--api-server');
  });

  it('is called by whose account has rights of its own', () => {
    const bound = (subject: Raw): Raw =>
      object('RoleBinding', 'shop/b', { roleRef: { kind: 'ClusterRole', name: 'view' }, subjects: [subject] });
    const own = bound({ kind: 'ServiceAccount', name: 'default', namespace: 'shop' });
    const wanted = ['shop/web[Deployment] -> 10.0.0.1/32 {"TCP":["6443"]}'];
    expect(opened([app('shop/web'), own], { facts })).toEqual(wanted);
    expect(opened([app('shop/web', { pod: { automountServiceAccountToken: false } }), own], { facts })).toEqual([]);
    expect(opened([app('shop/web'), bound({ kind: 'Group', name: 'system:serviceaccounts' })], { facts })).toEqual([]);
    expect(opened([app('shop/web', { env: { K: 'https://kubernetes.default.svc' } })], { facts })).toEqual(wanted);
    expect(gaps([app('shop/web'), own], 'closed')[0]).toContain('--api-server');
    const endpoints = object('Endpoints', 'default/kubernetes', {
      subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 6443 }] }],
    });
    expect(opened([app('shop/web'), own, endpoints])).toEqual(wanted);
  });
});

describe('policies of today', () => {
  const policy = (spec: Raw): Raw =>
    object('NetworkPolicy', 'shop/today', { spec: { podSelector: { matchLabels: { app: 'api' } }, ...spec } });
  const from = { podSelector: { matchLabels: { app: 'web' } } };

  it('are a reason where they name who and what', () => {
    const two = [app('shop/web'), app('shop/api'), service('shop/api')];
    expect(opened([...two, policy({ ingress: [{ from: [from], ports: [{ port: 9090 }] }] })])).toEqual([
      'shop/web[Deployment] -> shop/api[Deployment] {"TCP":["9090"]}',
    ]);
    // Whoever is let through to a Service finds it by its name.
    expect(opened([...two, policy({ ingress: [{ from: [from], ports: [{ port: 9090 }] }] })], { dns: true })).toHaveLength(2);
    expect(opened([...two, policy({ ingress: [{ from: [from] }] })])).toEqual(WEB_TO_API);
    expect(
      opened([
        ...two,
        policy({
          policyTypes: ['Egress'],
          egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }], ports: [{ port: 25 }] }],
        }),
      ]),
    ).toEqual(['shop/api[Deployment] -> 10.0.0.0/8 except 10.1.0.0/16 {"TCP":["25"]}']);
  });

  it.each<[string, Raw, string]>([
    ['everybody', { ingress: [{ ports: [{ port: 80 }] }] }, 'is for everybody'],
    ['all namespaces', { ingress: [{ from: [{ namespaceSelector: {} }] }] }, 'is for whole namespaces by their labels'],
    ['a whole namespace', { ingress: [{ from: [{ podSelector: {} }] }] }, 'is for all of the namespace shop'],
    ['nobody', { ingress: [{ from: [{ podSelector: { matchLabels: { app: 'typo' } } }] }] }, 'is for {app=typo} in shop, which is nobody'],
    [
      'all ports of addresses',
      { policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] },
      'is for 0.0.0.0/0 on all ports',
    ],
  ])('are none where they are for %s', (_name, spec, words) => {
    const objects = [app('shop/web'), app('shop/api'), policy(spec)];
    expect(opened(objects)).toEqual([]);
    expect(gaps(objects, 'note').join()).toContain(words);
  });

  it('stay unless they have the name of a new one, and what they keep open is told', () => {
    const wide = {
      spec: { podSelector: { matchLabels: { app: 'api' } }, policyTypes: ['Ingress', 'Egress'], ingress: [{}], egress: [{}] },
    };
    const objects = [app('shop/web', { env: { X: 'http://api' } }), app('shop/api'), service('shop/api')];
    const { effect } = generate([...objects, object('NetworkPolicy', 'shop/old', wide), object('NetworkPolicy', 'shop/web', wide)]);
    expect([effect.replaces, effect.stay]).toEqual([['shop/web'], ['shop/old']]);
    expect(effect.keepOpen.map(({ src, dst }) => `${src} -> ${dst}`)).toContain('shop/api[Deployment] -> ip:0.0.0.0-255.255.255.255');
    expect(generate(objects).effect.blocks.map(({ src, dst, after }) => `${src} -> ${dst} ${JSON.stringify(after)}`)).toContain(
      'shop/web[Deployment] -> shop/api[Deployment] {"TCP":["8080"]}',
    );
  });

  it('of administrators may deny what is needed, and that is told', () => {
    const deny = object('ClusterNetworkPolicy', 'no', {
      spec: { tier: 'Admin', priority: 1, subject: { namespaces: {} }, ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }] },
    });
    const { effect } = generate([app('shop/web', { env: { X: 'http://api' } }), app('shop/api'), service('shop/api'), deny]);
    expect(effect.denied).toEqual([
      {
        src: 'shop/web[Deployment]',
        dst: 'shop/api[Deployment]',
        conns: { TCP: ['8080'] },
        by: ['ClusterNetworkPolicy/no ingress rule 1'],
      },
    ]);
  });
});

function selectorsOf({ policies }: Generated): unknown[] {
  return policies.flatMap(({ object: { spec }, unit }) =>
    unit === undefined ? [] : [(spec as { podSelector: { matchLabels: unknown } }).podSelector.matchLabels],
  );
}

describe('selectors', () => {
  it('leave out what changes, and take as many labels as tell workloads apart', () => {
    const one = app('shop/a', {
      labels: { 'app.kubernetes.io/name': 'x', 'app.kubernetes.io/instance': 'one', 'app.kubernetes.io/version': '1' },
    });
    const two = app('shop/b', {
      labels: { 'app.kubernetes.io/name': 'x', 'app.kubernetes.io/instance': 'two', 'app.kubernetes.io/version': '1' },
    });
    expect(selectorsOf(generate([one, two]))).toEqual([
      { 'app.kubernetes.io/instance': 'one', 'app.kubernetes.io/name': 'x' },
      { 'app.kubernetes.io/instance': 'two', 'app.kubernetes.io/name': 'x' },
    ]);
    const leader = app('shop/leader', { labels: { app: 'redis', role: 'leader' } });
    (leader.spec as Raw).selector = { matchLabels: { app: 'redis' } };
    const follower = app('shop/follower', { labels: { app: 'redis', role: 'follower' } });
    expect(selectorsOf(generate([leader, follower]))).toEqual([
      { app: 'redis', role: 'follower' },
      { app: 'redis', role: 'leader' },
    ]);
  });

  it('are of the workload that pods of a cluster belong to', () => {
    const owner = (kind: string, uid: string): Raw => ({
      ownerReferences: [{ apiVersion: 'apps/v1', kind, name: 'web', uid, controller: true }],
    });
    const deployment = app('shop/web', { metadata: { uid: 'd' } });
    const set = app('shop/web-1', {
      kind: 'ReplicaSet',
      labels: { app: 'web', 'pod-template-hash': '1' },
      metadata: { uid: 'r', ...owner('Deployment', 'd') },
    });
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'shop', name: 'web-1-x', labels: { app: 'web', 'pod-template-hash': '1' }, ...owner('ReplicaSet', 'r') },
      spec: { containers: [{ name: 'c' }] },
    };
    const generated = generate([deployment, set, pod]);
    expect(selectorsOf(generated)).toEqual([{ app: 'web' }]);
    expect(generated.policies.map(({ name }) => name)).toEqual(['default-deny', 'web']);
  });

  it('ask for the absence of a label where only the other workload has one more', () => {
    const objects = [
      app('shop/api', { env: { A: 'http://10.1.2.3:80' } }),
      app('shop/api-canary', { labels: { app: 'api', track: 'canary' }, env: { A: 'http://10.1.2.4:81' } }),
    ];
    expect(gaps(objects, 'wide')).toEqual([]);
    expect(opened(objects)).toEqual([
      'shop/api-canary[Deployment] -> 10.1.2.4/32 {"TCP":["81"]}',
      'shop/api[Deployment] -> 10.1.2.3/32 {"TCP":["80"]}',
    ]);
    const specs = generate(objects).policies.flatMap(({ unit, object: { spec } }) =>
      unit === undefined ? [] : [(spec as { podSelector: unknown }).podSelector],
    );
    expect(specs).toEqual([
      { matchLabels: { app: 'api', track: 'canary' } },
      { matchLabels: { app: 'api' }, matchExpressions: [{ key: 'track', operator: 'DoesNotExist' }] },
    ]);
    const third = app('shop/same', { labels: { app: 'api' } });
    expect(gaps([...objects, third], 'wide')).toEqual([
      'shop/api[Deployment]: no label tells shop/api[Deployment] and shop/same[Deployment] apart: what is open for one is open for all',
    ]);
  });

  it('that no labels tell apart are one, and without labels there is none', () => {
    const objects = [
      app('shop/a', { labels: { app: 'x' }, env: { X: 'http://api' } }),
      app('shop/b', { labels: { app: 'x' } }),
      app('shop/api'),
      service('shop/api'),
    ];
    const generated = generate(objects);
    expect(generated.policies.map(({ name }) => name)).toEqual(['default-deny', 'a', 'api']);
    expect(gaps(objects, 'wide')[0]).toContain('no label tells shop/a[Deployment] and shop/b[Deployment] apart');
    const bare = [app('shop/a', { labels: {}, env: { X: 'http://api' } }), app('shop/api'), service('shop/api')];
    expect(generate(bare).policies.map(({ name }) => name)).toEqual(['default-deny', 'api']);
    expect(gaps(bare, 'closed')[0]).toContain('its pods have no label that a policy could name');
  });

  it('have names of their own', () => {
    const objects = [
      app('shop/web', { labels: { app: 'a' } }),
      app('shop/web', { kind: 'StatefulSet', labels: { app: 'b' } }),
      app('shop/default-deny', { labels: { app: 'c' } }),
    ];
    expect(generate(objects).policies.map(({ name }) => name)).toEqual([
      'default-deny',
      'default-deny-deployment',
      'web-deployment',
      'web-statefulset',
    ]);
  });
});

describe('nodes', () => {
  it('stand for pods on their network', () => {
    const agent = app('mon/agent', { kind: 'DaemonSet', pod: { hostNetwork: true }, env: { X: 'http://api.shop' } });
    const objects = [agent, service('mon/agent'), app('shop/api', { env: { AGENT: 'http://agent.mon' } }), service('shop/api')];
    expect(opened(objects)).toEqual([]);
    expect(gaps(objects, 'closed')[0]).toContain('--nodes');
    expect(opened(objects, { facts: { apiServer: [], nodes: ['10.0.0.0/24'] } })).toEqual([
      '10.0.0.0/24 -> shop/api[Deployment] {"TCP":["8080"]}',
      'shop/api[Deployment] -> 10.0.0.0/24 {"TCP":["8080"]}',
    ]);
    expect(generate(objects).left).toEqual([{ app: 'mon/agent[DaemonSet]', why: 'it is on the network of its node' }]);
  });
  it('are left alone where the cluster itself lives', () => {
    expect(generate([app('kube-system/x'), app('shop/web')]).policies.map(({ namespace }) => namespace)).toEqual(['shop', 'shop']);
  });
});

const REF = ['shop/a', 'shop/b', 'shop/c', 'lab/a', 'lab/d'] as const;
const LABEL = fc.record({ app: fc.constantFrom('x', 'y', 'z') }, { requiredKeys: [] });
const world = fc
  .array(
    fc.record({
      ref: fc.constantFrom(...REF),
      labels: fc.oneof(LABEL, fc.record({ app: fc.constantFrom('x', 'y'), tier: fc.constantFrom('1', '2') })),
      names: fc.subarray(['http://a:80', 'a.lab:81', 'http://d.lab', 'b:80', 'http://c.shop.svc:9', '10.0.0.7:25', 'http://x.example']),
      host: fc.integer({ min: 0, max: 6 }).map((roll) => roll === 0),
      scrape: fc.boolean(),
      type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'),
      selector: LABEL,
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((all) =>
    all.flatMap(({ ref, labels, names, host, scrape, type, selector }, index): Raw[] => {
      const env = Object.fromEntries(names.map((name, at) => [`V${at}_URL`, name]));
      const annotations = scrape ? { 'prometheus.io/scrape': 'true' } : {};
      const kind = index % 3 === 2 ? 'StatefulSet' : 'Deployment';
      const image = index === 1 ? 'prom/prometheus' : 'x';
      return [
        app(ref, { kind, labels, env, annotations, pod: host ? { hostNetwork: true } : {}, container: { image } }),
        service(ref, {
          type,
          selector,
          ports: [
            { port: 80, targetPort: 'http' },
            { name: 'two', port: 81, targetPort: 9000, protocol: 'UDP' },
          ],
        }),
      ];
    }),
  );

describe('whatever the input', () => {
  const facts: Facts = { apiServer: [], nodes: ['10.9.0.0/24'] };

  it(
    'the policies do what is meant, cover every workload, name nobody by an empty list, and do not hang on the order of the input',
    () => {
      fc.assert(
        fc.property(world, fc.constantFrom<PolicyKind>('NetworkPolicy', 'ClusterNetworkPolicy'), (objects, kind) => {
          const unique = [...new Map(objects.map((one) => [`${String(one.kind)} ${JSON.stringify(one.metadata)}`, one])).values()];
          // The check is part of it: it throws where anything is otherwise.
          const { yaml, policies } = generate(unique, { kind, facts });
          expect(generate(unique.toReversed(), { kind, facts }).yaml).toBe(yaml);
          expect(yaml).not.toMatch(/(from|to|namespaceSelectors?|networks): \[\]/);
          expect(new Set(policies.map(({ name, namespace }) => `${namespace}/${name}`)).size).toBe(policies.length);
          const covered = new Set(
            objectsIn(yaml).map(
              ({ metadata }) =>
                (metadata as { namespace?: string; name: string }).namespace ?? (metadata as { name: string }).name.split('.')[0],
            ),
          );
          for (const { kind: of, metadata, spec } of unique) {
            const { template } = spec as { template?: { spec: { hostNetwork?: boolean } } };
            if (of !== 'Service' && template?.spec.hostNetwork !== true)
              expect(covered).toContain((metadata as { namespace: string }).namespace);
          }
        }),
        { numRuns: Math.ceil(RUNS / 4) },
      );
    },
    60_000 + RUNS * 100,
  );
});

describe('what the server would not take', () => {
  it('makes no policy that it would not take either', () => {
    const objects = [
      app('shop/web', {
        labels: { app: 'no label!', '-x': 'y', tier: 'front' },
        env: { A: 'http://api', B: '010.001.002.003:80', C: 'api:70000' },
      }),
      app('shop/api', { container: { ports: [{ name: 'http', containerPort: 99999 }] } }),
      service('shop/api'),
      app('No/x', { env: { A: 'http://api.shop' } }),
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { namespace: 'shop', generateName: 'one-', labels: { app: 'one' } },
        spec: { containers: [{ name: 'c' }] },
      },
      { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', labels: { app: 'two' } }, spec: { containers: [{ name: 'c' }] } },
    ];
    const { policies, left, yaml } = generate(objects);
    expect(policies.map(({ name }) => name)).toEqual(['default-deny', 'workload', 'api', 'one', 'web']);
    expect(left).toEqual([{ app: 'No/x[Deployment]', why: 'its namespace has a name that the server does not take' }]);
    expect(yaml).toContain('cidr: "10.1.2.3/32"');
    expect(yaml).not.toContain('34463');
  });
});

describe('the check', () => {
  const objects = [
    app('shop/web', { env: { X: 'http://api' } }),
    app('shop/api'),
    service('shop/api', { type: 'NodePort' }),
    app('shop/other', { labels: { app: 'other' } }),
  ];
  const inventory = new Inventory(snapshotOf(objects));
  const { yaml, connections: meant } = generate(objects);
  const units = new Units(inventory);

  function checked(text: string): string {
    const needs = new Needs();
    const byKey = new Map(inventory.apps.map((one) => [one.key, one]));
    for (const { src, dst } of meant) {
      const end = (name: string) => {
        const found = byKey.get(name);
        if (found !== undefined) return { kind: 'app', app: found } as const;
        return name.includes('kube-dns')
          ? ({ kind: 'pods', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } } as const)
          : ({ kind: 'addresses', cidr: name } as const);
      };
      const ports = dst.includes('kube-dns') ? [53, 54, 65536 + 53, 65536 + 54] : [8080, 8081];
      needs.add({ from: end(src), to: end(dst), ports, evidence: [] });
    }
    const intended = new Intended(inventory, units, linksOf(needs, units, NO_FACTS));
    try {
      selfCheck(inventory, intended, { yaml: text, kind: 'NetworkPolicy' });
      return 'good';
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  }

  it('finds nothing wrong with what is right', () => expect(checked(yaml)).toBe('good'));
  it.each<[string, (text: string) => string]>([
    ['another port', (text) => text.replaceAll('port: 8080', 'port: 8081')],
    ['a selector that finds another', (text) => text.replaceAll('app: api', 'app: other')],
    ['a selector that finds more', (text) => text.replace('podSelector:\n    matchLabels:\n      app: api', 'podSelector: {}')],
    [
      'a rule for everybody',
      (text) => text.replace(/- from:\n( +)- podSelector:\n +matchLabels:\n +app: web/, '- from:\n$1- namespaceSelector: {}'),
    ],
    ['another resolver', (text) => text.replaceAll('k8s-app: kube-dns', 'k8s-app: other')],
    ['other addresses', (text) => text.replace('"0.0.0.0/0"', '"10.0.0.0/8"')],
    ['no default', (text) => text.slice(text.indexOf('---') + 4).replace(/# shop\/other[\s\S]*?---\n/, '')],
    ['no YAML', (text) => `${text}\n  x: [`],
  ])('finds %s', (_name, change) => {
    expect(change(yaml)).not.toBe(yaml);
    expect(checked(change(yaml))).toContain('do not do what they should');
  });

  it('is what the engine says of the whole', () => {
    const rows = connections(readWorld([...objects, ...objectsIn(yaml)])).map(
      ({ src, dst, conns }) => `${src} -> ${dst} ${JSON.stringify(conns)}`,
    );
    expect(rows).toEqual([...WEB_TO_API, 'ip:0.0.0.0-255.255.255.255 -> shop/api[Deployment] {"TCP":["8080"]}']);
  });
});

describe('ClusterNetworkPolicies', () => {
  it('are cut where there are more rules or peers than one may hold', () => {
    const many = Array.from({ length: 60 }, (_, index) => `s${index}`);
    const env = Object.fromEntries(many.map((name, index) => [`V${index}`, `http://${name}:${8000 + (index % 30)}`]));
    const rest = many.flatMap((name, index) => [app(`shop/${name}`), service(`shop/${name}`, { ports: [{ port: 8000 + (index % 30) }] })]);
    const { policies } = generate([app('shop/web', { env }), ...rest], { kind: 'ClusterNetworkPolicy' });
    expect(policies.filter(({ name }) => name.startsWith('shop.web')).map(({ name }) => name)).toEqual(['shop.web', 'shop.web.2']);
    for (const { object: one } of policies)
      expect(((one.spec as Raw).egress as unknown[] | undefined)?.length ?? 0).toBeLessThanOrEqual(25);
  });
});
