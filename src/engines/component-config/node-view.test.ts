import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../../test/runs.ts';
import { type FileFact, type NodeFacts, NODE_FACTS_SCHEMA, type UnitFact } from '../../snapshot/index.ts';
import { NODE_FILES } from './node-files.ts';
import { type NodeView, viewOfNode } from './node-view.ts';

interface Given {
  processes?: readonly (readonly string[])[];
  files?: Readonly<Record<string, string>>;
  units?: UnitFact[];
  gaps?: NodeFacts['gaps'];
}

function view({ processes = [], files = {}, units = [], gaps = [] }: Given): NodeView {
  return viewOfNode({
    schema: NODE_FACTS_SCHEMA,
    node: 'n1',
    collectedAt: '2026-01-01T00:00:00Z',
    collectedBy: '0',
    running: processes.length > 0,
    distribution: 'kubernetes',
    os: { id: '', version: '', name: '' },
    kernel: '',
    versions: {},
    processes: processes.map((argv, index) => ({ pid: index + 1, name: argv[0] ?? '', argv: [...argv] })),
    units,
    files: Object.entries(files).map(([path, text]): FileFact => ({
      path,
      type: 'file',
      mode: '600',
      uid: 0,
      gid: 0,
      size: 1,
      namedBy: 'x',
      text,
    })),
    absent: [],
    certificates: [],
    sockets: [],
    sysctls: {},
    gaps,
  });
}

const HEAD = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n';

/** Where the merged configuration says that a field comes from. */
function sourceOf(seen: NodeView, path: string): string {
  const { origin, path: inside } = seen.kubelet?.object.locate(path) ?? { origin: { source: '' }, path: '' };
  return `${origin.source} ${inside}`;
}

