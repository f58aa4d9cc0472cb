import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { completeness } from '../../src/changes/requests/complete.ts';
import { readRecordFile } from '../../src/record/index.ts';
import { shopRecord } from '../../tools/shop-record.ts';

const FILE = join(import.meta.dirname, '../../examples/shop.record');

test('the record of the example is the one that its scenario gives, small and without a gap', () => {
  const record = readRecordFile(FILE);
  expect(record).toEqual(shopRecord());
  expect(statSync(FILE).size).toBeLessThan(200_000);
  expect(completeness({ record, servers: 2, users: [], accounts: undefined, rolesKnown: false })).toMatchObject({
    unknownBecause: [],
    streams: 2,
  });
});
