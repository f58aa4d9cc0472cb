import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../test/rule-tester.ts';
import { RUNS } from '../../test/runs.ts';
import type { Finding } from './finding.ts';
import { judge } from './judge.ts';
import { type Hit, type Rule, type Scope, defineRule } from './rule.ts';

const HEADER = {
  id: 'r',
  title: 'R',
  severity: 'low',
  area: 'governance',
  rationale: '',
  remedy: '',
  controls: [],
  examples: () => ({ good: [], bad: [] }),
} as const;

function rule(scope: Scope, check: () => Hit | Hit[] | undefined, more: Partial<Rule> = {}): Rule {
  return { ...defineRule({ ...HEADER, scope, check }), ...more };
}

function judged(objects: readonly unknown[], rules: readonly Rule[], all = false): Finding[] {
  const found: Finding[] = [];
  judge(clusterOf(objects), { rules, all }, (finding) => found.push(finding));
  return found;
}

const pod = (name: string, more: Record<string, unknown> = {}): unknown => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop' },
  spec: { hostPID: true, containers: [{ name: 'app', image: 'web', ...more }] },
});
const only = (found: readonly Finding[]): Finding => {
  const [finding] = found;
  if (finding === undefined || found.length !== 1) throw new Error(`${found.length} findings`);
  return finding;
};

describe('evidence', () => {
  it.each<[string, Scope, Hit, string, unknown]>([
    ['of a container is found below it', 'container', { message: 'm', path: 'image' }, 'spec.containers[0].image', 'web'],
    ['of a container with an empty path is the container', 'container', { message: 'm', path: '' }, 'spec.containers[0]', undefined],
    [
      'of the object that a container inherits from',
      'container',
      { message: 'm', path: 'spec.hostPID', fromObject: true },
      'spec.hostPID',
      true,
    ],
    ['of a workload', 'workload', { message: 'm', path: 'spec.hostPID' }, 'spec.hostPID', true],
    ['that is absent', 'workload', { message: 'm', path: 'spec.hostIPC' }, 'spec.hostIPC', undefined],
    ['of another value than what stands there', 'workload', { message: 'm', path: 'spec.hostPID', value: 'x' }, 'spec.hostPID', 'x'],
    ['that was said to be nothing', 'workload', { message: 'm', path: 'spec.hostPID', value: undefined }, 'spec.hostPID', undefined],
  ])('%s', (_name, scope, hit, path, value) => {
    const [evidence] = only(judged([pod('x')], [rule(scope, () => hit)])).evidence;
    expect(evidence).toMatchObject({ path, value, masked: false });
  });

  it('of a credential is masked, also in further places', () => {
    const hit: Hit = {
      message: 'm',
      path: 'spec.secret',
      value: 'hunter2-hunter2',
      secret: true,
      also: [{ path: 'spec.other', value: 'swordfish-swordfish', secret: true }, { path: 'metadata.name' }],
    };
    const { evidence } = only(judged([pod('x')], [rule('workload', () => hit)]));
    expect(JSON.stringify(evidence.map(({ value }) => value))).not.toMatch(/hunter2-h|swordfish/);
    expect(evidence.map(({ path, masked }) => [path, masked])).toEqual([
      ['spec.secret', true],
      ['spec.other', true],
      ['metadata.name', false],
    ]);
    expect(evidence[2]?.value).toBe('x');
  });
});

