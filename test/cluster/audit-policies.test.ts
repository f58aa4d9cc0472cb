/** The generator makes what a comparison needs: accepted policies, requests of every sort, the same ones for a seed. */
import { expect, it } from 'vitest';
import { LEVELS, type Mismatch, explainLevel, parsePolicy } from '../../src/engines/audit-policy/index.ts';
import { requestInfo } from '../../src/engines/request-info/index.ts';
import { randomPolicy, randomRequest } from './audit-policies.ts';
import { random } from './random.ts';

it('makes the same of the same seed', () => {
  const of = (seed: number): unknown[] => [randomPolicy(random(seed)), randomRequest(random(seed))];
  expect(of(7)).toEqual(of(7));
  expect(of(7)).not.toEqual(of(8));
});

it('makes policies that are accepted and requests that miss and match their rules in every way', () => {
  const chance = random(1);
  const verbs = new Map<string, number>();
  const levels = new Map<string, number>();
  const reasons = new Map<Mismatch, number>();
  const count = <K>(map: Map<K, number>, key: K): unknown => map.set(key, (map.get(key) ?? 0) + 1);
  for (let policies = 0; policies < 100; policies += 1) {
    const { policy, problems, ignored } = parsePolicy(randomPolicy(chance));
    expect([...problems, ...ignored]).toEqual([]);
    if (policy === undefined) throw new Error('no policy');
    for (let requests = 0; requests < 50; requests += 1) {
      const { method, url, user } = randomRequest(chance);
      const info = requestInfo(method, url);
      expect(info?.problem).toBeUndefined();
      if (info === undefined) throw new Error(url);
      count(verbs, info.verb);
      const decision = explainLevel(policy, { ...info, user });
      count(levels, decision.level);
      for (const { because } of decision.reasons) count(reasons, because);
    }
  }
  const rare = (map: ReadonlyMap<string, number>, keys: readonly string[]): string[] => keys.filter((key) => (map.get(key) ?? 0) < 20);
  expect(rare(verbs, ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'proxy', 'head', 'post'])).toEqual(
    [],
  );
  expect(rare(levels, LEVELS)).toEqual([]);
  expect(rare(reasons, ['user', 'group', 'verb', 'not-a-resource', 'namespace', 'resource', 'name', 'not-a-path', 'path'])).toEqual([]);
});