describe('the configuration of a kubelet', () => {
  const files = {
    '/k.yaml': `${HEAD}readOnlyPort: 10255\nauthentication: {anonymous: {enabled: true}, webhook: {enabled: true}}\ntlsCipherSuites: [A, B]\nfeatureGates: {Ga: true, Gb: true}\n`,
    '/d/10-a.conf': `${HEAD}readOnlyPort: 1\npodPidsLimit: 5\nfeatureGates: {Gb: false}\n`,
    '/d/20-b.conf': `${HEAD}readOnlyPort: 0\ntlsCipherSuites: [C]\nauthentication: {webhook: null}\n`,
    '/d/30-c.txt': `${HEAD}readOnlyPort: 7\n`,
    '/d/15/40.conf': `${HEAD}podPidsLimit: 8\nreadOnlyPort: 8\n`,
  };

  it('is the file, then the drop-ins by name, then the flags', () => {
    const seen = view({
      processes: [['kubelet', '--config=/k.yaml', '--config-dir', '/d/', '--anonymous-auth=false', '--feature-gates=Gc=true']],
      files,
    });
    expect(seen.kubelet?.config).toMatchObject({
      readOnlyPort: 0,
      podPidsLimit: 8,
      authentication: { anonymous: { enabled: false } },
      tlsCipherSuites: ['C'],
      featureGates: { Ga: true, Gb: false, Gc: true },
    });
    expect(seen.kubelet?.config.authentication).not.toHaveProperty('webhook');
    expect(sourceOf(seen, 'readOnlyPort')).toBe('n1:/d/20-b.conf readOnlyPort');
    expect(sourceOf(seen, 'podPidsLimit')).toBe('n1:/d/15/40.conf podPidsLimit');
    expect(sourceOf(seen, 'authentication.anonymous.enabled')).toBe('n1:/proc/1/cmdline argv[4]');
    expect(sourceOf(seen, 'featureGates.Ga')).toBe('n1:/k.yaml featureGates.Ga');
    expect(sourceOf(seen, 'tlsCipherSuites[0]')).toBe('n1:/d/20-b.conf tlsCipherSuites[0]');
    expect(seen.kubelet?.files.map(({ path }) => path)).toEqual(['/k.yaml', '/d/10-a.conf', '/d/15/40.conf', '/d/20-b.conf']);
  });

  it('is found however its path is written', () => {
    const seen = view({ processes: [['kubelet', '--config=/x/..//k.yaml', '--config-dir=/./d//']], files });
    expect(seen.kubelet?.files.map(({ path }) => path)).toEqual(['/k.yaml', '/d/10-a.conf', '/d/15/40.conf', '/d/20-b.conf']);
  });

  it('of several uses of a flag takes the last one', () => {
    const seen = view({ processes: [['kubelet', '--config=/k.yaml', '--read-only-port=5', '--read-only-port', '0']], files });
    expect(seen.kubelet?.config.readOnlyPort).toBe(0);
  });

  it('begins with the defaults of flags where there are drop-ins and no file', () => {
    const seen = view({ processes: [['kubelet', '--config-dir=/d']], files });
    expect(seen.kubelet?.config).toMatchObject({
      authorization: { mode: 'AlwaysAllow' },
      authentication: { anonymous: { enabled: true } },
    });
    expect(sourceOf(seen, 'authorization.mode')).toBe('n1:/proc/1/cmdline argv');
  });

  it('is not known where its file was not read', () => {
    expect(view({ processes: [['kubelet', '--config=/elsewhere']], files }).kubelet).toBeUndefined();
    expect(view({ processes: [['kubelet', '--config=/k.yaml']], files: { '/k.yaml': 'a: [' } }).kubelet).toBeUndefined();
  });

  it('is not known where a drop-in was not kept, or their folder not read', () => {
    const processes = [['kubelet', '--config=/k.yaml', '--config-dir=/d']];
    expect(view({ processes, files: { ...files, '/d/90.conf': 'a: [' } }).kubelet).toBeUndefined();
    const seen = view({ processes, files });
    const textless = seen.facts.files.map(({ text, ...file }) =>
      file.path === '/d/20-b.conf' ? file : { ...file, ...(text !== undefined && { text }) },
    );
    const without = viewOfNode({ ...seen.facts, files: textless });
    expect(without.kubelet).toBeUndefined();
    expect(NODE_FILES['kubelet-config'](without).files.map(({ path }) => path)).toContain('/d/20-b.conf');
    const gap = { scope: '/d', code: 'forbidden', reason: '', effect: '' } as const;
    expect(view({ processes, files: { '/k.yaml': HEAD }, gaps: [gap] }).kubelet).toBeUndefined();
  });

  it('is that of its flags alone where it is given no file', () => {
    const { kubelet, flagsOnly } = view({ processes: [['kubelet', '--read-only-port=0', '--enable-debugging-handlers=false']], files });
    expect(kubelet).toBeUndefined();
    expect(flagsOnly?.config).toMatchObject({
      readOnlyPort: 0,
      enableDebuggingHandlers: false,
      authentication: { anonymous: { enabled: true } },
      authorization: { mode: 'AlwaysAllow' },
    });
    expect(view({ processes: [['kubelet', '--config=/elsewhere']], files }).flagsOnly).toBeUndefined();
    expect(view({ processes: [['kubelet', '--config-dir=/elsewhere']], files }).flagsOnly).toBeUndefined();
  });

  it('is that of the known place on the image of a disk', () => {
    expect(view({ files: { '/var/lib/kubelet/config.yaml': `${HEAD}readOnlyPort: 3\n` } }).kubelet?.config.readOnlyPort).toBe(3);
  });

  it('comes from the unit where no process was seen', () => {
    const lines = [
      { line: 1, text: 'Environment="ARGS=--config=/k.yaml --anonymous-auth=false"' },
      { line: 2, text: 'ExecStart=/usr/bin/kubelet $ARGS' },
    ];
    const seen = view({ files, units: [{ name: 'kubelet.service', path: '/u', lines, dropIns: [] }] });
    expect(seen.components).toMatchObject([{ name: 'kubelet', from: 'unit' }]);
    expect(seen.kubelet?.config).toMatchObject({ readOnlyPort: 10_255, authentication: { anonymous: { enabled: false } } });
  });
});

