import { afterEach, describe, expect, it } from 'vitest';
import { type Stored, WritableCluster, status } from '../../../test/fakes/writable-cluster.ts';
import { CastellanError } from '../../lib/errors.ts';
import { FEATURES, type Feature } from './features.ts';
import { newRun } from './run.ts';
import { adminKindsOf } from './survey.ts';
import { type Verification, type VerifyOptions, verify } from './verify.ts';

const PACE = { poll: 1, start: 300, baseline: 5000, gone: 100 };
let cluster: WritableCluster;
let told: string[][] = [];
afterEach(() => {
  told = [];
});

function adminOf(): VerifyOptions['admin'] {
  const group = 'policy.networking.k8s.io';
  const plurals = { adminnetworkpolicies: 'v1alpha1', baselineadminnetworkpolicies: 'v1alpha1', clusternetworkpolicies: 'v1alpha2' };
  const entries = Object.entries(plurals);
  return adminKindsOf({
    kinds: new Map(entries.map(([resource, version]) => [`${resource}.${group}`, { group, version, resource }])),
    objects: new Map(entries.map(([resource]) => [`${resource}.${group}`, cluster.of(resource)])),
    failed: new Map(),
  });
}

async function verified(features: readonly Feature[], more: Partial<VerifyOptions> = {}): Promise<Verification> {
  return verify({
    ask: cluster.ask,
    askToTheEnd: cluster.ask,
    signal: new AbortController().signal,
    run: newRun(),
    features,
    admin: adminOf(),
    image: 'example.com/node:1',
    nodes: [],
    pullSecret: undefined,
    wait: 250,
    progress: () => undefined,
    removed: (left) => void told.push([...left]),
    pace: PACE,
    ...more,
  });
}

function answers({ results }: Verification): Record<string, string> {
  return Object.fromEntries(results.map(({ feature, enforced }) => [feature, enforced]));
}

/** What is left in the cluster besides its nodes. */
function rest(): string[] {
  return [...cluster.objects.keys()].filter((key) => !key.startsWith('nodes '));
}

const TRIED = FEATURES.filter((feature) => !feature.endsWith('-sctp'));

describe('a cluster that enforces', () => {
  it('everything is said to, of every kind, and nothing is left', async () => {
    cluster = new WritableCluster();
    const verification = await verified(FEATURES);
    expect(answers(verification)).toEqual(
      Object.fromEntries(FEATURES.map((feature) => [feature, TRIED.includes(feature) ? 'yes' : 'unknown'])),
    );
    expect(verification.results.find(({ feature }) => feature === 'ingress-sctp')?.how).toMatch(/SCTP/);
    expect(verification.nodes).toEqual(['node1', 'node2']);
    expect(rest()).toEqual([]);
    expect(told).toEqual([[]]);
    // Each thing that is created in no namespace, and each policy, is deleted by itself; pods go with their namespaces.
    const counts = Object.fromEntries(verification.wrote.map(({ verb, resource, count }) => [`${verb} ${resource}`, count]));
    expect(counts['create namespaces']).toBe(2);
    expect(counts['delete namespaces']).toBe(2);
    expect(counts['create pods']).toBe(6);
    for (const resource of ['networkpolicies.networking.k8s.io', 'clusternetworkpolicies.policy.networking.k8s.io'])
      expect(counts[`delete ${resource}`], resource).toBe(counts[`create ${resource}`]);
    const written = cluster.requests.filter(({ method }) => method !== 'GET').map(({ method }) => method);
    expect(new Set(written)).toEqual(new Set(['POST', 'DELETE']));
  });

  it.each(['refused', 'unreachable', 'reset', 'silent'])('by %s, which is told apart', async (word) => {
    cluster = new WritableCluster();
    cluster.stopped = word;
    const { results } = await verified(['ingress-deny']);
    expect(results).toMatchObject([{ enforced: 'yes', how: expect.stringContaining(word === 'silent' ? 'no answer' : word) as string }]);
    expect(results[0]?.probes[0]).toEqual({ from: 'near', to: 'server:8080/TCP', expected: 'stops', without: 'open', with: word });
  });

  it('makes no second namespace for what needs none', async () => {
    cluster = new WritableCluster();
    await verified(['ingress-deny', 'egress-ports']);
    expect(cluster.requests.filter(({ method, path }) => method === 'POST' && path === '/api/v1/namespaces')).toHaveLength(1);
  });

  it('its pods are allowed everywhere where pods are, and end by themselves', async () => {
    cluster = new WritableCluster();
    await verified(['ingress-deny']);
    const pods = cluster.requests
      .filter(({ method, path }) => method === 'POST' && path.endsWith('/pods'))
      .map(({ body }) => body as Stored);
    for (const { spec = {} } of pods) {
      expect(spec).toMatchObject({
        activeDeadlineSeconds: 900,
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true },
      });
      expect(spec.containers).toMatchObject([{ securityContext: { capabilities: { drop: ['ALL'] }, allowPrivilegeEscalation: false } }]);
    }
  });
});

