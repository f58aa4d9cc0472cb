import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContainerSpec } from '../../model/index.ts';
import { commandLineOf, gateOf, isLoopback, listOf, parseBoolean, parseDuration, parseFeatureGates, settingOf } from './index.ts';
import { shellCommands } from './shell.ts';
import { RUNS } from '../../../test/runs.ts';

function value(container: ContainerSpec, flag: string): string | undefined {
  const line = commandLineOf(container);
  return line === undefined ? undefined : settingOf(line, flag)?.value;
}

describe('which component runs', () => {
  it.each<[ContainerSpec, string | undefined]>([
    [{ command: ['kube-apiserver', '--v=2'] }, 'kube-apiserver'],
    [{ command: ['/usr/local/bin/kube-scheduler'] }, 'kube-scheduler'],
    [{ command: ['C:\\k\\kube-proxy.exe'] }, 'kube-proxy'],
    [{ command: ['/hyperkube', 'apiserver'] }, 'kube-apiserver'],
    [{ command: ['hyperkube', 'kube-controller-manager'] }, 'kube-controller-manager'],
    [{ command: ['hyperkube', 'federation'] }, undefined],
    [{ command: ['/bin/sh', '-c'], args: ['exec /usr/local/bin/kube-apiserver --v=2'] }, 'kube-apiserver'],
    [{ command: ['/bin/bash', '-euo', 'pipefail', '-c', 'set -x\nkubelet --v=2'] }, 'kubelet'],
    [{ command: ['/go-runner', '--log-file=/var/log/kube-proxy.log', 'kube-proxy'] }, 'kube-proxy'],
    [{ command: ['/opt/tools/entrypoint.sh', 'kube-apiserver', '--v=2'] }, 'kube-apiserver'],
    [{ command: ['tini', '--', 'etcd'] }, 'etcd'],
    [{ command: ['env', 'ETCD_NAME=a', 'etcd'] }, 'etcd'],
    [{ args: ['--name=a'], image: 'quay.io/coreos/etcd:v3.5' }, 'etcd'],
    [{ args: ['--v=2'], image: 'registry.example.com:5000/kube-proxy-amd64@sha256:0' }, 'kube-proxy'],
    [{ image: 'quay.io/coreos/etcd:v3.5' }, undefined],
    [{ image: 'quay.io/coreos/etcd:v3.5', env: [{ name: 'ETCD_NAME', value: 'a' }] }, 'etcd'],
    [{ command: ['kubectl', 'get', 'pods'] }, undefined],
    [{ command: ['cp', '/usr/bin/kubelet', '/host'] }, undefined],
    [{ command: ['kube-bench', 'run', '--targets', 'kubelet'] }, undefined],
    [{ command: ['sh', '-c', 'ps aux | grep kube-apiserver'] }, undefined],
    [{ command: ['kube-apiserver-proxy'] }, undefined],
    [{ command: ['kubelet', '--version'] }, undefined],
    [
      { args: ['--kubelet-service=kube-system/kubelet', '--kubelet-endpoints'], image: 'quay.io/prometheus-operator/prometheus-operator' },
      undefined,
    ],
    [{ args: ['etcdctl', 'snapshot'], image: 'quay.io/coreos/etcd:v3.5' }, undefined],
    [{}, undefined],
  ])('%j: %s', (container, component) => {
    expect(commandLineOf(container)?.component).toBe(component);
  });
});

describe('the release that the image names', () => {
  it.each<[string, string | undefined, number | undefined]>([
    ['kube-apiserver', 'registry.k8s.io/kube-apiserver:v1.34.1', 34],
    ['kube-apiserver', 'registry.example.com:5000/k8s/kube-apiserver-amd64:v1.6.0@sha256:0', 6],
    ['kube-apiserver', 'rancher/hyperkube:v1.17.3-rancher1', 17],
    // The one of a program that another image was built for, or of none.
    ['kube-apiserver', 'registry.example.com:1.30/kube-apiserver', undefined],
    ['kube-apiserver', 'registry.k8s.io/kube-apiserver:latest', undefined],
    ['kube-apiserver', 'busybox:1.36.1', undefined],
    ['etcd', 'registry.k8s.io/etcd:1.2.3', undefined],
    ['kube-apiserver', undefined, undefined],
  ])('%s in %s: %s', (program, image, release) => {
    const line = commandLineOf({ command: [program], ...(image !== undefined && { image }) });
    expect(line).toMatchObject({ component: program });
    expect(line?.release).toBe(release);
  });
});

