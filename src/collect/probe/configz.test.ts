/** Asking kubelets for their configuration, against servers that are made here: who is shown what, and what is kept. */
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type ServerOptions, createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { makeAuthority } from '../../../test/cluster/certificates.ts';
import { type ConfigzSignIn, probe } from './index.ts';
import { vouchWords } from './configz.ts';
import type { ProbeTarget } from './probe.ts';

const AUTHORITY = makeAuthority('cluster');
const OWN = AUTHORITY.issue({ name: 'kubelet', hosts: ['127.0.0.1'] });
const CLIENT = AUTHORITY.issue({ name: 'reader', groups: ['readers'] });
const OPTIONS = { version: '1.0.0', now: new Date('2026-11-01T08:00:00Z'), rate: 1000, patience: 500 };
const CERTIFICATE: ConfigzSignIn = {
  ca: AUTHORITY.certificate,
  credential: { by: 'certificate', cert: CLIENT.certificate, key: CLIENT.key },
};
const token = (onlyTrusted: boolean): ConfigzSignIn => ({
  ca: AUTHORITY.certificate,
  credential: { by: 'token', token: 'a-token-for-this', onlyTrusted },
});
const CONFIG = { kind: 'KubeletConfiguration', readOnlyPort: 10_255 };

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers) (server as unknown as { closeAllConnections(): void }).closeAllConnections();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

interface Asked {
  /** Headers that would sign in, of every request. */
  authorizations: (string | undefined)[];
  /** Of certificates that were shown with /configz. */
  names: (string | undefined)[];
}
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const TELLS: Answer = (_request, response) => response.end(JSON.stringify({ kubeletconfig: CONFIG }));

