/** Chains and tokens without a server; test/cluster/authn.cluster.ts asks a real one the same. */
import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterOf, nodeFacts, objectsOf } from '../../../test/rule-tester.ts';
import { RUNS } from '../../../test/runs.ts';
import type { Cluster } from '../../model/index.ts';
import {
  type Acceptance,
  type Chain,
  type Keys,
  type Token,
  acceptanceOf,
  chainsIn,
  keysIn,
  lastingOf,
  tokenOf,
  tokenOfClaims,
} from './index.ts';

const NOW = Date.parse('2026-11-01T08:00:00Z') / 1000;
const OIDC = ['--oidc-issuer-url=https://id.example.com', '--oidc-client-id=k8s', '--authorization-mode=RBAC'];

function serverWith(flags: readonly string[], more = '', files: Record<string, string> = {}): { chain: Chain; cluster: Cluster } {
  const facts = nodeFacts({ node: 'cp1', processes: [['kube-apiserver', ...flags]], files });
  const cluster = clusterOf(objectsOf(`${facts}\n---\n${more}`));
  const [chain] = chainsIn(cluster);
  if (chain === undefined) throw new Error('there is no API server');
  return { chain, cluster };
}

function kindsOf(...flags: string[]): string[] {
  return serverWith(flags).chain.authenticators.map(({ kind }) => kind);
}

interface Given {
  flags?: readonly string[];
  keys?: Keys;
  objects?: string;
  files?: Record<string, string>;
}

function asked(token: Token, { flags = OIDC, keys = new Map(), objects = '', files = {} }: Given = {}): Acceptance {
  const { chain, cluster } = serverWith(flags, objects, files);
  return acceptanceOf(chain, token, { now: NOW, keys, cluster });
}

function claims(more: Record<string, unknown> = {}): Token {
  const all = { iss: 'https://id.example.com', aud: 'k8s', sub: 'jane', exp: NOW + 60, ...more };
  return tokenOfClaims({ claims: all }) ?? { header: {}, claims: undefined };
}

describe('the chain', () => {
  it('has the order of the server, whatever that of the flags', () => {
    const flags = [
      '--authentication-token-webhook-config-file=/w',
      '--enable-bootstrap-token-auth',
      ...OIDC,
      '--service-account-issuer=https://a',
      '--service-account-key-file=/sa.pub',
      '--token-auth-file=/t',
      '--client-ca-file=/ca',
      '--requestheader-client-ca-file=/front',
    ];
    expect(kindsOf(...flags)).toEqual([
      'request-header',
      'client-certificate',
      'static-token',
      'legacy-service-account',
      'service-account',
      'bootstrap-token',
      'jwt',
      'webhook',
      'anonymous',
    ]);
  });

  it('ends with nobody unless that is switched off, or everything is allowed', () => {
    expect(kindsOf('--authorization-mode=Node,RBAC')).toEqual(['anonymous']);
    expect(kindsOf('--authorization-mode=Node,RBAC', '--anonymous-auth=false')).toEqual([]);
    expect(kindsOf('--anonymous-auth=true')).toEqual([]);
  });

  it('of a file that was not given says so, and what depends on it is not known', () => {
    const { chain } = serverWith(['--authentication-config=/a.yaml', '--authorization-mode=RBAC']);
    expect(chain.unseen).toEqual(['/a.yaml, the file of --authentication-config, is not in the input']);
    expect(asked(claims(), { flags: ['--authentication-config=/a.yaml'] })).toMatchObject({ accepted: 'unknown' });
  });

  it('takes audiences from --api-audiences, else from all issuers', () => {
    const of = (...flags: string[]): unknown => serverWith(flags).chain.authenticators.find(({ kind }) => kind === 'service-account');
    const issuers = ['--service-account-issuer=https://a', '--service-account-issuer=https://b'];
    expect(of(...issuers)).toMatchObject({ issuers: ['https://a', 'https://b'], audiences: ['https://a', 'https://b'] });
    expect(of(...issuers, '--api-audiences=x,y')).toMatchObject({ audiences: ['x', 'y'] });
  });
});

