import { describe, expect, it } from 'vitest';
import type { NodeOperation } from '../../rules/index.ts';
import type { NodeFacts } from '../../snapshot/index.ts';
import { factsAfter, fileOfField } from './carry-out.ts';
import { factsOf, fileOf, manifestOf, unitOf, viewOf } from './node-examples.ts';

const OFF: NodeOperation = { operation: 'flag', component: 'kube-apiserver', flag: '--profiling', value: 'false' };
const API = { pid: 7, name: 'kube-apiserver', argv: ['kube-apiserver', '--v=2'] };
const KUBELET_FILE = '/var/lib/kubelet/config.yaml';

function textAfter(facts: NodeFacts, path: string, ...operations: readonly NodeOperation[]): string | undefined {
  return factsAfter(facts, operations).files.find((file) => file.path === path)?.text;
}

describe('a flag', () => {
  it('is in the manifest and in the process that it will start', () => {
    const facts = factsOf({ files: [manifestOf('kube-apiserver', '--v=2')], processes: [API, { pid: 1, name: 'init', argv: ['init'] }] });
    const after = factsAfter(facts, [OFF]);
    expect(after.files[0]?.text).toContain('    - --v=2\n    - --profiling=false\n');
    expect(after.processes.map(({ argv }) => argv)).toEqual([['kube-apiserver', '--v=2', '--profiling=false'], ['init']]);
    expect(facts.processes[0]?.argv).toEqual(['kube-apiserver', '--v=2']);
  });

  it('is set once by two changes, and by both where they are of two flags', () => {
    const facts = factsOf({ files: [manifestOf('kube-apiserver', '--v=2')] });
    const other: NodeOperation = { ...OFF, flag: '--anonymous-auth' };
    const text = textAfter(facts, '/etc/kubernetes/manifests/kube-apiserver.yaml', OFF, other, OFF) ?? '';
    expect(text.match(/--profiling/g)).toHaveLength(1);
    expect(text.match(/--anonymous-auth=false/g)).toHaveLength(1);
  });

  it('is in the file of k3s, also where there was none', () => {
    const path = '/etc/rancher/k3s/config.yaml';
    const none = factsOf({ distribution: 'k3s', absent: [path] });
    const made = factsAfter(none, [OFF]);
    expect(made.files).toMatchObject([{ path, owner: 'root', mode: '600', text: 'kube-apiserver-arg:\n- "profiling=false"\n' }]);
    expect(made.absent).toEqual([]);
    expect(textAfter(factsOf({ distribution: 'k3s', files: [fileOf(path, 'token: x\n')] }), path, OFF)).toMatch(
      /^token: x\nkube-apiserver-arg:\s+- profiling=false\n$/,
    );
    // Whether there is one was not seen, so nobody knows what it would overwrite.
    expect(factsAfter(factsOf({ distribution: 'k3s' }), [OFF]).files).toEqual([]);
  });

  it('is in the file of k0s, and in the lines of microk8s', () => {
    const k0s = factsOf({ distribution: 'k0s', files: [fileOf('/etc/k0s/k0s.yaml', 'spec: {api: {port: 6443}}\n')] });
    expect(textAfter(k0s, '/etc/k0s/k0s.yaml', OFF)).toMatch(/extraArgs: \{\s*profiling: "false"\s*\}/);
    const path = '/var/snap/microk8s/current/args/kube-apiserver';
    const microk8s = factsOf({ distribution: 'microk8s', files: [fileOf(path, '--v=2\n')] });
    expect(textAfter(microk8s, path, OFF)).toBe('--v=2\n--profiling=false\n');
  });

  it('is in the variables of a unit where they hold it, else in a drop-in with the whole command', () => {
    const flag: NodeOperation = { operation: 'flag', component: 'kubelet', flag: '--read-only-port', value: '0' };
    const unit = unitOf('kubelet.service', 'kubelet $ARGS --node-labels "a b"', 'EnvironmentFile=/etc/default/kubelet');
    const held = factsOf({ units: [unit], files: [fileOf('/etc/default/kubelet', 'ARGS="--read-only-port=10255"\n')] });
    expect(textAfter(held, '/etc/default/kubelet', flag)).toBe('ARGS="--read-only-port=0"\n');
    const path = '/etc/systemd/system/kubelet.service.d/90-castellan.conf';
    expect(textAfter(held, path, flag)).toBeUndefined();
    const other = factsOf({ units: [unit], files: [fileOf('/etc/default/kubelet', 'ARGS="--v=2"\n')] });
    const after = factsAfter(other, [flag]);
    expect(after.files.find((file) => file.path === path)?.text).toBe(
      '[Service]\nExecStart=\nExecStart=kubelet --v=2 --node-labels "a b" --read-only-port=0\n',
    );
    // The view of the node that comes of it is what would run.
    const [kubelet] = viewOf(after).components;
    expect(kubelet?.line.uses.get('--read-only-port')?.at(-1)?.value).toBe('0');
  });

  it('is a field of the file that etcd and the scheduler look at instead', () => {
    const etcd = factsOf({
      processes: [{ pid: 5, name: 'etcd', argv: ['etcd', '--config-file=/etc/etcd.yaml'] }],
      files: [fileOf('/etc/etcd.yaml', 'name: a\n'), manifestOf('etcd', '--config-file=/etc/etcd.yaml')],
    });
    const secure: NodeOperation = { operation: 'flag', component: 'etcd', flag: '--client-cert-auth', value: 'true' };
    expect(textAfter(etcd, '/etc/etcd.yaml', secure)).toMatch(/^name: a\nclient-transport-security:\s+client-cert-auth: true\n$/);
    expect(textAfter(etcd, '/etc/kubernetes/manifests/etcd.yaml', secure)).toBe(etcd.files[1]?.text);
    // A disk on which nothing runs, too.
    const disk = factsAfter({ ...etcd, processes: [] }, [secure]).files;
    expect(disk.map(({ text }) => text)).toEqual([textAfter(etcd, '/etc/etcd.yaml', secure), etcd.files[1]?.text]);
    const scheduler = factsOf({
      processes: [{ pid: 6, name: 'kube-scheduler', argv: ['kube-scheduler', '--config=/etc/s.yaml'] }],
      files: [fileOf('/etc/s.yaml', 'kind: KubeSchedulerConfiguration\n'), manifestOf('kube-scheduler', '--config=/etc/s.yaml')],
    });
    const off: NodeOperation = { operation: 'flag', component: 'kube-scheduler', flag: '--profiling', value: 'false' };
    expect(textAfter(scheduler, '/etc/s.yaml', off)).toBe('kind: KubeSchedulerConfiguration\nenableProfiling: false\n');
  });

  it('changes no file where the place is elsewhere', () => {
    const facts = factsOf({ distribution: 'talos', processes: [API] });
    expect(factsAfter(facts, [OFF]).files).toEqual([]);
  });
});

