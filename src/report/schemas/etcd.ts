/** The schema of what is said of a database of etcd. */
import { DIALECT, count, object, text, texts } from './parts.ts';

const number = { type: ['integer', 'null'], minimum: 0 } as const;
const maybe = { type: ['string', 'null'] } as const;
const resource = object({ total: count, plain: count, encrypted: count, by: { type: 'object', additionalProperties: count } });
const member = object({ id: text, name: text, peerURLs: texts, clientURLs: texts, isLearner: { type: 'boolean' } });

const PROBLEM_CODES = [
  'not-bbolt',
  'not-etcd',
  'truncated',
  'checksum',
  'meta',
  'page',
  'order',
  'used-twice',
  'freelist',
  'bucket',
  'revision',
  'record',
  'history',
  'value',
  'lease',
  'member',
  'too-large',
] as const;

const etcd = {
  $schema: DIALECT,
  $id: 'castellan/etcd/v1',
  title: 'Result of castellan etcd verify',
  ...object(
    {
      schema: { const: 'castellan/etcd/v1' },
      intact: { type: 'boolean' },
      problems: {
        type: 'array',
        items: object({ code: { enum: PROBLEM_CODES }, message: text, page: count, offset: count }, ['page', 'offset']),
      },
      problemCount: count,
      integrity: object({ checksum: { enum: ['matches', 'differs', 'absent'] }, unseen: texts }),
      revision: number,
      keys: count,
      bytes: count,
      prefix: maybe,
      resources: { type: 'object', additionalProperties: resource },
      protected: texts,
      plain: texts,
      pastPlain: texts,
      keysInUse: { type: 'array', items: object({ by: text, version: text, keyId: text, objects: count }, ['keyId']) },
      configuration: {
        type: 'array',
        items: object(
          {
            code: { enum: ['identity-first', 'not-covered', 'key-missing', 'plain-unreadable', 'old-key'] },
            resource: text,
            by: text,
            objects: count,
            message: text,
          },
          ['by'],
        ),
      },
      newest: {
        anyOf: [{ type: 'null' }, object({ time: text, object: text, of: { enum: ['creation', 'renewal'] } })],
      },
      etcd: object({
        storageVersion: maybe,
        clusterVersion: maybe,
        consistentIndex: number,
        term: number,
        compactedRevision: count,
        authEnabled: { type: 'boolean' },
        leases: count,
        records: count,
        deletions: count,
        members: { type: 'array', items: member },
      }),
      file: object({ bytes: count, pageSize: number, pages: count, pagesInUse: count }),
      restore: object({ version: text, revision: count, keys: count, agrees: { type: 'boolean' } }),
    },
    ['configuration', 'restore'],
  ),
};

export const ETCD_SCHEMAS = { etcd } as const;
