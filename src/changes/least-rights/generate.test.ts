import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RUNS } from '../../../test/runs.ts';
import { rbacOfObjects } from '../../engines/rbac/index.ts';
import { Ledger, type UseRecord } from '../../record/index.ts';
import { type LeastRights, rolesFromUse, rolesShrunk, writeRoles } from './index.ts';

const DAY = 86_400;
const CART = 'system:serviceaccount:shop:cart';

interface Seen {
  readonly verb: string;
  readonly resource?: string;
  readonly group?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly path?: string;
  readonly user?: string;
  readonly denied?: boolean;
  readonly review?: boolean;
}

function recordOf(...seen: readonly Seen[]): UseRecord {
  const ledger = new Ledger();
  const stream = ledger.stream('cp1', 'audit');
  for (const {
    verb,
    resource = '',
    group = '',
    namespace = '',
    name = '',
    path = '',
    user = CART,
    denied = false,
    review = false,
  } of seen) {
    const [main = '', subresource = ''] = resource.split('/');
    const through = review ? 'review' : 'request';
    const asked = { verb, apiGroup: group, resource: main, subresource, namespace, name, path, through } as const;
    const actor = ledger.actor({ name: user, groups: ['system:authenticated'] });
    ledger.request(actor, asked, { stream: stream.id, time: 20_000 * DAY, outcome: denied ? 'denied' : 'allowed' });
  }
  return ledger.record();
}

/** Each rule as `PLACE: VERBS RESOURCES NAMES`. */
function rulesIn({ roles }: LeastRights): string[] {
  return roles.flatMap(({ object }) => {
    const { kind, metadata, rules } = object as { kind: string; metadata: { namespace?: string }; rules: Record<string, string[]>[] };
    return rules.map(({ verbs = [], resources, nonResourceURLs = [], resourceNames = [] }) =>
      `${kind} ${metadata.namespace ?? '-'}: ${verbs.join()} ${(resources ?? nonResourceURLs).join()} ${resourceNames.join()}`.trimEnd(),
    );
  });
}

describe('new roles', () => {
  test('lie where the requests were, with subresources and paths as they were', () => {
    const made = rolesFromUse(
      recordOf(
        { verb: 'get', resource: 'configmaps', namespace: 'shop', name: 'settings' },
        { verb: 'create', resource: 'pods/exec', namespace: 'shop', name: 'web-0' },
        { verb: 'create', resource: 'pods', namespace: 'other' },
        { verb: 'get', resource: 'nodes', name: 'n1' },
        { verb: 'get', path: '/metrics' },
      ),
    );
    expect(rulesIn(made)).toEqual([
      'ClusterRole -: get nodes n1',
      'ClusterRole -: get /metrics',
      'Role other: create pods',
      'Role shop: get configmaps settings',
      'Role shop: create pods/exec web-0',
    ]);
    expect(made.bindings).toHaveLength(3);
    expect(made.replay).toEqual({ elsewhere: 0, distinct: 5, requests: 5, refused: [] });
  });

  test('say of whom no log tells what he has to hold', () => {
    const api = { group: 'rbac.authorization.k8s.io', namespace: 'shop' };
    const notes = (...seen: Seen[]): readonly string[] => rolesFromUse(recordOf(...seen)).roles.flatMap((role) => role.notes);
    expect(notes({ verb: 'create', resource: 'roles', ...api })).toEqual([expect.stringContaining('has to hold what they give')]);
    expect(notes({ verb: 'get', resource: 'roles', ...api })).toEqual([]);
    expect(notes({ verb: 'create', resource: 'roles', ...api }, { verb: 'escalate', resource: 'roles', ...api })).toEqual([]);
  });

  test('are wider than what was seen by the stated rules only', () => {
    const rules = (...seen: Seen[]): string[] => rulesIn(rolesFromUse(recordOf(...seen)));
    const inShop = { namespace: 'shop' };
    expect(rules({ verb: 'watch', resource: 'pods', ...inShop })).toEqual(['Role shop: get,list,watch pods']);
    // A verb that was seen stays as it was seen.
    expect(rules({ verb: 'watch', resource: 'pods' }, { verb: 'get', resource: 'pods', name: 'a', ...inShop })).toEqual([
      'ClusterRole -: list,watch pods',
      'Role shop: get pods a',
    ]);
    expect(rules({ verb: 'delete', resource: 'pods', name: 'web-7d4b9', ...inShop })).toEqual(['Role shop: delete pods']);
    const many = (count: number): Seen[] =>
      Array.from({ length: count }, (_, index) => ({ verb: 'get', resource: 'secrets', name: `s${index}`, ...inShop }));
    expect(rules(...many(4))).toEqual(['Role shop: get secrets s0,s1,s2,s3']);
    expect(rules(...many(5))).toEqual(['Role shop: get secrets']);
    expect(rules({ verb: 'create', resource: 'events', ...inShop })).toEqual(['Role shop: create,patch events']);
  });

  test('are not made of refusals, questions or components unless asked for', () => {
    const record = recordOf(
      { verb: 'get', resource: 'secrets', namespace: 'shop', name: 'db', denied: true },
      { verb: '*', resource: '*', review: true },
      { verb: 'get', resource: 'pods', namespace: 'shop', name: 'a', user: 'system:kube-scheduler' },
    );
    expect(rulesIn(rolesFromUse(record))).toEqual([]);
    expect(rulesIn(rolesFromUse(record, { withDenied: true }))).toEqual(['Role shop: get secrets db']);
    expect(rulesIn(rolesFromUse(record, { only: new Set(['system:kube-scheduler']) }))).toEqual(['Role shop: get pods a']);
  });

  test('are refused where paths are too many to keep', () => {
    const paths = Array.from({ length: 300 }, (_, index) => ({ verb: 'get', path: `/x/${index}` }));
    const { replay } = rolesFromUse(recordOf(...paths));
    expect(replay.refused).toMatchObject([{ who: CART }]);
  });

  test('say what they were seen for', () => {
    const record = recordOf(...Array.from({ length: 3 }, () => ({ verb: 'list', resource: 'pods', namespace: 'shop' })));
    expect(writeRoles(rolesFromUse(record))).toContain(
      '  # list pods in shop: 3 requests, on 2024-10-04\n  # watch pods in shop: not seen, goes with list\n  - apiGroups: [""]',
    );
  });
});

