import { describe, expect, it } from 'vitest';
import { isRecord } from '../../lib/record.ts';
import { parseYaml } from '../../lib/yaml.ts';
import { type Change, type Finding, RULES, type Rule, judgeNodes } from '../../rules/index.ts';
import { type FileFact, NODE_FACTS_SCHEMA, type NodeFacts, PROBE_SCHEMA, type ProbeFacts } from '../../snapshot/index.ts';
import { changeOnNode, nodesAfter } from './node-change.ts';
import { BY_HAND, WANTED } from './wanted.ts';

const PKI = [
  'ca.crt',
  'sa.key',
  'sa.pub',
  'apiserver.crt',
  'apiserver.key',
  'apiserver-etcd-client.crt',
  'apiserver-etcd-client.key',
  'apiserver-kubelet-client.crt',
  'apiserver-kubelet-client.key',
  'etcd/ca.crt',
  'etcd/peer.crt',
  'etcd/peer.key',
  'etcd/server.crt',
  'etcd/server.key',
].map((name) => `/etc/kubernetes/pki/${name}`);

function fileOf(path: string, text?: string): FileFact {
  const owner = { uid: 0, gid: 0, owner: 'root', group: 'root' };
  return { path, type: 'file', mode: '600', ...owner, size: 1, namedBy: 'known place', ...(text !== undefined && { text }) };
}

function factsOf(given: Partial<NodeFacts>): NodeFacts {
  return {
    schema: NODE_FACTS_SCHEMA,
    node: 'node1',
    collectedAt: '2026-11-01T08:00:00Z',
    collectedBy: '1.0.0',
    running: true,
    distribution: 'kubeadm',
    os: { id: 'debian', version: '13', name: 'Debian' },
    kernel: '6.12.0',
    versions: { 'kube-apiserver': '1.34.1' },
    processes: [],
    units: [],
    absent: [],
    certificates: [],
    sockets: [],
    sysctls: {},
    gaps: [],
    ...given,
    files: [...(given.files ?? []), ...PKI.map((path) => fileOf(path))],
  };
}

function found(facts: NodeFacts, id: string): Finding[] {
  const rules = RULES.filter((rule) => rule.id === id);
  const judged = judgeNodes({ nodes: [facts] }, { rules, everyRule: true, nodeChange: changeOnNode }, '1.34');
  return judged.flatMap((one) => one.found).filter(({ status }) => status === 'fail');
}

function changeFor(facts: NodeFacts, id: string): Change {
  const change = found(facts, id)[0]?.change;
  if (change === undefined) throw new Error(`${id} has no change`);
  return change;
}

function nodeOf(change: Change): NonNullable<Change['patches'][number]['node']> {
  const node = change.patches[0]?.node;
  if (node === undefined) throw new Error('no change of a node');
  return node;
}

/** The example of a rule as a node: a static pod, a process, or the file of a kubelet. */
function nodeFrom(yaml: string): NodeFacts | undefined {
  const parsed = parseYaml(yaml);
  const object = 'error' in parsed ? undefined : parsed.value;
  if (!isRecord(object)) return undefined;
  if (object.kind === 'KubeletConfiguration') {
    const processes = [{ pid: 7, name: 'kubelet', argv: ['kubelet', '--config=/var/lib/kubelet/config.yaml'] }];
    return factsOf({ processes, files: [fileOf('/var/lib/kubelet/config.yaml', yaml)] });
  }
  const spec = isRecord(object.spec) ? object.spec : {};
  const [container] = Array.isArray(spec.containers) ? (spec.containers as unknown[]) : [];
  const words: unknown = isRecord(container) ? container.command : undefined;
  if (object.kind !== 'Pod' || !Array.isArray(words)) return undefined;
  const argv = words.filter((word) => typeof word === 'string');
  if (argv[0] !== 'kubelet') return factsOf({ files: [fileOf(`/etc/kubernetes/manifests/${argv[0]}.yaml`, yaml)], running: false });
  const unit = { name: 'kubelet.service', path: '/etc/systemd/system/kubelet.service', dropIns: [] };
  const lines = [{ line: 2, text: `ExecStart=${argv.map((word) => `"${word}"`).join(' ')}` }];
  return factsOf({ processes: [{ pid: 7, name: 'kubelet', argv }], units: [{ ...unit, lines }] });
}

