import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RUNS } from '../../../test/runs.ts';
import { type NodeFacts, parseNodeFacts } from '../../snapshot/index.ts';
import { collectNode } from './collect-node.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'castellan-node-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text: string, mode = 0o644): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
}

function process(pid: number, argv: readonly string[]): void {
  put(`/proc/${pid}/cmdline`, argv.map((word) => `${word}\0`).join(''));
}

function collect(): NodeFacts {
  const facts = collectNode({ root, version: '0.0.0', now: new Date(0) });
  // What was collected is what a file gives back.
  expect(parseNodeFacts(JSON.stringify(facts), 'f')).toEqual(facts);
  return facts;
}

function file(facts: NodeFacts, path: string): NodeFacts['files'][number] | undefined {
  return facts.files.find((each) => each.path === path);
}

const KUBELET = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n';

describe('what is looked at', () => {
  it('is what processes name, and what those files name', () => {
    process(20, ['/usr/bin/kubelet', '--config', '/opt/kubelet.yaml', '--kubeconfig=/opt/kubeconfig', '--hostname-override=Node-9']);
    put('/opt/kubelet.yaml', `${KUBELET}authentication: {x509: {clientCAFile: /opt/ca.crt}}\nstaticPodPath: /opt/pods\n`);
    put('/opt/kubeconfig', 'users:\n- {name: n, user: {client-key: /opt/n.key, token: abcdefgh}}\n', 0o600);
    put('/opt/n.key', 'x', 0o640);
    put('/opt/ca.crt', 'nothing');
    put('/opt/pods/etcd.yaml', 'kind: Pod\nspec: {containers: [{image: "r/etcd:3.5.21-0", command: [etcd, --data-dir=/opt/etcd]}]}\n');
    mkdirSync(join(root, '/opt/etcd'));
    const facts = collect();
    expect(facts.node).toBe('node-9');
    expect(file(facts, '/opt/kubelet.yaml')).toMatchObject({
      mode: '644',
      namedBy: '--config of kubelet',
      text: expect.stringMatching(/clientCAFile/),
    });
    expect(file(facts, '/opt/n.key')).toMatchObject({ mode: '640', namedBy: 'client-key in /opt/kubeconfig' });
    expect(file(facts, '/opt/n.key')?.text).toBeUndefined();
    expect(file(facts, '/opt/ca.crt')).toBeDefined();
    expect(file(facts, '/opt/etcd')).toMatchObject({ type: 'directory' });
    expect(facts.versions).toEqual({ etcd: '3.5.21-0' });
    expect(facts.absent).toContain('/etc/kubernetes/kubelet.conf');
    expect(JSON.stringify(facts)).not.toContain('abcdefgh');
  });

  it('comes from units on the image of a disk', () => {
    put('/etc/systemd/system/kubelet.service', '[Service]\nExecStart=/usr/bin/kubelet\n');
    put(
      '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf',
      '[Service]\nEnvironment="A=--kubeconfig=/opt/k.conf"\nEnvironmentFile=-/opt/flags.env\nExecStart=\nExecStart=/usr/bin/kubelet $A $B\n',
    );
    put('/opt/flags.env', 'B="--config=/opt/c.yaml --v=2"\n');
    put('/opt/c.yaml', KUBELET);
    const facts = collect();
    expect(facts.running).toBe(false);
    expect(facts.gaps.map(({ code }) => code)).toEqual(['processes-unseen']);
    expect(file(facts, '/opt/c.yaml')?.text).toBe(KUBELET);
    expect(facts.absent).toContain('/opt/k.conf');
  });

  it('is the view of a process where the node has nothing there', () => {
    process(30, ['kube-proxy', '--config=/var/lib/kube-proxy/config.conf']);
    put('/proc/30/root/var/lib/kube-proxy/config.conf', 'kind: KubeProxyConfiguration\n');
    expect(file(collect(), '/var/lib/kube-proxy/config.conf')).toMatchObject({ pid: 30, text: expect.stringMatching(/KubeProxy/) });
  });
});

