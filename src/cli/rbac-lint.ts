/** `castellan rbac lint`: roles and bindings that do nothing, or not what they seem to. */
import { type RbacProblem, lintRbac } from '../engines/rbac/index.ts';
import { stdout } from '../lib/sink.ts';
import { refOf } from '../model/index.ts';
import { positionOf } from '../snapshot/index.ts';
import { writeRightsTable } from './rbac-table.ts';
import { type RbacFlags, rbacFormat, readRbac } from './rbac-input.ts';

interface LintFinding {
  rule: string;
  object: string;
  path: string;
  message: string;
  /** What is missing may stand outside of the input. */
  status: 'fail' | 'unknown';
  source?: string;
  line?: number;
  column?: number;
}

export async function runRbacLint(paths: readonly string[], flags: RbacFlags): Promise<number> {
  const format = rbacFormat('lint', flags);
  const { cluster, gaps } = await readRbac(paths, flags);
  const findings = lintRbac(cluster).map(findingOf);
  if (format === 'json') {
    stdout.write(`${JSON.stringify({ schema: 'castellan/rbac-lint/v1', findings, gaps })}\n`);
    stdout.end();
    return 0;
  }
  writeRightsTable(
    ['RULE', 'OBJECT', 'WHERE', 'WHAT'],
    findings.map(({ rule, object, path, message, source, line, status }) => [
      rule,
      object,
      line === undefined ? path : `${source}:${line}`,
      status === 'unknown' ? `${message} (it may stand outside of this input)` : message,
    ]),
  );
  return 0;
}

function findingOf({ category, object, path, message, unsure }: RbacProblem): LintFinding {
  const position = positionOf(object.origin, path);
  return {
    rule: category,
    object: refOf(object),
    path,
    message,
    status: unsure ? 'unknown' : 'fail',
    ...(object.origin.source !== '' && { source: object.origin.source }),
    ...(position !== undefined && { line: position.line, column: position.column }),
  };
}
