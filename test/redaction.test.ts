/** Rules say the same of an object once what must not leave the cluster is taken out of it. */
import { describe, expect, it } from 'vitest';
import { redact } from '../src/collect/cluster/redact.ts';
import { RULES } from '../src/rules/index.ts';
import { told } from './cluster/filled-in/told.ts';
import { objectsOf } from './rule-tester.ts';

type Fields = Record<string, unknown>;

function redacted(object: Fields): Fields {
  const copy = structuredClone(object);
  if (copy.kind === 'Secret') return object;
  redact(copy);
  return copy;
}

describe('the examples of every rule', () => {
  it.each(RULES.map((rule) => [rule.id, rule] as const))('of %s are judged alike', (_, rule) => {
    const { good, bad, options } = rule.examples();
    for (const yaml of [...good, ...bad.map((each) => each.yaml)]) {
      const objects = objectsOf(yaml) as Fields[];
      const ruleOptions = { [rule.id]: options };
      expect(told([rule], objects.map(redacted), ruleOptions), yaml).toEqual(told([rule], objects, ruleOptions));
    }
  });
});