describe('components', () => {
  const POD =
    'kind: Pod\napiVersion: v1\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    command: [kube-apiserver, --profiling=true]\n';

  it('are what runs, and what a manifest says where nothing does', () => {
    const files = { '/etc/kubernetes/manifests/a.yaml': POD };
    expect(view({ files }).components).toMatchObject([{ name: 'kube-apiserver', from: 'manifest' }]);
    const both = view({ files, processes: [['kube-apiserver', '--profiling=false']] });
    expect(both.components).toMatchObject([{ name: 'kube-apiserver', from: 'process' }]);
    const [object] = view({ files }).objects;
    expect(object?.origin).toMatchObject({ source: 'n1:/etc/kubernetes/manifests/a.yaml', text: POD });
  });

  it('of etcd have the settings of its file as flags', () => {
    const text = 'data-dir: /data\nclient-transport-security: {client-cert-auth: true}\npeer-transport-security: {auto-tls: true}\n';
    const seen = view({ processes: [['etcd', '--config-file', '/e.yml', '--client-cert-auth=false']], files: { '/e.yml': text } });
    const [etcd] = seen.components;
    expect(etcd?.line.uses.get('--client-cert-auth')?.map(({ value }) => value)).toEqual(['true']);
    expect(etcd?.line.uses.get('--peer-auto-tls')?.map(({ value }) => value)).toEqual(['true']);
    const [object] = seen.objects;
    if (object === undefined) throw new Error('no object');
    expect(seen.locate(object.origin, 'spec.containers[0].command[2]')).toMatchObject({
      origin: { source: 'n1:/e.yml' },
      path: 'client-transport-security.client-cert-auth',
    });
  });

  const manifest = (lists: string, more = ''): string =>
    `kind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - {name: side, image: b}\n  - {name: a, image: "r/etcd:3.5.21-0", ${lists}${more}}\n`;

  it.each<[string, string, string]>([
    ['in command', 'command: [etcd, --config-file=/e.yml, --client-cert-auth=false]', 'command'],
    ['in args', 'command: [etcd], args: [--config-file=/e.yml]', 'command'],
    ['in args alone', 'args: [--config-file, /e.yml]', 'args'],
    ['in a script', 'command: [sh, -c, "exec etcd --config-file=/e.yml"]', 'command'],
  ])('of etcd in a static pod have the settings of its file, which is named %s', (_name, lists, list) => {
    const path = '/etc/kubernetes/manifests/etcd.yaml';
    const text = 'data-dir: /data\nclient-transport-security: {client-cert-auth: true}\n';
    const env = ', env: [{name: ETCD_PEER_AUTO_TLS, value: "true"}]';
    const seen = view({ files: { [path]: manifest(lists, env), '/e.yml': text } });
    const [etcd] = seen.components;
    expect(etcd).toMatchObject({ name: 'etcd', from: 'manifest', file: { path } });
    expect(etcd?.line.hidden).toBeUndefined();
    expect(etcd?.line.uses.get('--client-cert-auth')?.map(({ value }) => value)).toEqual(['true']);
    // Who has such a file reads no variables.
    expect([...(etcd?.line.environment.keys() ?? [])]).toEqual([]);
    const [object] = seen.objects;
    if (object === undefined) throw new Error('no object');
    expect(seen.locate(object.origin, `spec.containers[1].${list}[2]`)).toMatchObject({
      origin: { source: 'n1:/e.yml' },
      path: 'client-transport-security.client-cert-auth',
    });
    expect(seen.locate(object.origin, 'metadata.name')).toMatchObject({ origin: { source: `n1:${path}` }, path: 'metadata.name' });
  });

  it('of etcd with a file that was not seen are not known', () => {
    const [etcd] = view({ files: { '/etc/kubernetes/manifests/etcd.yaml': manifest('command: [etcd, --config-file=/e.yml]') } }).components;
    expect(etcd?.line.hidden).toMatch(/\/e\.yml/);
  });

  it('of the scheduler in a static pod have the profiling of its file, and where the rest stands', () => {
    const path = '/etc/kubernetes/manifests/s.yaml';
    const text = manifest('command: [kube-scheduler, --profiling=true], args: [--config, /s.yaml, --bind-address=127.0.0.1]');
    const seen = view({ files: { [path]: text, '/s.yaml': 'kind: KubeSchedulerConfiguration\nenableProfiling: false\n' } });
    const [scheduler] = seen.components;
    expect(scheduler?.line.uses.get('--profiling')?.map(({ value }) => value)).toEqual(['false']);
    const [object] = seen.objects;
    if (object === undefined) throw new Error('no object');
    const placeOf = (place: string): string => {
      const { origin, path: inside } = seen.locate(object.origin, `spec.containers[1].${place}`);
      return `${origin.source} ${inside}`;
    };
    expect(placeOf(scheduler?.line.uses.get('--profiling')?.[0]?.path ?? '')).toBe('n1:/s.yaml enableProfiling');
    expect(placeOf(scheduler?.line.uses.get('--bind-address')?.[0]?.path ?? '')).toBe(`n1:${path} spec.containers[1].args[2]`);
    expect(placeOf('command')).toBe(`n1:${path} spec.containers[1].args`);
  });

  it('of etcd with a file ignore the variables of its process too', () => {
    const seen = view({ processes: [['etcd', '--config-file=/e.yml']], files: { '/e.yml': 'name: a\n' } });
    const environment = { ETCD_CLIENT_CERT_AUTH: 'true' };
    const { components } = viewOfNode({ ...seen.facts, processes: seen.facts.processes.map((one) => ({ ...one, environment })) });
    expect(components.map(({ line }) => [...line.environment.keys()])).toEqual([[]]);
  });

  it('of the scheduler have the profiling of its file and not that of the flag', () => {
    const files = { '/s.yaml': 'kind: KubeSchedulerConfiguration\nenableProfiling: false\n' };
    const [scheduler] = view({ processes: [['kube-scheduler', '--config=/s.yaml', '--profiling=true']], files }).components;
    expect(scheduler?.line.uses.get('--profiling')?.map(({ value }) => value)).toEqual(['false']);
  });

  it.each([
    [['kube-apiserver']],
    [['hyperkube', 'kube-apiserver']],
    [['watch-termination', '--for=1m', '--', 'hyperkube', 'kube-apiserver']],
  ])('of OpenShift have the settings of its file, before those of the command line: %j', (programs) => {
    const config = { apiServerArguments: { profiling: ['false'], 'anonymous-auth': ['false'] }, servingInfo: { certFile: '/a.crt' } };
    const processes = [[...programs, '--openshift-config=/o.json', '--anonymous-auth=true', '-v=2']];
    const [server] = view({ processes, files: { '/o.json': JSON.stringify(config) } }).components;
    const last = (flag: string): string | undefined => server?.line.uses.get(flag)?.at(-1)?.value;
    expect([server?.name, last('--profiling'), last('--anonymous-auth'), last('--tls-cert-file')]).toEqual([
      'kube-apiserver',
      'false',
      'true',
      '/a.crt',
    ]);
  });

  it('do not include what a pod calls kubelet beside the one of the node', () => {
    const seen = view({
      processes: [
        ['kubelet', '--v=1'],
        ['kubelet', '--v=2'],
      ],
    });
    const facts = { ...seen.facts, processes: seen.facts.processes.map((process, index) => ({ ...process, inPod: index === 0 })) };
    expect(viewOfNode(facts).components.map(({ process }) => process?.pid)).toEqual([2]);
  });
});

