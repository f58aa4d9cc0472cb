/** `castellan eval ENGINE`: the engines as a filter, one JSON case a line in, one JSON answer a line out. */
import { CastellanError, messageOf } from '../lib/errors.ts';
import { jsonFault } from '../lib/json-fault.ts';
import { isRecord } from '../model/index.ts';
import { ENGINE_NAMES } from './engines.ts';
import { evalAuditPolicy } from './eval-audit-policy.ts';
import { evalNetwork } from './eval-network.ts';
import { evalRbac } from './eval-rbac.ts';
import { evalPaths } from './eval-paths.ts';
import { evalPodSecurity } from './eval-pod-security.ts';
import { evalRequestInfo } from './eval-request-info.ts';
import { evalRules } from './eval-rules.ts';
import { stdout } from '../lib/sink.ts';

type Engine = (input: Record<string, unknown>) => Record<string, unknown>;

const ENGINES: Readonly<Record<(typeof ENGINE_NAMES)[number], Engine>> = {
  'pod-security': evalPodSecurity,
  rules: evalRules,
  'audit-policy': evalAuditPolicy,
  'request-info': evalRequestInfo,
  network: evalNetwork,
  paths: evalPaths,
  rbac: evalRbac,
};

/** Reads cases from standard input until it ends. A bad line gives an error in its place and exit code 1 at the end. */
export async function runEval(name: string): Promise<number> {
  const known = ENGINE_NAMES.find((engine) => engine === name);
  if (known === undefined) {
    throw new CastellanError('CAS_USAGE', `there is no engine "${name}"`, { remedy: `The engines are: ${ENGINE_NAMES.join(', ')}.` });
  }
  const engine = ENGINES[known];
  let bad = 0;
  for await (const line of linesOf(process.stdin)) {
    if (line.trim() === '') continue;
    const { text, good } = answerTo(line, engine);
    if (!good) bad += 1;
    stdout.write(`${text}\n`);
  }
  stdout.end();
  return bad > 0 ? 1 : 0;
}

/** Lines end at a line feed and nowhere else: JSON texts may hold the other separators that readline knows. */
async function* linesOf(input: NodeJS.ReadStream): AsyncGenerator<string> {
  let parts: string[] = [];
  for await (const chunk of input.setEncoding('utf8') as AsyncIterable<string>) {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      yield parts.join('') + chunk.slice(start, end);
      parts = [];
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.slice(start));
  }
  if (parts.length > 0) yield parts.join('');
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    const { reason, offset } = jsonFault(line);
    throw new CastellanError('CAS_BAD_CASE', `the case is no JSON: ${reason}, at character ${offset + 1}`, { cause: error });
  }
}

function answerTo(line: string, engine: Engine): { text: string; good: boolean } {
  let id: unknown = null;
  try {
    const input = parsed(line);
    if (!isRecord(input)) throw new CastellanError('CAS_BAD_CASE', 'the case is not a JSON object');
    // An id that cannot be written out again names nothing.
    JSON.stringify(input.id);
    id = input.id ?? null;
    return { text: JSON.stringify({ id, ...engine(input) }), good: true };
  } catch (error) {
    const code = error instanceof CastellanError ? error.code : 'CAS_BAD_CASE';
    return { text: JSON.stringify({ id, error: { code, message: messageOf(error) } }), good: false };
  }
}
