/** The schemas of fixes and of what proves them. */
import { OWNER_KINDS, DENIED_CODES, UNKNOWN_CODES } from '../../changes/index.ts';
import { change, count, DIALECT, object, text, texts } from './parts.ts';

const verdict = { enum: ['safe', 'breaks', 'unknown', 'not-touched'] } as const;
const code = { enum: Object.keys(UNKNOWN_CODES) } as const;
const closes = object({ exposed: count, workloads: count });

export const proof = object(
  {
    closes: object({ exposed: count, workloads: count, reachablePairs: count, controls: texts }),
    domains: object({ requests: verdict, flows: verdict, admission: verdict, starts: verdict }),
    verdict,
    unknownBecause: { type: 'array', items: code },
    unknown: { type: 'array', items: object({ code, about: text, because: text }) },
    denies: {
      type: 'array',
      items: object({ who: text, what: text, count, last: text, code: { enum: Object.keys(DENIED_CODES) }, because: text }, [
        'last',
        'code',
        'because',
      ]),
    },
    replayed: count,
    attestations: texts,
    unseen: object({ share: { type: 'number', minimum: 0, maximum: 1 }, kinds: count, once: count }),
    boundTo: texts,
    window: object({ from: text, to: text, streams: count, holes: { type: 'array', items: object({ from: text, to: text }) } }),
    expiresAt: text,
  },
  ['window', 'expiresAt', 'unseen'],
);

const owner = object({ kind: { enum: OWNER_KINDS }, name: text, where: text }, ['where']);

const fixes = {
  $schema: DIALECT,
  $id: 'castellan/fixes/v1',
  title: 'Result of castellan fixes',
  ...object(
    {
      schema: { const: 'castellan/fixes/v1' },
      before: object({ exposed: count, workloads: count, smallestCut: { type: ['integer', 'null'], minimum: 0 } }),
      fixes: {
        type: 'array',
        items: object({ id: text, title: text, owner, change, alone: closes, proof, instead: object({ title: text, change, proof }) }, [
          'instead',
        ]),
      },
      after: closes,
      ofTheBest: { type: 'number', minimum: 0, maximum: 1 },
      vendor: { type: 'array', items: object({ title: text, owner, closes }) },
      inherent: object({ exposed: count, workloads: count, through: { type: 'array', items: text } }),
      gaps: { type: 'array', items: object({ scope: text, reason: text, effect: text }) },
    },
    ['inherent'],
  ),
};

const whatif = {
  $schema: DIALECT,
  $id: 'castellan/whatif/v1',
  title: 'Result of castellan whatif',
  ...object({ schema: { const: 'castellan/whatif/v1' }, change, proof }),
};

export const FIXES_SCHEMAS = { fixes, whatif } as const;
