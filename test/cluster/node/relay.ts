/**
 * Carries bytes between the network of the machine and that of the first node, through a socket file that both can
 * see; TLS goes from end to end. It listens at the first place and connects to the second.
 *
 *   inside    node relay.ts FILE 127.0.0.1:PORT
 *   outside   node relay.ts 127.0.0.1:PORT FILE
 */
import { connect, createServer } from 'node:net';

type Place = { path: string } | { host: string; port: number };

function place(text: string): Place {
  const [host = '', port] = text.split(':');
  return port === undefined ? { path: text } : { host, port: Number(port) };
}

const [from = '', to = ''] = process.argv.slice(2);
const far = place(to);
createServer({ allowHalfOpen: true }, (near) => {
  const other = connect({ ...far, allowHalfOpen: true });
  near.pipe(other).pipe(near);
  near.on('error', () => other.destroy());
  other.on('error', () => near.destroy());
}).listen(place(from));