describe('flags', () => {
  const api = (...flags: string[]): ContainerSpec => ({ command: ['kube-apiserver', ...flags] });

  it('reads each form', () => {
    expect(value(api('--a=1'), '--a')).toBe('1');
    expect(value(api('--a', '1'), '--a')).toBe('1');
    expect(value(api('--a', '-1'), '--a')).toBe('-1');
    expect(value(api('-a=1'), '--a')).toBe('1');
    expect(value(api('--a="x,y"'), '--a')).toBe('x,y');
    expect(value(api('--a=b=c'), '--a')).toBe('b=c');
    expect(value(api('--a'), '--a')).toBe('');
    expect(value(api('--', '--a=1'), '--a')).toBeUndefined();
  });

  it('gives a boolean no further word', () => {
    expect(value(api('--profiling', 'false'), '--profiling')).toBe('true');
    expect(value(api('--profiling', '--a=1'), '--a')).toBe('1');
  });

  it('does not take a flag for another that it begins', () => {
    const container = api('--encryption-provider-config-automatic-reload=true');
    expect(value(container, '--encryption-provider-config')).toBeUndefined();
  });

  it('takes the last of several', () => {
    expect(value(api('--a=1', '--b=2', '--a', '3'), '--a')).toBe('3');
  });

  it('reads underscores as dashes, but not for etcd', () => {
    expect(value(api('--anonymous_auth=false'), '--anonymous-auth')).toBe('false');
    expect(value({ command: ['etcd', '--auto_tls=true'] }, '--auto-tls')).toBeUndefined();
  });

  it('reads flags of etcd up to the first other word', () => {
    expect(value({ command: ['etcd', '-auto-tls', 'x', '--cert-file=a'] }, '--auto-tls')).toBe('true');
    expect(value({ command: ['etcd', '-auto-tls', 'x', '--cert-file=a'] }, '--cert-file')).toBeUndefined();
    expect(value(api('x', '--a=1'), '--a')).toBe('1');
  });

  it('joins command and arguments and says where each stands', () => {
    const line = commandLineOf({ command: ['kube-apiserver', '--a=1'], args: ['--b', '2'] });
    expect(line?.list).toBe('args');
    expect(line && settingOf(line, '--a')?.path).toBe('command[1]');
    expect(line && settingOf(line, '--b')?.path).toBe('args[0]');
  });

  it('adds up lists and feature gates', () => {
    const line = commandLineOf(
      api(
        '--enable-admission-plugins=A, B',
        '--feature-gates=X=true,kube:Y=false',
        '--enable-admission-plugins',
        'C',
        '--feature-gates=X=false',
      ),
    );
    expect(line && listOf(line, '--enable-admission-plugins')?.items).toEqual(['A', 'B', 'C']);
    expect(line && listOf(line, '--enable-admission-plugins')?.useOf('B').path).toBe('command[1]');
    expect(line && gateOf(line, 'X')?.on).toBe(false);
    expect(line && gateOf(line, 'Y')?.on).toBe(false);
    expect(line && gateOf(line, 'Z')).toBeUndefined();
  });

  it('has gates follow the one for all of their stage', () => {
    const line = commandLineOf(api('--feature-gates=AllBeta=false,AllAlpha=true'));
    expect(line && gateOf(line, 'X')?.on).toBe(false);
    expect(line && gateOf(line, 'X', 'AllAlpha')?.on).toBe(true);
  });
});