describe('a cluster that does not enforce', () => {
  it('anything', async () => {
    cluster = new WritableCluster();
    cluster.enforce = () => undefined;
    const verification = await verified(['ingress-deny', 'egress-udp', 'across-nodes', 'cluster-network-policy-admin']);
    expect(new Set(Object.values(answers(verification)))).toEqual(new Set(['no']));
    expect(verification.results[0]?.how).toMatch(/was open \d+ s after the policy was there/);
    expect(rest()).toEqual([]);
  });

  /** Each a well-known way to be incomplete, and exactly what must be found. */
  const FAULTS: readonly [string, (policy: Stored) => Stored | undefined, readonly Feature[]][] = [
    [
      'exceptions of ranges',
      (policy) => edited(policy, /,"except":\[[^\]]*\]/g, ''),
      ['ingress-block-exceptions', 'egress-block-exceptions'],
    ],
    ['ends of ranges of ports', (policy) => edited(policy, /,"endPort":\d+/g, ''), ['ingress-port-ranges', 'egress-port-ranges']],
    [
      'egress',
      (policy) => (policy.kind === 'NetworkPolicy' && JSON.stringify(policy).includes('"Egress"') ? undefined : policy),
      TRIED.filter((feature) => feature.startsWith('egress-')),
    ],
    [
      'cluster-wide kinds',
      (policy) => (policy.kind === 'NetworkPolicy' ? policy : undefined),
      TRIED.filter((feature) => /^(?:admin|baseline|cluster)/.test(feature)),
    ],
    [
      'namespaces of peers',
      (policy) => (policy.kind === 'NetworkPolicy' ? edited(policy, /"namespaceSelector":\{[^}]*\}\}/g, '"namespaceSelector":{}') : policy),
      ['ingress-namespace-selectors', 'egress-namespace-selectors', 'ingress-pods-in-namespaces', 'egress-pods-in-namespaces'],
    ],
    ['protocols', (policy) => edited(policy, /,"protocol":"UDP"/g, ''), ['ingress-udp', 'egress-udp']],
  ];
  it.each(FAULTS)('%s', async (_name, enforce, wanted) => {
    cluster = new WritableCluster();
    cluster.enforce = enforce;
    const found = Object.entries(answers(await verified(TRIED))).filter(([, answer]) => answer !== 'yes');
    expect(found).toEqual(TRIED.filter((feature) => wanted.includes(feature)).map((feature) => [feature, 'no']));
  });

  it('and stops what is allowed, which is told as such', async () => {
    cluster = new WritableCluster();
    cluster.enforce = (policy) => edited(policy, /,"endPort":\d+/g, '');
    const { results } = await verified(['ingress-port-ranges']);
    expect(results[0]?.how).toMatch(/also stopped what the policy allows: near to server:8081\/TCP timed out/);
  });
});

