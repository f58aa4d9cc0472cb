/** `castellan probe`: what the ports of a cluster answer to somebody without credentials, and what is wrong with it. */
import { createColors } from 'picocolors';
import { type ConfigzSignIn, type ProbeTarget, probe } from '../collect/probe/index.ts';
import { knownPorts } from '../engines/endpoints/index.ts';
import { durationOf } from '../lib/duration.ts';
import { CastellanError } from '../lib/errors.ts';
import { FileSink, stdout } from '../lib/sink.ts';
import { standardError } from '../lib/standard-error.ts';
import { lineStart, plural, printable } from '../lib/terminal.ts';
import { buildCluster } from '../model/index.ts';
import { probeDocument, probeTable } from '../report/probe/index.ts';
import { type Finding, RULES, judgeAll } from '../rules/index.ts';
import { type Gap, PORT_OWNERS, type PortOwner, type Snapshot, endpointName } from '../snapshot/index.ts';
import { type ConfigzFlags, configzSignIn } from './configz-sign-in.ts';
import { confirm } from './confirm.ts';
import { interruptible } from './interruption.ts';
import { readInput } from './reading.ts';
import { type ClusterFlags, connected, progressOf } from './live.ts';
import { loadNodeFacts, withNodes } from './node-facts.ts';
import { wantsColor } from './outputs.ts';
import { usualPort } from './probe-target.ts';
import { VERSION } from './version.ts';

export interface ProbeFlags extends ClusterFlags, ConfigzFlags {
  target?: string[];
  nodeFacts?: string[];
  yes?: boolean;
  rate?: string;
  wait?: string;
  format?: string;
  output?: string;
  color?: boolean;
}

const RATE = 20;
const WAIT = 5000;
const WHAT = 'probe opens connections to the ports of the cluster';

export async function runProbe(named: readonly string[], flags: ProbeFlags): Promise<number> {
  const { format = 'table' } = flags;
  if (format !== 'table' && format !== 'json')
    throw new CastellanError('CAS_UNKNOWN_FORMAT', `probe has no format "${format}"`, { remedy: 'The formats are: table, json.' });
  const [rate, patience] = [rateOf(flags.rate), flags.wait === undefined ? WAIT : (durationOf(flags.wait, '--wait') ?? WAIT)];
  const given = (flags.target ?? []).flatMap((text) => text.split(',')).map(targetOf);
  const { nodes, paths: more } = loadNodeFacts(flags.nodeFacts ?? []);
  const known = await knownIn([...named, ...more], {
    flags,
    snapshot: (objects) => withNodes(objects, nodes),
    isAlone: given.length + nodes.length > 0,
  });
  const targets = merged(given, known.targets);
  if (targets.length === 0)
    throw new CastellanError('CAS_NO_INPUT', 'no port is known to ask', {
      remedy: 'Name them: --target HOST:PORT=COMPONENT, which may be given several times.',
    });
  const configz = await configzSignIn(flags);
  const kubelets = targets.filter(({ component, use }) => component === 'kubelet' && use === 'secure').length;
  if (configz !== undefined && kubelets === 0)
    throw new CastellanError('CAS_NO_INPUT', 'no port of a kubelet is known to ask for its configuration', {
      remedy: 'Name one: --target HOST:10250=kubelet.',
    });
  if (flags.quiet !== true || flags.yes !== true) tell([...planText(targets, rate), ...askingText(configz, kubelets, flags)]);
  // Opened before anything is asked: a path that cannot be written fails at once.
  const sink = flags.output === undefined ? stdout : new FileSink(flags.output);
  try {
    const { connections, ...facts } = await answers(targets, { flags, rate, patience, ...(configz !== undefined && { configz }) });
    const all = { ...facts, gaps: [...known.gaps, ...facts.gaps] };
    const report = { facts: all, findings: findingsIn({ ...known.snapshot, probe: all }), connections };
    const colors = createColors(flags.output === undefined && wantsColor(process.stdout.isTTY, flags));
    sink.write(format === 'json' ? probeDocument(report) : probeTable(report, colors));
    sink.end();
  } catch (error) {
    sink.abandon();
    throw error;
  }
  return 0;
}

interface How {
  flags: ProbeFlags;
  rate: number;
  patience: number;
  configz?: ConfigzSignIn;
}

/** Asks first, and may be interrupted. */
function answers(targets: readonly ProbeTarget[], { flags, rate, patience, configz }: How): ReturnType<typeof probe> {
  const words = { message: 'probe was interrupted', remedy: 'Run the command again.' };
  return interruptible(words, async (signal) => {
    await confirm({ yes: flags.yes, what: WHAT, signal });
    const progress = progressOf(flags);
    const options = { version: VERSION, now: new Date(), rate, patience, signal, ...(configz !== undefined && { configz }) };
    const found = await probe(targets, { ...options, ...(progress !== undefined && { progress }) });
    progress?.('');
    return found;
  });
}

/** Only the rules about ports: of the objects and the nodes `castellan scan` tells. */
function findingsIn(snapshot: Snapshot): Finding[] {
  const findings: Finding[] = [];
  const rules = RULES.filter(({ scope }) => scope === 'endpoint');
  judgeAll(buildCluster(snapshot), { rules }, (finding) => findings.push(finding));
  return findings;
}

interface Known {
  targets: ProbeTarget[];
  snapshot: Snapshot;
  gaps: Gap[];
}

