/** `castellan net lint`: policies that the API server would refuse, and what the API leaves undefined. */
import { type Problem, lint } from '../engines/network/index.ts';
import { stdout } from '../lib/sink.ts';
import { type Origin, positionOf } from '../snapshot/index.ts';
import { type NetFlags, netFormat, readNetSources, writeTable } from './net-input.ts';

interface LintFinding {
  rule: string;
  /** Of what the finding is: a policy, mostly. */
  policy: string;
  /** The rest stands where a rule or a peer is wrong; indexes from 1. */
  direction?: 'Ingress' | 'Egress';
  ruleIndex?: number;
  peerIndex?: number;
  message: string;
  path: string;
  source?: string;
  line?: number;
  column?: number;
}

export async function runNetLint(paths: readonly string[], flags: NetFlags): Promise<number> {
  const format = netFormat('lint', flags, ['table', 'json']);
  const { world, origins } = await readNetSources(paths, flags);
  const findings = lint(world).map((problem) => findingOf(problem, origins[problem.object]));
  if (format === 'json') {
    stdout.write(`${JSON.stringify({ schema: 'castellan/net-lint/v1', findings })}\n`);
    stdout.end();
    return 0;
  }
  writeTable(
    ['RULE', 'OBJECT', 'WHERE', 'WHAT'],
    findings.map(({ rule, policy, message, path, source, line }) => [
      rule,
      policy,
      source === undefined ? path : `${source}:${line ?? 1}`,
      message,
    ]),
  );
  return 0;
}

function findingOf({ category, ref, path, message, direction, rule, peer }: Problem, origin: Origin | undefined): LintFinding {
  const position = origin === undefined ? undefined : positionOf(origin, path);
  return {
    rule: category,
    policy: ref,
    ...(direction !== undefined && { direction: direction === 'ingress' ? 'Ingress' : 'Egress' }),
    ...(rule !== undefined && { ruleIndex: rule }),
    ...(peer !== undefined && { peerIndex: peer }),
    message,
    path,
    ...(origin !== undefined && { source: origin.source, line: position?.line ?? origin.line }),
    ...(position !== undefined && { column: position.column }),
  };
}