describe('the fingerprint', () => {
  const print = (objects: readonly unknown[], hit: Partial<Hit> = {}, scope: Scope = 'workload'): string =>
    only(judged(objects, [rule(scope, () => ({ message: 'm', path: '', ...hit }))])).fingerprint;
  const base = print([pod('x')]);

  it('does not change with words, values, paths and severities', () => {
    expect(print([pod('x')], { message: 'other', path: 'spec.hostPID', severity: 'high', value: 5 })).toBe(base);
    expect(print([pod('x', { image: 'other' })])).toBe(base);
  });

  it('changes with the key, the rule, the container and the object', () => {
    const others = [
      print([pod('x')], { key: 'k' }),
      print([pod('x')], {}, 'container'),
      print([pod('y')]),
      only(judged([pod('x')], [{ ...rule('workload', () => ({ message: 'm', path: '' })), id: 'other' }])).fingerprint,
    ];
    expect(new Set([base, ...others]).size).toBe(5);
  });

  it('does not change with the names that controllers give to pods', () => {
    const owned = (name: string): unknown => {
      const made = pod(name) as { metadata: object };
      return { ...made, metadata: { ...made.metadata, ownerReferences: [{ kind: 'ReplicaSet', name: 'web', controller: true }] } };
    };
    expect(print([owned('web-6d4cf56db6-x2b8k')])).toBe(print([owned('web-7f9c8d5b4c-zzzzz')]));
    expect(print([owned('web-x2b8k')])).toBe(print([owned('web-bcdfg')]));
    expect(print([owned('web-hello')])).not.toBe(print([owned('web-world')]));
    // Names that people gave are names, whatever they look like.
    expect(print([pod('db-shrd2')])).not.toBe(print([pod('db-shrd4')]));
  });

  it('tells hits apart that the rule does not', () => {
    const hits: Hit[] = [
      { message: 'a', path: '' },
      { message: 'b', path: '' },
      { message: 'c', path: '', key: 'k' },
      { message: 'd', path: '', key: 'k' },
    ];
    const found = judged([pod('x')], [rule('workload', () => hits)]);
    expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(4);
    expect(found.map(({ key }) => key)).toEqual([undefined, '#1', 'k', 'k#1']);
  });

  it('is the same whatever the order of the objects', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1 });
    const property = fc.property(names, (given) => {
      const prints = (list: readonly string[]): string[] =>
        judged(
          list.map((name) => pod(name)),
          [rule('container', () => ({ message: 'm', path: '' }))],
        )
          .map(({ fingerprint }) => fingerprint)
          .toSorted();
      expect(prints(given.toReversed())).toEqual(prints(given));
    });
    fc.assert(property, { numRuns: RUNS });
  });
});

describe('the judge', () => {
  const broken = rule('workload', () => {
    throw new Error('boom\nbelow');
  });

  it('makes of a rule that throws an unknown finding and a gap, and goes on', () => {
    const found: Finding[] = [];
    const good = { ...rule('container', () => ({ message: 'm', path: '' })), id: 'good' };
    const { gaps, evaluated } = judge(clusterOf([pod('x'), pod('y')]), { rules: [broken, good] }, (finding) => found.push(finding));
    expect(found.map((finding) => `${finding.rule.id} ${finding.status} ${finding.subject.name}`)).toEqual([
      'r unknown x',
      'good fail x',
      'r unknown y',
      'good fail y',
    ]);
    expect(found[0]?.message).toBe('the rule failed: boom');
    expect(gaps).toEqual([
      { scope: 'rule r', code: 'rule-failed', reason: 'the rule failed on 2 subjects: boom', effect: 'these judgements are unknown' },
    ]);
    expect([...evaluated].toSorted()).toEqual(['good', 'r']);
  });

  it('does the same when the question whether it applies throws', () => {
    const applies = (): boolean => {
      throw new Error('not so');
    };
    const found: Finding[] = [];
    const { gaps } = judge(clusterOf([pod('x')]), { rules: [rule('workload', () => undefined, { applies })] }, (finding) =>
      found.push(finding),
    );
    expect(found.map(({ status, message }) => [status, message])).toEqual([['unknown', 'the rule failed: not so']]);
    expect(gaps).toHaveLength(1);
  });

  it('tells what passed only when it is asked', () => {
    const quiet = rule('workload', () => undefined);
    expect(judged([pod('x')], [quiet])).toEqual([]);
    expect(judged([pod('x')], [quiet], true).map(({ status }) => status)).toEqual(['pass']);
    expect(judged([pod('x')], [{ ...quiet, applies: () => false }], true)).toEqual([]);
  });

  it('gives a rule the tables that it declares and no others', () => {
    let seen: unknown;
    const curious = defineRule({
      ...HEADER,
      scope: 'workload',
      reads: ['Service'],
      check: (_subject, tables) => void (seen = Object.keys(tables)),
    });
    judged([pod('x')], [curious]);
    expect(seen).toEqual(['Service']);
  });

  it('settles options field by field', () => {
    const seen: unknown[] = [];
    const asking = defineRule({
      ...HEADER,
      scope: 'workload',
      options: { a: 1, b: 2 },
      check: (_subject, _tables, options) => void seen.push(options),
    });
    for (const set of [undefined, { b: 3 }, { c: 4 }])
      judge(clusterOf([pod('x')]), { rules: [asking], ruleOptions: set === undefined ? {} : { r: set } }, () => undefined);
    expect(seen).toEqual([
      { a: 1, b: 2 },
      { a: 1, b: 3 },
      { a: 1, b: 2, c: 4 },
    ]);
  });

  it('says nothing of nothing', () => expect(judged([], [rule('cluster', () => ({ message: 'm', path: '' }))])).toEqual([]));
});
