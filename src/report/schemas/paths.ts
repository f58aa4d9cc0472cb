/** Schemas of ways in: paths, blast, and who reaches etcd. */
import { bound, chain, count, cutMethod, DIALECT, gap, object, text, texts } from './parts.ts';

const ways = object(
  {
    schema: { const: 'castellan/paths/v1' },
    target: text,
    footholds: { type: 'array', items: object({ from: text, entries: count, reaching: count, possible: count }, ['possible']) },
    addOn: object({ name: text, reaching: count, without: count }),
    smallestCut: object({ size: count, remove: texts, cost: bound, optimal: { type: 'boolean' }, atLeast: bound, method: cutMethod }, [
      'size',
      'cost',
    ]),
    bestSingle: { type: 'array', items: object({ remove: text, closes: count }) },
    chokePoints: { type: 'array', items: object({ vertex: text, entries: count }) },
    paths: { type: 'array', items: object({ target: text, count, entries: texts, chain, chainOf: text }, ['chainOf']) },
    gaps: { type: 'array', items: gap },
  },
  ['addOn', 'gaps'],
);

const paths = { $schema: DIALECT, $id: 'castellan/paths/v1', title: 'Result of castellan paths', ...ways };

const etcdReach = {
  $schema: DIALECT,
  $id: 'castellan/etcd-reach/v1',
  title: 'Result of castellan etcd reach',
  ...object(
    {
      schema: { const: 'castellan/etcd-reach/v1' },
      members: { type: 'array', items: object({ pod: text, nodes: texts, clientCertificate: { type: ['boolean', 'null'] } }) },
      nodes: texts,
      network: ways,
      data: ways,
      backups: {
        type: 'array',
        items: object(
          {
            object: text,
            schedule: text,
            target: text,
            suspended: { type: 'boolean' },
            lastSuccess: { type: ['string', 'null'] },
            by: text,
            told: texts,
          },
          ['by', 'told'],
        ),
      },
      unseen: texts,
    },
    ['network'],
  ),
};

const blast = {
  $schema: DIALECT,
  $id: 'castellan/blast/v1',
  title: 'Result of castellan blast',
  ...object(
    {
      schema: { const: 'castellan/blast/v1' },
      subject: text,
      reaches: { type: 'array', items: object({ kind: text, names: texts }) },
      worst: text,
      chain,
      gaps: { type: 'array', items: gap },
    },
    ['worst', 'chain', 'gaps'],
  ),
};

export const PATHS_SCHEMAS = { paths, blast, 'etcd-reach': etcdReach } as const;
