/** What the published schemas are put together from. */
import { CLASSES } from '../../graph/index.ts';
import { SEVERITIES, STATUSES } from '../../rules/index.ts';

export const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
export const text = { type: 'string' } as const;
export const count = { type: 'integer', minimum: 0 } as const;
export const texts = { type: 'array', items: text } as const;

/** An object with exactly these fields known; all of them are there but those that are named as optional. */
export function object(properties: Record<string, unknown>, optional: readonly string[] = []): Record<string, unknown> {
  return { type: 'object', properties, required: Object.keys(properties).filter((name) => !optional.includes(name)) };
}

/** What may flow: `all`, or ports and ranges of ports by protocol; of ports that no pod is known to declare, their names. */
export const conns = { anyOf: [{ const: 'all' }, { type: 'object', additionalProperties: texts }] } as const;

/** What could not be read or judged. */
export const gap = object({ scope: text, code: text, reason: text, effect: text });

/**
 * What lowers an answer about the network: policies that the plug-in does not enforce, and what could not be read; left out
 * where there is nothing of the kind.
 */
export const netGaps = {
  type: 'array',
  items: {
    anyOf: [
      object({
        code: {
          enum: [
            'cni-ignores-policies',
            'policy-kind-not-enforced',
            'policies-not-judged',
            'namespace-labels-unknown',
            'nodes-unknown',
            'names-unknown',
            'priority-undefined',
            'label-value-unknown',
            'pod-addresses-unknown',
            'ipv6-left-out',
            'pods-differ',
          ],
        },
        message: text,
      }),
      gap,
    ],
  },
} as const;

/** Of RFC 6902. */
export const operation = object({ op: { enum: ['add', 'remove', 'replace', 'test'] }, path: text, value: {} }, ['value']);

/** Patches as findings and fixes have them. */
export const change = object({
  patches: {
    type: 'array',
    items: object(
      {
        target: text,
        operation: { enum: ['patch', 'create', 'delete'] },
        patch: { type: 'array', items: operation },
        object: {},
        file: text,
      },
      ['object', 'file'],
    ),
  },
  effort: { enum: ['low', 'medium', 'high'] },
});

const pathEvidence = object({ object: text, path: text, assumed: { const: true }, source: text, line: { type: 'integer', minimum: 1 } }, [
  'assumed',
  'source',
  'line',
]);
const hop = object(
  { edge: text, from: text, to: text, with: texts, class: { enum: CLASSES }, evidence: { type: 'array', items: pathEvidence } },
  ['with'],
);

/** A way from one thing to another, step by step. */
export const chain = { type: 'array', items: hop } as const;

/** Of a cut. */
export const cutMethod = { enum: ['nothing-to-cut', 'flow', 'hitting-set', 'improved-flow', 'none'] } as const;
export const bound = { type: 'number', minimum: 0 } as const;

export const severity = { enum: SEVERITIES } as const;
export const status = { enum: STATUSES } as const;

export function counts(keys: readonly string[]): Record<string, unknown> {
  return object(Object.fromEntries(keys.map((key) => [key, count])));
}
