import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../../test/runs.ts';
import { type FileFact, type NodeFacts, NODE_FACTS_SCHEMA } from '../../snapshot/index.ts';
import { settingOf } from '../command-line/index.ts';
import { type NodeView, viewOfNode } from './node-view.ts';

interface Given {
  start?: string;
  argv?: readonly string[];
  files?: Readonly<Record<string, string | undefined>>;
}

function viewOf({ start, argv = ['/usr/local/bin/k3s server'], files = {} }: Given): NodeView {
  const facts: NodeFacts = {
    schema: NODE_FACTS_SCHEMA,
    node: 'n1',
    collectedAt: '2026-01-01T00:00:00Z',
    collectedBy: '0',
    running: true,
    distribution: 'k3s',
    os: { id: '', version: '', name: '' },
    kernel: '',
    versions: {},
    processes: [{ pid: 7, name: 'k3s', argv: [...argv] }],
    units:
      start === undefined
        ? []
        : [{ name: 'k3s.service', path: '/etc/systemd/system/k3s.service', lines: [{ line: 2, text: `ExecStart=${start}` }], dropIns: [] }],
    files: Object.entries(files).map(([path, text]): FileFact => ({
      path,
      type: 'file',
      mode: '600',
      uid: 0,
      gid: 0,
      size: 1,
      namedBy: 'known place',
      ...(text !== undefined && { text }),
    })),
    absent: [],
    certificates: [],
    sockets: [],
    sysctls: {},
    gaps: [],
  };
  return viewOfNode(facts);
}

function names(view: NodeView): string[] {
  return view.components.map(({ name }) => name);
}

function setting(view: NodeView, component: string, flag: string): string | undefined {
  const line = view.components.find(({ name }) => name === component)?.line;
  return line === undefined ? undefined : settingOf(line, flag)?.value;
}

const SERVER = '/usr/local/bin/k3s server';
const CONFIG = '/etc/rancher/k3s/config.yaml';