const OF_COMPONENTS = RULES.filter(
  ({ area, scope, component }) => area === 'control-plane' && component !== undefined && (scope === 'container' || scope === 'object'),
);

describe('every control of configuration has its settings, or a reason why a person decides', () => {
  it.each(OF_COMPONENTS.map(({ id }) => id))('%s', (id) => {
    expect([id in WANTED, id in BY_HAND].filter(Boolean)).toHaveLength(1);
  });
});

const BAD = OF_COMPONENTS.filter(({ id }) => id in WANTED).flatMap((rule) =>
  rule.examples().bad.flatMap(({ yaml, status = 'fail' }, index): [string, Rule, NodeFacts][] => {
    const facts = status === 'fail' ? nodeFrom(yaml) : undefined;
    return facts === undefined || found(facts, rule.id).length === 0 ? [] : [[`${rule.id} ${index + 1}`, rule, facts]];
  }),
);

describe('what fails on a node passes after its change', () => {
  it('covers nearly every rule', () => {
    const tried = new Set(BAD.map(([, { id }]) => id));
    expect(Object.keys(WANTED).filter((id) => !tried.has(id))).toEqual([]);
  });

  it.each(BAD)('%s', (_name, rule, facts) => {
    const change = changeFor(facts, rule.id);
    const [after] = nodesAfter([facts], [change]);
    expect(after === undefined ? [] : found(after, rule.id).map(({ message }) => message)).toEqual([]);
    const node = nodeOf(change);
    expect(node.diff + node.run.join('') + node.words.join('')).not.toBe('');
    expect(node.restart).not.toBe('');
  });
});

const ARGV = ['kube-apiserver', '--profiling', '--authorization-mode=Node,RBAC', '--client-ca-file', '/ca.crt'];

describe('where distributions keep it', () => {
  it('RKE2: its own file, which the manifests are made from', () => {
    const files = [fileOf('/etc/rancher/rke2/config.yaml', 'tls-san: [api.example]\nkube-apiserver-arg:\n- audit-log-maxage=30\n')];
    const manifest = `apiVersion: v1\nkind: Pod\nspec: {containers: [{command: ${JSON.stringify(ARGV)}}]}\n`;
    files.push(fileOf('/var/lib/rancher/rke2/agent/pod-manifests/kube-apiserver.yaml', manifest));
    const facts = factsOf({ distribution: 'rke2', processes: [{ pid: 9, name: 'kube-apiserver', argv: ARGV }], files });
    const change = changeFor(facts, 'apiserver-profiling');
    expect(change.patches[0]?.file).toBe('/etc/rancher/rke2/config.yaml');
    expect(nodeOf(change)).toMatchObject({
      diff: expect.stringMatching(/\+- profiling=false/),
      restart: expect.stringMatching(/systemctl restart rke2-server/),
      words: [],
    });
  });

  it('k3s without a file of its own: one is written', () => {
    const processes = [{ pid: 9, name: 'kube-apiserver', argv: ARGV }];
    const facts = factsOf({ distribution: 'k3s', processes, absent: ['/etc/rancher/k3s/config.yaml'] });
    const { run, back } = nodeOf(changeFor(facts, 'apiserver-profiling'));
    expect(run.join('\n')).toContain('kube-apiserver-arg:\n- "profiling=false"');
    expect(back).toEqual(['rm /etc/rancher/k3s/config.yaml']);
  });

  it('k0s: a field of its file', () => {
    const files = [fileOf('/etc/k0s/k0s.yaml', 'kind: ClusterConfig\nspec:\n  api:\n    port: 6443\n')];
    const facts = factsOf({ distribution: 'k0s', processes: [{ pid: 9, name: 'kube-apiserver', argv: ARGV }], files });
    expect(nodeOf(changeFor(facts, 'apiserver-profiling')).diff).toContain('+    extraArgs:\n+      profiling: "false"');
  });

  it.each([
    ['microk8s', /^set --profiling=false in \/var\/snap\/microk8s\/current\/args\/kube-apiserver, one flag a line$/],
    ['talos', /cluster\.apiServer\.extraArgs with talosctl/],
    ['openshift', /APIServer/],
    ['kubernetes', /where process 9 \(kube-apiserver\) is started/],
  ])('%s: in words where no file was seen', (distribution, words) => {
    const facts = factsOf({ distribution, processes: [{ pid: 9, name: 'kube-apiserver', argv: ARGV }] });
    const node = nodeOf(changeFor(facts, 'apiserver-profiling'));
    expect(node).toMatchObject({ diff: '', run: [], files: [] });
    expect(node.words.join()).toMatch(words);
  });
});

