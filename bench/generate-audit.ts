/** Audit events as a busy cluster writes them, for the benchmarks of records: the same on every machine. */
import { Dice } from '../test/history/dice.ts';
import { DAY, FROM, type RequestEvent, account } from '../test/history/event.ts';

const RESOURCES = ['pods', 'configmaps', 'secrets', 'services', 'endpoints', 'events', 'serviceaccounts', 'replicationcontrollers'];
const VERBS = ['get', 'get', 'get', 'list', 'watch', 'update', 'patch', 'create', 'delete'];
/** Requests of 500 accounts in 50 namespaces, for so many objects of a kind, from the first day on. */
export function* auditEvents(
  count: number,
  { seed, names, from = FROM, days = 1 }: { seed: number; names: number; from?: number; days?: number },
): Generator<RequestEvent> {
  const dice = new Dice(seed);
  for (let index = 0; index < count; index += 1) {
    const who = dice.below(500);
    const namespace = `team-${who % 50}`;
    const verb = dice.pick(VERBS);
    const isNamed = verb === 'get' || verb === 'update' || verb === 'patch' || verb === 'delete';
    yield {
      time: from + Math.floor((index * days * DAY) / count),
      server: 0,
      caller: account(namespace, `account-${who}`, `account-${who}-7d9c8b6f5-x2v4k`),
      allowed: true,
      verb,
      apiGroup: '',
      resource: dice.pick(RESOURCES),
      subresource: '',
      namespace,
      name: isNamed ? `object-${dice.below(names)}` : '',
    };
  }
}

/** One role for each account that allows all of it, and its binding. */
export function auditRoles(): Record<string, unknown>[] {
  const api = { apiVersion: 'rbac.authorization.k8s.io/v1' };
  return Array.from({ length: 500 }, (_, who) => {
    const metadata = { name: `account-${who}`, namespace: `team-${who % 50}` };
    const rules = RESOURCES.map((resource) => ({ apiGroups: [''], resources: [resource], verbs: [...new Set(VERBS)] }));
    const subjects = [{ kind: 'ServiceAccount', ...metadata }];
    return [
      { ...api, kind: 'Role', metadata, rules },
      { ...api, kind: 'RoleBinding', metadata, roleRef: { kind: 'Role', name: metadata.name }, subjects },
    ];
  }).flat();
}
