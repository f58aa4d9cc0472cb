/** What the commands write, against the schemas that they publish. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RanHere, runHere, runProcess } from '../../../test/run-here.ts';
import { RULES } from '../../rules/index.ts';
import { type SnapshotParts, SegmentWriter, writeSnapshotFile } from '../../snapshot/index.ts';
import { SCHEMAS } from './schemas.ts';

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: true, allowUnionTypes: true });

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-schemas-'));
  // Every finding that there is, among objects that bring gaps with them.
  const bad = RULES.flatMap((rule) =>
    rule
      .examples()
      .bad.slice(0, 1)
      .map(({ yaml }) => yaml),
  );
  writeFileSync(join(folder, 'all.yaml'), `${bad.join('\n---\n')}\n`);
  writeFileSync(join(folder, 'broken.yaml'), 'kind: Pod\nspec: [\n');
  writeFileSync(join(folder, 'values.yaml'), 'x: 1\n');
  writeFileSync(
    join(folder, 'config.yaml.txt'),
    'exceptions:\n- {rule: privileged, subject: {name: "*"}, reason: tested}\n- {rule: host-pid, subject: {name: none}, reason: tested}\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(argv: readonly string[], input = ''): Promise<string> {
  return written(await runHere(argv, { cwd: folder, input }));
}

function written({ stdout, stderr, status }: RanHere): string {
  if (status !== 0 && status !== 1) throw new Error(stderr);
  return stdout;
}

/** What is wrong with a document by a schema; none when nothing is. */
function faults(name: string, document: unknown): string[] {
  const schema = SCHEMAS[name];
  if (schema === undefined) throw new Error(`there is no schema ${name}`);
  const validate = ajv.getSchema(String(schema.$id)) ?? ajv.compile(schema);
  if (validate(document) === true) return [];
  return (validate.errors ?? []).slice(0, 10).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

interface Scan {
  findings: Record<string, unknown>[];
  rules: Record<string, unknown>;
  gaps: unknown[];
  summary: Record<string, unknown>;
  podSecurity: Record<string, unknown>[];
}
const scanned = async (...more: string[]): Promise<Scan> => JSON.parse(await run(['scan', '.', '-f', 'json', ...more])) as Scan;

describe('scan', () => {
  it.each<[string, string[]]>([
    ['as it is', []],
    ['with everything', ['--all', '--config', 'config.yaml.txt', '--kubernetes-version', '1.30']],
    ['with a part', ['--severity', 'high', '--only', 'privileged']],
    ['with no finding', ['--only', 'privileged', '--severity', 'info', '--kubernetes-version', '1.30']],
  ])('%s', async (_name, more) => expect(faults('scan', await scanned(...more))).toEqual([]));

  it('with a baseline', async () => {
    await run(['baseline', '.', '--only', 'host-pid', '-o', 'known.txt']);
    const document = await scanned('--baseline', 'known.txt');
    expect(faults('scan', document)).toEqual([]);
    expect(document.summary).toHaveProperty('baseline');
  });

  it('tries every part of the schema', async () => {
    const document = await scanned('--all', '--config', 'config.yaml.txt');
    const statuses = document.findings.map(({ status }) => status);
    expect(statuses).toEqual(expect.arrayContaining(['excepted', 'fail', 'pass']));
    for (const field of ['change', 'also', 'reason'])
      expect(
        document.findings.some((finding) => field in finding),
        field,
      ).toBe(true);
    expect(document.gaps.length).toBeGreaterThan(1);
    expect(document.podSecurity.some(({ blockers }) => Object.keys(blockers as object).length > 0)).toBe(true);
    expect(Object.keys(document.rules).length).toBeGreaterThan(100);
    for (const finding of document.findings) expect(document.rules).toHaveProperty([String(finding.rule)]);
  });

  it('is the same twice, byte for byte', async () => {
    const argv = ['scan', '.', '-f', 'json'];
    expect(await run(argv)).toBe(written(await runProcess(argv, { cwd: folder })));
  });
});

describe('the other documents', () => {
  it('rules', async () => {
    const document = JSON.parse(await run(['rules', '-f', 'json'])) as { rules: unknown[] };
    expect(faults('rules', document)).toEqual([]);
    expect(document.rules).toHaveLength(RULES.length);
  });

  it('benchmarks, node-facts and a scan of them', async () => {
    expect(faults('benchmarks', JSON.parse(await run(['rules', '--benchmark', 'list', '-f', 'json'])))).toEqual([]);
    const root = join(import.meta.dirname, '../../..');
    const facts = await run(['node', 'collect', '--root', root, '-q']);
    expect(faults('node-facts', JSON.parse(facts))).toEqual([]);
    const folder = mkdtempSync(join(tmpdir(), 'castellan-facts-'));
    writeFileSync(join(folder, 'facts.json'), facts);
    const document: unknown = JSON.parse(await run(['scan', '--node-facts', join(folder, 'facts.json'), '--all', '-f', 'json']));
    rmSync(folder, { recursive: true });
    expect(faults('scan', document)).toEqual([]);
    expect(document).toMatchObject({ summary: { benchmark: 'cis-2.0', byFramework: { 'cis-1.12': { fail: 0 } } } });
  });

  it('baseline', async () => {
    const document = JSON.parse(await run(['baseline', '.'])) as { findings: unknown[] };
    expect(faults('baseline', document)).toEqual([]);
    expect(document.findings.length).toBeGreaterThan(100);
  });

  it('baseline of nothing', async () => {
    expect(faults('baseline', JSON.parse(await run(['baseline', '.', '--only', 'image-registry'])))).toEqual([]);
  });

  it('eval pod-security', async () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', spec: { hostPID: true, containers: [{ name: 'a' }] } };
    const cases = [
      { id: 1, object: pod, level: 'baseline', version: 'latest' },
      { object: pod, level: 'restricted', version: '1.30' },
      { id: ['x'], object: {} },
    ];
    const answers = (await run(['eval', 'pod-security'], `${cases.map((each) => JSON.stringify(each)).join('\n')}\nbroken\n`))
      .trim()
      .split('\n');
    expect(answers).toHaveLength(4);
    for (const answer of answers) expect(faults('eval-pod-security', JSON.parse(answer))).toEqual([]);
  });

  it('eval rules', async () => {
    const objects = [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'a' },
        spec: { hostPID: true, containers: [{ name: 'a', securityContext: { privileged: true } }] },
      },
    ];
    const answers = (await run(['eval', 'rules'], `${JSON.stringify({ id: 1, objects })}\n${JSON.stringify({ id: 2, objects: 5 })}\n`))
      .trim()
      .split('\n');
    for (const answer of answers) expect(faults('eval-rules', JSON.parse(answer))).toEqual([]);
    expect((JSON.parse(answers[0] ?? '') as { findings: unknown[] }).findings.length).toBeGreaterThan(5);
  });
});