describe('the kubelet', () => {
  const argv = ['/usr/bin/kubelet', '--config=/k.yaml', '--config-dir=/d', '--anonymous-auth=true'];
  const unit = {
    name: 'kubelet.service',
    path: '/usr/lib/systemd/system/kubelet.service',
    lines: [
      { line: 1, text: 'EnvironmentFile=-/etc/default/kubelet' },
      { line: 2, text: 'ExecStart=/usr/bin/kubelet --config=/k.yaml --config-dir=/d $KUBELET_EXTRA_ARGS' },
    ],
    dropIns: [],
  };
  const files = [
    fileOf('/k.yaml', 'kind: KubeletConfiguration\nreadOnlyPort: 0\n'),
    fileOf('/d/10.conf', 'kind: KubeletConfiguration\nreadOnlyPort: 10255 # for the old monitoring\n'),
    fileOf('/etc/default/kubelet', 'KUBELET_EXTRA_ARGS="--anonymous-auth=true --v=2"\n'),
  ];
  const facts = factsOf({ processes: [{ pid: 7, name: 'kubelet', argv }], units: [unit], files });

  it('has a setting changed in the drop-in that holds', () => {
    const change = changeFor(facts, 'kubelet-read-only-port');
    expect(change.patches[0]?.file).toBe('/d/10.conf');
    expect(nodeOf(change).diff).toContain('+readOnlyPort: 0 # for the old monitoring');
  });

  it('has a flag taken out of the file of variables, since it would win', () => {
    const node = nodeOf(changeFor(facts, 'kubelet-anonymous-auth'));
    expect(node.files.toSorted()).toEqual(['/etc/default/kubelet', '/k.yaml']);
    expect(node.diff).toContain('+KUBELET_EXTRA_ARGS=" --v=2"');
    expect(node.restart).toContain('systemctl restart kubelet.service');
  });

  it('without a file of settings is started with other arguments', () => {
    const lines = [{ line: 1, text: 'ExecStart=/usr/bin/kubelet --anonymous-auth=true' }];
    const bare = factsOf({
      processes: [{ pid: 7, name: 'kubelet', argv: ['/usr/bin/kubelet', '--anonymous-auth=true'] }],
      units: [{ ...unit, lines }],
    });
    const { run } = nodeOf(changeFor(bare, 'kubelet-anonymous-auth'));
    expect(run.join('\n')).toContain('ExecStart=\nExecStart=/usr/bin/kubelet --anonymous-auth=false');
  });
});

it('never shows the credential beside a setting, and says what to do instead', () => {
  const text = 'token: redacted-by-castellan:token:name:32\nkube-apiserver-arg: [audit-log-maxage=30]\n';
  const facts = factsOf({
    distribution: 'rke2',
    processes: [{ pid: 9, name: 'kube-apiserver', argv: ARGV }],
    files: [fileOf('/etc/rancher/rke2/config.yaml', text)],
  });
  const node = nodeOf(changeFor(facts, 'apiserver-profiling'));
  expect(node.diff).toBe('');
  expect(node.words.join('\n')).toContain('set --profiling=false in kube-apiserver-arg of /etc/rancher/rke2/config.yaml');
});

it('tightens every file that a rule names, and knows the way back', () => {
  const files = [fileOf('/etc/kubernetes/pki/ca.key'), fileOf('/etc/kubernetes/pki/b c.key')].map((file) => ({ ...file, mode: '644' }));
  const facts = factsOf({ files });
  const change = changeFor(facts, 'pki-key-perm');
  const { run, back } = nodeOf(change);
  expect(run).toEqual(['chmod 600 /etc/kubernetes/pki/ca.key', "chmod 600 '/etc/kubernetes/pki/b c.key'"]);
  expect(back).toEqual(['chmod 644 /etc/kubernetes/pki/ca.key', "chmod 644 '/etc/kubernetes/pki/b c.key'"]);
  const [after] = nodesAfter([facts], [change]);
  expect(after === undefined ? [] : found(after, 'pki-key-perm')).toEqual([]);
});