describe('what may not leave the node', () => {
  it('is replaced where it stands, and the rest stays what it was', () => {
    process(1, ['kube-apiserver', '--encryption-provider-config=/e.yaml', '--etcd-servers=https://u:pa55w0rdx@h:1']);
    put(
      '/e.yaml',
      'kind: EncryptionConfiguration\nresources:\n- resources: [secrets]\n  providers: [{aescbc: {keys: [{name: key1, secret: c2VjcmV0IGtleQ==}]}}, {identity: {}}]\n',
    );
    const facts = collect();
    const text = file(facts, '/e.yaml')?.text ?? '';
    expect(JSON.stringify(facts)).not.toMatch(/c2VjcmV0IGtleQ|pa55w0rdx/);
    expect(text).toMatch(/providers: \[\{aescbc: \{keys: \[\{name: key1, secret: redacted-by-castellan:\S+\}\]\}\}, \{identity: \{\}\}\]/);
  });

  it('goes with the whole text where it cannot be told from the rest', () => {
    process(1, ['kube-apiserver', '--encryption-provider-config=/e.yaml']);
    put('/e.yaml', 'kind: EncryptionConfiguration\nresources: [{providers: [{aescbc: {keys: [{secret: "ab"}]}}]}]\n');
    const facts = collect();
    expect(file(facts, '/e.yaml')?.text).toBeUndefined();
    expect(facts.gaps).toContainEqual(expect.objectContaining({ scope: '/e.yaml', code: 'secret-values' }));
  });

  it('is never a value at the place of a key', () => {
    const secret = fc.stringMatching(/^[!-~]{4,40}$/).filter((text) => !/^[/~]/.test(text) && Number.isNaN(Number(text)));
    fc.assert(
      fc.property(secret, (value) => {
        process(1, ['kube-apiserver', '--encryption-provider-config=/e.yaml']);
        const written = JSON.stringify({
          kind: 'EncryptionConfiguration',
          resources: [{ providers: [{ aesgcm: { keys: [{ secret: value }] } }] }],
        });
        put('/e.yaml', written);
        const text = file(collect(), '/e.yaml')?.text ?? '';
        const known = /EncryptionConfiguration|resources|providers|aesgcm|keys|secret|redacted-by-castellan|hidden/g;
        expect(text.replaceAll(known, '')).not.toContain(JSON.stringify(value).slice(1, -1));
      }),
      { numRuns: Math.min(RUNS, 60) },
    );
  });
});

describe('credentials of programs', () => {
  it('do not stay in arguments and units of k3s and RKE2', () => {
    process(3, ['/usr/local/bin/k3s', 'agent', '-t', 'shorttok1', '--token', 'shorttok2', '-t=shorttok3', '--server=https://h:6443']);
    put(
      '/etc/systemd/system/k3s.service',
      `[Service]\nEnvironment="A=-t shorttok6 --v=2"\nExecStart=/usr/local/bin/k3s \\\n    server \\\n    '--token' \\\n    'shorttok4' \\\n# a remark\n    '-t' 'shorttok5' '--data-dir' '/my data'\nUser=root\n`,
    );
    const facts = collect();
    expect(JSON.stringify(facts)).not.toMatch(/shorttok/);
    expect(facts.processes[0]?.argv.slice(0, 3)).toEqual(['/usr/local/bin/k3s', 'agent', '-t']);
    expect(facts.units[0]?.lines.map(({ line }) => line)).toEqual([2, 3, 9]);
    expect(facts.units[0]?.lines[1]?.text).toMatch(
      /^ExecStart=\/usr\/local\/bin\/k3s server '--token' redacted\S+ '-t' redacted\S+ '--data-dir' '\/my data'$/,
    );
  });

  it('do not stay in the settings of registries, however they are written', () => {
    const text = [
      '[plugins."cri".registry.configs]',
      `"reg2.io".auth = {username = 'bob', auth = "Ym9i"}`,
      '"reg3.io".auth.password = "hunter2"',
      '"reg4.io".auth.identitytoken = "idtok"',
      'password = """',
      'hunter3',
      '"""',
      'sandbox_image = "pause:3.10"',
    ].join('\n');
    put('/etc/containerd/config.toml', text);
    const left = file(collect(), '/etc/containerd/config.toml')?.text ?? '';
    expect(left).not.toMatch(/Ym9i|hunter|idtok/);
    expect(left).toMatch(/username = 'bob'/);
    expect(left.split('\n')[7]).toBe('sandbox_image = "pause:3.10"');
  });

  it('do not stay in any document of a file', () => {
    put('/etc/kubernetes/manifests/two.yaml', 'kind: Pod\n---\nkind: Secret\napiVersion: v1\nstringData:\n  login: hunter22hunter\n');
    put('/etc/kubernetes/manifests/end.yaml', 'kind: Pod\n...\nkind: Secret\nstringData: {login: hunter33hunter}\n');
    put('/etc/kubernetes/manifests/one.yaml', '# own\n---\nkind: Pod\nmetadata: {name: one}\n');
    const facts = collect();
    expect(JSON.stringify(facts)).not.toMatch(/hunter/);
    expect(file(facts, '/etc/kubernetes/manifests/one.yaml')?.text).toContain('name: one');
  });
});

