import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../../engines/audit-policy/index.ts';
import { Ledger } from '../../record/index.ts';
import { Attestations } from '../attestations.ts';
import { type Evidence, type Proof, prove } from '../prove.ts';
import { toState } from '../state-examples.ts';
import { type Fix, fixesFor } from './fixes.ts';
import { splitsOf } from './from-shared.ts';

type Raw = Record<string, unknown>;

const DAY = 86_400;
const FROM = 20_000 * DAY;
const RBAC = 'rbac.authorization.k8s.io';
const started = { status: { startTime: new Date((FROM + DAY) * 1000).toISOString() } };

function deployment(name: string): Raw[] {
  const spec = { serviceAccountName: 'shared', containers: [{ name: 'c', image: 'x' }] };
  const named = (called: string, kind?: string, owner = ''): Raw => ({
    namespace: 'shop',
    name: called,
    uid: called,
    labels: { app: name },
    ...(kind !== undefined && { ownerReferences: [{ apiVersion: 'apps/v1', kind, name: owner, controller: true, uid: owner }] }),
  });
  const template = { metadata: { labels: { app: name } }, spec };
  const set = `${name}-6c7d8f9b5f`;
  const selector = { matchLabels: { app: name } };
  return [
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: named(name), spec: { selector, template } },
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: named(set, 'Deployment', name), spec: { selector, template } },
    { apiVersion: 'v1', kind: 'Pod', metadata: named(`${set}-x2v4k`, 'ReplicaSet', set), spec, ...started },
  ];
}

/** Nobody changes here what a repository restores. */
const ELSEWHERE = { 'argocd.argoproj.io/instance': 'ops' };

/** `cart` and `mail` share an account that may read all Secrets, which `mail` alone needs and which lead to the cluster. */
const OBJECTS: readonly Raw[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'shop', name: 'shared' }, imagePullSecrets: [{ name: 'pull' }] },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'ops', name: 'root' } },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/service-account-token',
    metadata: { namespace: 'ops', name: 'root', annotations: { 'kubernetes.io/service-account.name': 'root' }, labels: ELSEWHERE },
  },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'shared' },
    rules: [{ apiGroups: [''], resources: ['secrets', 'configmaps'], verbs: ['get', 'list'] }],
  },
  ...(
    [
      ['shared', 'shop', 'shared'],
      ['cluster-admin', 'ops', 'root'],
    ] as const
  ).map(([name, namespace, account]) => ({
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name, ...(namespace === 'ops' && { labels: ELSEWHERE }) },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', namespace, name: account }],
  })),
  ...deployment('cart'),
  ...deployment('mail'),
];

type Seen = readonly [pod: string | undefined, verb: string, resource: string];

/** Four weeks of everything that was asked as the shared account, without a hole. */
function evidenceOf(seen: readonly Seen[], ...attested: readonly (readonly [what: 'identity', needed: boolean])[]): Evidence {
  const ledger = new Ledger();
  const stream = ledger.stream('cp1', 'audit');
  for (let minute = 0; minute < 28 * 1440; minute += 1) stream.event(FROM + minute * 60, { beat: true });
  for (const [maker, verb, resource] of seen) {
    const groups = ['system:authenticated', 'system:serviceaccounts', 'system:serviceaccounts:shop'];
    const bound = maker === undefined ? { bound: 'nothing' as const } : { bound: 'pod' as const, maker };
    const actor = ledger.actor({ name: 'system:serviceaccount:shop:shared', groups, ...bound });
    const asked = { verb, apiGroup: '', resource, subresource: '', namespace: 'shop', name: '', path: '', through: 'request' } as const;
    ledger.request(actor, asked, { stream: stream.id, time: FROM + 3 * DAY, outcome: 'allowed' });
  }
  const { policy } = parsePolicy({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'Metadata' }] });
  if (policy === undefined) throw new Error('no policy');
  const said = attested.map(([text, needed], index) => {
    const of = 'Deployment/shop/cart';
    return { id: `a${index}`, needed, text, what: { kind: text }, of, who: 'ann', why: 'she wrote it', until: '2999-01-01' };
  });
  return { record: ledger.record(), auditPolicy: policy, servers: 1, attestations: new Attestations(said, '2026-11-22') };
}

const ALL: readonly Seen[] = [
  ['cart', 'list', 'configmaps'],
  ['mail', 'list', 'configmaps'],
  ['mail', 'get', 'secrets'],
  ['mail', 'list', 'secrets'],
];
const TITLE = 'give Deployment shop/cart an account of its own with what it uses of shop/shared: 3 rights less';
const SHOWN_TO_NOBODY = ['identity', false] as const;

function splitFor(evidence: Evidence, objects = OBJECTS): Fix | undefined {
  return fixesFor(toState(objects), { top: 9, evidence }).fixes.find(({ title }) => title === TITLE);
}

