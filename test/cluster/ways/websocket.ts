/** Streams of a kubelet over a web socket, as far as a try needs them: one message out, all that comes back as text. */
import { randomBytes } from 'node:crypto';
import { request } from 'node:https';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Refused } from './way.ts';

export interface Opening {
  url: URL;
  ca: string;
  headers: Readonly<Record<string, string>>;
  /** What goes to the first channel. */
  send: string | undefined;
}

/** A stream that says nothing for so long is over, in milliseconds. */
const QUIET = 3000;

export async function stream({ url, ca, headers, send }: Opening): Promise<string> {
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': randomBytes(16).toString('base64'),
    'sec-websocket-protocol': 'v4.channel.k8s.io',
  };
  return new Promise((resolve, reject) => {
    const asked = request(url, { ca, agent: false, headers: { ...headers, ...upgrade } });
    asked.on('error', reject);
    asked.on('response', (answer) => {
      void text(answer).then((body) => reject(new Refused(`${url.pathname}: ${answer.statusCode ?? 0} ${body}`)));
    });
    asked.on('upgrade', (_, socket: Socket, head) => {
      let bytes = head;
      const done = (): void => {
        socket.destroy();
        resolve(payloadsOf(bytes));
      };
      socket.setTimeout(QUIET, done);
      socket.on('data', (more) => (bytes = Buffer.concat([bytes, more])));
      socket.on('end', done);
      socket.on('error', done);
      if (send !== undefined) socket.write(frame(Buffer.concat([Buffer.from([0]), Buffer.from(send)])));
    });
    asked.end();
  });
}

/** Binary, whole, and masked, as clients must; shorter than 126 bytes. */
function frame(payload: Buffer): Buffer {
  const mask = randomBytes(4);
  const masked = payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  return Buffer.concat([Buffer.from([0x82, 0x80 | payload.length]), mask, masked]);
}

/** What all frames carry, without the bytes that name their channels. */
function payloadsOf(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at + 2 <= bytes.length;) {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const [start, length] =
      short === 126
        ? [at + 4, bytes.readUInt16BE(at + 2)]
        : short === 127
          ? [at + 10, Number(bytes.readBigUInt64BE(at + 2))]
          : [at + 2, short];
    text += bytes.subarray(start + 1, start + length).toString();
    at = start + length;
  }
  return text;
}
