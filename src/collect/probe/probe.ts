/**
 * Ports → what they answered. Sends ClientHellos and GETs without credentials, at a measured pace; to kubelets one GET with
 * a credential where that is asked for; and nothing else.
 */
import type { AnswerFact, EndpointFact, Gap, PortOwner, PortUse, ProbeFacts } from '../../snapshot/index.ts';
import { PROBE_SCHEMA, endpointName } from '../../snapshot/index.ts';
import { ask, wantsCertificate } from './ask.ts';
import { type ConfigzSignIn, askConfigz } from './configz.ts';
import { type Door, handshake } from './handshake.ts';
import { Pace } from './pace.ts';
import { pathsOf } from './paths.ts';
import { SUITES_OF_TLS_13 } from './suites.ts';
import { probeTls } from './tls.ts';

export interface ProbeTarget {
  host: string;
  port: number;
  component: PortOwner;
  use: PortUse;
  node?: string;
  from: string;
}

export interface ProbeOptions {
  /** Version of Castellan. */
  version: string;
  now: Date;
  /** Connections that are begun in a second, over all targets. */
  rate: number;
  /** Milliseconds for one connection. */
  patience: number;
  /** Where kubelets are to be asked for the configuration that they run with. */
  configz?: ConfigzSignIn;
  signal?: AbortSignal;
  progress?: (text: string) => void;
}

/** As many ports at once: a silent one should not hold up all others. */
const AT_ONCE = 4;

export async function probe(targets: readonly ProbeTarget[], options: ProbeOptions): Promise<ProbeFacts & { connections: number }> {
  const pace = new Pace(options.rate, options.signal);
  const found: Probed[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < targets.length; index = next++) {
      const target = targets[index];
      if (target === undefined) return;
      options.progress?.(`probing ${endpointName(target)}: ${index + 1} of ${targets.length}`);
      const door = { host: target.host, port: target.port, pace, patience: options.patience };
      const answer = await probeOne(target, door);
      const isKubelet = target.component === 'kubelet' && target.use === 'secure' && answer.endpoint.tls !== undefined;
      if (isKubelet && options.configz !== undefined) await addConfigz(answer, door, options.configz);
      found[index] = answer;
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, targets.length) }, worker));
  return {
    schema: PROBE_SCHEMA,
    probedAt: options.now.toISOString().replace(/\.\d+Z$/, 'Z'),
    probedBy: options.version,
    endpoints: found.map(({ endpoint }) => endpoint),
    gaps: found.flatMap(({ gaps }) => gaps),
    connections: pace.connections,
  };
}

interface Probed {
  endpoint: EndpointFact;
  gaps: Gap[];
}

async function addConfigz({ endpoint, gaps }: Probed, door: Door, signIn: ConfigzSignIn): Promise<void> {
  const answer = await askConfigz(door, signIn);
  if ('config' in answer) {
    endpoint.configz = answer;
    return;
  }
  const { isRight, reason } = answer;
  const effect = 'the configuration that this kubelet runs with is not known; castellan node collect on the node tells that of its files';
  gaps.push({ scope: `${endpointName(door)}/configz`, code: isRight ? 'forbidden' : 'unreadable', reason, effect });
}

async function probeOne(target: ProbeTarget, door: Door): Promise<Probed> {
  const endpoint: EndpointFact = { ...target, state: 'open', http: false, answers: [] };
  const gaps: Gap[] = [];
  const first = await handshake(door, 'TLS 1.3', SUITES_OF_TLS_13);
  if (first.kind !== 'answer') {
    endpoint.state = first.kind;
    if (first.kind === 'silent') gaps.push(silent(target, first.why));
    return { endpoint, gaps };
  }
  const tls = first.said.foreign ? undefined : await probeTls(door);
  const [start = '/'] = pathsOf(target.component, target.use);
  const plain = await ask(door, 'http', start);
  endpoint.http = plain.status !== undefined;
  if (tls !== undefined) endpoint.tls = tls.fact;
  if (tls?.unread !== undefined) gaps.push(unreadable(target, tls.unread));
  if (!endpoint.http && tls === undefined) {
    gaps.push({ ...silent(target, 'it takes connections, and speaks neither TLS nor HTTP'), code: 'port-unknown' });
    return { endpoint, gaps };
  }
  endpoint.answers = await answersOf(door, target, tls === undefined ? { scheme: 'http', plain } : { scheme: 'https' });
  if (tls !== undefined && endpoint.http) endpoint.answers.push(plain);
  if (tls !== undefined) {
    const isAnswered = endpoint.answers.some(({ scheme, status }) => scheme === 'https' && status !== undefined);
    if (isAnswered) tls.fact.clientCertificate = 'not-required';
    else if (endpoint.answers.some((answer) => wantsCertificate(answer, tls.isAsked))) tls.fact.clientCertificate = 'required';
    else {
      tls.fact.clientCertificate = 'unknown';
      const why = endpoint.answers.find(({ scheme }) => scheme === 'https')?.failed ?? 'no answer';
      gaps.push(unreadable(target, `no request came through (${why}): the runtime may lack what it agrees to`));
    }
  }
  return { endpoint, gaps };
}

interface How {
  scheme: AnswerFact['scheme'];
  /** The first of them, where it was asked already. */
  plain?: AnswerFact;
}

async function answersOf(door: Door, { component, use }: ProbeTarget, { scheme, plain }: How): Promise<AnswerFact[]> {
  const answers: AnswerFact[] = plain === undefined ? [] : [plain];
  for (const path of pathsOf(component, use)) {
    if (answers.some((answer) => answer.path === path)) continue;
    const answer = await ask(door, scheme, path);
    answers.push(answer);
    // Whoever is refused by the handshake is refused at every path.
    if (answer.failed !== undefined) break;
  }
  return answers;
}

function silent(target: ProbeTarget, why: string): Gap {
  return { scope: endpointName(target), code: 'port-silent', reason: why, effect: `nothing is known of ${target.component} there` };
}

function unreadable(target: ProbeTarget, why: string): Gap {
  return { scope: endpointName(target), code: 'tls-unreadable', reason: why, effect: 'not everything of this port is known' };
}