describe('arguments that a pod writes', () => {
  const argv = ['kubelet', '--config=/etc/shadow', '--kubeconfig=/root/key', '--pod-manifest-path=/root', '--audit-policy-file=/own.yaml'];

  it('lead to nothing that it does not see itself', () => {
    process(40, argv);
    put('/proc/40/cgroup', '0::/kubepods.slice/kubepods-podx.slice/cri-1.scope\n');
    put('/etc/shadow', 'kind: Config\nroot: hash\n');
    put('/root/key', 'kind: Config\n');
    put('/proc/40/root/own.yaml', 'kind: Policy\n');
    const facts = collect();
    expect(facts.files.filter(({ path }) => /^\/etc\/shadow|^\/root/.test(path))).toEqual([]);
    expect(file(facts, '/own.yaml')).toMatchObject({ pid: 40, text: 'kind: Policy\n' });
  });

  it('lead to the file of the node where the pod sees that one', () => {
    process(40, argv);
    put('/proc/40/cgroup', '0::/kubepods.slice/kubepods-podx.slice/cri-1.scope\n');
    put('/own.yaml', 'kind: Policy\n');
    mkdirSync(join(root, '/proc/40/root'), { recursive: true });
    linkSync(join(root, '/own.yaml'), join(root, '/proc/40/root/own.yaml'));
    expect(file(collect(), '/own.yaml')?.pid).toBeUndefined();
  });

  it('and those of any program take along no text that is no document of a component', () => {
    process(41, ['kubelet', '--config=/etc/shadow', '--kubeconfig=/app.yaml']);
    put('/etc/shadow', 'root:hash:1:\n');
    put('/app.yaml', 'kind: Shop\nowner: me\n');
    const facts = collect();
    expect([file(facts, '/etc/shadow'), file(facts, '/app.yaml')].map((each) => each?.text)).toEqual([undefined, undefined]);
    expect(facts.gaps.map(({ scope }) => scope)).toEqual(expect.arrayContaining(['/etc/shadow', '/app.yaml']));
  });
});

it('drop-ins are those of all folders below, and what lies too deep is told', () => {
  process(1, ['kubelet', '--config-dir=/d']);
  put('/d/sub/10.conf', KUBELET);
  put('/d/1/2/3/4/5/6/7/10.conf', KUBELET);
  const facts = collect();
  expect(file(facts, '/d/sub/10.conf')?.text).toBe(KUBELET);
  expect(facts.gaps).toContainEqual(expect.objectContaining({ scope: '/d/1/2/3/4/5/6', code: 'too-large' }));
});

it('processes without a kubelet among them are a gap', () => {
  process(1, ['kube-apiserver']);
  expect(collect().gaps.map(({ code }) => code)).toEqual(['processes-unseen']);
  process(2, ['kubelet']);
  expect(collect().gaps.map(({ code }) => code)).not.toContain('processes-unseen');
});

