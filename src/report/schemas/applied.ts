/** The schema of what castellan apply keeps of what it did to a cluster. */
import { DIALECT, object, operation, text } from './parts.ts';

const action = {
  anyOf: [
    object({ operation: { const: 'patch' }, patch: { type: 'array', items: operation } }),
    object({ operation: { const: 'create' }, object: { type: 'object' } }),
    object({ operation: { const: 'delete' }, uid: text, resourceVersion: text }, ['uid', 'resourceVersion']),
  ],
} as const;

const applied = {
  $schema: DIALECT,
  $id: 'castellan/applied/v1',
  title: 'What castellan apply did to a cluster',
  ...object({
    schema: { const: 'castellan/applied/v1' },
    server: text,
    context: text,
    at: text,
    fixes: { type: 'array', items: object({ id: text, title: text }) },
    steps: {
      type: 'array',
      items: object(
        {
          target: text,
          apiVersion: text,
          kind: text,
          namespace: text,
          name: text,
          path: text,
          action,
          back: action,
          state: { enum: ['planned', 'asked', 'done', 'refused', 'undone'] },
        },
        ['back'],
      ),
    },
  }),
};

export const APPLIED_SCHEMAS = { applied } as const;