it('files are those that components name, else those of the known places', () => {
  const files = { '/etc/kubernetes/kubelet.conf': '', '/own.conf': '' };
  const paths = (seen: NodeView): string[] => NODE_FILES['kubelet-kubeconfig'](seen).files.map(({ path }) => path);
  expect(paths(view({ files }))).toEqual(['/etc/kubernetes/kubelet.conf']);
  expect(paths(view({ files, processes: [['kubelet', '--kubeconfig=/own.conf']] }))).toEqual(['/own.conf']);
  expect(NODE_FILES['kubelet-kubeconfig'](view({ processes: [['kubelet', '--kubeconfig=/gone']] })).unseen).toEqual(['/gone']);
});

it('keys are also those that stand beside a certificate, and not the halves that anybody may have', () => {
  const files = { '/etc/kubernetes/pki/bundle.crt': '', '/own/tls.pem': '', '/own/sa.pem': '', '/own/sa.key': '', '/own/other.crt': '' };
  const seen = view({ files });
  const namedBy = '--service-account-key-file of kube-apiserver';
  const marked = seen.facts.files.map((file) => ({
    ...file,
    ...(/bundle|tls/.test(file.path) && { holdsKey: true as const }),
    ...(file.path.includes('/sa.') && { namedBy }),
  }));
  const { files: keys } = NODE_FILES['pki-keys'](viewOfNode({ ...seen.facts, files: marked }));
  expect(keys.map(({ path }) => path).toSorted()).toEqual(['/etc/kubernetes/pki/bundle.crt', '/own/sa.key', '/own/tls.pem']);
});

