/** `castellan rbac can`: whether somebody may do something, and every grant by which he may. */
import type { NodeDecision } from '../engines/node-authorizer/index.ts';
import {
  type Grant,
  type Rbac,
  type RbacRequest,
  type User,
  grantText,
  isNeverNamed,
  isResourceRequest,
  nameMatches,
  ruleAllows,
  ruleReaches,
} from '../engines/rbac/index.ts';
import { stdout } from '../lib/sink.ts';
import { writeRightsTable } from './rbac-table.ts';
import { type FurtherAuthorizers, bypassOf, bypassText } from './rbac-authorizers.ts';
import {
  type Question,
  type TargetFlags,
  askedUser,
  rbacFormat,
  readRbac,
  requestOf,
  requestText,
  subjectText,
  userText,
} from './rbac-input.ts';

/** Where else the user may: in these namespaces, or for these names only. */
interface Near {
  namespaces: string[];
  names: string[];
}

/** Exit code 1 on no, as of kubectl auth can-i. */
export async function runRbacCan({ verb, target, paths }: Question, flags: TargetFlags): Promise<number> {
  const format = rbacFormat('can', flags);
  const user = askedUser('can', flags);
  const { rbac, catalog, nodes, further, gaps } = await readRbac(paths, flags);
  const request = requestOf(verb, target, { catalog, flags });
  // The Node authorizer is asked first; its no leaves the word to RBAC.
  const node = nodes?.authorize(user, request);
  const bypass = bypassOf(user, further);
  const byRbac = !further.withoutRbac && rbac.authorize(user, request).allowed;
  const allowed = bypass !== undefined || node?.allowed === true || byRbac;
  const by = further.withoutRbac ? [] : allGrants(rbac, user, request);
  const near = allowed ? { namespaces: [], names: [] } : nearOf(rbac, user, request);
  if (format === 'json') {
    const answer = {
      allowed,
      user: { ...user },
      request,
      by: by.map(grantJson),
      ...(bypass !== undefined && { bypass }),
      ...(node !== undefined && { nodeAuthorizer: node }),
      elsewhere: near,
      gaps,
    };
    stdout.write(`${JSON.stringify({ schema: 'castellan/rbac-can/v1', ...answer })}\n`);
    stdout.end();
  } else writeAnswer({ user, request, allowed, bypass, further, node, by, near });
  return allowed ? 0 : 1;
}

export function grantJson(grant: Grant): Record<string, unknown> {
  const { binding, rule, subject } = grant;
  const { kind, name } = subject.subject;
  return {
    binding: binding.ref,
    role: rule.role.ref,
    // Counted from 1, in the role where it is written.
    rule: rule.index + 1,
    ...(rule.source !== rule.role.object && { component: `ClusterRole/${rule.source.name}` }),
    ...(kind === 'Group' && { group: name }),
    text: grantText(grant),
  };
}

function writeAnswer({
  user,
  request,
  allowed,
  bypass,
  further,
  node,
  by,
  near,
}: {
  user: User;
  request: RbacRequest;
  allowed: boolean;
  bypass: string | undefined;
  further: FurtherAuthorizers;
  node: NodeDecision | undefined;
  by: Grant[];
  near: Near;
}): void {
  stdout.write(`${allowed ? 'yes' : 'no'}: ${userText(user)} may ${allowed ? '' : 'not '}${requestText(request)}\n`);
  if (node !== undefined) stdout.write(`${nodeText(node)}\n`);
  if (bypass !== undefined) stdout.write(`${bypassText(bypass)}\n`);
  else if (!allowed && further.withoutRbac) stdout.write('as far as is seen: the API server does not ask RBAC\n');
  if (!allowed && further.further.length > 0) stdout.write(`at least by RBAC: ${further.further.join(' and ')} may allow it\n`);
  if (near.namespaces.length > 0) stdout.write(`but in ${near.namespaces.join(', ')}\n`);
  if (near.names.length > 0) stdout.write(`but for the names ${near.names.join(', ')}\n`);
  if (by.length === 0) {
    stdout.end();
    return;
  }
  stdout.write('\n');
  writeRightsTable(
    ['BINDING', 'ROLE', 'RULE', 'AS'],
    by.map(({ binding, rule, subject }) => [
      binding.ref,
      rule.role.ref,
      rule.source === rule.role.object ? String(rule.index + 1) : `${rule.index + 1} of ClusterRole/${rule.source.name}`,
      subjectText(subject.subject),
    ]),
  );
}

/** `the Node authorizer finds it in use on node n: Pod/a/p`, and what admission still asks. */
function nodeText({ allowed, reason, through, admission }: NodeDecision): string {
  const way = through.length === 0 ? '' : `: ${through.join(' → ')}`;
  return `the Node authorizer ${reason}${way}${allowed && admission !== undefined ? `\nNodeRestriction: ${admission}` : ''}`;
}

/** One for each binding and rule. */
function allGrants(rbac: Rbac, user: User, request: RbacRequest): Grant[] {
  const namespace = isResourceRequest(request) ? request.namespace : '';
  return rbac.bindingsOf(user).flatMap(({ binding, subject }) => {
    if (binding.namespace !== '' && binding.namespace !== namespace) return [];
    return (binding.role?.rules ?? []).filter(({ rule }) => ruleAllows(rule, request)).map((rule) => ({ binding, subject, rule }));
  });
}

function nearOf(rbac: Rbac, user: User, request: RbacRequest): Near {
  if (!isResourceRequest(request)) return { namespaces: [], names: [] };
  const namespaces = new Set<string>();
  const names = new Set<string>();
  for (const { binding } of rbac.bindingsOf(user)) {
    for (const { rule } of binding.role?.rules ?? []) {
      if (!ruleReaches(rule, request)) continue;
      const isHere = binding.namespace === '' || binding.namespace === request.namespace;
      if (!isHere && nameMatches(rule, request.name)) namespaces.add(binding.namespace);
      else if (isHere && !nameMatches(rule, request.name) && !isNeverNamed(request)) for (const name of rule.resourceNames) names.add(name);
    }
  }
  return { namespaces: [...namespaces].toSorted(), names: [...names].toSorted() };
}