describe('what is not known', () => {
  it('is what never flowed, with the policies that the cluster has put there', async () => {
    cluster = new WritableCluster();
    const { ask } = cluster;
    const denying: VerifyOptions['ask'] = async (method, path, body) => {
      const answer = await ask(method, path, body);
      const { metadata } = (body ?? {}) as Stored;
      if (method === 'POST' && path === '/api/v1/namespaces')
        cluster.add('networkpolicies', {
          metadata: { name: 'default-deny', namespace: metadata.name },
          spec: { podSelector: {}, policyTypes: ['Ingress'] },
        });
      return answer;
    };
    const { results } = await verified(['ingress-ports'], { ask: denying, askToTheEnd: denying, pace: { ...PACE, baseline: 100 } });
    expect(results).toMatchObject([
      { enforced: 'unknown', how: expect.stringMatching(/^without a policy .* timed out; .*: default-deny$/) as string },
    ]);
  });

  it('is traffic across nodes where all pods are on one', async () => {
    cluster = new WritableCluster();
    cluster.nodeOf = () => 'node1';
    const { results } = await verified(['across-nodes']);
    expect(results).toMatchObject([{ enforced: 'unknown', how: expect.stringContaining('--node') as string }]);
  });

  it('is a kind of which there can be only one, and is one: it is not touched', async () => {
    cluster = new WritableCluster();
    cluster.add('baselineadminnetworkpolicies', { metadata: { name: 'default' }, spec: {} });
    const verification = await verified(['baseline-admin-network-policy', 'ingress-deny']);
    expect(answers(verification)).toEqual({ 'baseline-admin-network-policy': 'unknown', 'ingress-deny': 'yes' });
    expect(rest()).toEqual(['baselineadminnetworkpolicies /default']);
  });

  it('is a policy that the server refuses, and the rest goes on', async () => {
    cluster = new WritableCluster();
    cluster.refuse = (method, path) =>
      method === 'POST' && path.endsWith('/clusternetworkpolicies') ? status(422, 'spec.tier: Unsupported value') : undefined;
    const verification = await verified(['cluster-network-policy-admin', 'ingress-deny']);
    expect(answers(verification)).toEqual({ 'cluster-network-policy-admin': 'unknown', 'ingress-deny': 'yes' });
    expect(verification.results[0]?.how).toContain('Unsupported value');
    expect(rest()).toEqual([]);
  });

  it('is what stopped for good: something else stopped it', async () => {
    cluster = new WritableCluster();
    let held = false;
    cluster.enforce = (policy) => {
      held = true;
      return policy;
    };
    const { ask } = cluster;
    const lasting: VerifyOptions['ask'] = async (method, path, body) =>
      method === 'DELETE' && path.includes('networkpolicies') && held ? { status: 200, body: {} } : ask(method, path, body);
    const { results } = await verified(['ingress-deny'], { ask: lasting, askToTheEnd: lasting, pace: { ...PACE, baseline: 400 } });
    expect(results).toMatchObject([{ enforced: 'unknown', how: expect.stringContaining('did not flow again') as string }]);
  });
});

describe('what the cluster does not take', () => {
  async function failure(): Promise<CastellanError> {
    const error: unknown = await verified(['ingress-deny']).catch((thrown: unknown) => thrown);
    if (!(error instanceof CastellanError)) throw new Error('it did not fail in words');
    expect(rest()).toEqual([]);
    expect(told).toEqual([[]]);
    return error;
  }

  it.each<[string, RegExp, string, Partial<{ code: string; message: RegExp; remedy: RegExp }>]>([
    [
      'a right that is missing',
      /\/pods$/,
      'pods is forbidden: User "jane" cannot create resource "pods" in API group "" in the namespace "x"',
      { code: 'CAS_FORBIDDEN', message: /may not create pods: .*jane/, remedy: /permissions --for net-verify/ },
    ],
    [
      'a quota',
      /\/pods$/,
      'pods "server" is forbidden: exceeded quota: small, requested: pods=1, used: pods=0, limited: pods=0',
      { code: 'CAS_REFUSED', message: /quota stands in the way/, remedy: /ResourceQuota/ },
    ],
    [
      'Pod Security',
      /\/pods$/,
      'pods "server" is forbidden: violates PodSecurity "restricted:latest": something new',
      { code: 'CAS_REFUSED', message: /could not create pods: .*PodSecurity/, remedy: /admission/ },
    ],
    [
      'a webhook',
      /\/namespaces$/,
      'admission webhook "names.example.com" denied the request: namespaces need a team',
      { code: 'CAS_REFUSED', message: /could not create namespaces: .*team/ },
    ],
  ])('%s', async (_name, path, message, wanted) => {
    cluster = new WritableCluster();
    cluster.refuse = (method, asked) => (method === 'POST' && path.test(asked) ? status(403, message) : undefined);
    const error = await failure();
    expect(error.code).toBe(wanted.code);
    expect(error.message).toMatch(wanted.message ?? /./);
    expect(error.remedy).toMatch(wanted.remedy ?? /./);
  });

  it.each([
    [
      'an image that cannot be pulled',
      { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } },
      /ImagePullBackOff: Back-off/,
    ],
    ['a name that is none', { waiting: { reason: 'InvalidImageName', message: 'couldn’t parse' } }, /InvalidImageName/],
    ['an image without node', { waiting: { reason: 'RunContainerError', message: 'exec: "node": not found' } }, /"node": not found/],
    ['a program that ends', { terminated: { exitCode: 1, reason: 'Error' } }, /ended with 1/],
  ])('%s', async (_name, state, message) => {
    cluster = new WritableCluster();
    cluster.podStatus = () => ({ phase: 'Pending', containerStatuses: [{ state }] });
    const error = await failure();
    expect(error.code).toBe('CAS_POD_START');
    expect(error.message).toMatch(message);
    expect(error.remedy).toMatch(/--image.*--image-pull-secret/);
  });

  it('a pod for which there is no room', async () => {
    cluster = new WritableCluster();
    cluster.podStatus = () => ({
      phase: 'Pending',
      conditions: [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/2 nodes are available: 2 Insufficient memory.' },
      ],
    });
    expect((await failure()).message).toMatch(/Insufficient memory/);
  });

  it('a pod of which nothing is said', async () => {
    cluster = new WritableCluster();
    cluster.podStatus = () => ({ phase: 'Pending', containerStatuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }] });
    expect((await failure()).message).toMatch(/has not started in 0 s/);
  });
});

