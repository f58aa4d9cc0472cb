/**
 * Roles from use against audit2rbac's own vectors: everything recorded is allowed, and nothing that its roles would not
 * allow. Ours are smaller where it joins namespaces or widens names; where they are, the test says so by name.
 */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LogReader, streamOf } from '../../src/collect/logs/index.ts';
import { rolesFromUse } from '../../src/changes/least-rights/index.ts';
import { type Rbac, contentOf, rbacOfObjects, uncovered } from '../../src/engines/rbac/index.ts';
import { Ledger, type UseRecord } from '../../src/record/index.ts';
import { isHere, readJson, shared } from './corpora.ts';

const FOLDER = 'corpora/rbac/audit2rbac/';

interface Rule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

interface Vector {
  id: string;
  options: { expandMultipleNamesToUnnamed: boolean; verbExpansions: Record<string, string[]> };
  requests: {
    user: string;
    verb: string;
    apiGroup?: string;
    resource?: string;
    subresource?: string;
    namespace?: string;
    name?: string;
    path?: string;
  }[];
  expected: { clusterRoles: { rules: Rule[] }[]; roles: { namespace: string; rules: Rule[] }[] };
}

/** Where ours allow less, and why. All others are equal. */
const SMALLER: Readonly<Record<string, string>> = {
  'cluster-scoped named resources with name expansion': 'two names stay two names',
  'namespaced named resources with namespace expansion': 'a name used in two namespaces is not allowed in all others',
  'namespaced named resources with name expansion': 'two names stay two names',
  'namespaced named resources without name or namespace expansion with covering cluster operation':
    'a list of all namespaces brings no get of what was never got there, and gets stay with their names',
};

function recordOf(requests: Vector['requests']): UseRecord {
  const ledger = new Ledger();
  const stream = ledger.stream('log', 'audit');
  for (const { user, verb, apiGroup = '', resource = '', subresource = '', namespace = '', name = '', path = '' } of requests) {
    const actor = ledger.actor({ name: user, groups: ['system:authenticated'] });
    const asked = { verb, apiGroup, resource, subresource, namespace, name, path, through: 'request' } as const;
    ledger.request(actor, asked, { stream: stream.id, time: 1_700_000_000, outcome: 'allowed' });
  }
  return ledger.record();
}

/** What bob has in each scope; '' is the whole cluster. */
function rightsOf(rbac: Rbac, scopes: Iterable<string>): Map<string, Rule[]> {
  const user = { name: 'bob', groups: ['system:authenticated'] };
  return new Map([...scopes].map((scope) => [scope, rbac.rulesFor(user, scope).map(({ rule }) => ({ ...rule }) as unknown as Rule)]));
}

describe.skipIf(!isHere(FOLDER))('audit2rbac', () => {
  const { cases } = isHere(FOLDER) ? (readJson(`${FOLDER}vectors.json`) as { cases: Vector[] }) : { cases: [] };

  it('has its vectors', () => expect(cases).toHaveLength(8));

  it.each(cases.map((one) => [one.id, one] as const))('%s', (id, { options, requests, expected }) => {
    const mostNames = options.expandMultipleNamesToUnnamed ? {} : { mostNames: Number.POSITIVE_INFINITY };
    const made = rolesFromUse(recordOf(requests), mostNames);
    expect(made.replay).toMatchObject({ refused: [] });
    expect(made.replay.requests).toBe(requests.length);
    const ours = rightsOf(rbacOfObjects([...made.roles.map(({ object }) => object), ...made.bindings]), ['', 'ns1', 'ns2', 'ns3']);
    const whole = expected.clusterRoles.flatMap(({ rules }) => rules);
    const isEqual = [...ours].map(([scope, rules]) => {
      const theirs = [...whole, ...expected.roles.filter(({ namespace }) => namespace === scope).flatMap((role) => role.rules)].map(
        contentOf,
      );
      expect(uncovered(theirs, rules.map(contentOf))).toEqual([]);
      return uncovered(rules.map(contentOf), theirs).length === 0;
    });
    expect(isEqual.every(Boolean)).toBe(SMALLER[id] === undefined);
  });

  it('makes no more of the demo log than each request with the verbs that audit2rbac adds', async () => {
    const ledger = new Ledger();
    const path = fileURLToPath(shared(`${FOLDER}demo.log`));
    await new LogReader(ledger).read({ path, stream: streamOf(path) });
    const record = ledger.record();
    const verbExpansions: Readonly<Record<string, string[]>> = cases[0]?.options.verbExpansions ?? {};
    const most = new Set(
      record.requests.flatMap(({ actor, asked }) =>
        [asked.verb, ...(verbExpansions[asked.verb] ?? [])].map((verb) =>
          [record.actors[actor]?.name, verb, asked.resource, asked.path, asked.namespace].join(' '),
        ),
      ),
    );
    const { roles, replay } = rolesFromUse(record, { withDenied: true });
    expect(replay).toMatchObject({ requests: 37, refused: [] });
    const ours = roles.flatMap(({ holders, rules }) =>
      rules.flatMap(({ needs }) => needs.map((need) => [holders[0], need.verb, need.resource, need.path, need.namespace].join(' '))),
    );
    expect(ours.filter((one) => !most.has(one))).toEqual([]);
    expect(ours.length).toBeLessThan(most.size);
  });
});
