/** Whose credentials are, by certificates and tokens that were made for these tests and open nothing. */
import { describe, expect, it } from 'vitest';
import { fingerprintOf, kubeconfigIn, tokensIn } from './identities.ts';

/** Self-signed, good until 2126: O=system:masters, O=dev, CN=root; for clients. */
const MASTERS = pem(
  'MIIB2TCCAX6gAwIBAgIUUZBmxGC0eKq3dFF9FmepeEPYk+kwCgYIKoZIzj0EAwIwNjEXMBUGA1UECgwOc3lzdGVtOm1hc3RlcnMxDDAKBgNVBA' +
    'oMA2RldjENMAsGA1UEAwwEcm9vdDAgFw0yNjExMjIwMzU2MDFaGA8yMTI2MTAyOTAzNTYwMVowNjEXMBUGA1UECgwOc3lzdGVtOm1hc3RlcnMx' +
    'DDAKBgNVBAoMA2RldjENMAsGA1UEAwwEcm9vdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKGv0eARjYo/5CUJY0BCsO6w9MnQBAah6L+gLh' +
    'wlXFu0V2Lxt5ofx/4MFeSgDPZ5eM0IxndE57jDdRTYTJWt7LGjaDBmMB0GA1UdDgQWBBScywEYstibAM8uCJF5o2XnfD0kojAfBgNVHSMEGDAW' +
    'gBScywEYstibAM8uCJF5o2XnfD0kojAPBgNVHRMBAf8EBTADAQH/MBMGA1UdJQQMMAoGCCsGAQUFBwMCMAoGCCqGSM49BAMCA0kAMEYCIQCYzS' +
    'MCE/En+/WxIXh+UINqNLxTpTURBzTOyQ545UaaKQIhAKRPTwoUjIZQHuhpmd/qH6iGFsaWWbYKyVzFfuQ3BBDC',
);
/** The same subject, for servers only. */
const SERVER = pem(
  'MIIBvDCCAWKgAwIBAgIUGGCZvItImnL8XsaBJB9KGh2excMwCgYIKoZIzj0EAwIwKDEXMBUGA1UECgwOc3lzdGVtOm1hc3RlcnMxDTALBgNVBA' +
    'MMBHJvb3QwIBcNMjYxMTIyMDM1NjAxWhgPMjEyNjEwMjkwMzU2MDFaMCgxFzAVBgNVBAoMDnN5c3RlbTptYXN0ZXJzMQ0wCwYDVQQDDARyb290' +
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEg+dm1n6l6lX+M0RmaZU6sFtIgAVNpbRqUvoBsN8lkXTJyoDDOtGBaI7n+e/u3hGeYLqAGjNODd' +
    'KEi+P8QkbR8KNoMGYwHQYDVR0OBBYEFEYS4d3haZ+0MxJhCAvFJ+foLcKFMB8GA1UdIwQYMBaAFEYS4d3haZ+0MxJhCAvFJ+foLcKFMA8GA1Ud' +
    'EwEB/wQFMAMBAf8wEwYDVR0lBAwwCgYIKwYBBQUHAwEwCgYIKoZIzj0EAwIDSAAwRQIgSYfnd9El37Ui55UKbmCjdHVcitfjEdCSxyRiqdC0+U' +
    'cCIQCSLoB0dejUM/iFLIis+WPNte6dfLYVQO8ciSZAUbJkBQ==',
);
/** CN=system:serviceaccount:b:s; for clients. */
const ACCOUNT = pem(
  'MIIBtTCCAVqgAwIBAgIUK4FQKXSzWuWmW4cFQpQRrHYrCocwCgYIKoZIzj0EAwIwJDEiMCAGA1UEAwwZc3lzdGVtOnNlcnZpY2VhY2NvdW50Om' +
    'I6czAgFw0yNjExMjIwMzU2MDFaGA8yMTI2MTAyOTAzNTYwMVowJDEiMCAGA1UEAwwZc3lzdGVtOnNlcnZpY2VhY2NvdW50OmI6czBZMBMGByqG' +
    'SM49AgEGCCqGSM49AwEHA0IABFqqzlVvB4qA2wQqoMpgmh7rr/quPyJQs1+qarXAY+j26WGT2x8n23O73UxaX9NKb8rdPjvara7nh6TinvBMT0' +
    'SjaDBmMB0GA1UdDgQWBBSu/COg1MpLb7a5PqUgegSaHV3VSDAfBgNVHSMEGDAWgBSu/COg1MpLb7a5PqUgegSaHV3VSDAPBgNVHRMBAf8EBTAD' +
    'AQH/MBMGA1UdJQQMMAoGCCsGAQUFBwMCMAoGCCqGSM49BAMCA0kAMEYCIQCBEMvcfuj0KSfhX5VAnZdhL2Z50tAEY0LM4Eiq/0lyWgIhAIW5o0' +
    'iPS+t4T2N/+ifknH/0OIPVzsKUqTMD+B5NqiOG',
);