interface Reading {
  flags: ProbeFlags;
  snapshot: (objects: Snapshot | undefined) => Snapshot;
  /** Targets or facts of nodes were given: a cluster is read beside them where it is named. */
  isAlone: boolean;
}

async function knownIn(paths: readonly string[], { flags, snapshot: withFacts, isAlone }: Reading): Promise<Known> {
  const isLive = paths.length === 0 && !(isAlone && flags.context === undefined && flags.kubeconfig === undefined);
  // Beside files a context says by which certificate kubelets are asked, and not what is read.
  const reading = paths.length > 0 && (flags.configz === true || flags.configzToken !== undefined) ? {} : flags;
  const { objects, gap: unread } = isLive || paths.length > 0 ? await inputOf(paths, reading, isLive && isAlone) : {};
  const server = isLive ? (await connected(flags)).server : objects?.header.cluster?.server;
  const snapshot = withFacts(objects);
  const { ports, lost } = knownPorts(buildCluster(snapshot), server);
  const gaps = lost.map((node): Gap => {
    const effect = 'its ports were not asked: name them with --target';
    return { scope: `node ${node}`, code: 'port-unknown', reason: 'no address of it is known', effect };
  });
  const missing = snapshot.gaps.filter(({ code }) => code === 'forbidden' || code === 'list-failed');
  return { targets: ports, snapshot, gaps: [...(unread === undefined ? [] : [unread]), ...missing, ...gaps] };
}

/** A cluster beside ports that are known already may be one that this credential may not read: then they are asked alone. */
async function inputOf(
  paths: readonly string[],
  flags: ClusterFlags,
  isBeside: boolean,
): Promise<{ objects?: Snapshot | undefined; gap?: Gap }> {
  try {
    return { objects: await readInput(paths, flags, isOfNodes) };
  } catch (error) {
    if (!isBeside || !(error instanceof CastellanError) || !UNREAD.has(error.code)) throw error;
    const effect = 'ports that only the cluster tells were not asked, and what was asked is compared with nothing that it says';
    return { gap: { scope: 'the cluster', code: 'list-failed', reason: printable(error.message), effect } };
  }
}

const UNREAD: ReadonlySet<CastellanError['code']> = new Set(['CAS_SIGN_IN', 'CAS_UNREACHABLE'] as const);

/** Which nodes there are, and with which flags the pods of the control plane run. */
function isOfNodes(group: string, resource: string): boolean {
  return group === '' && (resource === 'nodes' || resource === 'pods');
}

/** What is named by hand says itself what it is; where that is known already, more is known of it. */
function merged(given: readonly ProbeTarget[], known: readonly ProbeTarget[]): ProbeTarget[] {
  const byName = new Map(known.map((target) => [endpointName(target), target]));
  for (const target of given) {
    const before = byName.get(endpointName(target));
    const isKnown = before !== undefined && (target.component === 'unknown' || target.component === before.component);
    if (!isKnown) byName.set(endpointName(target), target);
  }
  return [...byName.values()];
}

/** `HOST:PORT`, `HOST:PORT=COMPONENT`; of a port that only one component uses by default that is not needed. */
function targetOf(text: string): ProbeTarget {
  const [, host = '', number = '', component] = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})(?:=([a-z-]+))?$/.exec(text.trim()) ?? [];
  const port = Number(number);
  if (host === '' || port < 1 || port > 65_535)
    throw new CastellanError('CAS_USAGE', `--target takes HOST:PORT or HOST:PORT=COMPONENT, not "${printable(text)}"`);
  const owner = PORT_OWNERS.find((each) => each === component);
  if (component !== undefined && owner === undefined)
    throw new CastellanError('CAS_USAGE', `--target ${printable(text)}: there is no component "${component}"`, {
      remedy: `The components are: ${PORT_OWNERS.filter((each): each is PortOwner => each !== 'unknown').join(', ')}.`,
    });
  return { host: host.replace(/^\[|\]$/g, ''), port, ...usualPort(port, owner), from: '--target' };
}

function rateOf(text: string | undefined): number {
  if (text === undefined) return RATE;
  const rate = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (rate < 1 || rate > 1000)
    throw new CastellanError('CAS_USAGE', `--rate takes a number of connections in a second from 1 to 1000, not "${text}"`);
  return rate;
}

const MOST_NAMED = 12;

function planText(targets: readonly ProbeTarget[], rate: number): string[] {
  const named = targets.slice(0, MOST_NAMED).map((target) => `  ${endpointName(target)}  ${target.component} (${target.from})`);
  const more = targets.length - named.length;
  return [
    `castellan probe is going to ask ${plural(targets.length, 'port')}, with at most ${plural(rate, 'connection')} in a second:`,
    ...named,
    ...(more > 0 ? [`  and ${more} more`] : []),
    'It sends beginnings of TLS handshakes and GET requests without credentials, and nothing that changes or runs anything.',
  ];
}

function askingText(configz: ConfigzSignIn | undefined, kubelets: number, { configzToken = '' }: ProbeFlags): string[] {
  if (configz === undefined) return [];
  const shown = configz.credential.by === 'token' ? `the token in ${configzToken}` : 'the client certificate of the kubeconfig';
  return [`${plural(kubelets, 'kubelet')} ${kubelets === 1 ? 'is' : 'are'} asked for /configz as well, and shown ${shown}.`];
}

function tell(lines: readonly string[]): void {
  for (const line of lines) standardError.write(`${lineStart(printable(line))}\n`);
}
