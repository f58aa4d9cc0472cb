/** Run in the network of the nodes: asks a kubelet as its environment says, and prints how that went as JSON. */
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { text } from 'node:stream/consumers';
import { Refused } from './way.ts';
import { stream } from './websocket.ts';

const { TARGET = '', TOKEN = '', CA = '', HOW = '' } = process.env;
const headers = { authorization: `Bearer ${TOKEN}` };

try {
  const body = HOW === 'stream' ? await stream({ url: new URL(TARGET), ca: CA, headers, send: undefined }) : await read();
  console.log(JSON.stringify({ body }));
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.log(JSON.stringify({ refused: error.message }));
}

async function read(): Promise<string> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(TARGET, { ca: CA, headers }, resolve).on('error', reject);
  });
  const body = await text(answer);
  if (answer.statusCode !== 200) throw new Refused(`${answer.statusCode ?? 0} ${body}`);
  return body;
}
