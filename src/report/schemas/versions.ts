/** The schemas of versions and of the data that they are judged by. */
import { count, DIALECT, gap, object, text, texts } from './parts.ts';

const severity = { enum: ['critical', 'high', 'medium', 'low'] } as const;
const textOrNull = { type: ['string', 'null'] } as const;
const day = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' } as const;
/** `true`: over, on a day that is not told. `false`: no day is set. */
const dayOrWord = { anyOf: [day, { type: 'boolean' }] } as const;
const tristate = { enum: ['yes', 'no', 'unknown'] } as const;
const place = { type: 'array', items: object({ object: text, path: text }) } as const;
const holes = { type: 'array', items: object({ id: text, component: text }) } as const;
const score = { type: 'number', minimum: 0, maximum: 10 } as const;

const support = object(
  {
    product: text,
    cycle: text,
    state: { enum: ['supported', 'maintenance', 'extended', 'ended', 'unlisted'] },
    active: dayOrWord,
    end: dayOrWord,
    extended: dayOrWord,
    latest: text,
    behind: { type: 'boolean' },
  },
  ['active', 'end', 'extended', 'latest', 'behind'],
);

const component = object({
  component: text,
  version: textOrNull,
  text,
  count,
  nodes: texts,
  where: place,
  support: { anyOf: [support, { type: 'null' }] },
  skew: { anyOf: [texts, { type: 'null' }] },
  cves: object({ applies: count, unknown: count }),
});

const cve = object(
  {
    id: text,
    severity,
    score,
    published: day,
    title: text,
    component: text,
    applies: tristate,
    because: text,
    versions: texts,
    nodes: texts,
    where: place,
    fixed: texts,
    advice: text,
    reference: text,
  },
  ['score', 'advice', 'reference'],
);

const use = object(
  { how: { enum: ['manifest', 'last-applied', 'client', 'request'] }, who: text, agent: text, last: text, count, objects: texts },
  ['who', 'agent', 'last'],
);
const removed = {
  type: 'array',
  items: object({ api: text, kinds: texts, removed: text, replacement: text, uses: { type: 'array', items: use } }, ['replacement']),
} as const;

const step = object({
  to: text,
  release: textOrNull,
  actions: { type: 'array', items: object({ part: { enum: ['before', 'server', 'control-plane', 'nodes'] }, components: texts, text }) },
  removed,
  closes: object({ cves: holes, findings: texts }),
});

const versions = {
  $schema: DIALECT,
  $id: 'castellan/versions/v1',
  title: 'Result of castellan versions',
  ...object({
    schema: { const: 'castellan/versions/v1' },
    on: day,
    data: object({ asOf: day }),
    kubernetes: object({ version: textOrNull, platform: textOrNull }),
    components: { type: 'array', items: component },
    unseen: texts,
    cves: { type: 'array', items: cve },
    upgrade: {
      anyOf: [object({ from: text, to: text, steps: { type: 'array', items: step }, already: removed, left: holes }), { type: 'null' }],
    },
    requests: object({ read: { type: 'boolean' } }),
    gaps: { type: 'array', items: gap },
  }),
};

const release = object(
  { cycle: text, released: dayOrWord, active: dayOrWord, end: dayOrWord, extended: dayOrWord, kubernetes: text, latest: text },
  ['released', 'active', 'end', 'extended', 'kubernetes', 'latest'],
);
const affected = object({
  components: texts,
  ranges: { type: 'array', items: object({ introduced: text, fixed: text }, ['fixed']) },
});
const known = object(
  {
    id: text,
    published: day,
    severity,
    score,
    title: text,
    affected: { type: 'array', items: affected },
    needs: text,
    told: text,
    advice: text,
    reference: text,
  },
  ['score', 'needs', 'told', 'advice', 'reference'],
);

const versionData = {
  $schema: DIALECT,
  $id: 'castellan/version-data/v1',
  title: 'Tables of castellan versions data, and of the file that --data takes',
  ...object({
    schema: { const: 'castellan/version-data/v1' },
    asOf: day,
    products: { type: 'object', additionalProperties: object({ title: text, releases: { type: 'array', items: release } }) },
    cves: { type: 'array', items: known },
    skew: {
      type: 'array',
      items: object(
        {
          component: text,
          to: { enum: ['kube-apiserver', 'kubelet-of-node'] },
          newer: count,
          older: count,
          olderBefore: object({ minor: count, older: count }),
        },
        ['olderBefore'],
      ),
    },
    removals: {
      type: 'array',
      items: object({ api: text, kinds: texts, deprecated: count, removed: count, replacement: text }, ['removed', 'replacement']),
    },
  }),
};

export const VERSIONS_SCHEMAS = { versions, 'version-data': versionData } as const;