const API = 'rbac.authorization.k8s.io/v1';
type RuleText = readonly [verbs: string, resources: string, names?: string];

function roleOf(kind: 'Role' | 'ClusterRole', rules: readonly RuleText[], name = 'r'): Record<string, unknown> {
  return {
    apiVersion: API,
    kind,
    metadata: { name, ...(kind === 'Role' && { namespace: 'shop' }) },
    rules: rules.map(([verbs, resources, names]) => ({
      apiGroups: [''],
      verbs: verbs.split(','),
      resources: resources.split(','),
      ...(names !== undefined && { resourceNames: names.split(',') }),
    })),
  };
}

function boundTo(
  kind: 'Role' | 'ClusterRole',
  { role = 'r', accounts = ['cart'] }: { role?: string; accounts?: string[] } = {},
): Record<string, unknown> {
  return {
    apiVersion: API,
    kind: `${kind}Binding`,
    metadata: { name: `b-${role}`, ...(kind === 'Role' && { namespace: 'shop' }) },
    roleRef: { kind, name: role },
    subjects: accounts.map((name) => ({ kind: 'ServiceAccount', name, namespace: 'shop' })),
  };
}

describe('roles that are there', () => {
  const used = recordOf({ verb: 'get', resource: 'secrets', namespace: 'shop', name: 'db' });

  test('lose what was not used, stars among it', () => {
    const made = rolesShrunk(
      rbacOfObjects([
        roleOf('Role', [
          ['*', '*'],
          ['get,list', 'pods'],
        ]),
        boundTo('Role'),
      ]),
      used,
    );
    expect(rulesIn(made)).toEqual(['Role shop: get secrets db']);
    expect(made.roles[0]?.dropped).toEqual(['* *', 'get pods', 'list pods']);
    expect(made.replay).toEqual({ elsewhere: 0, distinct: 1, requests: 1, refused: [] });
  });

  test('keep a use once, where it is narrowest', () => {
    const objects = [roleOf('ClusterRole', [['get', 'secrets']], 'wide'), boundTo('ClusterRole', { role: 'wide' })];
    const made = rolesShrunk(rbacOfObjects([...objects, roleOf('Role', [['get', 'secrets', 'db']]), boundTo('Role')]), used);
    expect(made.roles.map(({ ref, object }) => [ref, object.rules])).toEqual([['ClusterRole/wide', []]]);
  });

  test('stay as they are where who has them wrote roles, which takes every right that they give', () => {
    const wrote = recordOf({ verb: 'create', resource: 'roles', group: 'rbac.authorization.k8s.io', namespace: 'shop' });
    const made = rolesShrunk(rbacOfObjects([roleOf('Role', [['get', 'secrets']]), boundTo('Role')]), wrote);
    expect(made.roles).toEqual([]);
    expect(made.left).toEqual([
      { ref: 'Role/shop/r', why: 'ServiceAccount/shop/cart wrote roles or bindings, and has to hold what they give' },
    ]);
  });

  test('keep verbs that go together only where they were given', () => {
    const record = recordOf({ verb: 'watch', resource: 'pods', namespace: 'shop' });
    const made = rolesShrunk(
      rbacOfObjects([
        roleOf('Role', [
          ['watch', 'pods'],
          ['list,delete', 'pods'],
        ]),
        boundTo('Role'),
      ]),
      record,
    );
    expect(rulesIn(made)).toEqual(['Role shop: watch pods', 'Role shop: list pods']);
  });

  test('stay as they are where somebody who has them was not seen, and where others are made of them', () => {
    const silent = rolesShrunk(rbacOfObjects([roleOf('Role', [['*', '*']]), boundTo('Role', { accounts: ['cart', 'monthly'] })]), used);
    expect(silent.roles).toEqual([]);
    expect(silent.left).toEqual([{ ref: 'Role/shop/r', why: 'the record has nothing of ServiceAccount/shop/monthly' }]);
    const part = { ...roleOf('ClusterRole', [['get', 'secrets,pods']]), metadata: { name: 'r', labels: { part: 'yes' } } };
    const sum = {
      apiVersion: API,
      kind: 'ClusterRole',
      metadata: { name: 'sum' },
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { part: 'yes' } }] },
    };
    const aggregated = rolesShrunk(rbacOfObjects([part, sum, boundTo('ClusterRole')]), used);
    expect(aggregated.left).toEqual([{ ref: 'ClusterRole/r', why: 'its rules are aggregated into another role' }]);
  });

  test('tell that a grant for the whole cluster was used in one namespace', () => {
    const made = rolesShrunk(rbacOfObjects([roleOf('ClusterRole', [['get,list', 'secrets']]), boundTo('ClusterRole')]), used);
    expect(made.roles[0]?.notes).toEqual(['Used in shop only: a RoleBinding there could take the place of ClusterRoleBinding/b-r']);
  });
});

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const seen = fc.record({
  verb: fc.constantFrom(...VERBS),
  resource: fc.constantFrom('pods', 'secrets', 'leases', 'pods/log', 'events'),
  namespace: fc.constantFrom('', 'shop', 'other'),
  name: fc.constantFrom('', 'a', 'b', 'web-7d4b9'),
  user: fc.constantFrom(CART, 'jane'),
});
const ruleText = fc
  .tuple(
    fc.subarray([...VERBS, '*'], { minLength: 1 }),
    fc.subarray(['pods', 'secrets', 'leases', 'pods/log', '*'], { minLength: 1 }),
    fc.option(fc.constantFrom('a', 'a,b'), { nil: undefined }),
  )
  .map(([verbs, resources, names]): RuleText =>
    names === undefined ? [verbs.join(), resources.join()] : [verbs.join(), resources.join(), names],
  );