describe('what the manifest does not show', () => {
  it('puts in variables as the kubelet does', () => {
    const env = [
      { name: 'A', value: '1' },
      { name: 'B', valueFrom: {} },
    ];
    expect(value({ command: ['kubelet', '--a=$(A)', '--b=$$(A)', '--c=$(NONE)'], env }, '--a')).toBe('1');
    expect(value({ command: ['kubelet', '--a=$(A)', '--b=$$(A)', '--c=$(NONE)'], env }, '--b')).toBe('$(A)');
    expect(value({ command: ['kubelet', '--c=$(NONE)'], env }, '--c')).toBe('$(NONE)');
    const line = commandLineOf({ command: ['kubelet', '--b=$(B)'], env });
    expect(line && settingOf(line, '--b')?.opaque).toBe(true);
    expect(line?.hidden).toBeUndefined();
  });

  it('knows that a word from elsewhere may be any flag', () => {
    expect(commandLineOf({ command: ['kubelet', '$(ARGS)'], env: [{ name: 'ARGS', valueFrom: {} }] })?.hidden).toBeDefined();
    expect(commandLineOf({ command: ['sh', '-c', 'exec kubelet $KUBELET_ARGS'] })?.hidden).toBeDefined();
    expect(commandLineOf({ command: ['kubelet', '--openshift-config=/etc/config.yaml'] })?.hidden).toContain('/etc/config.yaml');
  });

  it('reads the settings of etcd from its environment, flags first', () => {
    const env = [
      { name: 'ETCD_CERT_FILE', value: 'a' },
      { name: 'ETCD_KEY_FILE', value: 'b' },
    ];
    expect(value({ command: ['etcd', '--cert-file=c'], env }, '--cert-file')).toBe('c');
    expect(value({ command: ['etcd', '--cert-file=c'], env }, '--key-file')).toBe('b');
    expect(value({ command: ['kube-apiserver'], env }, '--key-file')).toBeUndefined();
    expect(value({ command: ['sh', '-c', 'export ETCD_KEY_FILE=d; ETCD_CERT_FILE=e exec etcd'] }, '--key-file')).toBe('d');
    expect(value({ command: ['sh', '-c', 'export ETCD_KEY_FILE=d; ETCD_CERT_FILE=e exec etcd'] }, '--cert-file')).toBe('e');
    const line = commandLineOf({ command: ['etcd', '--config-file=/etcd.yaml', '--auto-tls=true'], env });
    expect(line?.hidden).toContain('/etcd.yaml');
    expect(line && settingOf(line, '--auto-tls')).toBeUndefined();
  });
});

describe('shell words', () => {
  const words = (script: string, variables: Record<string, string> = {}): string[][] =>
    shellCommands(script, (name) => variables[name]).map((command) => command.map((word) => word.text));

  it.each([
    ['a b', [['a', 'b']]],
    ['a "b c" \'d  e\'', [['a', 'b c', 'd  e']]],
    ['a --x="1 2"y', [['a', '--x=1 2y']]],
    ['a \\\n  b', [['a', 'b']]],
    ['a \\\r\n b', [['a', 'b']]],
    ['a b 1>>/var/log/a.log 2>&1 c', [['a', 'b', 'c']]],
    ['a &> f b', [['a', 'b']]],
    ['a; b && c | d', [['a'], ['b'], ['c'], ['d']]],
    ['a # b\nc', [['a'], ['c']]],
    ['a b#c', [['a', 'b#c']]],
    ['a ""', [['a', '']]],
    ['a "\\"b\\$"', [['a', '"b$']]],
    ['$A "$A" ${A}x', [['1', '2', '1 2', '1', '2x']]],
    ['a $(b "c)" d) e', [['a', '$(b "c)" d)', 'e']]],
  ])('%j', (script, expected) => {
    expect(words(script, { A: '1 2' })).toEqual(expected);
  });

  it('marks what it cannot know', () => {
    const [command] = shellCommands('a $B "${C:-x}" `d` $(e f) g', () => undefined);
    expect(command?.map((word) => word.opaque)).toEqual([false, true, true, true, true, false]);
  });

  it('ends on any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', '"', "'", '\\', '$', '(', ')', '{', '}', '`', '\n', '>', '&', '#', '=') }),
        (script) => {
          for (const word of shellCommands(script, () => 'v w').flat()) expect(word.text).toBeTypeOf('string');
          commandLineOf({ command: ['sh', '-c', `exec kube-apiserver ${script}`] });
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe('values', () => {
  it('reads booleans, durations, gates and addresses as Go does', () => {
    expect(['1', 'T', 'True', 'yes', '0', 'F', ''].map(parseBoolean)).toEqual([true, true, true, undefined, false, false, undefined]);
    expect(['0', '0s', '0m0s', '2m3s', '1.5h', '-1s', '5', 'x'].map(parseDuration)).toEqual([0, 0, 0, 123, 5400, -1, undefined, undefined]);
    expect([...parseFeatureGates('A=true, B=f,C,D=maybe')]).toEqual([
      ['A', true],
      ['B', false],
    ]);
    const addresses = [
      '127.0.0.1',
      '127.0.0.1:10249',
      '[::1]:10249',
      '::1',
      'localhost:80',
      '0.0.0.0',
      '10.127.0.0.1',
      '::',
      '127.0.0.1.example.com',
    ];
    expect(addresses.map(isLoopback)).toEqual([true, true, true, true, true, false, false, false, false]);
  });
});
