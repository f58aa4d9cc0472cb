/** `castellan rbac diff`: who gained and who lost which rights between two states. */
import { diffRbac } from '../engines/rbac/index.ts';
import { stdout } from '../lib/sink.ts';
import { writeRightsTable } from './rbac-table.ts';
import { type RbacFlags, rbacFormat, readRbac, scopeText, subjectJson, subjectText } from './rbac-input.ts';
import { rightText } from './rbac-permissions.ts';

export async function runRbacDiff(before: string, after: string, flags: RbacFlags): Promise<number> {
  const format = rbacFormat('diff', flags);
  const [from, to] = [await readRbac([before], flags), await readRbac([after], flags)];
  const changes = diffRbac(from.rbac, to.rbac, to.catalog);
  if (format === 'json') {
    const rows = changes.map(({ subject, namespace, change, right, by }) => ({
      subject: subjectJson(subject),
      namespace,
      change,
      ...right,
      by,
    }));
    stdout.write(`${JSON.stringify({ schema: 'castellan/rbac-diff/v1', changes: rows, gaps: [...from.gaps, ...to.gaps] })}\n`);
    stdout.end();
    return 0;
  }
  writeRightsTable(
    ['CHANGE', 'SUBJECT', 'WHERE', 'WHAT', 'VERBS', 'THROUGH'],
    changes.map(({ subject, namespace, change, right, by }) => [
      change,
      subjectText(subject),
      scopeText(namespace),
      rightText(right),
      right.verbs.join(' '),
      by.join('; '),
    ]),
  );
  return 0;
}