/** What is proved of the split, also where a list would not show it. */
function proofOf(evidence: Evidence, objects = OBJECTS): Proof | undefined {
  const before = toState(objects);
  const split = splitsOf(before, evidence).find(({ candidate }) => candidate.title === TITLE);
  if (split === undefined) return undefined;
  const { change } = split.candidate;
  return prove({ before, after: before.with(change) }, change, evidence);
}

describe('an account that workloads share', () => {
  test('is split where one of them uses less, with what its own pods asked for', () => {
    const fix = splitFor(evidenceOf(ALL));
    expect(fix?.change.patches.map(({ target, operation }) => `${operation} ${target}`)).toEqual([
      'create ServiceAccount/shop/cart',
      'create ClusterRole/shop-cart',
      'create ClusterRoleBinding/shop-cart',
      'patch Deployment/shop/cart',
    ]);
    expect(fix?.change.patches[0]?.object).toMatchObject({ imagePullSecrets: [{ name: 'pull' }] });
    expect(fix?.change.patches[1]?.object).toMatchObject({ rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }] });
    expect(fix?.proof.closes).toMatchObject({ exposed: 0, workloads: 1 });
    // A vault may know the pod by its account.
    expect(fix?.proof).toMatchObject({ verdict: 'unknown', denies: [] });
    expect(fix?.proof.unknownBecause).toEqual([{ code: 'token-reads-unseen', about: 'Deployment/shop/cart' }]);
  });

  test('is safe to split where somebody says that nobody else knows it by its account', () => {
    const proof = splitFor(evidenceOf(ALL, SHOWN_TO_NOBODY))?.proof;
    expect(proof).toMatchObject({ verdict: 'safe', unknownBecause: [], denies: [] });
    expect(proof?.attestations).toEqual(['ann says until 2999-01-01 that identity of Deployment/shop/cart is not needed: she wrote it']);
    expect(proofOf(evidenceOf(ALL, ['identity', true]))).toMatchObject({ verdict: 'breaks', denies: [{ what: 'its account' }] });
  });

  test('is unknown to split where nobody can tell whose pods asked', () => {
    const unbound = evidenceOf([...ALL, [undefined, 'get', 'secrets']], SHOWN_TO_NOBODY);
    expect(proofOf(unbound)?.unknownBecause).toEqual([
      { code: 'use-unattributed', about: 'system:serviceaccount:shop:shared: get secrets in shop' },
    ]);
    // One that is gone, whatever it was.
    const gone = evidenceOf([...ALL, ['other', 'get', 'secrets']], SHOWN_TO_NOBODY);
    expect(proofOf(gone)?.unknownBecause.map(({ code }) => code)).toEqual(['use-unattributed']);
    // What the new account may do as well is no question.
    const same = evidenceOf([...ALL, [undefined, 'list', 'configmaps']], SHOWN_TO_NOBODY);
    expect(proofOf(same)?.verdict).toBe('safe');
  });

  test('breaks what its own pods were seen doing, where a change leaves that out', () => {
    const [split] = splitsOf(toState(OBJECTS), evidenceOf(ALL));
    if (split === undefined) throw new Error('no split');
    const { change } = split.candidate;
    const evidence = evidenceOf([...ALL, ['cart', 'get', 'secrets']], SHOWN_TO_NOBODY);
    const before = toState(OBJECTS);
    expect(prove({ before, after: before.with(change) }, change, evidence)).toMatchObject({
      verdict: 'breaks',
      denies: [{ who: 'system:serviceaccount:shop:shared', what: 'get secrets in shop', count: 1 }],
    });
  });

  test('is unknown to split where something else names it, or the account is known elsewhere', () => {
    const mesh = {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { namespace: 'shop', name: 'mail' },
      spec: { rules: [{ from: [{ source: { principals: ['cluster.local/ns/shop/sa/shared'] } }] }] },
    };
    const proof = proofOf(evidenceOf(ALL, SHOWN_TO_NOBODY), [...OBJECTS, mesh]);
    expect(proof?.unknownBecause).toEqual([{ code: 'behaviour-unseen', about: 'AuthorizationPolicy/shop/mail' }]);
    const role = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/x' };
    const known = OBJECTS.map((object) =>
      object.kind === 'ServiceAccount' ? { ...object, metadata: { ...(object.metadata as Raw), annotations: role } } : object,
    );
    expect(proofOf(evidenceOf(ALL, SHOWN_TO_NOBODY), known)).toBeUndefined();
  });

  test('whose token one of them was seen using is not left unmounted there', () => {
    const before = toState(OBJECTS);
    const path = '/spec/template/spec/automountServiceAccountToken';
    const change = {
      patches: [{ target: 'Deployment/shop/cart', operation: 'patch' as const, patch: [{ op: 'add' as const, path, value: false }] }],
      effort: 'low' as const,
    };
    const ofCart = prove({ before, after: before.with(change) }, change, evidenceOf(ALL));
    expect(ofCart.denies).toMatchObject([{ what: 'any request with its token', count: 1 }]);
    const ofMail = prove({ before, after: before.with(change) }, change, evidenceOf(ALL.slice(1)));
    expect(ofMail).toMatchObject({ verdict: 'unknown', denies: [] });
  });
});