describe('a token of an issuer', () => {
  it.each<[string[], Record<string, unknown>, string | undefined]>([
    [[], {}, 'https://id.example.com#jane'],
    [['--oidc-username-prefix=-'], {}, 'jane'],
    [['--oidc-username-prefix=o:'], {}, 'o:jane'],
    [['--oidc-username-claim=email'], { email: 'j@example.com' }, 'j@example.com'],
    [['--oidc-username-claim=email'], { email: 'j@example.com', email_verified: false }, undefined],
    [['--oidc-username-claim=name'], {}, undefined],
    [['--oidc-required-claim=a=b'], { a: 'b' }, 'https://id.example.com#jane'],
    [['--oidc-required-claim=a=b'], { a: 'c' }, undefined],
  ])('with %j and %j is %s', (flags, more, username) => {
    const answer = asked(claims(more), { flags: [...OIDC, ...flags] });
    expect(answer.accepted).toBe(username === undefined ? 'no' : 'yes');
    expect(answer.as?.username).toBe(username);
  });

  it('is accepted if it is signed, where no key is given to check that', () => {
    expect(asked(claims())).toMatchObject({ accepted: 'yes', by: 'jwt', assumes: ['it is signed by a key of https://id.example.com'] });
  });

  it('is judged by expressions as far as they can be judged', () => {
    const file = `{"apiVersion":"apiserver.config.k8s.io/v1","kind":"AuthenticationConfiguration","jwt":[{
      "issuer":{"url":"https://id.example.com","audiences":["k8s"]},
      "claimMappings":{"username":{"expression":"claims.sub + claims.?mark.orValue('')"},"groups":{"expression":"claims.?roles.orValue([]).map(r, 'g:' + r)"},
      "extra":[{"key":"example.org/tenant","valueExpression":"claims.?tenant.orValue('')"}]},
      "claimValidationRules":[{"expression":"!has(claims.level) || claims.level == 'high'"}],
      "userValidationRules":[{"expression":"!user.username.startsWith('system:')"},{"expression":"user.groups.all(g, g != 'g:root')"}]}]}`;
    const files = { '/a.json': `600 root:root ${file.replace(/\s+/g, ' ')}` };
    const flags = ['--authentication-config=/a.json'];
    const of = (more: Record<string, unknown>): Record<string, unknown> => ({ ...asked(claims(more), { flags, files }) });
    expect(of({ roles: ['x', 'y'], tenant: 'blue', level: 'high', mark: '!' })).toMatchObject({
      accepted: 'yes',
      as: { username: 'jane!', groups: ['g:x', 'g:y', 'system:authenticated'], uid: '', extra: { 'example.org/tenant': ['blue'] } },
    });
    expect(of({})).toMatchObject({ accepted: 'yes', as: { username: 'jane', groups: ['system:authenticated'], extra: {} } });
    expect(of({ level: 'low' })).toMatchObject({
      accepted: 'no',
      because: "the condition !has(claims.level) || claims.level == 'high' does not hold",
    });
    expect(of({ sub: 'system:admin' })).toMatchObject({ accepted: 'no' });
    expect(of({ roles: ['root'] })).toMatchObject({ accepted: 'no' });
    expect(of({ roles: 'x' })).toMatchObject({ accepted: 'unknown', because: 'expressions decide on groups', as: { username: 'jane' } });
    expect(of({ sub: '' })).toMatchObject({ accepted: 'unknown', because: 'expressions decide on username' });
    expect(of({ sub: null })).toMatchObject({ accepted: 'unknown' });
    expect(of({ level: 3 })).toMatchObject({ accepted: 'unknown' });
    expect(of({ tenant: true })).toMatchObject({ accepted: 'no' });
    expect(asked(claims({ aud: 'x' }), { flags, files })).toMatchObject({ accepted: 'no', because: 'it is for x, not for k8s' });
  });
});

