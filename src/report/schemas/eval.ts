/** Schemas of the answers of castellan eval. */
import { LEVELS, STAGES } from '../../engines/audit-policy/index.ts';
import { bound, chain, cutMethod, DIALECT, object, severity, status, text, texts } from './parts.ts';
import { rbacRequest } from './rbac.ts';
import { subject } from './scan.ts';

const id = { id: {} } as const;
const evalError = object({ ...id, error: object({ code: text, message: text }) });

const evalPodSecurity = {
  $schema: DIALECT,
  $id: 'castellan/eval-pod-security/v1',
  title: 'One answer of castellan eval pod-security',
  anyOf: [
    object({ ...id, allowed: { type: 'boolean' }, failing: texts, met: { enum: ['privileged', 'baseline', 'restricted'] } }),
    evalError,
  ],
};

const evalRules = {
  $schema: DIALECT,
  $id: 'castellan/eval-rules/v1',
  title: 'One answer of castellan eval rules',
  anyOf: [
    object({
      ...id,
      findings: {
        type: 'array',
        items: object({
          rule: text,
          status,
          severity,
          subject,
          message: text,
          evidence: { type: 'array', items: object({ path: text, value: {} }, ['value']) },
        }),
      },
    }),
    evalError,
  ],
};

const index = { type: 'integer', minimum: 0 } as const;

const evalAuditPolicy = {
  $schema: DIALECT,
  $id: 'castellan/eval-audit-policy/v1',
  title: 'One answer of castellan eval audit-policy',
  anyOf: [
    object({
      ...id,
      results: {
        type: 'array',
        items: object({
          level: { enum: LEVELS },
          rule: { anyOf: [index, { type: 'null' }] },
          omitStages: { type: 'array', items: { enum: STAGES } },
          omitManagedFields: { type: 'boolean' },
          reasons: { type: 'array', items: object({ rule: index, because: text, message: text }) },
        }),
      },
      problems: { type: 'array', items: object({ path: text, message: text }) },
      ignored: texts,
    }),
    evalError,
  ],
};

const evalRequestInfo = {
  $schema: DIALECT,
  $id: 'castellan/eval-request-info/v1',
  title: 'One answer of castellan eval request-info',
  anyOf: [
    object(
      {
        ...id,
        isResourceRequest: { type: 'boolean' },
        verb: text,
        apiGroup: text,
        apiVersion: text,
        namespace: text,
        resource: text,
        subresource: text,
        name: text,
        fieldSelector: text,
        labelSelector: text,
        path: text,
        problem: text,
      },
      ['problem'],
    ),
    evalError,
  ],
};

const verdict = object({ allowed: { type: 'boolean' }, by: texts });

const evalNetwork = {
  $schema: DIALECT,
  $id: 'castellan/eval-network/v1',
  title: 'One answer of castellan eval network',
  anyOf: [
    object(
      {
        ...id,
        results: { type: 'array', items: object({ allowed: { type: 'boolean' }, ingress: verdict, egress: verdict }) },
        problems: { type: 'array', items: object({ category: text, object: text, path: text, message: text }) },
      },
      ['problems'],
    ),
    evalError,
  ],
};

const evalPaths = {
  $schema: DIALECT,
  $id: 'castellan/eval-paths/v1',
  title: 'One answer of castellan eval paths',
  anyOf: [
    object(
      {
        ...id,
        results: {
          type: 'array',
          items: object({ reachable: { type: 'boolean' }, witness: chain, witnesses: { type: 'array', items: chain } }, [
            'witness',
            'witnesses',
          ]),
        },
        cut: object({ remove: texts, optimal: { type: 'boolean' }, impossible: { const: true }, method: cutMethod, atLeast: bound }, [
          'impossible',
          'method',
          'atLeast',
        ]),
      },
      ['cut'],
    ),
    evalError,
  ],
};

const singleRight = object({ apiGroups: texts, resources: texts, resourceNames: texts, nonResourceURLs: texts, verbs: texts }, [
  'apiGroups',
  'resources',
  'resourceNames',
  'nonResourceURLs',
]);

const evalRbac = {
  $schema: DIALECT,
  $id: 'castellan/eval-rbac/v1',
  title: 'One answer of castellan eval rbac',
  anyOf: [
    object({
      ...id,
      results: {
        type: 'array',
        items: object(
          {
            allowed: { type: 'boolean' },
            by: text,
            decidedBy: { enum: ['authorization', 'bind', 'escalate', 'covers', 'aggregation'] },
            missing: { type: 'array', items: singleRight },
            refused: text,
            mode: { enum: ['associated-node', 'arbitrary-node', 'serviceaccount', 'user-info'] },
            denied: rbacRequest,
          },
          ['by', 'decidedBy', 'missing', 'refused', 'mode', 'denied'],
        ),
      },
    }),
    evalError,
  ],
};

/** By the name that `castellan schema` takes. */

export const EVAL_SCHEMAS = {
  'eval-pod-security': evalPodSecurity,
  'eval-rules': evalRules,
  'eval-audit-policy': evalAuditPolicy,
  'eval-request-info': evalRequestInfo,
  'eval-network': evalNetwork,
  'eval-paths': evalPaths,
  'eval-rbac': evalRbac,
} as const;