async function kubelet(answer: Answer = TELLS, options: ServerOptions = {}): Promise<Asked & { target: ProbeTarget }> {
  const asked: Asked = { authorizations: [], names: [] };
  const shown = {
    cert: OWN.certificate,
    key: OWN.key,
    ca: AUTHORITY.certificate,
    requestCert: true,
    rejectUnauthorized: false,
    ...options,
  };
  const server = createServer(shown, (request, response) => {
    asked.authorizations.push(request.headers.authorization);
    const isMeant = request.url === '/configz' && (request.headers.authorization !== undefined || nameOf(request) !== undefined);
    if (isMeant) asked.names.push(nameOf(request));
    if (isMeant) answer(request, response);
    else response.writeHead(401).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { ...asked, target: { host: '127.0.0.1', port, component: 'kubelet', use: 'secure', node: 'n1', from: 'a test' } };
}

function nameOf(request: IncomingMessage): string | undefined {
  const { subject } = (request.socket as TLSSocket).getPeerCertificate();
  return (subject as { CN?: string } | undefined)?.CN;
}

async function asking(target: ProbeTarget, configz?: ConfigzSignIn) {
  const { endpoints, gaps } = await probe([target], { ...OPTIONS, ...(configz !== undefined && { configz }) });
  return { configz: endpoints[0]?.configz, reasons: gaps.map(({ code, reason }) => `${code}: ${reason}`) };
}

describe('with a client certificate', () => {
  it('is told the configuration, and shown nothing else that signs in', async () => {
    const { target, authorizations, names } = await kubelet();
    expect(await asking(target, CERTIFICATE)).toEqual({ configz: { by: 'certificate', config: CONFIG }, reasons: [] });
    expect(names).toEqual(['reader']);
    expect(authorizations.every((each) => each === undefined)).toBe(true);
  });

  it('is shown nothing where nobody asked for it', async () => {
    const { target, names } = await kubelet();
    expect((await asking(target)).configz).toBeUndefined();
    expect(names).toEqual([]);
  });

  it.each<[string, ServerOptions, RegExp]>([
    ['its own certificate', selfMade(['127.0.0.1']), /does not vouch for its certificate/],
    ['one for another address', issuedFor('10.0.0.9'), /for another name or address/],
  ])('says so where the kubelet shows %s', async (_name, options, doubt) => {
    const { target } = await kubelet(TELLS, options);
    expect((await asking(target, CERTIFICATE)).configz).toMatchObject({ untrusted: expect.stringMatching(doubt), config: CONFIG });
  });

  it('says so where no CA is known', async () => {
    const { target } = await kubelet();
    const { configz } = await asking(target, { credential: CERTIFICATE.credential });
    expect(configz?.untrusted).toBe('the kubeconfig names no CA that could vouch for its certificate');
  });
});

describe('with a token', () => {
  it('shows it for /configz alone', async () => {
    const { target, authorizations, names } = await kubelet();
    expect((await asking(target, token(true))).configz).toMatchObject({ by: 'token', config: CONFIG });
    expect(authorizations.filter((each) => each !== undefined)).toEqual(['Bearer a-token-for-this']);
    expect(names).toEqual([undefined]);
  });

  it('does not show it to whom no CA vouches for, unless it may do nothing else', async () => {
    const { target, authorizations } = await kubelet(TELLS, selfMade(['127.0.0.1']));
    expect((await asking(target, token(true))).reasons).toEqual([expect.stringMatching(/^unreadable: the token was not sent/)]);
    expect(authorizations.every((each) => each === undefined)).toBe(true);
    expect((await asking(target, token(false))).configz).toMatchObject({
      untrusted: expect.stringMatching(/does not vouch/),
      config: CONFIG,
    });
  });
});

describe('an answer', () => {
  const REFUSED = 'Forbidden (user=system:serviceaccount:configz:configz, verb=get, resource=nodes, ';
  it.each<[string, Answer, RegExp]>([
    ['that knows nobody', (_, response) => response.writeHead(401).end(), /^forbidden: it does not accept the certificate/],
    [
      'of a release that has the right',
      (_, response) => response.writeHead(403).end(`${REFUSED}subresource(s)=[configz proxy])`),
      /^forbidden: the right to get nodes\/configz is missing/,
    ],
    [
      'of one that has not',
      (_, response) => response.writeHead(403).end(`${REFUSED}subresource=proxy)`),
      /^forbidden: it has no right for \/configz alone/,
    ],
    ['where nothing is served', (_, response) => response.writeHead(404).end(), /enableDebuggingHandlers is off/],
    ['of another kind', (_, response) => response.writeHead(302, { location: 'https://elsewhere/' }).end(), /it answered 302/],
    ['that is none', (_, response) => response.end('<html>'), /is no KubeletConfiguration/],
    ['that is none either', (_, response) => response.end('{"kubeletconfig":[]}'), /is no KubeletConfiguration/],
    [
      'that has no bottom',
      (_, response) => response.end(`{"kubeletconfig":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`),
      /is no Kubelet/,
    ],
    ['without an end', (_, response) => response.end('x'.repeat(2 << 20)), /larger than \d+ bytes/],
    ['that does not come', () => undefined, /no answer within 0\.5 s/],
    ['that breaks off', (request) => request.socket.destroy(), /was not answered/],
  ])('%s is a gap', async (_name, answer, reason) => {
    const { target } = await kubelet(answer);
    const found = await asking(target, CERTIFICATE);
    expect(found.configz).toBeUndefined();
    expect(found.reasons).toEqual([expect.stringMatching(reason)]);
  });

  it('is kept without its secrets', async () => {
    const config = { ...CONFIG, staticPodURLHeader: { Authorization: ['Bearer of-the-machine'] } };
    const { target } = await kubelet((_, response) => response.end(JSON.stringify({ kubeletconfig: config })));
    const { configz } = await asking(target, CERTIFICATE);
    expect(configz?.config.readOnlyPort).toBe(10_255);
    expect(JSON.stringify(configz)).not.toContain('of-the-machine');
  });
});

function selfMade(hosts: readonly string[]): ServerOptions {
  const { certificate: cert, key } = makeAuthority('its own').issue({ name: 'kubelet', hosts });
  return { cert, key };
}

function issuedFor(host: string): ServerOptions {
  const { certificate: cert, key } = AUTHORITY.issue({ name: 'kubelet', hosts: [host] });
  return { cert, key };
}

describe('why nobody vouches for a certificate', () => {
  it.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'it signed itself'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'another CA signed it'],
    ['UNSPECIFIED', 'OpenSSL refuses it for a rarer reason, such as a weak key or signature'],
    ['constructor', 'constructor'],
  ])('%s is said in words', (code, words) => {
    expect(vouchWords(code)).toBe(words);
  });
});