describe('a hostile disk', () => {
  it('leads nowhere out of its root', () => {
    put('/etc/passwd', 'root:x:0:0::/:\n');
    mkdirSync(join(root, '/etc/kubernetes'), { recursive: true });
    symlinkSync('../../../../../../../../etc/passwd', join(root, '/etc/kubernetes/admin.conf'));
    symlinkSync(readFileSync('/etc/hostname').length > 0 ? '/etc/hostname' : '/etc/hosts', join(root, '/etc/kubernetes/kubelet.conf'));
    const facts = collect();
    expect(file(facts, '/etc/kubernetes/admin.conf')).toMatchObject({ target: '/etc/passwd', size: 15 });
    expect(file(facts, '/etc/kubernetes/kubelet.conf')).toBeUndefined();
    expect(facts.absent).toContain('/etc/kubernetes/kubelet.conf');
  });

  it('stops nobody with loops, pipes, large files or deep folders', () => {
    mkdirSync(join(root, '/etc/kubernetes/pki'), { recursive: true });
    symlinkSync('/etc/kubernetes/scheduler.conf', join(root, '/etc/kubernetes/scheduler.conf'));
    symlinkSync('..', join(root, '/etc/kubernetes/pki/up'));
    execFileSync('mkfifo', [join(root, '/etc/kubernetes/admin.conf')]);
    put('/var/lib/kubelet/config.yaml', '');
    truncateSync(join(root, '/var/lib/kubelet/config.yaml'), 8 << 20);
    put('/var/lib/kubelet/config.yml', 'a\0b');
    const names = [...'abcdefghijklmnopqrst'];
    const bomb = names.map(
      (name, index) =>
        `${name}: &${name} [${
          index === 0
            ? 'x'
            : Array(9)
                .fill(`*${names[index - 1]}`)
                .join(', ')
        }]`,
    );
    put('/etc/kubernetes/manifests/bomb.yaml', `kind: Pod\n${bomb.join('\n')}\n`);
    const facts = collect();
    expect(file(facts, '/etc/kubernetes/admin.conf')).toMatchObject({ type: 'fifo' });
    expect(facts.gaps.map(({ scope, code }) => `${code} ${scope}`)).toEqual([
      'processes-unseen processes',
      'secret-values /etc/kubernetes/manifests/bomb.yaml',
      'unreadable /etc/kubernetes/admin.conf',
      'symlink-loop /etc/kubernetes/scheduler.conf',
      'too-large /var/lib/kubelet/config.yaml',
      'binary /var/lib/kubelet/config.yml',
    ]);
  });

  it('says that a key stands beside certificates, and never what it is', () => {
    put('/etc/kubernetes/pki/bundle.crt', '-----BEGIN EC PRIVATE KEY-----\nc2VjcmV0\n-----END EC PRIVATE KEY-----\n');
    put('/etc/kubernetes/pki/ca.crt', 'a public one');
    put('/var/lib/kubelet/pki/kubelet-client-current.pem', '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n', 0o600);
    const facts = collect();
    const holding = facts.files.filter(({ holdsKey }) => holdsKey === true).map(({ path }) => path);
    expect(holding).toEqual(['/etc/kubernetes/pki/bundle.crt', '/var/lib/kubelet/pki/kubelet-client-current.pem']);
    expect(JSON.stringify(facts)).not.toContain('c2VjcmV0');
  });

  it('says of what is no file where a file is named why nothing is known of it, and passes over what only lies in a folder', () => {
    process(7, ['kube-apiserver', '--encryption-provider-config=/opt/enc.yaml', '--audit-policy-file', '/opt/audit.yaml']);
    mkdirSync(join(root, '/opt/enc.yaml'), { recursive: true });
    execFileSync('mkfifo', [join(root, '/opt/audit.yaml')]);
    mkdirSync(join(root, '/etc/kubernetes/manifests/old.yaml'), { recursive: true });
    mkdirSync(join(root, '/etc/kubernetes/pki/etcd.crt'), { recursive: true });
    mkdirSync(join(root, '/etc/crio/crio.conf.d/more'), { recursive: true });
    const { gaps } = collect();
    expect(gaps.filter(({ code }) => code === 'unreadable').map(({ scope, reason }) => `${scope}: ${reason}`)).toEqual([
      '/opt/enc.yaml: it is a folder and no plain file',
      '/opt/audit.yaml: it is a pipe and no plain file',
    ]);
  });

  it('is never a throw, whatever its processes and files say', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 60 }), { maxLength: 8 }), fc.string({ maxLength: 300 }), (argv, text) => {
        process(5, ['kubelet', '--config=/k', ...argv.map((word) => word.replaceAll('\0', ' '))]);
        put('/k', text);
        put('/etc/kubernetes/kubelet.conf', text);
        put('/etc/kubernetes/pki/ca.crt', `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----`);
        put('/etc/systemd/system/kubelet.service', `ExecStart=${text}`);
        put('/proc/5/stat', text);
        put('/proc/5/net/tcp', text);
        put('/etc/os-release', text);
        collect();
      }),
      { numRuns: Math.min(RUNS, 60) },
    );
  });
});

it('reads who listens, on which address', () => {
  process(9, ['kubelet']);
  put('/proc/9/comm', 'kubelet\n');
  put(
    '/proc/9/net/tcp',
    '  sl  local\n   0: 0100007F:280A 00000000:0000 0A 0:0 0:0 0 0 0 77 1\n   1: 0100007F:1111 0100007F:2222 01 0:0 0:0 0 0 0 78 1\n',
  );
  put('/proc/9/net/tcp6', '   0: 0000000000000000FFFF00000100007F:192B 0:0 0A 0:0 0:0 0 0 0 79 1\n');
  mkdirSync(join(root, '/proc/9/fd'));
  symlinkSync('socket:[77]', join(root, '/proc/9/fd/3'));
  expect(collect().sockets).toEqual([
    { protocol: 'tcp', address: '::ffff:7f00:1', port: 6443 },
    { protocol: 'tcp', address: '127.0.0.1', port: 10250, pid: 9, process: 'kubelet' },
  ]);
});