describe('a field of the kubelet', () => {
  const KUBELET = { pid: 9, name: 'kubelet', argv: ['kubelet', `--config=${KUBELET_FILE}`, '--config-dir=/etc/kubelet.d'] };
  const DROP_IN = '/etc/kubelet.d/10-port.conf';
  const facts = factsOf({
    processes: [KUBELET],
    files: [
      fileOf(KUBELET_FILE, 'kind: KubeletConfiguration\nreadOnlyPort: 0 # mine\n'),
      fileOf(DROP_IN, 'kind: KubeletConfiguration\nreadOnlyPort: 10255\n'),
    ],
  });

  it('is changed in the drop-in that sets it, and added to the file where none does', () => {
    expect(fileOfField(viewOf(facts), 'readOnlyPort')?.path).toBe(DROP_IN);
    const after = factsAfter(facts, [
      { operation: 'field', path: 'readOnlyPort', value: 0 },
      { operation: 'field', path: 'authentication.anonymous.enabled', value: false },
    ]);
    expect(after.files.find(({ path }) => path === DROP_IN)?.text).toBe('kind: KubeletConfiguration\nreadOnlyPort: 0\n');
    expect(after.files.find(({ path }) => path === KUBELET_FILE)?.text).toMatch(
      /readOnlyPort: 0 # mine\nauthentication:\s+anonymous:\s+enabled: false/,
    );
  });

  it('stays where its file is not known', () => {
    const unknown = factsOf({ processes: [KUBELET] });
    expect(factsAfter(unknown, [{ operation: 'field', path: 'readOnlyPort', value: 0 }])).toEqual(unknown);
  });
});

describe('files', () => {
  const facts = factsOf({ files: [{ ...fileOf('/etc/a', 'x'), owner: 'kube', uid: 1000, group: 'kube', gid: 1000, mode: '644' }] });

  it('get modes and owners', () => {
    const [file] = factsAfter(facts, [
      { operation: 'mode', path: '/etc/a', mode: '600' },
      { operation: 'owner', path: '/etc/a', owner: 'root:root' },
    ]).files;
    expect(file).toMatchObject({ mode: '600', owner: 'root', uid: 0, group: 'root', gid: 0, text: 'x' });
    expect(factsAfter(facts, [{ operation: 'mode', path: '/etc/b', mode: '600' }])).toEqual(facts);
  });

  it("have nobody's number for a user that was not seen", () => {
    expect(factsAfter(facts, [{ operation: 'owner', path: '/etc/a', owner: 'etcd:etcd' }]).files[0]).toMatchObject({
      owner: 'etcd',
      uid: -1,
    });
  });

  it('are made, in the order of their paths', () => {
    const made = factsAfter({ ...facts, absent: ['/a'] }, [{ operation: 'file', path: '/a', text: 'y', mode: '640' }]);
    expect(made.files.map(({ path, mode }) => [path, mode])).toEqual([
      ['/a', '640'],
      ['/etc/a', '644'],
    ]);
    expect(made.absent).toEqual([]);
  });

  it('are mounted where the component is a static pod', () => {
    const mount: NodeOperation = { operation: 'mount', component: 'kube-apiserver', path: '/etc/audit.yaml', type: 'File' };
    const manifest = manifestOf('kube-apiserver', '--v=2');
    expect(textAfter(factsOf({ files: [manifest] }), manifest.path, mount)).toContain('mountPath: /etc/audit.yaml');
    expect(factsAfter(factsOf({ processes: [API] }), [mount])).toEqual(factsOf({ processes: [API] }));
  });
});
