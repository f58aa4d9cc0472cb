/** A small issuer of OpenID Connect on loopback, with keys of its own: what discovery and verification need, and no more. */
import { type KeyObject, constants, generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeAuthority } from './certificates.ts';

export interface SigningKey {
  id: string;
  algorithm: string;
  key: KeyObject;
}

export interface OidcIssuers {
  /** `https://127.0.0.1:PORT`; each path below it is an issuer of its own, all with the same keys. */
  url: string;
  /** Of its TLS, in PEM. */
  authority: string;
  /** By algorithm. */
  keys: ReadonlyMap<string, SigningKey>;
  /** As the issuer publishes them. */
  jwks: string;
  stop: () => Promise<void>;
}

export async function startIssuers(): Promise<OidcIssuers> {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pairs = [
    ['RS256', 'rsa1', rsa],
    ['PS256', 'rsa1', rsa],
    ['ES256', 'ec1', ec],
  ] as const;
  const keys = new Map(pairs.map(([algorithm, id, { privateKey }]) => [algorithm, { id, algorithm, key: privateKey }]));
  const published = [
    { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa1', use: 'sig' },
    { ...ec.publicKey.export({ format: 'jwk' }), kid: 'ec1', use: 'sig' },
  ];
  const jwks = JSON.stringify({ keys: published });
  const authority = makeAuthority('issuer-ca');
  const { certificate: cert, key } = authority.issue({ name: 'issuer', hosts: ['127.0.0.1'] });
  const server: Server = createServer({ cert, key }, ({ url: path = '' }, response) => {
    const [, issuer = ''] = /^\/([a-z]+)\/\.well-known\/openid-configuration$/.exec(path) ?? [];
    response.setHeader('content-type', 'application/json');
    if (path === '/keys') response.end(jwks);
    else if (issuer !== '') response.end(JSON.stringify({ issuer: `${url}/${issuer}`, jwks_uri: `${url}/keys` }));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { url, authority: authority.certificate, keys, jwks, stop };
}

/** A token in compact form; `header` replaces fields of it. */
export function signToken(
  { id, algorithm, key }: SigningKey,
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): string {
  const parts = [{ alg: algorithm, kid: id, typ: 'JWT', ...header }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const text = parts.join('.');
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  const options = algorithm.startsWith('ES')
    ? { key, dsaEncoding: 'ieee-p1363' as const }
    : { key, ...(algorithm.startsWith('PS') && pss) };
  return `${text}.${sign('sha256', Buffer.from(text), options).toString('base64url')}`;
}
