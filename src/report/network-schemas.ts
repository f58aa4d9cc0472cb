/** The schemas of what is asked of the network beyond list, exposure, diff, lint and why. */
import { DIALECT, count, object, text, texts } from './schema-parts.ts';

const PROTOCOL = { enum: ['TCP', 'UDP', 'SCTP'] } as const;
const port = { type: 'integer', minimum: 1, maximum: 65535 } as const;
/** A field of an object, with its place in the input. */
const field = object({ object: text, path: text, source: text, line: { type: 'integer', minimum: 1 } }, ['source', 'line']);

const netEntries = {
  $schema: DIALECT,
  $id: 'castellan/net-entries/v1',
  title: 'Result of castellan net entries',
  ...object({
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
  }),
};

/** By the name that `castellan schema` takes. */
export const NETWORK_SCHEMAS = { 'net-entries': netEntries };
