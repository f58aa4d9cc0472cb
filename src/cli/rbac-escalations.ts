/** `castellan rbac escalations`: who can become more than his rights say, in one step. */
import { type Escalation, type Subject, escalationsOf, grantText } from '../engines/rbac/index.ts';
import { stdout } from '../lib/sink.ts';
import { plural } from '../lib/terminal.ts';
import { versionOf } from './kubernetes-version.ts';
import { minorOf } from '../model/index.ts';
import { writeRightsTable } from './rbac-table.ts';
import { bypassOf, bypassText } from './rbac-authorizers.ts';
import { type RbacFlags, askedUser, rbacFormat, readRbac, scopeText, subjectJson, subjectText } from './rbac-input.ts';

export interface RbacEscalationsFlags extends RbacFlags {
  all?: boolean;
  kubernetesVersion?: string;
}

/**
 * Without --all not the control plane's own: its components could not work with less. The table shows every step of
 * one user, and of all the worst of each.
 */
export async function runRbacEscalations(paths: readonly string[], flags: RbacEscalationsFlags): Promise<number> {
  const format = rbacFormat('escalations', flags);
  const version = versionOf(flags.kubernetesVersion);
  const user = flags.as === undefined && flags.asGroup === undefined ? undefined : askedUser('escalations', flags);
  const { cluster, rbac, further, gaps } = await readRbac(paths, flags);
  const bypass = user === undefined ? undefined : bypassOf(user, further);
  const minor = version === undefined ? cluster.tables.kubernetes.minor : (minorOf(version) ?? 0);
  const isHim = ({ kind, name, userName }: Subject): boolean =>
    user === undefined || (kind === 'Group' ? user.groups.includes(name) : userName === user.name);
  const found = escalationsOf(rbac, minor).filter(({ subject }) => isHim(subject));
  const shown = flags.all === true || user !== undefined ? found : found.filter(({ subject }) => !isOfSystem(subject));
  if (format === 'json') {
    stdout.write('{"schema":"castellan/rbac-escalations/v1","escalations":[');
    for (const [index, each] of shown.entries()) stdout.write(`${index === 0 ? '' : ','}${JSON.stringify(escalationJson(each))}`);
    stdout.write(
      `],${bypass === undefined ? '' : `"bypass":${JSON.stringify(bypass)},`}"system":${found.length - shown.length},"gaps":${JSON.stringify(gaps)}}\n`,
    );
    stdout.end();
    return 0;
  }
  if (bypass !== undefined) stdout.write(`nothing is left to gain: may do everything ${bypassText(bypass)}\n\n`);
  const kept = found.length - shown.length;
  if (kept > 0)
    stdout.write(`${plural(kept, 'step')} of Kubernetes' own components ${kept === 1 ? 'is' : 'are'} left out; --all shows them\n\n`);
  writeRightsTable(
    ['SUBJECT', 'WHERE', 'MAY', 'WHICH LEADS TO', 'THROUGH'],
    user === undefined ? worstOf(shown) : shown.map((each) => rowOf(each, '')),
  );
  return 0;
}

/** One row a subject and place: its worst step, and how many more there are. */
function worstOf(escalations: readonly Escalation[]): string[][] {
  const groups = new Map<string, Escalation[]>();
  for (const each of escalations) {
    const key = `${each.subject.id} ${each.namespace}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  // A step for some names only is told last, whatever it is.
  const ordered = [...groups.values()].map((group) => group.toSorted((a, b) => Number(a.names.length > 0) - Number(b.names.length > 0)));
  return ordered.flatMap(([worst, ...more]) =>
    worst === undefined ? [] : [rowOf(worst, more.length === 0 ? '' : `, and ${plural(more.length, 'more step')}`)],
  );
}

function rowOf({ subject, namespace, act, leadsTo, names, through }: Escalation, more: string): string[] {
  return [
    subjectText(subject),
    scopeText(namespace),
    `${names.length === 0 ? act : `${act} (only ${names.join(', ')})`}${more}`,
    leadsTo,
    [...new Set(through.map(({ binding, roleRule }) => grantText({ binding, rule: roleRule })))].join('; '),
  ];
}

function escalationJson({ subject, namespace, id, act, leadsTo, names, through }: Escalation): Record<string, unknown> {
  const by = [...new Set(through.map(({ binding, roleRule }) => grantText({ binding, rule: roleRule })))];
  return { subject: subjectJson(subject), namespace, id, act, leadsTo, ...(names.length > 0 && { names }), by };
}

/** Everybody's groups are not the system's: what they have, everybody has. */
const OPEN = /^system:(?:authenticated|unauthenticated|anonymous|serviceaccounts(?::.*)?)$/;

function isOfSystem({ kind, name, namespace }: Subject): boolean {
  return kind === 'ServiceAccount' ? namespace === 'kube-system' : name.startsWith('system:') && !OPEN.test(name);
}
