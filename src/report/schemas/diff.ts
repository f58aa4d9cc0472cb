/** The schema of what lies between two states. */
import { conns, count, chain, DIALECT, gap, object, text, texts } from './parts.ts';
import { proof } from './fixes.ts';

const way = object({ entry: text, target: text, foothold: { enum: ['exposed', 'workloads'] }, witness: text, chain });
const connection = object(
  { type: { enum: ['added', 'removed', 'changed'] }, src: text, dst: text, before: conns, after: conns, conns, workloads: text },
  ['workloads'],
);
const name = { enum: ['privileged', 'baseline', 'restricted'] } as const;
const level = { anyOf: [name, { type: 'null' }] } as const;
const finding = object({ rule: text, severity: text, subject: text, message: text, fingerprint: text });

const diff = {
  $schema: DIALECT,
  $id: 'castellan/diff/v1',
  title: 'Result of castellan diff',
  ...object(
    {
      schema: { const: 'castellan/diff/v1' },
      verdict: text,
      newPaths: { type: 'array', items: way },
      closedPaths: { type: 'array', items: way },
      cut: object({ kind: { enum: ['take-back', 'take-away', 'none'] }, parts: texts, sentence: text }),
      reachability: object({ added: { type: 'array', items: connection }, removed: { type: 'array', items: connection } }),
      levels: {
        type: 'array',
        items: object(
          { subject: text, what: { enum: ['enforced', 'met'] }, before: level, after: level, lowered: { const: true }, refusedBy: name },
          ['lowered', 'refusedBy'],
        ),
      },
      findings: object({ new: { type: 'array', items: finding }, gone: { type: 'array', items: finding } }),
      objects: count,
      proof,
      gaps: { type: 'array', items: gap },
    },
    ['cut'],
  ),
};

export const DIFF_SCHEMAS = { diff } as const;