const TOKEN_POD = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'a', name: 's' } },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'a', name: 'p' },
    spec: { serviceAccountName: 's', containers: [{ name: 'c', image: 'i:1' }] },
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'b' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'a', name: 's' }],
  },
];

describe('questions about ways in', () => {
  it.each([
    ['paths', ['paths', 'token.json.txt']],
    ['paths', ['paths', 'token.json.txt', '--from', 'Container/a/p/c', '--to', 'AllSecrets']],
    ['etcd-reach', ['etcd', 'reach', 'token.json.txt']],
    ['blast', ['blast', 'ServiceAccount/a/s', 'token.json.txt']],
    ['blast', ['blast', 'Group/system:unauthenticated', 'token.json.txt']],
  ])('%s: %j', async (name, argv) => {
    writeFileSync(join(folder, 'token.json.txt'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: TOKEN_POD }));
    expect(faults(name, JSON.parse(await run([...argv, '-f', 'json'])))).toEqual([]);
  });
  it('have gaps where part of the input was not read', async () => {
    mkdirSync(join(folder, 'ways'), { recursive: true });
    writeFileSync(join(folder, 'ways', 'pod.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: TOKEN_POD }));
    writeFileSync(join(folder, 'ways', 'broken.yaml'), 'kind: [Pod');
    for (const argv of [
      ['paths', 'ways'],
      ['blast', 'ServiceAccount/a/s', 'ways'],
    ]) {
      const document = JSON.parse(await run([...argv, '-q', '-f', 'json'])) as { gaps?: { code: string }[] };
      expect(faults(argv[0] ?? '', document)).toEqual([]);
      expect(document.gaps?.map(({ code }) => code)).toEqual(['yaml-syntax']);
    }
  });
});

describe('engines that answer about requests', () => {
  it.each([
    [
      'audit-policy',
      { policy: { apiVersion: 'audit.k8s.io/v1', rules: [{ level: 'None', verbs: ['get'] }] }, requests: [{ verb: 'put', path: '/' }] },
    ],
    ['audit-policy', { policy: {}, requests: [] }],
    ['audit-policy', {}],
    ['request-info', { method: 'GET', url: '/api/v1/pods' }],
    ['request-info', { method: 'GET', url: '/api/v1/watch' }],
    ['request-info', {}],
    [
      'paths',
      {
        objects: TOKEN_POD,
        pairs: [{ from: 'Container/a/p/c', to: 'ClusterAdmin' }],
        cut: { entries: ['Container/a/p/c'], target: 'ClusterAdmin' },
      },
    ],
    ['paths', { objects: [], pairs: [{ from: 'a', to: 'b' }] }],
    ['paths', {}],
    ['network', { objects: [], probes: [{ from: 'ip:10.0.0.1', to: 'ip:10.0.0.2', protocol: 'UDP', port: 53 }] }],
    [
      'network',
      {
        objects: [{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', spec: { podSelector: {}, policyTypes: ['x'] } }],
        probes: [],
      },
    ],
    [
      'rbac',
      {
        objects: [],
        requests: [
          { user: { name: 'u' }, verb: 'get', resource: 'pods' },
          { user: { name: 'u' }, impersonate: { user: 'x' } },
          { user: { name: 'u' }, write: { verb: 'create', object: { kind: 'Role', metadata: { name: 'r' } } } },
          { user: { name: 'u', groups: ['system:masters'] }, impersonate: { groups: ['x'] } },
        ],
      },
    ],
  ])('eval %s of %j', async (engine, input) => {
    const answers = (await run(['eval', engine], `${JSON.stringify({ id: 7, ...input })}\nbroken\n`)).trim().split('\n');
    expect(answers).toHaveLength(2);
    for (const answer of answers) expect(faults(`eval-${engine}`, JSON.parse(answer))).toEqual([]);
  });
});

describe('questions about the network', () => {
  it.each([
    ['net-list', ['net', 'list', 'net.yaml.txt', '--ipv6']],
    ['net-exposure', ['net', 'exposure', 'net.yaml.txt']],
    ['net-diff', ['net', 'diff', 'net.yaml.txt', 'after.yaml.txt']],
    ['net-compare', ['net', 'compare', 'net.yaml.txt', 'after.yaml.txt']],
    ['net-lint', ['net', 'lint', 'net.yaml.txt']],
    ['net-entries', ['net', 'entries', 'net.yaml.txt']],
    ['net-query', ['net', 'query', 'net.yaml.txt', '--from', 'x/*', '--to', 'z/*', '--port', '80']],
    ['net-reach', ['net', 'reach', 'x/a', 'net.yaml.txt']],
    ['net-matrix', ['net', 'matrix', 'net.yaml.txt']],
    ['net-tenants', ['net', 'tenants', 'net.yaml.txt', '--tenant-label', 'kubernetes.io/metadata.name']],
    ['net-generate', ['net', 'generate', 'net.yaml.txt']],
    ['net-assert', ['net', 'assert', 'assertions.txt', 'net.yaml.txt']],
    ['net-why', ['net', 'why', 'net.yaml.txt', '--from', 'x/a', '--to', 'x/b']],
  ])('%s', async (name, argv) => {
    const pods = ['x/a', 'x/b', 'z/c'].map((pod) => {
      const [namespace = '', name = ''] = pod.split('/');
      return `kind: Pod\napiVersion: v1\nmetadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}\nspec: {containers: [{name: c}]}\n`;
    });
    const service =
      '---\nkind: Service\napiVersion: v1\nmetadata: {name: s, namespace: x}\nspec: {type: NodePort, selector: {app: b}, ports: [{port: 80}]}\n';
    const policy = (rules: string): string =>
      `---\nkind: NetworkPolicy\napiVersion: networking.k8s.io/v1\nmetadata: {name: p, namespace: x}\nspec: {podSelector: {}, ingress: [${rules}]}\n`;
    const broken = policy('{from: [{}]}').replace('name: p', 'name: q');
    writeFileSync(
      join(folder, 'net.yaml.txt'),
      pods.join('---\n') + service + policy('{from: [{podSelector: {matchLabels: {a: b}}}], ports: [{port: 80}]}') + broken,
    );
    writeFileSync(
      join(folder, 'assertions.txt'),
      'deny x/a -> x/b\nallow x/a -> x/b:80 "it may"\nexcept x/a -> x/b:81 until 2999-01-01 "no reason"\n',
    );
    writeFileSync(join(folder, 'after.yaml.txt'), pods.join('---\n') + policy('{ports: [{port: 80}]}'));
    const document = JSON.parse(await run([...argv, '-f', 'json'])) as Record<string, unknown>;
    expect(faults(name, document)).toEqual([]);
    expect(document.schema).toBe(`castellan/${name}/v1`);
    const parts = [
      'connections',
      'ingress',
      'changes',
      'findings',
      'parts',
      'entryPoints',
      'cells',
      'pairs',
      'hops',
      'outside',
      'policies',
    ];
    for (const part of [...parts, 'results', 'exceptions']) if (part in document) expect(document[part]).not.toEqual([]);
  });
});

describe('versions', () => {
  const OBJECTS = `apiVersion: v1
kind: Node
metadata: {name: a}
status: {nodeInfo: {kubeletVersion: v1.27.3-eks-1, containerRuntimeVersion: "containerd://1.6.1", osImage: Amazon Linux 2, operatingSystem: linux}}
---
apiVersion: batch/v1beta1
kind: CronJob
metadata: {name: old}
---
apiVersion: v1
kind: Pod
metadata: {name: dns}
spec: {containers: [{name: c, image: "registry.k8s.io/kube-scheduler:latest"}]}
`;
  const AUDIT = JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    stage: 'ResponseComplete',
    verb: 'list',
    user: { username: 'ann', groups: [] },
    userAgent: 'helm/v3.9.0 (linux/amd64)',
    objectRef: { apiGroup: 'flowcontrol.apiserver.k8s.io', apiVersion: 'v1beta3', resource: 'flowschemas' },
    responseStatus: { code: 200 },
    stageTimestamp: '2026-03-01T10:00:00Z',
  });

  it.each<[string, string[]]>([
    ['of manifests', []],
    ['with the version of the API server', ['--kubernetes-version', '1.27', '--on', '2026-08-22']],
    ['with requests', ['--kubernetes-version', '1.27.1', '--audit', 'audit.log', '--to', '1.32', '--all']],
    ['with data of their own', ['--kubernetes-version', '1.27.1', '--data', 'data.json']],
  ])('%s', async (_name, more) => {
    writeFileSync(join(folder, 'versions.yaml'), OBJECTS);
    writeFileSync(join(folder, 'audit.log'), `${AUDIT}\n`);
    writeFileSync(join(folder, 'data.json'), await run(['versions', 'data']));
    const document = JSON.parse(await run(['versions', 'versions.yaml', '-f', 'json', ...more])) as {
      upgrade: unknown;
      components: unknown[];
    };
    expect(faults('versions', document)).toEqual([]);
    expect(document.components.length).toBeGreaterThan(3);
    if (more.includes('--audit')) expect(JSON.stringify(document.upgrade)).toContain('helm/v3.9.0');
  });
  it('and their data', async () => expect(faults('version-data', JSON.parse(await run(['versions', 'data'])))).toEqual([]));
});

describe('fixes', () => {
  const OBJECTS = `apiVersion: v1
kind: ServiceAccount
metadata: {name: a, namespace: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {serviceAccountName: a, containers: [{name: c}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: admins, labels: {LABEL}}
roleRef: {kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: a, namespace: shop}]
`;
  const ROLE = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: cluster-admin}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
`;
  const AUDIT = JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    stage: 'ResponseComplete',
    verb: 'get',
    user: { username: 'system:serviceaccount:shop:a', groups: [] },
    objectRef: { resource: 'secrets', namespace: 'shop', name: 'x' },
    responseStatus: { code: 200 },
    stageTimestamp: '2026-03-01T10:00:00Z',
  });

  it.each<[string, string[], string]>([
    ['fixes', ['fixes', 'rbac.yaml'], 'a: b'],
    ['fixes', ['fixes', 'rbac.yaml', '--audit', 'audit.log'], 'a: b'],
    ['fixes', ['fixes', 'rbac.yaml'], 'olm.owner: x'],
    ['diff', ['diff', 'rbac.yaml', 'all.yaml', '--audit', 'audit.log', '-f', 'json'], ''],
    ['whatif', ['whatif', '--change', 'change.json', '--audit', 'audit.log', 'rbac.yaml'], 'a: b'],
  ])('%s of %j', async (name, argv, label) => {
    writeFileSync(join(folder, 'rbac.yaml'), OBJECTS.replace('LABEL', label));
    writeFileSync(join(folder, 'audit.log'), `${AUDIT}\n`);
    writeFileSync(join(folder, 'change.json'), JSON.stringify({ patches: [{ target: 'ClusterRoleBinding/admins', operation: 'delete' }] }));
    const document = JSON.parse(await run([...argv, '-f', 'json'])) as { schema: string; proof?: { verdict: string } };
    expect(faults(name, document)).toEqual([]);
    expect(document.schema).toBe(`castellan/${name}/v1`);
    if (document.proof !== undefined) expect(document.proof.verdict).toBe('breaks');
  });

  it.each<[string, string[]]>([
    ['new', []],
    ['smaller', ['rbac.yaml']],
  ])('rbac-generate of %s roles', async (mode, paths) => {
    // A role of one's own: those of Kubernetes are left as they are.
    writeFileSync(join(folder, 'rbac.yaml'), `${OBJECTS.replace('LABEL', 'a: b')}---\n${ROLE}`.replaceAll('cluster-admin', 'everything'));
    writeFileSync(join(folder, 'audit.log'), `${AUDIT}\n`);
    const document = JSON.parse(await run(['rbac', 'generate', ...paths, '--audit', 'audit.log', '-f', 'json', '-q'])) as {
      roles: unknown[];
    };
    expect(faults('rbac-generate', document)).toEqual([]);
    expect(document).toMatchObject({ schema: 'castellan/rbac-generate/v1', mode });
    expect(document.roles).toHaveLength(1);
  });
});

const AS = ['--as', 'sa:x/ci'];

describe('questions about rights', () => {
  it.each([
    ['rbac-can', ['rbac', 'can', 'get', 'secrets/db', 'rbac.yaml.txt', '-n', 'x', ...AS], 'by'],
    ['rbac-can', ['rbac', 'can', 'get', '/metrics', 'rbac.yaml.txt', ...AS], undefined],
    ['rbac-can', ['rbac', 'can', 'update', 'nodes/n', 'rbac.yaml.txt', '--as', 'system:node:n'], 'nodeAuthorizer'],
    ['rbac-who-can', ['rbac', 'who-can', 'get', 'secrets', 'rbac.yaml.txt'], 'holders'],
    ['rbac-permissions', ['rbac', 'permissions', 'rbac.yaml.txt', ...AS], 'void'],
    ['rbac-escalations', ['rbac', 'escalations', 'rbac.yaml.txt'], 'escalations'],
    ['rbac-diff', ['rbac', 'diff', 'rbac.yaml.txt', 'other.yaml.txt'], 'changes'],
    ['rbac-lint', ['rbac', 'lint', 'rbac.yaml.txt'], 'findings'],
  ])('%s of %j', async (name, argv, part) => {
    const api = 'apiVersion: rbac.authorization.k8s.io/v1';
    const role = (rules: string): string => `${api}\nkind: ClusterRole\nmetadata: {name: r}\nrules: [${rules}]\n---\n`;
    const binding = `${api}\nkind: RoleBinding\nmetadata: {name: b, namespace: x}\nroleRef: {kind: ClusterRole, name: r}\nsubjects: [{kind: ServiceAccount, name: ci}]\n`;
    const get = '{apiGroups: [""], resources: [secrets, nodes], resourceNames: [db], verbs: [get]}';
    writeFileSync(join(folder, 'rbac.yaml.txt'), `${role(`${get}, {apiGroups: [""], resources: ["pods/*"], verbs: [get]}`)}${binding}`);
    writeFileSync(join(folder, 'other.yaml.txt'), `${role('')}${binding}`);
    const document = JSON.parse(await run([...argv, '-f', 'json', '-q'])) as Record<string, unknown>;
    expect(faults(name, document)).toEqual([]);
    expect(document.schema).toBe(`castellan/${name}/v1`);
    if (part !== undefined) expect(document[part]).not.toEqual([]);
  });
});

describe('snapshot show', () => {
  it.each<[string, SnapshotParts['header']]>([
    ['with little', { kind: 'cluster', complete: false }],
    [
      'with everything',
      {
        kind: 'cluster',
        complete: false,
        kubernetesVersion: '1.34.1',
        cluster: { uid: 'u', server: 'https://192.0.2.1' },
        takenAt: '2026-11-21T10:00:00Z',
        takenBy: '1.2.3',
        anonymized: true,
        namespaces: ['shop'],
        missing: [{ group: '', kind: 'Secret', resource: 'secrets', why: 'forbidden' }],
        leftOut: ['events'],
      },
    ],
  ])('%s', async (_name, header) => {
    const writer = new SegmentWriter({ apiVersion: 'v1', kind: 'Pod', resource: 'pods' });
    writer.add({ metadata: { name: 'a' } });
    const gaps = [{ scope: 'secrets', code: 'forbidden', reason: 'no', effect: 'unknown' } as const];
    writeSnapshotFile(join(folder, 'cluster.snapshot'), { header, gaps: [...gaps], segments: [writer.end()] });
    const document = JSON.parse(await run(['snapshot', 'show', 'cluster.snapshot', '-f', 'json'])) as Record<string, unknown>;
    expect(faults('snapshot-show', document)).toEqual([]);
    expect(document).toMatchObject({ objects: 1, kinds: [{ kind: 'Pod', count: 1 }], gaps });
  });
});

describe('the schemas themselves', () => {
  it('are printed', async () => {
    expect(JSON.parse(await run(['schema', 'fixes']))).toEqual(JSON.parse(JSON.stringify(SCHEMAS.fixes)));
  });

  it.each(Object.keys(SCHEMAS))('%s names its version, and is strict', (name) => {
    expect(SCHEMAS[name]).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: `castellan/${name}/v1` });
    expect(faults(name, {})).not.toEqual([]);
    expect(faults(name, [])).not.toEqual([]);
  });

  it('a finding of an unknown status or without evidence does not pass', async () => {
    const document = await scanned('--only', 'privileged');
    const [first] = document.findings;
    for (const wrong of [
      { ...first, status: 'bad' },
      { ...first, evidence: undefined },
      { ...first, fingerprint: 'x' },
      { ...first, subject: {} },
    ]) {
      expect(faults('scan', { ...document, findings: [JSON.parse(JSON.stringify(wrong))] })).not.toEqual([]);
    }
  });
});
