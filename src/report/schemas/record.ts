/** Schemas of the record of use, and of the permissions that reading a cluster takes. */
import { count, DIALECT, object, text, texts } from './parts.ts';

const permission = object({ verb: { enum: ['list', 'get', 'create', 'delete'] }, group: text, resource: text });

const permissions = {
  $schema: DIALECT,
  $id: 'castellan/permissions/v1',
  title: 'castellan permissions',
  ...object(
    {
      schema: { const: 'castellan/permissions/v1' },
      needed: { type: 'array', items: permission },
      missing: { type: 'array', items: permission },
    },
    ['missing'],
  ),
};

const spanText = { from: text, to: text };

const recordShow = {
  $schema: DIALECT,
  $id: 'castellan/record-show/v1',
  title: 'Result of castellan record show',
  ...object({
    schema: { const: 'castellan/record-show/v1' },
    streams: {
      type: 'array',
      items: object(
        {
          name: text,
          kind: { enum: ['audit', 'flows'] },
          formats: texts,
          events: count,
          unread: { type: 'object', additionalProperties: count },
          ...spanText,
          heartbeats: { type: 'boolean' },
          holes: { type: 'array', items: object(spanText) },
        },
        ['from', 'to'],
      ),
    },
    actors: count,
    requests: count,
    flows: count,
    addresses: count,
  }),
};

export const RECORD_SCHEMAS = { permissions, 'record-show': recordShow } as const;
