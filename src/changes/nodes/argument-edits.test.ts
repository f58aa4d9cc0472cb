import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../../test/runs.ts';
import { commandLineOf, settingOf } from '../../engines/command-line/index.ts';
import {
  etcdFieldOf,
  fieldWith,
  linesWith,
  manifestWith,
  manifestWithMount,
  rancherWith,
  variablesWith,
  wordsWith,
} from './argument-edits.ts';

const ON = { flag: '--profiling', value: 'true' };
const OFF = { flag: '--profiling', value: 'false' };
const GONE = { flag: '--profiling' };

describe('words of a process', () => {
  const api = (...words: string[]): string[] => ['kube-apiserver', ...words];

  it.each([
    ['is added behind', api('--v=2'), api('--v=2', '--profiling=false')],
    ['takes the place of what stands there', api('--profiling=true', '--v=2'), api('--profiling=false', '--v=2')],
    ['takes the place of two words', api('--request-timeout=1m', '--v', '2'), api('--request-timeout=1m', '--v', '2', '--profiling=false')],
    ['stands once where it stood twice', api('--profiling', '--v=2', '--profiling=true'), api('--v=2', '--profiling=false')],
  ])('a flag %s', (_how, before, after) => {
    expect(wordsWith(before, OFF)).toEqual(after);
  });

  it('have one word for a flag and its value afterwards', () => {
    expect(wordsWith(api('--v', '2', '--secure-port', '6443'), { flag: '--secure-port', value: '443' })).toEqual(
      api('--v', '2', '--secure-port=443'),
    );
  });

  it('have a flag in place of the same one with underscores', () => {
    expect(wordsWith(api('--audit_log_maxage=3'), { flag: '--audit-log-maxage', value: '30' })).toEqual(api('--audit-log-maxage=30'));
  });

  it('lose a flag with its value, and nothing else', () => {
    expect(wordsWith(api('--a=1', '--profiling', '--b', '2', '--profiling=false'), GONE)).toEqual(api('--a=1', '--b', '2'));
    expect(wordsWith(api('--a=1'), GONE)).toEqual(api('--a=1'));
  });

  it('read as the value that was set, whatever stood there', () => {
    const word = fc.constantFrom('--profiling', '--profiling=true', '--profiling=x', '--v=2', '--secure-port', '6443', '--anonymous-auth');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        const line = commandLineOf({ command: wordsWith(api(...words), OFF) });
        expect(line && settingOf(line, '--profiling')?.value).toBe('false');
        expect(line?.uses.get('--profiling')).toHaveLength(1);
      }),
      { numRuns: RUNS },
    );
  });
});

const MANIFEST = `# by kubeadm
apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver}
spec:
  containers:
  - name: sidecar
    image: x
  - name: kube-apiserver
    image: registry.k8s.io/kube-apiserver:v1.34.1
    command:
    - kube-apiserver
    - --profiling=true # to be looked at
    - --secure-port
    - "6443"
    - --v=2
`;

describe('the manifest of a static pod', () => {
  it('has the flag where it stood, and keeps its comments', () => {
    expect(manifestWith(MANIFEST, 'kube-apiserver', OFF)).toBe(MANIFEST.replace('--profiling=true', '--profiling=false'));
  });

  it('has a new flag behind the others', () => {
    const edited = manifestWith(MANIFEST, 'kube-apiserver', { flag: '--anonymous-auth', value: 'false' });
    expect(edited).toBe(MANIFEST.replace('    - --v=2\n', '    - --v=2\n    - --anonymous-auth=false\n'));
  });

  it('has the value of two words in the second', () => {
    expect(manifestWith(MANIFEST, 'kube-apiserver', { flag: '--secure-port', value: '443' })).toMatch(/- --secure-port\n {4}- "?443"?\n/);
  });

  it('loses a flag with all its words', () => {
    const edited = manifestWith(MANIFEST, 'kube-apiserver', { flag: '--secure-port' });
    expect(edited).toBe(MANIFEST.replace('    - --secure-port\n    - "6443"\n', ''));
    expect(manifestWith(MANIFEST, 'kube-apiserver', { flag: '--anonymous-auth' })).toBe(MANIFEST);
  });

  it('keeps the last of several uses, and loses the others', () => {
    const twice = MANIFEST.replace('    - --v=2\n', '    - --v=2\n    - --profiling=true\n');
    expect(manifestWith(twice, 'kube-apiserver', OFF)).toBe(
      MANIFEST.replace('    - --profiling=true # to be looked at\n', '').replace('    - --v=2\n', '    - --v=2\n    - --profiling=false\n'),
    );
  });

  it('stays where its arguments are a script, or it is of another component', () => {
    const script = MANIFEST.replace(/ {4}command:[^]*/, '    command: [sh, -c, "exec kube-apiserver --v=2"]\n');
    expect(manifestWith(script, 'kube-apiserver', OFF)).toBeUndefined();
    expect(manifestWith(MANIFEST, 'etcd', OFF)).toBeUndefined();
    expect(manifestWith('{', 'kube-apiserver', OFF)).toBeUndefined();
  });
});

