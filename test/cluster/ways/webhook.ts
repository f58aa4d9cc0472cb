/** An attacker's HTTPS server on loopback, which answers what API servers ask of webhooks. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Pki } from '../pki.ts';

export interface Review {
  /** What came, as it came. */
  text: string;
  request: Readonly<Record<string, unknown>>;
}

export interface Answer {
  /** Operations of a JSON patch. */
  patch?: readonly unknown[];
}

export interface Server {
  url: string;
  close(): Promise<void>;
}

/** Lets everything pass, with the patch that is given. */
export async function serveReviews(pki: Pki, answer: (review: Review) => Answer): Promise<Server> {
  const { certificate, key } = pki.authority.issue({ name: 'webhook', hosts: ['localhost', '127.0.0.1'] });
  const server = createServer({ cert: certificate, key }, (incoming, outgoing) => {
    void respond(incoming, outgoing, answer);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        // One that is still in its handshake is no connection yet, and would be kept for as long as the API server likes.
        const closing = setInterval(() => server.closeAllConnections(), 100);
        server.close(() => {
          clearInterval(closing);
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function respond(incoming: IncomingMessage, outgoing: ServerResponse, answer: (review: Review) => Answer): Promise<void> {
  const body = await text(incoming);
  const { request = {} } = parsed(body);
  const { patch } = answer({ text: body, request });
  const response = {
    uid: request.uid,
    allowed: true,
    ...(patch !== undefined && { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') }),
  };
  outgoing.setHeader('content-type', 'application/json');
  outgoing.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response }));
}

/** Not all that comes is a review: an API service is asked for its groups by GET. */
function parsed(body: string): { request?: Readonly<Record<string, unknown>> } {
  try {
    return JSON.parse(body) as { request?: Readonly<Record<string, unknown>> };
  } catch {
    return {};
  }
}