it('manifests are not known where the folder that the kubelet names may not be read', () => {
  const gap = { scope: '/pods', code: 'forbidden', reason: '', effect: '' } as const;
  const gapsOf = (seen: NodeView): number => NODE_FILES['apiserver-manifest'](seen).gaps.length;
  const files = { '/k.yaml': `${HEAD}staticPodPath: /pods/\n` };
  expect(gapsOf(view({ processes: [['kubelet', '--config=/k.yaml']], files, gaps: [gap] }))).toBe(1);
  expect(gapsOf(view({ processes: [['kubelet', '--pod-manifest-path=/pods']], gaps: [gap] }))).toBe(1);
  expect(gapsOf(view({ processes: [['kubelet', '--pod-manifest-path=/others']], gaps: [gap] }))).toBe(0);
});

it('a file is that which the process sees itself', () => {
  const seen = view({ processes: [['kube-scheduler', '--config=/s.yaml']], files: { '/s.yaml': 'enableProfiling: true\n' } });
  const [file] = seen.facts.files;
  if (file === undefined) throw new Error('no file');
  const profilingWith = (pid: number): string | undefined => {
    const own: FileFact = { ...file, pid, text: 'enableProfiling: false\n' };
    return viewOfNode({ ...seen.facts, files: [file, own] }).components[0]?.line.uses.get('--profiling')?.[0]?.value;
  };
  expect([profilingWith(1), profilingWith(9)]).toEqual(['false', 'true']);
});

it('never throws, whatever command lines and files say', () => {
  const word = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.constantFrom('--config=/f', '--config', '/f', '--config-file=/f', '--feature-gates=a=b', '--read-only-port=x'),
  );
  const name = fc.constantFrom('kubelet', 'etcd', 'kube-scheduler', 'kube-apiserver', 'kube-proxy');
  fc.assert(
    fc.property(name, fc.array(word, { maxLength: 6 }), fc.oneof(fc.string(), fc.json()), (program, words, text) => {
      const files = { '/f': text, '/etc/kubernetes/manifests/x.yaml': text, '/var/lib/kubelet/config.yaml': text };
      const seen = view({ processes: [[program, ...words]], files });
      for (const object of seen.objects) seen.locate(object.origin, 'spec.containers[0].command[1]');
      for (const question of Object.values(NODE_FILES)) question(seen);
    }),
    { numRuns: RUNS },
  );
});

describe('static pods', () => {
  const pod = (flag: string): string => `{"kind": "Pod", "spec": {"containers": [{"command": ["kube-apiserver", "${flag}"]}]}}`;
  const settingsIn = (given: Given): (string | undefined)[] =>
    view(given).components.flatMap(({ line }) => (line.component === 'kube-apiserver' ? line.uses.get('--profiling')?.at(-1)?.value : []));
  const told = (folder: string): string => `{"kind": "KubeletConfiguration", "staticPodPath": "${folder}"}`;

  it('are what lies in the folder of the kubelet, and nothing that is left at a known place', () => {
    const files = {
      '/etc/kubernetes/manifests/kube-apiserver.yaml': pod('--profiling=true'),
      '/etc/other/server.yaml': pod('--profiling=false'),
      '/etc/other/deeper/server.yaml': pod('--profiling=1'),
      '/var/lib/kubelet/config.yaml': told('/etc/other/'),
    };
    expect(settingsIn({ files })).toEqual(['false']);
    const stale = NODE_FILES['apiserver-manifest'](view({ files })).files;
    expect(stale.map(({ path }) => path)).toEqual(['/etc/other/server.yaml']);
    expect(settingsIn({ files: { ...files, '/var/lib/kubelet/config.yaml': told('') } })).toEqual(['true']);
  });

  it('are in the folder that the kubelet is given by a flag, too', () => {
    const files = {
      '/etc/kubernetes/manifests/kube-apiserver.yaml': pod('--profiling=true'),
      '/etc/other/server.yaml': pod('--profiling=false'),
    };
    const seen = { processes: [['kubelet', '--pod-manifest-path', '/etc/other']], files };
    expect(settingsIn(seen)).toEqual(['false']);
    expect(NODE_FILES['apiserver-manifest'](view(seen)).files.map(({ path }) => path)).toEqual(['/etc/other/server.yaml']);
  });

  it('have no name that begins with a dot', () => {
    const files = {
      '/etc/kubernetes/manifests/.kube-apiserver.yaml': pod('--profiling=true'),
      '/etc/kubernetes/manifests/kube-apiserver.yaml': pod('--profiling=false'),
    };
    expect(settingsIn({ files })).toEqual(['false']);
    expect(settingsIn({ files: { ...files, '/var/lib/kubelet/config.yaml': told('/etc/kubernetes/manifests') } })).toEqual(['false']);
  });
});