describe('signatures', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one' };
  const text = [
    { alg: 'RS256', kid: 'one' },
    { iss: 'https://id.example.com', aud: 'k8s', sub: 'jane', exp: NOW + 60 },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const token = `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
  const keysFrom = (source: string): Keys => new Map([['https://id.example.com', keysIn(source) ?? []]]);

  it.each<[string, string]>([
    ['a set of keys', JSON.stringify({ keys: [jwk] })],
    ['a single key', JSON.stringify(jwk)],
    ['PEM', publicKey.export({ type: 'spki', format: 'pem' }).toString()],
  ])('are checked with %s', (_name, source) => {
    expect(asked(tokenOf(token), { keys: keysFrom(source) })).toMatchObject({ accepted: 'yes', assumes: [] });
    const forged = `${token.slice(0, -6)}AAAAAA`;
    expect(asked(tokenOf(forged), { keys: keysFrom(source) })).toMatchObject({
      accepted: 'no',
      because: 'no key of the issuer made its signature',
    });
  });

  it('of what are no keys are not checked', () => {
    for (const source of ['', '{', '{"keys":[{}]}', 'words', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'])
      expect(keysIn(source)).toBeUndefined();
  });
});

describe('other tokens', () => {
  const ACCOUNT = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app, namespace: shop, uid: u1}\n';
  const flags = ['--service-account-issuer=https://a', '--service-account-key-file=/sa.pub', '--enable-bootstrap-token-auth'];
  const bound = (uid: string): Token =>
    tokenOfClaims({ claims: { iss: 'https://a', 'kubernetes.io': { namespace: 'shop', serviceaccount: { name: 'app', uid } } } }) ??
    claims();

  it('of a service account that is there, or is another one by now', () => {
    expect(asked(bound('u1'), { flags, objects: ACCOUNT })).toMatchObject({
      accepted: 'yes',
      as: {
        username: 'system:serviceaccount:shop:app',
        uid: 'u1',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
      },
    });
    expect(asked(bound('u2'), { flags, objects: ACCOUNT })).toMatchObject({
      accepted: 'no',
      because: expect.stringContaining('another one by now') as string,
    });
  });

  it('of a service account that may be there say what they take for granted', () => {
    expect(asked(bound('u1'), { flags }).assumes).toContain('ServiceAccount shop/app with the uid u1 is there');
  });

  it('that only a Secret, a file or a webhook can know are not known', () => {
    expect(asked(tokenOf('abcdef.0123456789abcdef'), { flags })).toMatchObject({
      accepted: 'unknown',
      as: { username: 'system:bootstrap:abcdef' },
    });
    expect(asked(tokenOf('word'), { flags })).toMatchObject({ accepted: 'no' });
    expect(asked(tokenOf('word'), { flags: ['--token-auth-file=/t'] })).toMatchObject({ accepted: 'unknown', by: 'static-token' });
    expect(asked(claims(), { flags: ['--authentication-token-webhook-config-file=/w'] })).toMatchObject({
      accepted: 'unknown',
      by: 'webhook',
    });
  });
});

it('says which credentials last', () => {
  const objects = `
apiVersion: v1
kind: Secret
metadata: {name: old, namespace: shop, annotations: {kubernetes.io/service-account.name: app}}
type: kubernetes.io/service-account-token
---
apiVersion: v1
kind: Secret
metadata: {name: bootstrap-token-abcdef, namespace: kube-system}
type: bootstrap.kubernetes.io/token
data: {token-id: eA==}
---
apiVersion: v1
kind: Secret
metadata: {name: bootstrap-token-ending, namespace: kube-system}
type: bootstrap.kubernetes.io/token
data: {token-id: eA==, expiration: eA==}
`;
  const flags = ['--client-ca-file=/ca', '--token-auth-file=/t', '--service-account-key-file=/sa', '--enable-bootstrap-token-auth'];
  const { chain, cluster } = serverWith(flags, objects);
  expect(lastingOf(chain, cluster).map(({ what, endsBy }) => `${what}: ${endsBy}`)).toEqual([
    'client certificates of /ca: expiry',
    'every token in /t: restart',
    'the token of shop/app: deletion',
    'the token abcdef: deletion',
  ]);
});

it('reads whatever somebody takes for a token, and never throws', () => {
  const part = fc.oneof(
    fc.string(),
    fc.json().map((text) => Buffer.from(text).toString('base64url')),
  );
  const token = fc.oneof(
    fc.string(),
    fc.tuple(part, part, part).map((parts) => parts.join('.')),
  );
  const { chain, cluster } = serverWith([...OIDC, '--service-account-issuer=https://a', '--service-account-key-file=/sa.pub']);
  fc.assert(
    fc.property(
      token,
      fc.dictionary(fc.constantFrom('iss', 'aud', 'exp', 'sub', 'kubernetes.io', '_claim_names', 'nbf'), fc.jsonValue()),
      (text, more) => {
        for (const given of [tokenOf(text), claims(more), claims({ ...more, iss: 'https://a' })])
          acceptanceOf(chain, given, { now: NOW, keys: new Map(), cluster });
      },
    ),
    { numRuns: RUNS },
  );
});
