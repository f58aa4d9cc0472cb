/**
 * `castellan authn` against a real API server with a structured AuthenticationConfiguration and issuers on loopback: of
 * every token it says what a TokenReview says.
 */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCluster } from './cluster.ts';
import { describeWith } from './describe-cluster.ts';
import { type ControlFacts, ofControlPlane } from './node/facts.ts';
import { type OidcIssuers, type SigningKey, signToken, startIssuers } from './oidc-issuer.ts';
import { RELEASES } from './parts.ts';
import { runProgram } from './run-program.ts';
import type { TestCluster } from './test-cluster.ts';
import { waitFor } from './wait.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
const OWN_ISSUER = 'https://kubernetes.default.svc.cluster.local';
const NOW = Math.floor(Date.now() / 1000);
const HOUR = 3600;

interface User {
  username?: string;
  uid?: string;
  groups?: string[];
  extra?: Record<string, string[]>;
}
interface Told {
  id: string;
  accepted: 'yes' | 'no' | 'unknown';
  by?: string;
  as?: User;
  because: string;
  assumes: string[];
}
interface Server {
  authenticators: { kind: string }[];
  lasting: { by: string; what: string }[];
  tokens: Told[];
}
type Claims = Record<string, unknown>;

let folder = '';
let issuers: OidcIssuers;
let cluster: TestCluster;

function configuration(): unknown {
  const of = (name: string, audiences: string[]): Claims => {
    const many = audiences.length > 1 ? { audienceMatchPolicy: 'MatchAny' } : {};
    return { url: `${issuers.url}/${name}`, audiences, certificateAuthority: issuers.authority, ...many };
  };
  return {
    apiVersion: 'apiserver.config.k8s.io/v1beta1',
    kind: 'AuthenticationConfiguration',
    jwt: [
      {
        issuer: of('plain', ['cluster']),
        claimMappings: {
          username: { claim: 'sub', prefix: 'plain:' },
          groups: { claim: 'groups', prefix: 'plain:' },
          uid: { claim: 'id' },
        },
        claimValidationRules: [{ claim: 'tenant', requiredValue: 'blue' }],
      },
      {
        issuer: of('mail', ['cluster', 'other']),
        claimMappings: { username: { claim: 'email', prefix: '' }, groups: { claim: 'roles', prefix: '' } },
      },
      {
        issuer: of('terms', ['cluster']),
        claimMappings: { username: { expression: '"terms:" + claims.sub' }, groups: { claim: 'groups', prefix: 'terms:' } },
      },
      {
        issuer: of('rules', ['cluster']),
        claimMappings: { username: { claim: 'sub', prefix: 'rules:' } },
        claimValidationRules: [{ expression: 'claims.level == "high"', message: 'level must be high' }],
      },
    ],
    anonymous: { enabled: true, conditions: [{ path: '/livez' }, { path: '/readyz' }] },
  };
}

for (const release of RELEASES) {
  describeWith(`tokens at a real API server, ${release}`, { release }, () => {
    beforeAll(async () => {
      await prepare();
      const file = join(folder, 'authentication.json');
      writeFileSync(file, JSON.stringify(configuration()));
      // The file takes the place of the one that the harness makes.
      cluster = await startCluster({ release, anonymous: 'health', extraApiServerArgs: [`--authentication-config=${file}`] });
    });
    afterAll(clear);

    it('are accepted as whom they are said to be', async () => {
      const tokens = new Map([...tokensOfIssuers(), ...(await tokensOfAccounts())]);
      const told = await compared(tokens, 'plain');
      expect(told.size).toBeGreaterThan(85);
      const of = (accepted: Told['accepted']): string[] => [...told].filter(([, each]) => each === accepted).map(([id]) => id);
      expect(of('unknown').toSorted()).toEqual(['bootstrap']);
      expect(of('yes').length).toBeGreaterThan(25);
      expect(of('no').length).toBeGreaterThan(40);
    });

    it('come from a chain in the order of the server', async () => {
      const { authenticators, lasting } = await asked(new Map([['none', 'opaque']]));
      expect(authenticators.map(({ kind }) => kind)).toEqual([...BEFORE_ISSUERS, 'jwt', 'jwt', 'jwt', 'jwt', 'anonymous']);
      expect(authenticators.at(-1)).toMatchObject({ paths: ['/livez', '/readyz'] });
      expect(lasting.map(({ by, what }) => `${by}: ${what}`)).toEqual(
        expect.arrayContaining(['legacy-service-account: the token of default/lasting', 'bootstrap-token: the token abcdef']),
      );
      expect(lasting.some(({ by, what }) => by === 'client-certificate' && what.startsWith('client certificates of'))).toBe(true);
    });
  });
}

