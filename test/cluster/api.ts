/** Requests to a test cluster's API server over client certificates. */
import { type Agent, request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

export interface Credentials {
  ca: string;
  cert?: string;
  key?: string;
}

export interface ApiRequest {
  method: string;
  path: string;
  /** Text as it is; anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Keeps connections; without it each request has its own. */
  agent?: Agent;
}

export interface ApiAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The text parsed; what it is the caller must know. */
  json(): unknown;
}

export async function askApi(server: string, credentials: Credentials, request: ApiRequest): Promise<ApiAnswer> {
  const response = await send(server, credentials, request);
  const body = await text(response);
  return { status: response.statusCode ?? 0, headers: response.headers, text: body, json: () => JSON.parse(body) as unknown };
}

function send(server: string, credentials: Credentials, { method, path, body, headers, agent }: ApiRequest): Promise<IncomingMessage> {
  const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const type = content === undefined ? {} : { 'content-type': contentType(method) };
  const shared = { method, headers: { accept: 'application/json', ...type, ...headers }, timeout: 60_000 };
  // No connection is kept: a test that ends its API server would meet what is left of it.
  const options = { ...credentials, ...shared, agent: agent ?? false };
  return new Promise((resolve, reject) => {
    const asked = httpsRequest(new URL(path, server), options, resolve);
    asked.on('timeout', () => asked.destroy(new Error(`no answer to ${method} ${path}`)));
    asked.on('error', reject);
    asked.end(content);
  });
}

function contentType(method: string): string {
  return method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
}
