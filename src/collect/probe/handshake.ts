/** One connection: a ClientHello out, the answer of the server in, and gone again before anything is agreed. */
import { connect } from 'node:net';
import type { TlsVersion } from '../../snapshot/index.ts';
import { clientHello } from './client-hello.ts';
import type { Pace } from './pace.ts';
import { LARGEST_ANSWER, type ServerSaid, readServer } from './server-hello.ts';

export interface Door {
  host: string;
  port: number;
  pace: Pace;
  /** Milliseconds for one connection. */
  patience: number;
}

export type Outcome = { kind: 'answer'; said: ServerSaid } | { kind: 'closed' | 'silent'; why: string };

/** `closed` where nobody listens, `silent` where nothing came; a server that hangs up without a word answered nothing. */
export async function handshake(door: Door, version: TlsVersion, suites: readonly number[]): Promise<Outcome> {
  await door.pace.turn();
  return new Promise((resolve) => {
    const socket = connect({ host: door.host, port: door.port });
    let bytes = Buffer.alloc(0);
    let isConnected = false;
    const end = (outcome: Outcome): void => {
      socket.destroy();
      resolve(outcome);
    };
    const answered = (): void => end({ kind: 'answer', said: readServer(bytes) });
    const timer = setTimeout(() => {
      if (isConnected) answered();
      else end({ kind: 'silent', why: `no connection within ${door.patience / 1000} s` });
    }, door.patience);
    socket.on('close', () => clearTimeout(timer));
    socket.on('connect', () => {
      isConnected = true;
      socket.write(clientHello(version, suites, door.host));
    });
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length > LARGEST_ANSWER || readServer(bytes).done) answered();
    });
    socket.on('end', answered);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (isConnected) answered();
      else end({ kind: error.code === 'ECONNREFUSED' ? 'closed' : 'silent', why: error.code ?? error.message });
    });
  });
}
