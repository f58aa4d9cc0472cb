/** What decides on requests besides RBAC, as far as the flags of the API servers in the input tell. */
import { authorizersOf, processesNamed } from '../engines/command-line/index.ts';
import { type Cluster, refOf } from '../model/index.ts';
import { MASTERS, type User } from '../engines/rbac/index.ts';
import type { Gap } from '../snapshot/index.ts';

export interface FurtherAuthorizers {
  /** The object whose API server lets everybody do everything. */
  readonly alwaysAllows: string | undefined;
  /** No API server asks RBAC, so that roles and bindings give nothing. */
  readonly withoutRbac: boolean;
  /** Those that may allow more: `Webhook`, `ABAC`. */
  readonly further: readonly string[];
  /** One for each thing that makes answers about rights less than the whole truth. */
  readonly gaps: readonly Gap[];
}

/** The Node authorizer and RBAC are what answers come from; AlwaysDeny decides nothing that another one allows. */
const ANSWERED = new Set(['Node', 'RBAC', 'AlwaysDeny']);

/** Of several API servers each may be asked: what one allows is allowed. */
export function furtherAuthorizers({ tables }: Cluster): FurtherAuthorizers {
  const files = tables.AuthorizationConfiguration.all.map(({ body }) => (body.authorizers ?? []).map(({ type }) => type ?? ''));
  const gaps: Gap[] = [];
  const further = new Set<string>();
  let alwaysAllows: string | undefined;
  let known = 0;
  let withRbac = 0;
  for (const { container, line } of processesNamed(tables.workloads, 'kube-apiserver')) {
    const scope = refOf(container.workload.object);
    const found = authorizersOf(line, files);
    const add = (reason: string, effect: string): void => void gaps.push({ scope, code: 'other-authorizer', reason, effect });
    if (found.modes === undefined) {
      const where = found.use === undefined ? line.hidden : `they come from ${found.use.value}`;
      add(`how its API server authorizes is not seen: ${where ?? ''}`, 'there may be more rights than this shows');
      continue;
    }
    known += 1;
    if (found.modes.includes('RBAC')) withRbac += 1;
    else add('its API server does not ask RBAC', 'what roles and bindings give counts for nothing there');
    if (found.modes.includes('AlwaysAllow')) {
      alwaysAllows ??= scope;
      add('its API server allows every request (AlwaysAllow)', 'everybody who is let in may do everything');
    }
    const others = found.modes.filter((mode) => !ANSWERED.has(mode) && mode !== 'AlwaysAllow');
    for (const mode of others) further.add(mode);
    if (others.length > 0) add(`its API server also asks ${others.join(' and ')}`, 'there may be more rights than this shows');
  }
  return { alwaysAllows, withoutRbac: known > 0 && withRbac === 0, further: [...further], gaps };
}

/** What lets a user do everything before roles are asked. */
export function bypassOf(user: User, { alwaysAllows }: FurtherAuthorizers): typeof MASTERS | 'AlwaysAllow' | undefined {
  if (user.groups.includes(MASTERS)) return MASTERS;
  return alwaysAllows === undefined ? undefined : 'AlwaysAllow';
}

export function bypassText(bypass: string): string {
  return bypass === MASTERS ? `as a member of ${MASTERS}, which no binding limits` : 'as everybody: the API server runs with AlwaysAllow';
}
