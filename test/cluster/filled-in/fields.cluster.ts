/** What the server fills in is what the model takes absent fields for, field by field (fields.ts). */
import { expect, it } from 'vitest';
import { RULES } from '../../../src/rules/index.ts';
import { each, inBulk } from '../bulk.ts';
import { describeCluster } from '../describe-cluster.ts';
import { RELEASES } from '../parts.ts';
import { FILLED_IN } from './differences.ts';
import { FIELDS } from './fields.ts';
import { filledIn } from './filled-in.ts';
import { MINIMAL } from './minimal.ts';
import { type Fields, asServed, makePlaces, servedKinds } from './served.ts';
import { differences, told } from './told.ts';

const ALONE = ['kube-controller-manager', 'kube-scheduler'] as const;
const ANY = new Set(FIELDS.filter(([, value]) => value === '…').map(([field]) => field));

for (const release of RELEASES) {
  describeCluster(`absent fields in ${release}`, { release, skip: ALONE, auditPolicy: 'off' }, (cluster) => {
    it('are filled in with what the table says, and no others are', async () => {
      const served = await inBulk(cluster(), async (ask) => {
        const kinds = await servedKinds(ask);
        await makePlaces(ask, MINIMAL);
        return each(MINIMAL, async (object): Promise<Fields> => {
          const answer = await asServed(ask, kinds, object);
          if (typeof answer === 'string') throw new Error(answer);
          return answer;
        });
      });
      const found = MINIMAL.flatMap((object, index) => filledIn(object, served[index] ?? {}));
      const lines = found.map(([field, value]) => `${field} ${ANY.has(field) ? '…' : JSON.stringify(value)}`);
      expect([...new Set(lines)].toSorted()).toEqual(FIELDS.map(([field, value]) => `${field} ${value}`).toSorted());

      const explained = new Set(FILLED_IN.map(({ rule }) => rule));
      const judged = differences(told(RULES, MINIMAL), told(RULES, served));
      expect(judged.filter((line) => !explained.has(line.slice(2).split(':')[0] ?? ''))).toEqual([]);
    });
  });
}