describe('k3s', () => {
  it('runs five components as a server, two as an agent, and leaves out what is switched off', () => {
    expect(names(viewOf({ start: SERVER }))).toEqual([
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'kubelet',
      'kube-proxy',
    ]);
    expect(names(viewOf({ start: '/usr/local/bin/k3s agent' }))).toEqual(['kubelet', 'kube-proxy']);
    expect(names(viewOf({ start: `${SERVER} --disable-agent --disable-scheduler --disable-kube-proxy` }))).toEqual([
      'kube-apiserver',
      'kube-controller-manager',
    ]);
  });

  it('is not seen where its process hides its arguments and no unit tells them', () => {
    expect(names(viewOf({}))).toEqual([]);
    expect(names(viewOf({ argv: [SERVER, '--kube-apiserver-arg=anonymous-auth=true'] }))).toHaveLength(5);
  });

  it('hands on what its flags and its file say, in place of what it sets by itself', () => {
    const view = viewOf({
      start: `${SERVER} '--kube-apiserver-arg=anonymous-auth=true' --kube-apiserver-arg enable-admission-plugins=NodeRestriction,AlwaysPullImages`,
      files: { [CONFIG]: 'kube-apiserver-arg:\n- profiling=true\nkube-scheduler-arg: profiling=true\nsecrets-encryption: true\n' },
    });
    expect(setting(view, 'kube-apiserver', '--anonymous-auth')).toBe('true');
    expect(setting(view, 'kube-apiserver', '--enable-admission-plugins')).toBe('NodeRestriction,AlwaysPullImages');
    expect(setting(view, 'kube-apiserver', '--profiling')).toBe('true');
    expect(setting(view, 'kube-apiserver', '--authorization-mode')).toBe('Node,RBAC');
    expect(setting(view, 'kube-apiserver', '--encryption-provider-config')).toBe('/var/lib/rancher/k3s/server/cred/encryption-config.json');
    expect(setting(view, 'kube-scheduler', '--profiling')).toBe('true');
    expect(setting(view, 'kube-controller-manager', '--profiling')).toBe('false');
  });

  it('shows where each flag stands', () => {
    const view = viewOf({
      start: `${SERVER} --kube-apiserver-arg=anonymous-auth=true`,
      files: { [CONFIG]: 'kube-apiserver-arg:\n- profiling=true\n' },
    });
    const server = view.components.find(({ name }) => name === 'kube-apiserver');
    const object = view.objects.find(({ object: { metadata } }) => (metadata as { name: string }).name === 'kube-apiserver');
    const shown = (flag: string): string => {
      const path = server === undefined ? '' : (settingOf(server.line, flag)?.path ?? '');
      const { origin, path: inside } = view.locate(
        object?.origin ?? { source: '', line: 1, format: 'json', prefix: [] },
        `spec.containers[0].${path}`,
      );
      return `${origin.source} ${inside}`;
    };
    expect(shown('--anonymous-auth')).toBe('n1:/etc/systemd/system/k3s.service ExecStart[2]');
    expect(shown('--profiling')).toBe(`n1:${CONFIG} kube-apiserver-arg[0]`);
    expect(shown('--authorization-mode')).toBe('n1:k3s default');
  });

  it('lets a later file replace a list, or add to it with a plus', () => {
    const files = {
      [CONFIG]: 'kube-apiserver-arg: [profiling=true]\n',
      [`${CONFIG}.d/10.yaml`]: 'kube-apiserver-arg: [anonymous-auth=true]\n',
    };
    const replaced = viewOf({ start: SERVER, files });
    expect([setting(replaced, 'kube-apiserver', '--profiling'), setting(replaced, 'kube-apiserver', '--anonymous-auth')]).toEqual([
      'false',
      'true',
    ]);
    const added = viewOf({ start: SERVER, files: { ...files, [`${CONFIG}.d/10.yaml`]: 'kube-apiserver-arg+: [anonymous-auth=true]\n' } });
    expect([setting(added, 'kube-apiserver', '--profiling'), setting(added, 'kube-apiserver', '--anonymous-auth')]).toEqual([
      'true',
      'true',
    ]);
  });

  it('says nothing where a file of it could not be read', () => {
    expect(names(viewOf({ start: SERVER, files: { [CONFIG]: undefined } }))).toEqual([]);
  });

  it('asks etcd over TLS only where it has one', () => {
    expect(setting(viewOf({ start: SERVER }), 'kube-apiserver', '--etcd-servers')).toBe('unix://kine.sock');
    expect(setting(viewOf({ start: `${SERVER} --cluster-init` }), 'kube-apiserver', '--etcd-cafile')).toBe(
      '/var/lib/rancher/k3s/server/tls/etcd/server-ca.crt',
    );
    const outside = viewOf({ start: `${SERVER} --datastore-endpoint=https://10.0.0.9:2379` });
    expect(setting(outside, 'kube-apiserver', '--etcd-servers')).toBeUndefined();
  });

  it('never throws, whatever its files and its flags are', () => {
    const keys = fc.constantFrom('kube-apiserver-arg', 'kubelet-arg+', 'data-dir', 'disable-agent', 'config', 'cluster-init');
    const config = fc.oneof(
      fc.string(),
      fc.dictionary(keys, fc.jsonValue()).map((value) => JSON.stringify(value)),
    );
    const word = fc.oneof(
      fc.string(),
      fc.tuple(keys, fc.string()).map(([key, value]) => `--${key}=${value}`),
    );
    const property = fc.property(config, fc.array(word), (text, words) => {
      const view = viewOf({ start: [SERVER, ...words].join(' '), files: { [CONFIG]: text } });
      for (const { origin } of view.objects) view.locate(origin, 'spec.containers[0].command[1]');
    });
    fc.assert(property, { numRuns: RUNS });
  });
});