test('whatever was recorded is allowed by new roles, none of which has a star', () => {
  fc.assert(
    fc.property(fc.array(seen, { minLength: 1, maxLength: 12 }), (uses) => {
      const made = rolesFromUse(recordOf(...uses));
      expect(made.replay.refused).toEqual([]);
      expect(made.replay.distinct).toBeGreaterThan(0);
      expect(JSON.stringify(made.roles.map(({ object }) => object.rules))).not.toContain('*');
    }),
    { numRuns: RUNS },
  );
});

test('smaller roles allow whatever was recorded and allowed, and nothing that was not allowed', () => {
  fc.assert(
    fc.property(
      fc.array(seen, { minLength: 1, maxLength: 12 }),
      fc.array(ruleText, { minLength: 1, maxLength: 3 }),
      fc.array(ruleText, { maxLength: 2 }),
      (uses, own, wide) => {
        const objects = [
          roleOf('Role', own),
          boundTo('Role'),
          roleOf('ClusterRole', wide, 'wide'),
          boundTo('ClusterRole', { role: 'wide' }),
        ];
        const before = rbacOfObjects(objects);
        const made = rolesShrunk(before, recordOf(...uses));
        expect(made.replay.refused).toEqual([]);
        const shrunk = new Map(made.roles.map(({ ref, object }) => [ref, object]));
        const after = rbacOfObjects(
          [shrunk.get('Role/shop/r') ?? objects[0], shrunk.get('ClusterRole/wide') ?? objects[2], objects[1], objects[3]].map((object) => ({
            ...object,
          })),
        );
        const user = { name: CART, groups: ['system:authenticated'] };
        for (const verb of VERBS)
          for (const resource of ['pods', 'secrets', 'leases'])
            for (const namespace of ['', 'shop', 'other'])
              for (const name of ['', 'a', 'x']) {
                const request = { verb, apiGroup: '', resource, subresource: '', namespace, name };
                if (after.authorize(user, request).allowed) expect(before.authorize(user, request).allowed).toBe(true);
              }
      },
    ),
    { numRuns: RUNS },
  );
});