const NOW = Date.parse('2026-06-01T00:00:00Z');

function pem(body: string): string {
  return Buffer.from(`-----BEGIN CERTIFICATE-----\n${(body.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`).toString(
    'base64',
  );
}

function token(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`;
}

function kubeconfig(user: Readonly<Record<string, unknown>>, cluster: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    kind: 'Config',
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
  });
}

function who(user: Readonly<Record<string, unknown>>, now = NOW): unknown[] | undefined {
  return kubeconfigIn(kubeconfig(user), now)?.map(({ identity }) => identity);
}

const KEY = { 'client-key-data': 'a2V5' };
const SUB = 'system:serviceaccount:b:s';
const HOLDER = { kind: 'account', namespace: 'b', name: 's' };

describe('a kubeconfig', () => {
  it('with a certificate is of the user and groups of its subject', () => {
    expect(who({ 'client-certificate-data': MASTERS, ...KEY })).toEqual([
      { kind: 'user', name: 'root', groups: ['system:masters', 'dev'] },
    ]);
    expect(who({ 'client-certificate-data': ACCOUNT, ...KEY })).toEqual([HOLDER]);
  });

  it('is of nobody with a certificate for servers, one that ended, or one without its key', () => {
    expect(who({ 'client-certificate-data': SERVER, ...KEY })).toEqual([]);
    expect(who({ 'client-certificate-data': MASTERS, ...KEY }, Date.parse('2200-01-01'))).toEqual([]);
    expect(who({ 'client-certificate-data': MASTERS })).toEqual([]);
  });

  it('with a token is of its account, until it ends', () => {
    expect(who({ token: token({ sub: SUB, exp: NOW / 1000 + 60 }) })).toEqual([HOLDER]);
    expect(who({ token: token({ sub: SUB, exp: NOW / 1000 - 60 }) })).toEqual([]);
  });

  it('does not tell of whom it is by another token, a program, or what was hidden', () => {
    for (const user of [{ token: 'abc' }, { exec: { command: 'aws' } }, { 'client-certificate-data': 'hidden', ...KEY }])
      expect(who(user)).toEqual([{ kind: 'unknown' }]);
  });

  it('that names files of another place holds nothing', () => {
    expect(who({ tokenFile: '/var/run/token' })).toEqual([]);
    expect(who({ 'client-certificate': '/etc/a.crt', 'client-key': '/etc/a.key' })).toEqual([]);
  });

  it('tells the CA that it expects', () => {
    const text = kubeconfig({ token: 'abc' }, { 'certificate-authority-data': SERVER });
    expect(kubeconfigIn(text, NOW)?.[0]?.ca).toBe(fingerprintOf(Buffer.from(SERVER, 'base64').toString()));
  });

  it('is no other text', () => {
    expect(kubeconfigIn('users of clusters', NOW)).toBeUndefined();
    expect(kubeconfigIn('clusters: []\nusers: 3', NOW)).toBeUndefined();
    expect(kubeconfigIn('kind: Fleet\nclusters: []\nusers: []', NOW)).toBeUndefined();
  });
});

describe('tokens in a text', () => {
  it('are found beside other things', () => {
    expect(tokensIn(`A=1\nTOKEN=${token({ sub: SUB })}\n`, NOW)).toEqual([{ identity: HOLDER }]);
  });

  it('are told with the uid of the account that they were made for', () => {
    const claims = { sub: SUB, 'kubernetes.io': { namespace: 'b', serviceaccount: { name: 's', uid: 'u1' } } };
    expect(tokensIn(token(claims), NOW)).toEqual([{ identity: { ...HOLDER, uid: 'u1' } }]);
  });

  it.each([
    [true, { aud: ['https://issuer.example'], iss: 'https://issuer.example' }],
    [true, { aud: 'https://kubernetes.default.svc' }],
    [false, { aud: ['sts.amazonaws.com'], iss: 'https://issuer.example' }],
    [false, { exp: NOW / 1000 - 1 }],
    [false, { sub: 'ann' }],
    [false, { sub: 'system:serviceaccount:b' }],
  ])('%s: %o', (isTaken, claims) => {
    expect(tokensIn(token({ sub: SUB, ...claims }), NOW)).toHaveLength(isTaken ? 1 : 0);
  });
});
