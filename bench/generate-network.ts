/** A cluster as parsed objects: teams with tiers, and a realistic mix of policies. The same arguments give the same cluster. */
type Raw = Record<string, unknown>;

const TIERS = ['front', 'api', 'db', 'cache', 'batch'] as const;
const PORTS = { front: 8080, api: 8081, db: 5432, cache: 6379, batch: 9000 } as const;
const PER_TEAM = 30;

export function generateNetwork(pods: number, policies: number): Raw[] {
  const teams = Math.min(100, Math.max(10, Math.floor(pods / PER_TEAM)));
  const nameOf = (team: number): string => `team-${team % teams}`;
  return [
    ...Array.from({ length: teams }, (_, team) => namespace(nameOf(team), team)),
    ...Array.from({ length: pods }, (_, index) => pod(nameOf(index), index)),
    ...Array.from({ length: policies }, (_, index) => policy(index, { namespace: nameOf(index * 7), other: nameOf(index * 13 + 1) })),
  ];
}

function namespace(name: string, team: number): Raw {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { team: name, purpose: team === 0 ? 'monitoring' : 'apps' } } };
}

function pod(namespace: string, index: number): Raw {
  const tier = TIERS[Math.floor(index / 7) % TIERS.length] ?? 'api';
  const ports = [
    { name: 'main', containerPort: PORTS[tier] },
    { name: 'metrics', containerPort: 9100 },
  ];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${tier}-${index}`,
      namespace,
      labels: { app: tier, version: `v${index % 3}`, 'pod-template-hash': `h${index % 997}` },
    },
    spec: { containers: [{ name: 'c', image: `registry.example.com/${tier}:1.0`, ports }] },
    status: { podIPs: [{ ip: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}` }] },
  };
}

function policy(index: number, { namespace, other }: { namespace: string; other: string }): Raw {
  const [tier, peer] = [TIERS[index % TIERS.length] ?? 'api', TIERS[(index * 3 + 1) % TIERS.length] ?? 'api'];
  const app = (name: string): Raw => ({ matchLabels: { app: name } });
  const net = `172.${16 + (index % 16)}`;
  const forms: Raw[] = [
    { podSelector: {}, policyTypes: ['Ingress'] },
    { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] },
    { podSelector: app(tier), ingress: [{ from: [{ podSelector: app(peer) }], ports: [{ port: PORTS[tier] }] }] },
    {
      podSelector: app(tier),
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: other } }, podSelector: app(peer) }], ports: [{ port: 'main' }] }],
    },
    {
      podSelector: {},
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { purpose: 'monitoring' } } }], ports: [{ port: 'metrics' }] }],
    },
    {
      podSelector: app(tier),
      policyTypes: ['Egress'],
      egress: [
        { to: [{ namespaceSelector: { matchLabels: { purpose: 'monitoring' } } }], ports: [{ protocol: 'UDP', port: 53 }, { port: 53 }] },
        { to: [{ podSelector: app(peer) }], ports: [{ port: PORTS[peer] }] },
      ],
    },
    {
      podSelector: app(tier),
      policyTypes: ['Egress'],
      egress: [
        {
          to: [{ ipBlock: { cidr: `${net}.0.0/16`, except: [`${net}.${index % 250}.0/24`] } }],
          ports: [{ port: 443 }, { port: 8000, endPort: 8099 }],
        },
      ],
    },
    { podSelector: app(tier), ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }], ports: [{ port: 8080 }] }] },
    {
      podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['front'] }] },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: 'version', operator: 'In', values: ['v0', 'v1'] }] } }] }],
      egress: [{}],
    },
  ];
  const spec = forms[index % forms.length];
  return networkPolicy({ name: `p${index}`, namespace }, spec ?? {});
}

const SPACES_MOST = 500;

/**
 * Applications, each with its own label and so a class of its own. Each namespace denies what comes in and lets out to
 * the cluster's DNS only; every other application has a policy of its own, which lets in one of its own namespace and one
 * of another, and every tenth also who watches everything. `pods` go round among `apps`, which have half as many policies.
 */
export function generateApps(pods: number, apps: number): Raw[] {
  const spaces = Math.min(SPACES_MOST, Math.max(1, Math.floor(apps / 20)));
  const nameOf = (app: number): string => `space-${app % spaces}`;
  const own = Array.from({ length: Math.floor(apps / 2) }, (_, index) => index * 2);
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', labels: { purpose: 'system' } } },
    ...Array.from({ length: spaces }, (_, index) => namespace(nameOf(index), index)),
    ...Array.from({ length: pods }, (_, index) => appPod(nameOf(index % apps), index % apps, index)),
    ...Array.from({ length: spaces }, (_, index) => closed(nameOf(index))),
    ...Array.from({ length: spaces }, (_, index) => dns(nameOf(index))),
    ...own.map((app) => appPolicy(app, { apps, spaces, nameOf })),
  ];
}

function appPod(namespace: string, app: number, index: number): Raw {
  const ports = [
    { name: 'http', containerPort: 8000 + (app % 7) },
    { name: 'metrics', containerPort: 9100 },
  ];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `app-${app}-${index}`, namespace, labels: { app: `app-${app}`, 'pod-template-hash': `h${app}` } },
    spec: { containers: [{ name: 'c', image: `registry.example.com/app:${app}`, ports }] },
    status: { podIPs: [{ ip: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}` }] },
  };
}

function closed(namespace: string): Raw {
  return networkPolicy({ name: 'closed', namespace }, { podSelector: {}, policyTypes: ['Ingress'] });
}

function dns(namespace: string): Raw {
  const to = [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ];
  const ports = [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ];
  const inside = { to: [{ namespaceSelector: { matchLabels: { purpose: 'apps' } } }] };
  return networkPolicy({ name: 'dns', namespace }, { podSelector: {}, policyTypes: ['Egress'], egress: [{ to, ports }, inside] });
}

function appPolicy(app: number, { apps, spaces, nameOf }: { apps: number; spaces: number; nameOf(app: number): string }): Raw {
  const near = (app + spaces) % apps;
  const far = (app * 7 + 1) % apps;
  const label = (one: number): Raw => ({ matchLabels: { app: `app-${one}` } });
  const from = [{ podSelector: label(near) }, { namespaceSelector: { matchLabels: { team: nameOf(far) } }, podSelector: label(far) }];
  const watched = { from: [{ namespaceSelector: { matchLabels: { purpose: 'monitoring' } } }], ports: [{ port: 'metrics' }] };
  const ingress = [{ from, ports: [{ port: 'http' }] }, ...(app % 20 === 0 ? [watched] : [])];
  return networkPolicy({ name: `app-${app}`, namespace: nameOf(app) }, { podSelector: label(app), policyTypes: ['Ingress'], ingress });
}

function networkPolicy(metadata: { name: string; namespace: string }, spec: Raw): Raw {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec };
}
