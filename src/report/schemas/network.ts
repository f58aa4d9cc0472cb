/** The schemas of what is asked of the network beyond list, exposure, diff, lint and why. */
import { DIALECT, conns, count, gap, netGaps, object, text, texts } from './parts.ts';

const PROTOCOL = { enum: ['TCP', 'UDP', 'SCTP'] } as const;
const port = { type: 'integer', minimum: 1, maximum: 65535 } as const;
/** A field of an object, with its place in the input. */
const field = object({ object: text, path: text, source: text, line: { type: 'integer', minimum: 1 } }, ['source', 'line']);

const netEntries = {
  $schema: DIALECT,
  $id: 'castellan/net-entries/v1',
  title: 'Result of castellan net entries',
  ...object(
    {
      schema: { const: 'castellan/net-entries/v1' },
      entryPoints: {
        type: 'array',
        items: object(
          {
            workload: text,
            pods: count,
            container: text,
            protocol: PROTOCOL,
            port,
            by: { enum: ['load-balancer', 'node-port', 'external-ip', 'host-port', 'host-network', 'ingress', 'route', 'gateway'] },
            hosts: texts,
            outerPort: port,
            from: texts,
            internal: field,
            allowed: { enum: ['yes', 'no', 'unknown'] },
            reason: text,
            policies: texts,
            evidence: { type: 'array', items: field, minItems: 1 },
          },
          ['container', 'protocol', 'port', 'outerPort', 'internal', 'reason'],
        ),
      },
      gaps: netGaps,
    },
    ['gaps'],
  ),
};

const connection = object({ src: text, dst: text, conns });

const netQuery = {
  $schema: DIALECT,
  $id: 'castellan/net-query/v1',
  title: 'Result of castellan net query',
  ...object(
    {
      schema: { const: 'castellan/net-query/v1' },
      from: text,
      to: text,
      port: text,
      answer: { enum: ['yes', 'some', 'no', 'unknown'] },
      pairs: object({ asked: count, open: count }),
      allowed: conns,
      always: conns,
      connections: { type: 'array', items: connection },
      perhaps: { type: 'array', items: connection },
      gaps: netGaps,
    },
    ['gaps', 'port', 'perhaps'],
  ),
};

const group = object({ name: text, members: count });

const netMatrix = {
  $schema: DIALECT,
  $id: 'castellan/net-matrix/v1',
  title: 'Result of castellan net matrix',
  ...object(
    {
      schema: { const: 'castellan/net-matrix/v1' },
      by: text,
      groups: { type: 'array', items: group },
      cells: { type: 'array', items: object({ from: count, to: count, pairs: count, open: count, allowed: conns }) },
      empty: texts,
      left: count,
      gaps: netGaps,
    },
    ['empty', 'gaps'],
  ),
};

/** One direction of a connection, and who decides it. */
const side = object({ verdict: { enum: ['allow', 'deny'] }, by: texts, default: { type: 'boolean' } });

const netTenants = {
  $schema: DIALECT,
  $id: 'castellan/net-tenants/v1',
  title: 'Result of castellan net tenants',
  ...object(
    {
      schema: { const: 'castellan/net-tenants/v1' },
      tenants: { type: 'array', items: group },
      pairs: {
        type: 'array',
        items: object(
          {
            from: text,
            to: text,
            apart: { type: 'boolean' },
            unknown: { const: true },
            pairs: count,
            open: count,
            allowed: conns,
            example: object({ src: text, dst: text, conns, egress: side, ingress: side }),
          },
          ['unknown', 'example'],
        ),
      },
      left: count,
      gaps: netGaps,
    },
    ['gaps'],
  ),
};

const reached = object({
  name: text,
  pods: count,
  hop: { type: 'integer', minimum: 1 },
  chain: { type: 'array', items: connection, minItems: 1 },
});

const netReach = {
  $schema: DIALECT,
  $id: 'castellan/net-reach/v1',
  title: 'Result of castellan net reach',
  ...object(
    {
      schema: { const: 'castellan/net-reach/v1' },
      from: text,
      hops: { type: 'array', items: object({ hop: { type: 'integer', minimum: 1 }, workloads: count, pods: count }) },
      workloads: { type: 'array', items: reached },
      outside: { type: 'array', items: reached },
      never: texts,
      gaps: netGaps,
    },
    ['gaps'],
  ),
};

const reason = object({ object: text, path: text, what: text, source: text, line: { type: 'integer', minimum: 1 } }, ['source', 'line']);
const reasons = { type: 'array', items: reason } as const;
const narrowed = {
  type: 'array',
  items: object({ type: { enum: ['added', 'removed', 'changed'] }, src: text, dst: text, before: conns, after: conns, workloads: text }, [
    'workloads',
  ]),
} as const;

const netGenerate = {
  $schema: DIALECT,
  $id: 'castellan/net-generate/v1',
  title: 'Result of castellan net generate',
  ...object(
    {
      schema: { const: 'castellan/net-generate/v1' },
      kind: { enum: ['NetworkPolicy', 'ClusterNetworkPolicy'] },
      policies: {
        type: 'array',
        items: object({
          object: { type: 'object' },
          workloads: texts,
          evidence: object({ ingress: { type: 'array', items: reasons }, egress: { type: 'array', items: reasons } }),
        }),
      },
      connections: { type: 'array', items: object({ src: text, dst: text, conns, evidence: reasons }) },
      gaps: {
        type: 'array',
        items: object({ kind: { enum: ['closed', 'wide', 'note'] }, workload: text, what: text, evidence: reasons }),
      },
      withoutEvidence: { type: 'array', items: object({ workload: text, unreadSecrets: texts }) },
      left: { type: 'array', items: object({ workload: text, why: text }) },
      effect: object({
        blocks: narrowed,
        replaces: texts,
        stay: texts,
        keepOpen: narrowed,
        denied: { type: 'array', items: object({ src: text, dst: text, conns, by: texts }) },
      }),
      unread: { type: 'array', items: gap },
      // Only with recorded connections.
      replay: object({
        connections: count,
        distinct: count,
        notAsked: count,
        denied: { type: 'array', items: object({ who: text, what: text, count, last: text }) },
      }),
    },
    ['replay'],
  ),
};

/** By the name that `castellan schema` takes. */
export const NETWORK_SCHEMAS = {
  'net-entries': netEntries,
  'net-generate': netGenerate,
  'net-query': netQuery,
  'net-matrix': netMatrix,
  'net-tenants': netTenants,
  'net-reach': netReach,
};
