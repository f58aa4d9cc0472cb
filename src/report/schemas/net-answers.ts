/** Schemas of who may talk to whom, why, and whether it is so. */
import { conns, count, counts, DIALECT, netGaps, object, severity, text, texts } from './parts.ts';

const connection = object({ src: text, dst: text, conns });

const netList = {
  $schema: DIALECT,
  $id: 'castellan/net-list/v1',
  title: 'Result of castellan net list',
  ...object({ schema: { const: 'castellan/net-list/v1' }, connections: { type: 'array', items: connection }, gaps: netGaps }, ['gaps']),
};

const netExposure = {
  $schema: DIALECT,
  $id: 'castellan/net-exposure/v1',
  title: 'Result of castellan net exposure',
  ...object(
    {
      schema: { const: 'castellan/net-exposure/v1' },
      egress: { type: 'array', items: connection },
      ingress: { type: 'array', items: connection },
      unprotected: { type: 'array', items: object({ workload: text, direction: { enum: ['Ingress', 'Egress'] } }) },
      gaps: netGaps,
    },
    ['gaps'],
  ),
};

const netDiff = {
  $schema: DIALECT,
  $id: 'castellan/net-diff/v1',
  title: 'Result of castellan net diff',
  ...object(
    {
      schema: { const: 'castellan/net-diff/v1' },
      changes: {
        type: 'array',
        items: object(
          { type: { enum: ['added', 'removed', 'changed'] }, src: text, dst: text, before: conns, after: conns, workloads: text },
          ['workloads'],
        ),
      },
      gaps: netGaps,
    },
    ['gaps'],
  ),
};

const netCompare = {
  $schema: DIALECT,
  $id: 'castellan/net-compare/v1',
  title: 'Result of castellan net compare',
  ...object(
    {
      schema: { const: 'castellan/net-compare/v1' },
      answers: {
        type: 'array',
        items: object(
          {
            question: { enum: ['equivalent', 'contains', 'permits', 'forbids', 'interferes'] },
            answer: { type: 'boolean' },
            example: object({ src: text, dst: text, conns }),
          },
          ['example'],
        ),
      },
      gaps: netGaps,
    },
    ['gaps'],
  ),
};

const place = { type: 'integer', minimum: 1 } as const;

const netLint = {
  $schema: DIALECT,
  $id: 'castellan/net-lint/v1',
  title: 'Result of castellan net lint',
  ...object(
    {
      schema: { const: 'castellan/net-lint/v1' },
      findings: {
        type: 'array',
        items: object(
          {
            rule: text,
            severity,
            status: { const: 'unknown' },
            policy: text,
            direction: { enum: ['ingress', 'egress'] },
            ruleIndex: place,
            peerIndex: place,
            workload: text,
            message: text,
            path: text,
            source: text,
            line: place,
            column: place,
          },
          ['status', 'direction', 'ruleIndex', 'peerIndex', 'workload', 'source', 'line', 'column'],
        ),
      },
      gaps: netGaps,
    },
    ['gaps'],
  ),
};

const sideReason = object(
  {
    verdict: { enum: ['allow', 'deny'] },
    by: texts,
    default: { type: 'boolean' },
    missed: { type: 'array', items: object({ rule: text, on: { enum: ['peer', 'port', 'protocol', 'direction'] }, wants: text }) },
    shadowed: { type: 'array', items: object({ rule: text, verdict: { enum: ['allow', 'deny', 'pass'] } }) },
  },
  ['missed', 'shadowed'],
);

const part = { conns, verdict: { enum: ['allow', 'deny'] }, egress: sideReason, ingress: sideReason };
const pairs = object({ count: { type: 'integer', minimum: 1 }, src: text, dst: text });
const whyPart = object({ ...part, family: { enum: ['IPv4', 'IPv6'] }, pairs }, ['family', 'pairs']);

const netAssert = {
  $schema: DIALECT,
  $id: 'castellan/net-assert/v1',
  title: 'Result of castellan net assert',
  ...object(
    {
      schema: { const: 'castellan/net-assert/v1' },
      file: text,
      results: {
        type: 'array',
        items: object(
          {
            status: { enum: ['pass', 'fail', 'unknown'] },
            verb: { enum: ['deny', 'allow'] },
            assertion: text,
            title: text,
            line: { type: 'integer', minimum: 1 },
            reason: text,
            pairs: counts(['judged', 'failing', 'excepted']),
            counterexamples: { type: 'array', items: object({ src: text, dst: text, conns, why: object(part) }, ['why']) },
          },
          ['title'],
        ),
      },
      exceptions: {
        type: 'array',
        items: object({
          status: { enum: ['used', 'unused', 'expired'] },
          exception: text,
          line: { type: 'integer', minimum: 1 },
          until: text,
          reason: text,
        }),
      },
      summary: counts(['passed', 'failed', 'unknown']),
      gaps: netGaps,
    },
    ['gaps'],
  ),
};

const netWhy = {
  $schema: DIALECT,
  $id: 'castellan/net-why/v1',
  title: 'Result of castellan net why',
  ...object(
    {
      schema: { const: 'castellan/net-why/v1' },
      from: text,
      to: text,
      allowed: conns,
      parts: { type: 'array', items: whyPart },
      unasked: { type: 'array', items: object({ reason: { enum: ['families', 'port'] }, pairs }) },
      gaps: netGaps,
    },
    ['unasked', 'gaps'],
  ),
};

const netVerify = {
  $schema: DIALECT,
  $id: 'castellan/net-verify/v1',
  title: 'Result of castellan net verify',
  ...object({
    schema: { const: 'castellan/net-verify/v1' },
    context: text,
    server: text,
    image: text,
    nodes: texts,
    features: {
      type: 'array',
      items: object(
        {
          feature: text,
          title: text,
          enforced: { enum: ['yes', 'no', 'unknown'] },
          how: text,
          seconds: { type: 'number', minimum: 0 },
          usedBy: texts,
          probes: {
            type: 'array',
            items: object({ from: text, to: text, expected: { enum: ['stops', 'flows'] }, without: text, with: text }, ['without', 'with']),
          },
        },
        ['seconds'],
      ),
    },
    summary: counts(['yes', 'no', 'unknown']),
    wrote: { type: 'array', items: object({ verb: { enum: ['create', 'delete'] }, resource: text, count }) },
    left: texts,
  }),
};

export const NET_SCHEMAS = {
  'net-list': netList,
  'net-exposure': netExposure,
  'net-compare': netCompare,
  'net-diff': netDiff,
  'net-lint': netLint,
  'net-why': netWhy,
  'net-assert': netAssert,
  'net-verify': netVerify,
} as const;