it('an older API server is not given a file that it cannot read', () => {
  const processes = [{ pid: 9, name: 'kube-apiserver', argv: ARGV }];
  const of = (version: string): string[] => {
    const facts = factsOf({ processes, versions: { 'kube-apiserver': version } });
    return nodeOf(changeFor(facts, 'apiserver-anonymous-auth')).operations.map(({ operation }) => operation);
  };
  expect(of('1.31.0')).toEqual(['flag']);
  expect(of('1.32.0')).toEqual(['file', 'mount', 'flag', 'flag']);
});

it('a kubelet that has not read its file is started anew, and nothing is written', () => {
  const kubelet = { pid: 9, name: 'kubelet', argv: ['kubelet', '--config=/var/lib/kubelet/config.yaml'] };
  const facts = factsOf({
    processes: [kubelet],
    files: [fileOf('/var/lib/kubelet/config.yaml', 'kind: KubeletConfiguration\nseccompDefault: true\n')],
  });
  const asked = { host: '10.0.0.1', port: 10_250, component: 'kubelet', use: 'secure', node: 'node1', from: 'a test' } as const;
  const answer = {
    ...asked,
    state: 'open',
    http: false,
    answers: [],
    configz: { by: 'certificate', config: { seccompDefault: false } },
  } as const;
  const probe: ProbeFacts = {
    schema: PROBE_SCHEMA,
    probedAt: '2026-11-01T08:00:00Z',
    probedBy: '1.0.0',
    endpoints: [{ ...answer, answers: [] }],
    gaps: [],
  };
  const rules = RULES.filter(({ id }) => id === 'kubelet-seccomp-default');
  const judged = judgeNodes({ nodes: [facts], probe }, { rules, everyRule: true, nodeChange: changeOnNode }, '1.34');
  const failed = judged.flatMap((one) => one.found).filter(({ status }) => status === 'fail');
  const changes = failed.flatMap(({ change }) => (change === undefined ? [] : [nodeOf(change)]));
  expect(changes).toMatchObject([
    {
      diff: '',
      run: [],
      words: ['start the kubelet anew: its files say seccompDefault true, and it runs with something else'],
      restart: expect.stringContaining('systemctl restart kubelet.service'),
    },
  ]);
});

describe('a folder that is to belong to an account', () => {
  const data = (more: Partial<FileFact>): FileFact => ({ ...fileOf('/var/lib/etcd'), type: 'directory', mode: '700', ...more });
  const pod = [
    'apiVersion: v1',
    'kind: Pod',
    'metadata: {name: etcd}',
    'spec:',
    '  containers:',
    '  - name: etcd',
    '    command: [etcd]',
    '',
  ];
  const manifest = fileOf('/etc/kubernetes/manifests/etcd.yaml', pod.join('\n'));

  it('has no command where nothing shows the account, and says what has to be done', () => {
    const node = changeFor(factsOf({ files: [manifest, data({})] }), 'etcd-datadir-owner').patches[0]?.node;
    expect(node?.run).toEqual([]);
    expect(node?.words.join('\n')).toMatch(
      /useradd --system.* etcd make it\n.*manifests\/etcd\.yaml: securityContext.*runAsUser.*\n.*chown -R etcd:etcd \/var\/lib\/etcd/,
    );
  });

  it('gets it with all that is in it where the account is there', () => {
    const own = { ...fileOf('/etc/etcd.env'), uid: 997, gid: 997, owner: 'etcd', group: 'etcd' };
    const node = changeFor(factsOf({ files: [manifest, data({}), own] }), 'etcd-datadir-owner').patches[0]?.node;
    expect(node).toMatchObject({ run: ['chown -R etcd:etcd /var/lib/etcd'], words: [], back: ['chown -R 0:0 /var/lib/etcd'] });
  });
});
