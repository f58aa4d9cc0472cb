/** The schema of who is let in as whom. */
import { DIALECT, gap, object, text, texts } from './parts.ts';

const flag = { type: 'boolean' } as const;
const kind = {
  enum: [
    'request-header',
    'client-certificate',
    'static-token',
    'legacy-service-account',
    'service-account',
    'bootstrap-token',
    'jwt',
    'webhook',
    'anonymous',
  ],
} as const;

const mapping = { anyOf: [object({ claim: text, prefix: text }), object({ expression: text })] };
const issuer = object(
  {
    url: text,
    audiences: texts,
    algorithms: texts,
    username: mapping,
    groups: mapping,
    uid: mapping,
    extra: { type: 'array', items: object({ key: text, expression: text }) },
    required: { type: 'array', items: object({ claim: text, value: text }) },
    conditions: texts,
  },
  ['groups', 'uid'],
);

const authenticator = object(
  {
    kind,
    where: object({ source: text, path: text, shown: {} }),
    ca: text,
    names: texts,
    userHeaders: texts,
    file: text,
    lookup: flag,
    issuers: texts,
    audiences: texts,
    issuer,
    paths: texts,
  },
  ['where', 'ca', 'names', 'userHeaders', 'file', 'lookup', 'issuers', 'audiences', 'issuer', 'paths'],
);

const lasting = object(
  { by: kind, what: text, endsBy: { enum: ['expiry', 'deletion', 'restart'] }, because: text, source: text, path: text, until: text },
  ['source', 'path', 'until'],
);

const user = object({ username: text, uid: text, groups: texts, extra: { type: 'object', additionalProperties: texts } }, [
  'username',
  'uid',
  'groups',
  'extra',
]);

const token = object({ id: text, accepted: { enum: ['yes', 'no', 'unknown'] }, by: kind, as: user, because: text, assumes: texts }, [
  'by',
  'as',
]);

export const AUTHN_SCHEMAS = {
  authn: {
    $schema: DIALECT,
    $id: 'castellan/authn/v1',
    title: 'Result of castellan authn',
    ...object({
      schema: { const: 'castellan/authn/v1' },
      servers: {
        type: 'array',
        items: object({
          node: { type: ['string', 'null'] },
          source: text,
          unseen: texts,
          authenticators: { type: 'array', items: authenticator },
          lasting: { type: 'array', items: lasting },
          tokens: { type: 'array', items: token },
        }),
      },
      gaps: { type: 'array', items: gap },
    }),
  },
} as const;
