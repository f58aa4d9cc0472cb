/** The schema of what ports answered. */
import { CONFIGZ_CREDENTIALS, PORT_OWNERS, PORT_USES, PROBE_SCHEMA, TLS_VERSIONS } from '../../snapshot/index.ts';
import { count, DIALECT, gap, object, text, texts } from './parts.ts';

const flag = { type: 'boolean' } as const;

const certificate = object(
  {
    path: text,
    part: text,
    subject: text,
    issuer: text,
    names: texts,
    notBefore: text,
    notAfter: text,
    uses: texts,
    ca: flag,
    key: text,
    fingerprint: text,
    signature: text,
    selfSigned: flag,
    fits: flag,
  },
  ['part', 'fits'],
);

const tls = object({
  versions: {
    type: 'array',
    items: object({ version: { enum: TLS_VERSIONS }, accepted: { enum: ['yes', 'no', 'unknown'] }, suites: texts }),
  },
  clientCertificate: { enum: ['required', 'not-required', 'unknown'] },
  certificates: { type: 'array', items: certificate },
});

const endpoint = object(
  {
    host: text,
    port: count,
    component: { enum: PORT_OWNERS },
    use: { enum: PORT_USES },
    node: text,
    from: text,
    state: { enum: ['open', 'closed', 'silent'] },
    http: flag,
    tls,
    answers: {
      type: 'array',
      items: object({ scheme: { enum: ['http', 'https'] }, path: text, status: count, failed: text }, ['status', 'failed']),
    },
    configz: object({ by: { enum: CONFIGZ_CREDENTIALS }, untrusted: text, config: { type: 'object' } }, ['untrusted']),
  },
  ['node', 'tls', 'configz'],
);

/** `finding` and `rule` are those of castellan/scan/v1. */
export function probeSchemas(finding: unknown, rule: unknown): { probe: Record<string, unknown> } {
  return {
    probe: {
      $schema: DIALECT,
      $id: PROBE_SCHEMA,
      title: 'Result of castellan probe',
      ...object({
        schema: { const: PROBE_SCHEMA },
        probedAt: text,
        probedBy: text,
        connections: count,
        endpoints: { type: 'array', items: endpoint },
        findings: { type: 'array', items: finding },
        rules: { type: 'object', additionalProperties: rule },
        gaps: { type: 'array', items: gap },
      }),
    },
  };
}