describe('a place of the node in the manifest', () => {
  const audit = { path: '/var/log/kubernetes/audit', type: 'DirectoryOrCreate' };

  it('is mounted in the container of the component', () => {
    const edited = manifestWithMount(MANIFEST, 'kube-apiserver', audit);
    expect(edited).toContain('volumeMounts:');
    expect(edited).toContain('mountPath: /var/log/kubernetes/audit');
    expect(edited).toContain('type: DirectoryOrCreate');
    expect(edited).not.toContain('readOnly');
    expect(edited?.startsWith(MANIFEST.slice(0, MANIFEST.indexOf('- name: kube-apiserver')))).toBe(true);
  });

  it('is read only where it is a file, and joins what is mounted already', () => {
    const once = manifestWithMount(MANIFEST, 'kube-apiserver', audit) ?? '';
    const twice = manifestWithMount(once, 'kube-apiserver', { path: '/etc/kubernetes/audit.yaml', type: 'File' }) ?? '';
    expect(twice.match(/mountPath:/g)).toHaveLength(2);
    expect(twice.match(/hostPath:/g)).toHaveLength(2);
    expect(twice.match(/readOnly: true/g)).toHaveLength(1);
  });

  it('is left alone where it is seen already, also through its folder', () => {
    const once = manifestWithMount(MANIFEST, 'kube-apiserver', audit) ?? '';
    expect(manifestWithMount(once, 'kube-apiserver', { path: '/var/log/kubernetes/audit/more', type: 'File' })).toBe(once);
    expect(manifestWithMount(once, 'kube-apiserver', { path: '/var/log/kubernetes/audit2', type: 'File' })).not.toBe(once);
    expect(manifestWithMount(MANIFEST, 'kube-scheduler', audit)).toBeUndefined();
  });
});

describe('the file of k3s and RKE2', () => {
  const KEY = 'kube-apiserver-arg';
  const LIST = `token: x # kept\n${KEY}:\n- v=2\n- profiling=true\n`;

  it.each([
    ['is made in an empty file', '', `${KEY}:\n- "profiling=false"\n`],
    ['takes the place of its own', LIST, `token: x # kept\n${KEY}:\n  - v=2\n  - profiling=false\n`],
    ['joins the list', `${KEY}:\n- v=2\n`, `${KEY}:\n- v=2\n- profiling=false\n`],
  ])('a flag %s', (_how, before, after) => {
    expect(rancherWith(before, KEY, OFF)).toBe(after);
  });

  it('makes a list of a single argument', () => {
    expect(rancherWith(`${KEY}: v=2\n`, KEY, OFF)).toMatch(/kube-apiserver-arg:\s+- v=2\s+- profiling=false/);
    expect(rancherWith(`${KEY}: --profiling=true\n`, KEY, OFF)).toMatch(/kube-apiserver-arg:\s+- profiling=false/);
  });

  it('loses a flag, and is left alone where there is none', () => {
    expect(rancherWith(LIST, KEY, GONE)).toBe(`token: x # kept\n${KEY}:\n  - v=2\n`);
    expect(rancherWith('token: x\n', KEY, GONE)).toBe('token: x\n');
    expect(rancherWith('', KEY, GONE)).toBe('');
  });

  it('is not touched where it is no such file', () => {
    expect(rancherWith('- a\n', KEY, OFF)).toBeUndefined();
    expect(rancherWith(`${KEY}: {v: 2}\n`, KEY, OFF)).toBeUndefined();
  });
});

describe('other texts', () => {
  it('fields are set with the parents that are missing', () => {
    expect(fieldWith('kind: KubeletConfiguration # mine\n', ['authentication', 'anonymous', 'enabled'], false)).toMatch(
      /^kind: KubeletConfiguration # mine\nauthentication:\s+anonymous:\s+enabled: false\s*$/,
    );
    expect(fieldWith('a: {b: 1}\n', ['a', 'b'], 2)).toBe('a: {b: 2}\n');
    expect(fieldWith('- a\n', ['a'], 1)).toBeUndefined();
    expect(fieldWith('', ['a'], 1)).toBeUndefined();
  });

  it('lines hold a flag once, whichever way it was written', () => {
    expect(linesWith('--v=2\n--profiling true\n--profiling=true\n', OFF)).toBe('--v=2\n--profiling=false\n');
    expect(linesWith('--profiling-x=1\n', OFF)).toBe('--profiling-x=1\n--profiling=false\n');
    expect(linesWith('', ON)).toBe('--profiling=true\n');
    expect(linesWith('--v=2\n--profiling\n', GONE)).toBe('--v=2\n');
  });

  it('variables of a unit hold the flag where they held it', () => {
    const text = 'KUBELET_ARGS="--profiling=true --v=2"\n';
    expect(variablesWith(text, OFF)).toBe('KUBELET_ARGS="--profiling=false --v=2"\n');
    expect(variablesWith('A=--profiling true --v=2\n', OFF)).toBe('A=--profiling=false --v=2\n');
    expect(variablesWith(text, GONE)).toBe('KUBELET_ARGS=" --v=2"\n');
    expect(variablesWith('A="--profiling-x=1"\n', OFF)).toBeUndefined();
  });

  it('the file of etcd has what secures clients and peers in sections', () => {
    expect(etcdFieldOf('--client-cert-auth')).toEqual(['client-transport-security', 'client-cert-auth']);
    expect(etcdFieldOf('--peer-auto-tls')).toEqual(['peer-transport-security', 'auto-tls']);
    expect(etcdFieldOf('--cipher-suites')).toEqual(['cipher-suites']);
    expect(etcdFieldOf('--peer-skip')).toEqual(['peer-skip']);
  });
});