describe('the end', () => {
  it.each([1, 2, 3, 4, 5, 8, 12, 20, 30, 60])('comes at once when it is interrupted at request %i, and nothing is left', async (at) => {
    cluster = new WritableCluster();
    const stop = new AbortController();
    let count = 0;
    // Before or after the server has done what was asked; what is read ends with the signal, what is written does not.
    cluster.refuse = () => {
      count += 1;
      if (count >= at) stop.abort(new CastellanError('CAS_INTERRUPTED', 'net verify was interrupted'));
      return undefined;
    };
    const interrupted: VerifyOptions['ask'] = async (method, path, body) => {
      const answer = await cluster.ask(method, path, body);
      stop.signal.throwIfAborted();
      return answer;
    };
    await expect(verified(TRIED, { ask: interrupted, signal: stop.signal })).rejects.toMatchObject({ code: 'CAS_INTERRUPTED' });
    expect(count).toBeGreaterThan(at);
    expect(rest()).toEqual([]);
    expect(told).toEqual([[]]);
  });

  it('says what does not go, and why', async () => {
    cluster = new WritableCluster();
    cluster.stuck = 'Some resources are remaining: widgets.example.com has 1 resource instances';
    const { left, results } = await verified(['ingress-deny']);
    expect(results[0]?.enforced).toBe('yes');
    expect(left).toEqual([
      expect.stringMatching(/^namespaces castellan-verify-\w+ is being removed, but is not gone: Some resources are remaining: widgets/),
    ]);
    expect(told).toEqual([left]);
  });

  it('says what may not be removed', async () => {
    cluster = new WritableCluster();
    cluster.refuse = (method, path) =>
      method === 'DELETE' && path.startsWith('/api/v1/namespaces/')
        ? status(403, 'namespaces is forbidden: User "jane" cannot delete resource "namespaces"')
        : undefined;
    const { left } = await verified(['ingress-deny']);
    expect(left).toEqual([expect.stringMatching(/could not be removed: net verify may not delete namespaces: .*jane/)]);
  });

  it('removes a secret that was copied, and never shows it', async () => {
    cluster = new WritableCluster();
    cluster.add('secrets', {
      metadata: { name: 'pull', namespace: 'ops' },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': 'c2VjcmV0' },
    });
    await verified(['ingress-deny'], { pullSecret: { namespace: 'ops', name: 'pull' } });
    const made = cluster.requests.find(({ method, path }) => method === 'POST' && path.endsWith('/secrets'));
    expect(made?.body).toMatchObject({
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': 'c2VjcmV0' },
      metadata: { name: 'pull' },
    });
    expect(rest()).toEqual(['secrets ops/pull']);
  });

  it('comes before anything is made when there is no such secret', async () => {
    cluster = new WritableCluster();
    await expect(verified(['ingress-deny'], { pullSecret: { namespace: 'ops', name: 'pull' } })).rejects.toMatchObject({
      code: 'CAS_USAGE',
    });
    expect(cluster.requests.filter(({ method, path }) => method === 'POST' || !path.includes('castellan'))).toHaveLength(1);
  });
});

/** The policy without what the pattern takes out of its text. */
function edited(policy: Stored, pattern: RegExp, instead: string): Stored {
  return JSON.parse(JSON.stringify(policy).replace(pattern, instead)) as Stored;
}
