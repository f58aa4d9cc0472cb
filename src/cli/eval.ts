/** `castellan eval ENGINE`: the engines as a filter, one JSON case a line in, one JSON answer a line out. */
import { createInterface } from 'node:readline';
import { CastellanError, messageOf } from '../lib/errors.ts';
import { isRecord } from '../model/index.ts';
import { ENGINE_NAMES } from './engines.ts';
import { evalPodSecurity } from './eval-pod-security.ts';
import { evalRules } from './eval-rules.ts';
import { stdout } from '../lib/sink.ts';

type Engine = (input: Record<string, unknown>) => Record<string, unknown>;

const ENGINES: Readonly<Record<(typeof ENGINE_NAMES)[number], Engine>> = {
  'pod-security': evalPodSecurity,
  rules: evalRules,
};

/** Reads cases from standard input until it ends. A bad line gives an error in its place and exit code 1 at the end. */
export async function runEval(name: string): Promise<number> {
  const known = ENGINE_NAMES.find((engine) => engine === name);
  if (known === undefined) {
    throw new CastellanError('CAS_USAGE', `there is no engine "${name}"`, { remedy: `The engines are: ${ENGINE_NAMES.join(', ')}.` });
  }
  const engine = ENGINES[known];
  let bad = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    const answer = answerTo(line, engine);
    if ('error' in answer) bad += 1;
    stdout.write(`${JSON.stringify(answer)}\n`);
  }
  stdout.end();
  return bad > 0 ? 1 : 0;
}

function answerTo(line: string, engine: Engine): Record<string, unknown> {
  let id: unknown = null;
  try {
    const input: unknown = JSON.parse(line);
    if (!isRecord(input)) throw new CastellanError('CAS_BAD_CASE', 'the case is not a JSON object');
    id = input.id ?? null;
    return { id, ...engine(input) };
  } catch (error) {
    const code = error instanceof CastellanError ? error.code : 'CAS_BAD_CASE';
    return { id, error: { code, message: messageOf(error) } };
  }
}
