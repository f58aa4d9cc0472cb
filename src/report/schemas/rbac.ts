/** Schemas of who may do what. */
import { count, DIALECT, object, text, texts } from './parts.ts';

const rbacGap = object({ scope: text, code: text, reason: text, effect: text });
const gapsOfRbac = { type: 'array', items: rbacGap } as const;
const rbacSubject = object({ kind: { enum: ['User', 'Group', 'ServiceAccount'] }, name: text, namespace: text }, ['namespace']);
const rbacUser = object({ name: text, groups: texts });
export const rbacRequest = object(
  { verb: text, apiGroup: text, resource: text, subresource: text, name: text, namespace: text, path: text },
  ['apiGroup', 'resource', 'subresource', 'name', 'namespace', 'path'],
);
const rbacRight = { resources: texts, urls: texts, names: texts, verbs: texts } as const;

const seenTimes = { count, first: text, last: text } as const;
const rbacGenerate = {
  $schema: DIALECT,
  $id: 'castellan/rbac-generate/v1',
  title: 'Result of castellan rbac generate',
  ...object({
    schema: { const: 'castellan/rbac-generate/v1' },
    mode: { enum: ['new', 'smaller'] },
    roles: {
      type: 'array',
      items: object({
        ref: text,
        object: { type: 'object' },
        holders: texts,
        rules: {
          type: 'array',
          items: object({
            evidence: {
              type: 'array',
              // What was not seen itself says with which verb it goes, whose times it has.
              items: object(
                { verb: text, apiGroup: text, resource: text, namespace: text, path: text, names: texts, goesWith: text, ...seenTimes },
                ['names', 'goesWith'],
              ),
            },
          }),
        },
        dropped: texts,
        notes: texts,
      }),
    },
    bindings: { type: 'array', items: { type: 'object' } },
    left: { type: 'array', items: object({ ref: text, why: text }) },
    replay: object({
      requests: count,
      distinct: count,
      elsewhere: count,
      refused: { type: 'array', items: object({ who: text, what: text, why: text, ...seenTimes }) },
    }),
    gaps: gapsOfRbac,
  }),
};

const rbacCan = {
  $schema: DIALECT,
  $id: 'castellan/rbac-can/v1',
  title: 'Result of castellan rbac can',
  ...object(
    {
      schema: { const: 'castellan/rbac-can/v1' },
      allowed: { type: 'boolean' },
      user: rbacUser,
      request: rbacRequest,
      // Every grant that allows it; rules count from 1, in the component where there is one.
      by: {
        type: 'array',
        items: object({ binding: text, role: text, rule: { type: 'integer' }, component: text, group: text, text }, ['component', 'group']),
      },
      // What lets him through before roles are asked.
      bypass: { enum: ['system:masters', 'AlwaysAllow'] },
      // Of nodes: what the Node authorizer says, which is asked before RBAC.
      nodeAuthorizer: object({ allowed: { type: 'boolean' }, reason: text, through: texts, admission: text }, ['admission']),
      elsewhere: object({ namespaces: texts, names: texts }),
      gaps: gapsOfRbac,
    },
    ['bypass', 'nodeAuthorizer'],
  ),
};

const rbacWhoCan = {
  $schema: DIALECT,
  $id: 'castellan/rbac-who-can/v1',
  title: 'Result of castellan rbac who-can',
  ...object({
    schema: { const: 'castellan/rbac-who-can/v1' },
    request: rbacRequest,
    // A namespace of '' is the whole cluster.
    holders: { type: 'array', items: object({ subject: rbacSubject, namespace: text, names: texts, by: texts }, ['names']) },
    bypass: texts,
    gaps: gapsOfRbac,
  }),
};

const rbacPermission = object({
  namespace: text,
  ...rbacRight,
  by: { type: 'array', items: object({ binding: text, role: text, group: text }, ['group']) },
});

const rbacPermissions = {
  $schema: DIALECT,
  $id: 'castellan/rbac-permissions/v1',
  title: 'Result of castellan rbac permissions',
  ...object(
    {
      schema: { const: 'castellan/rbac-permissions/v1' },
      user: rbacUser,
      permissions: { type: 'array', items: rbacPermission },
      // By which he may do everything, whatever roles say.
      bypass: { enum: ['system:masters', 'AlwaysAllow'] },
      // Granted in a namespace, though it lies in none.
      void: { type: 'array', items: rbacPermission },
      gaps: gapsOfRbac,
    },
    ['bypass'],
  ),
};

const rbacEscalations = {
  $schema: DIALECT,
  $id: 'castellan/rbac-escalations/v1',
  title: 'Result of castellan rbac escalations',
  ...object(
    {
      schema: { const: 'castellan/rbac-escalations/v1' },
      escalations: {
        type: 'array',
        items: object({ subject: rbacSubject, namespace: text, id: text, act: text, leadsTo: text, names: texts, by: texts }, ['names']),
      },
      // By which the user that was asked about may do everything.
      bypass: { enum: ['system:masters', 'AlwaysAllow'] },
      // Those of Kubernetes' own components that are left out.
      system: { type: 'integer' },
      gaps: gapsOfRbac,
    },
    ['bypass'],
  ),
};

const rbacDiff = {
  $schema: DIALECT,
  $id: 'castellan/rbac-diff/v1',
  title: 'Result of castellan rbac diff',
  ...object({
    schema: { const: 'castellan/rbac-diff/v1' },
    changes: {
      type: 'array',
      items: object({ subject: rbacSubject, namespace: text, change: { enum: ['gained', 'lost'] }, ...rbacRight, by: texts }),
    },
    gaps: gapsOfRbac,
  }),
};

const rbacLint = {
  $schema: DIALECT,
  $id: 'castellan/rbac-lint/v1',
  title: 'Result of castellan rbac lint',
  ...object({
    schema: { const: 'castellan/rbac-lint/v1' },
    findings: {
      type: 'array',
      items: object(
        {
          rule: {
            enum: [
              'void-rule',
              'void-entry',
              'contained-rule',
              'void-subject',
              'no-subjects',
              'void-grant',
              'duplicate-binding',
              'dangling-role',
              'dangling-subject',
            ],
          },
          object: text,
          path: text,
          message: text,
          status: { enum: ['fail', 'unknown'] },
          source: text,
          line: { type: 'integer' },
          column: { type: 'integer' },
        },
        ['source', 'line', 'column'],
      ),
    },
    gaps: gapsOfRbac,
  }),
};

export const RBAC_SCHEMAS = {
  'rbac-can': rbacCan,
  'rbac-generate': rbacGenerate,
  'rbac-who-can': rbacWhoCan,
  'rbac-permissions': rbacPermissions,
  'rbac-escalations': rbacEscalations,
  'rbac-diff': rbacDiff,
  'rbac-lint': rbacLint,
} as const;
