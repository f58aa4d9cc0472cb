/**
 * What runs in the pods, as text for `node -e`: it listens, asks others again and again, and writes what it met to its
 * log, one line a round. So nobody has to run commands in pods from outside, and the image needs neither a shell nor
 * tools. Plain JavaScript for any Node since 12.
 *
 * An answer counts as open only when it is the name of the pod that was meant. TCP: refused (a reset instead of a
 * connection), unreachable (ICMP), timeout (nothing came), silent (connected, and nothing came), reset. UDP is asked
 * twice, as a datagram may be lost.
 */
export interface ProberConfig {
  name: string;
  /** Ports to answer on with the name. */
  tcp: readonly number[];
  udp: readonly number[];
  probes: readonly { key: string; name: string; host: string; port: number; protocol: 'TCP' | 'UDP' }[];
  /** Milliseconds until nothing counts as nothing. */
  limit: number;
  /** Milliseconds between two rounds. */
  every: number;
}

/** One line of the log. */
export interface Round {
  round: number;
  results: Readonly<Record<string, string>>;
}

export const PROBER = String.raw`
'use strict';
const net = require('net');
const dgram = require('dgram');
const config = JSON.parse(process.argv[1]);
const WORDS = { ECONNREFUSED: 'refused', EHOSTUNREACH: 'unreachable', ENETUNREACH: 'unreachable', ETIMEDOUT: 'timeout', ECONNRESET: 'reset', EPIPE: 'reset' };
const word = (error) => WORDS[error.code] || String(error.code || error.message);
const fail = (error) => { console.error(String(error)); process.exit(1); };
process.on('SIGTERM', () => process.exit(0));

for (const port of config.tcp)
  net.createServer((socket) => { socket.on('error', () => {}); socket.end(config.name); }).on('error', fail).listen(port);
for (const port of config.udp)
  for (const type of ['udp4', 'udp6']) {
    const socket = dgram.createSocket(type === 'udp4' ? type : { type, ipv6Only: true });
    socket.on('message', (_, from) => socket.send(config.name, from.port, from.address, () => {}));
    socket.on('error', (error) => { if (type === 'udp4') fail(error); });
    socket.bind(port);
  }

function once(start) {
  return new Promise((resolve) => {
    let stop = () => {};
    let seen = 'timeout';
    let over = false;
    const end = (result) => { if (over) return; over = true; clearTimeout(timer); stop(); resolve(result); };
    const timer = setTimeout(() => end(seen), config.limit);
    stop = start(end, (state) => { seen = state; });
  });
}
function tcp(probe) {
  return once((end, saw) => {
    const socket = net.connect({ host: probe.host, port: probe.port });
    socket.on('connect', () => saw('silent'));
    socket.on('data', (bytes) => end(String(bytes) === probe.name ? 'open' : 'stranger'));
    socket.on('error', (error) => end(word(error)));
    socket.on('end', () => end('silent'));
    return () => socket.destroy();
  });
}
function udp(probe) {
  return once((end) => {
    const socket = dgram.createSocket(net.isIPv6(probe.host) ? 'udp6' : 'udp4');
    const send = () => socket.send('?', (error) => { if (error) end(word(error)); });
    const again = setTimeout(() => { try { send(); } catch (error) { end(word(error)); } }, config.limit / 2);
    socket.on('message', (bytes) => end(String(bytes) === probe.name ? 'open' : 'stranger'));
    socket.on('error', (error) => end(word(error)));
    socket.connect(probe.port, probe.host, (error) => { if (error) end(word(error)); else send(); });
    return () => { clearTimeout(again); socket.close(); };
  });
}

async function run() {
  for (let round = 1; config.probes.length > 0; round += 1) {
    const all = await Promise.all(config.probes.map((probe) => (probe.protocol === 'UDP' ? udp : tcp)(probe)));
    const results = {};
    config.probes.forEach((probe, index) => { results[probe.key] = all[index]; });
    process.stdout.write(JSON.stringify({ round, results }) + '\n');
    await new Promise((resolve) => setTimeout(resolve, config.every));
  }
}
run().catch(fail);
`;
