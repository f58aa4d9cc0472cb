/**
 * What the server fills in, and what a reading leaves out, change no judgement: each example of each rule is judged as
 * it is written, as the server keeps it, and as it is read from there. differences.ts explains the rest.
 */
import { beforeAll, expect, it } from 'vitest';
import { RULES, type Rule } from '../../../src/rules/index.ts';
import { objectsOf } from '../../rule-tester.ts';
import { each, inBulk } from '../bulk.ts';
import { describeCluster } from '../describe-cluster.ts';
import { FILLED_IN, READ, namesOf } from './differences.ts';
import { RELEASES } from '../parts.ts';
import { type Fields, asServed, makePlaces, servedKinds } from './served.ts';
import { asRead, differences, told } from './told.ts';

interface Example {
  rule: Rule;
  /** `replicas: bad 0`. */
  name: string;
  written: Fields[];
}

interface Served extends Example {
  served: Fields[];
  accepted: number;
}

const ALONE = ['kube-controller-manager', 'kube-scheduler'] as const;

for (const release of RELEASES) {
  describeCluster(`examples of rules in ${release}`, { release, skip: ALONE, auditPolicy: 'off' }, (cluster) => {
    let examples: Served[] = [];

    beforeAll(async () => {
      examples = await inBulk(cluster(), async (ask) => {
        const all = RULES.flatMap(examplesOf);
        const kinds = await servedKinds(ask);
        await makePlaces(
          ask,
          all.flatMap(({ written }) => written),
        );
        return each(all, async (example): Promise<Served> => {
          const answers = await each(example.written, (object) => asServed(ask, kinds, object));
          const served = answers.map((answer, index) => (typeof answer === 'string' ? (example.written[index] ?? {}) : answer));
          return { ...example, served, accepted: answers.filter((answer) => typeof answer !== 'string').length };
        });
      });
    });

    it('are nearly all taken by the server', () => {
      const taken = examples.filter(({ accepted }) => accepted > 0);
      expect(taken.length).toBeGreaterThan(1200);
    });

    it('say the same once the server has filled in what is absent', () => {
      const found = differencesBetween(examples, ({ written, served }) => [written, served]);
      expect([...found.keys()].toSorted(), textOf(found)).toEqual(namesOf(FILLED_IN, release));
    });

    it('say the same once they are read: redacted, and without what changes by itself', () => {
      const found = differencesBetween(examples, ({ served }) => [served, served.map(asRead)]);
      expect([...found.keys()].toSorted(), textOf(found)).toEqual(namesOf(READ, release));
    });
  });
}

function examplesOf(rule: Rule): Example[] {
  const { good, bad } = rule.examples();
  const named = (kind: string) => (yaml: string, index: number) => ({
    rule,
    name: `${rule.id}: ${kind} ${index}`,
    written: objectsOf(yaml) as Fields[],
  });
  return [...good.map(named('good')), ...bad.map(({ yaml }) => yaml).map(named('bad'))];
}

type Forms = readonly [before: readonly Fields[], after: readonly Fields[]];

/** By the name of an example what is told of one form only; examples without any are left out. */
function differencesBetween(examples: readonly Served[], formsOf: (example: Served) => Forms): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const example of examples) {
    const { rule } = example;
    const ruleOptions = { [rule.id]: rule.examples().options };
    const [before, after] = formsOf(example).map((objects) => told([rule], objects, ruleOptions));
    const lines = differences(before ?? [], after ?? []);
    if (lines.length > 0) found.set(example.name, lines);
  }
  return found;
}

function textOf(differences: ReadonlyMap<string, readonly string[]>): string {
  return [...differences].map(([name, lines]) => [name, ...lines].join('\n  ')).join('\n');
}