describeWith('tokens at an API server with flags', {}, () => {
  beforeAll(async () => {
    await prepare();
    const authority = join(folder, 'issuer.crt');
    writeFileSync(authority, issuers.authority);
    const flags = {
      'issuer-url': `${issuers.url}/plain`,
      'client-id': 'cluster',
      'ca-file': authority,
      'groups-claim': 'groups',
      'groups-prefix': 'oidc:',
      'required-claim': 'tenant=blue',
    };
    const args = Object.entries(flags).map(([name, value]) => `--oidc-${name}=${value}`);
    cluster = await startCluster({ extraApiServerArgs: args });
  });
  afterAll(clear);

  it('are accepted as whom they are said to be', async () => {
    const told = await compared(new Map(tokensOfIssuers()), 'plain');
    expect([told.get('plain'), told.get('by elliptic curve'), told.get('mail')]).toEqual(['yes', 'no', 'no']);
    // There is no such Secret here.
    expect([...told].filter(([, accepted]) => accepted === 'unknown')).toEqual([]);
  });

  it('come from a chain in the order of the server', async () => {
    const { authenticators } = await asked(new Map([['none', 'opaque']]));
    expect(authenticators.map(({ kind }) => kind)).toEqual([...BEFORE_ISSUERS, 'jwt', 'anonymous']);
  });
});

const BEFORE_ISSUERS = ['request-header', 'client-certificate', 'legacy-service-account', 'service-account', 'bootstrap-token'];

async function prepare(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'castellan-authn-'));
  issuers = await startIssuers();
  writeFileSync(join(folder, 'keys.json'), issuers.jwks);
}

async function clear(): Promise<void> {
  await cluster.stop();
  await issuers.stop();
  rmSync(folder, { recursive: true });
}

/** What was told of each token; fails where the server says something else. */
async function compared(tokens: ReadonlyMap<string, string>, good: string): Promise<Map<string, Told['accepted']>> {
  await waitFor('issuers that the server knows', async () => (await reviewed(tokens.get(good) ?? '')).authenticated === true, {
    seconds: 60,
  });
  const server = await asked(tokens);
  const different: unknown[] = [];
  for (const told of server.tokens) {
    const { authenticated = false, user } = await reviewed(tokens.get(told.id) ?? '');
    const same = told.accepted === 'unknown' || (told.accepted === 'yes') === authenticated;
    if (!same || (authenticated && told.as !== undefined && !isSame(told, user ?? {}))) different.push({ told, authenticated, user });
  }
  expect(different).toEqual([]);
  return new Map(server.tokens.map(({ id, accepted }) => [id, accepted]));
}

/** All that was told must be so; of what is not known a part may be missing. */
function isSame({ accepted, as }: Told, user: User): boolean {
  const { username, uid = '', groups = [], extra = {} } = user;
  const real: User = { username: username ?? '', uid, groups: groups.toSorted(), extra };
  const said: User = { ...as, ...(as?.groups && { groups: as.groups.toSorted() }) };
  if (accepted === 'unknown') {
    if (said.username !== undefined && said.username !== real.username) return false;
    return (said.groups ?? []).every((group) => real.groups?.includes(group));
  }
  return JSON.stringify({ ...real, extra: sorted(real.extra) }) === JSON.stringify({ ...said, extra: sorted(said.extra) });
}

