/** What a port says to a GET without any credential. Only the status is kept: what is answered may be secret. */
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP } from 'node:net';
import { printable } from '../../lib/terminal.ts';
import { type AnswerFact, endpointName } from '../../snapshot/index.ts';
import type { Door } from './handshake.ts';

/** Old versions and suites as well, as far as the runtime has them. */
const ANY_TLS = { rejectUnauthorized: false, minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;

/** As much of an answer as says that it is one of TLS to a client without it. */
const ENOUGH = 512;

export async function ask(door: Door, scheme: AnswerFact['scheme'], path: string): Promise<AnswerFact> {
  await door.pace.turn();
  const { host, patience } = door;
  const url = `${scheme}://${endpointName(door)}${path}`;
  const headers = { accept: '*/*', 'user-agent': 'castellan' };
  const servername = scheme === 'https' && isIP(host) === 0 ? { servername: host } : {};
  return new Promise((resolve) => {
    const failed = (why: string): void => resolve({ scheme, path, failed: printable(why).slice(0, 200) });
    const options = { method: 'GET', headers, agent: false, ...servername } as const;
    const answer = (response: IncomingMessage): void => {
      const status = response.statusCode ?? 0;
      let text = '';
      response.setEncoding('latin1');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length < ENOUGH) return;
        response.destroy();
        end();
      });
      const end = (): void => {
        clearTimeout(timer);
        // Go's server says so in the clear, and nothing else of it is.
        if (scheme === 'http' && status === 400 && /HTTPS server|HTTP request to an HTTPS/i.test(text)) failed('it wants TLS');
        else resolve({ scheme, path, status });
      };
      response.on('end', end);
      response.on('error', end);
    };
    const request = scheme === 'http' ? plainRequest(url, options, answer) : tlsRequest(url, { ...options, ...ANY_TLS }, answer);
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${patience / 1000} s`)), patience);
    request.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      failed(error.code === undefined || error.code === 'EPROTO' ? error.message : error.code);
    });
    request.end();
  });
}

/** How a server refuses a client that shows no certificate: by an alert or, where it asked for one, by hanging up. */
export function wantsCertificate({ failed = '' }: AnswerFact, isAsked: boolean): boolean {
  if (/certificate.required|bad.certificate|handshake.failure/i.test(failed)) return true;
  return isAsked && /^(?:ECONNRESET|EPIPE)$/.test(failed);
}