function sorted(extra: User['extra'] = {}): unknown {
  return Object.entries(extra).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

async function reviewed(token: string): Promise<{ authenticated?: boolean; user?: User }> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
  const answer = await cluster.request('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { body });
  return (answer.json() as { status?: { authenticated?: boolean; user?: User } }).status ?? {};
}

async function asked(tokens: ReadonlyMap<string, string>): Promise<Server> {
  const file = (name: string): string => join(folder, name);
  const facts = JSON.parse(await runProgram([process.execPath, MAIN, 'node', 'collect', '--node', 'control', '-q'])) as ControlFacts;
  writeFileSync(file('control.json'), JSON.stringify(ofControlPlane(facts, cluster.dir)));
  writeFileSync(file('tokens'), [...tokens].map(([id, token]) => JSON.stringify({ id, token })).join('\n'));
  const sources = ['plain', 'mail', 'terms', 'rules'].map((name) => `${issuers.url}/${name}=${file('keys.json')}`);
  const own = [OWN_ISSUER, 'kubernetes/serviceaccount'].map((issuer) => `${issuer}=${cluster.pki.path('sa.pub')}`);
  const keys = [...sources, ...own].flatMap((each) => ['--keys', each]);
  const command = ['authn', '--kubeconfig', cluster.kubeconfig, '--node-facts', file('control.json'), '--tokens', file('tokens'), ...keys];
  const document = JSON.parse(await runProgram([process.execPath, MAIN, ...command, '-q', '-f', 'json'])) as { servers: Server[] };
  const [server] = document.servers;
  if (server === undefined || document.servers.length > 1) throw new Error('there is one API server');
  return server;
}

function tokensOfIssuers(): [string, string][] {
  const key = (algorithm: string): SigningKey => issuers.keys.get(algorithm) ?? { id: '', algorithm, key: createPrivateKey('') };
  const rs = key('RS256');
  const good = { iss: `${issuers.url}/plain`, aud: 'cluster', sub: 'jane', id: 'u-1', tenant: 'blue', exp: NOW + HOUR, iat: NOW };
  const mail = { iss: `${issuers.url}/mail`, aud: 'other', email: 'jane@example.com', exp: NOW + HOUR };
  const other = { iss: `${issuers.url}/terms`, aud: 'cluster', sub: 'jane', groups: ['x'], exp: NOW + HOUR };
  const rules = { iss: `${issuers.url}/rules`, aud: 'cluster', sub: 'jane', exp: NOW + HOUR };
  const without = (name: keyof typeof good): Claims => ({ ...good, [name]: undefined });
  const stranger = { id: 'rsa1', algorithm: 'RS256', key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey };
  const [head = '', , signature = ''] = signToken(rs, good).split('.');
  const altered = Buffer.from(JSON.stringify({ ...good, sub: 'root' })).toString('base64url');
  const claims: [string, Claims][] = [
    ['plain', good],
    ['groups in a list', { ...good, groups: ['dev', 'ops'] }],
    ['one group as text', { ...good, groups: 'dev' }],
    ['no groups', { ...good, groups: [] }],
    ['groups null', { ...good, groups: null }],
    ['group with system prefix', { ...good, groups: ['system:masters'] }],
    ['groups as numbers', { ...good, groups: [1, 2] }],
    ['groups as a mapping', { ...good, groups: { a: 1 } }],
    ['several audiences', { ...good, aud: ['x', 'cluster'] }],
    ['another audience', { ...good, aud: 'x' }],
    ['no audience', without('aud')],
    ['audiences of none', { ...good, aud: [] }],
    ['audience as a number', { ...good, aud: 7 }],
    ['over', { ...good, exp: NOW - 10 }],
    ['over long ago', { ...good, exp: 1 }],
    ['without end', without('exp')],
    ['end as text', { ...good, exp: 'tomorrow' }],
    ['end with a fraction', { ...good, exp: NOW + HOUR + 0.5 }],
    ['to begin in an hour', { ...good, nbf: NOW + HOUR }],
    ['to begin in two minutes', { ...good, nbf: NOW + 120 }],
    ['to begin soon', { ...good, nbf: NOW + 40 }],
    ['empty name', { ...good, sub: '' }],
    ['name of nothing', { ...good, sub: null }],
    ['uid of nothing', { ...good, id: null }],
    ['tenant of nothing', { ...good, tenant: null }],
    ['group of nothing', { ...good, groups: [''] }],
    ['group null in a list', { ...good, groups: [null, 'dev'] }],
    ['verified, of another claim', { ...good, email_verified: false }],
    ['groups elsewhere', { ...good, groups: undefined, _claim_names: { roles: 'src' }, _claim_sources: {} }],
    ['begin as a text of digits', { ...good, nbf: String(NOW + HOUR) }],
    [
      'groups elsewhere, and where',
      { ...good, _claim_names: { roles: 'src' }, _claim_sources: { src: { endpoint: `${issuers.url}/none` } } },
    ],
    ['mail null', { ...mail, email: null }],
    ['mail with verified null', { ...mail, email_verified: null }],
    ['end as a text of digits', { ...good, exp: String(NOW + HOUR) }],
    ['end of nothing', { ...good, exp: null }],
    ['begin as text', { ...good, nbf: 'now' }],
    ['audience of nothing', { ...good, aud: null }],
    ['audience null in a list', { ...good, aud: [null, 'cluster'] }],
    ['issued tomorrow', { ...good, iat: NOW + 24 * HOUR }],
    ['issued as text', { ...good, iat: 'today' }],
    ['another issuer', { ...good, iss: `${issuers.url}/none` }],
    ['issuer with a slash', { ...good, iss: `${issuers.url}/plain/` }],
    ['no issuer', without('iss')],
    ['no name', without('sub')],
    ['name as a number', { ...good, sub: 7 }],
    ['no uid', without('id')],
    ['uid as a number', { ...good, id: 7 }],
    ['another tenant', { ...good, tenant: 'red' }],
    ['no tenant', without('tenant')],
    ['tenant in a list', { ...good, tenant: ['blue'] }],
    ['mail', mail],
    ['mail of the first audience', { ...mail, aud: 'cluster' }],
    ['mail for strangers', { ...mail, aud: 'stranger' }],
    ['mail that is verified', { ...mail, email_verified: true, roles: ['a'] }],
    ['mail that is not', { ...mail, email_verified: false }],
    ['mail with verified as text', { ...mail, email_verified: 'true' }],
    ['no mail', { ...mail, email: undefined, sub: 'jane' }],
    ['terms', other],
    ['terms over', { ...other, exp: NOW - 10 }],
    ['rules', { ...rules, level: 'high' }],
    ['rules low', { ...rules, level: 'low' }],
  ];
  return [
    ...claims.map(([id, each]): [string, string] => [id, signToken(rs, each)]),
    ['by elliptic curve', signToken(key('ES256'), good)],
    ['by PSS', signToken(key('PS256'), good)],
    ['without the id of a key', signToken(rs, good, { kid: undefined })],
    ['with the id of another key', signToken(rs, good, { kid: 'ec1' })],
    ['with an unknown id', signToken(rs, good, { kid: 'none' })],
    ['by a stranger', signToken(stranger, good)],
    ['altered', `${head}.${altered}.${signature}`],
    ['without signature', `${head}.${altered}.`],
    ['that says none', `${Buffer.from('{"alg":"none"}').toString('base64url')}.${altered}.`],
    ['opaque', 'just-some-words'],
    ['two parts', `${head}.${altered}`],
    ['noise', 'a.b.c'],
    ['bootstrap', 'abcdef.0123456789abcdef'],
    ['bootstrap of nobody', 'abcdeg.0123456789abcdef'],
  ];
}

async function tokensOfAccounts(): Promise<[string, string][]> {
  const { pki } = cluster;
  await cluster.kubectl(['create', 'serviceaccount', 'app']);
  await cluster.kubectl(['create', 'serviceaccount', 'lasting']);
  const annotations = { 'kubernetes.io/service-account.name': 'lasting' };
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'lasting', annotations },
    type: 'kubernetes.io/service-account-token',
  };
  const bootstrap = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'bootstrap-token-abcdef', namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    stringData: { 'token-id': 'abcdef', 'token-secret': '0123456789abcdef', 'usage-bootstrap-authentication': 'true' },
  };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web' },
    spec: { serviceAccountName: 'app', containers: [{ name: 'c', image: 'example.test/web:1' }] },
  };
  for (const object of [secret, bootstrap, pod]) await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(object));
  const uidOf = (kind: string, name: string): Promise<string> => cluster.kubectl(['get', kind, name, '-o', 'jsonpath={.metadata.uid}']);
  const [account, podUid] = [await uidOf('serviceaccount', 'app'), await uidOf('pod', 'web')];
  const legacy = await waitFor('token in a Secret', async () => {
    const text = await cluster.kubectl(['get', 'secret', 'lasting', '-o', 'jsonpath={.data.token}']);
    return text === '' ? undefined : Buffer.from(text, 'base64').toString();
  });
  const made = async (...args: string[]): Promise<string> => (await cluster.kubectl(['create', 'token', 'app', ...args])).trim();
  const own = { id: '', algorithm: 'RS256', key: createPrivateKey(readFileSync(pki.path('sa.key'))) };
  const bound = (more: Claims = {}, claims: Claims = {}): string => {
    const kubernetes = { namespace: 'default', serviceaccount: { name: 'app', uid: account }, ...more };
    const all = {
      iss: OWN_ISSUER,
      aud: [OWN_ISSUER],
      exp: NOW + HOUR,
      nbf: NOW - 10,
      sub: 'whoever',
      'kubernetes.io': kubernetes,
      ...claims,
    };
    return signToken(own, all, { kid: undefined });
  };
  return [
    ['account', await made()],
    ['account of a pod', await made('--bound-object-kind=Pod', '--bound-object-name=web')],
    ['account for another', await made('--audience=vault')],
    ['account of a Secret', await made('--bound-object-kind=Secret', '--bound-object-name=lasting')],
    ['account in a Secret', legacy],
    ['own', bound()],
    ['own without end', bound({}, { exp: undefined })],
    ['own that is over', bound({}, { exp: NOW - 120 })],
    ['own that is just over', bound({}, { exp: NOW - 5 })],
    ['own to begin', bound({}, { nbf: NOW + HOUR })],
    ['own for nobody', bound({}, { aud: undefined })],
    ['own of an account that is gone', bound({ serviceaccount: { name: 'gone', uid: account } })],
    ['own of another account by that name', bound({ serviceaccount: { name: 'app', uid: 'x' } })],
    ['own of a pod', bound({ pod: { name: 'web', uid: podUid }, node: { name: 'n1', uid: 'u' } }, { jti: 'j-1' })],
    ['own of another pod by that name', bound({ pod: { name: 'web', uid: 'x' } })],
    ['own of a pod that is gone', bound({ pod: { name: 'gone', uid: 'x' } })],
    ['own without account', bound({ serviceaccount: undefined })],
    ['own by a stranger', signToken({ ...own, key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey }, { iss: OWN_ISSUER })],
  ];
}
