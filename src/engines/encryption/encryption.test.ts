import { describe, expect, it } from 'vitest';
import { type EncryptionConfiguration, parseEncryptionConfiguration, providersFor } from './configuration.ts';
import { type StoredForms, isProtected, judgeConfiguration } from './judge.ts';

const IDENTITY = { identity: {} };

function aescbc(...names: string[]): object {
  return { aescbc: { keys: names.map((name) => ({ name, secret: 'c2VjcmV0' })) } };
}

function file(...resources: [string[], object[]][]): unknown {
  return { kind: 'EncryptionConfiguration', resources: resources.map(([names, providers]) => ({ resources: names, providers })) };
}

function configured(...resources: [string[], object[]][]): EncryptionConfiguration {
  const parsed = parseEncryptionConfiguration(file(...resources));
  if ('fault' in parsed) throw new Error(parsed.fault);
  return parsed.configuration;
}

describe('parsing', () => {
  it.each([
    ['no file', undefined, 'it is no EncryptionConfiguration'],
    ['another kind', { kind: 'Secret' }, 'it is no EncryptionConfiguration'],
    ['no resources', { kind: 'EncryptionConfiguration' }, 'it names no resources'],
    ['an entry without resources', file([[], [IDENTITY]]), 'resources[0] names no resources'],
    ['no providers', file([['secrets'], []]), 'resources[0] has no providers'],
    ['an unknown provider', file([['secrets'], [{ rot13: {} }]]), 'resources[0] has a provider that is not one of those that there are'],
    [
      'two in one',
      file([['secrets'], [{ ...aescbc('a'), ...IDENTITY }]]),
      'resources[0] has a provider that is not one of those that there are',
    ],
    ['a key without a name', file([['secrets'], [aescbc('')]]), 'resources[0] has a provider aescbc without the name of a key'],
    ['kms without a name', file([['secrets'], [{ kms: {} }]]), 'resources[0] has a provider kms without the name of a key'],
    [
      'a wildcard before it',
      file([['*.'], [IDENTITY]], [['secrets'], [IDENTITY]]),
      'resources[1] has secrets, which *. before it takes in',
    ],
    [
      'everything before it',
      file([['*.*'], [IDENTITY]], [['jobs.batch'], [IDENTITY]]),
      'resources[1] has jobs.batch, which *.* before it takes in',
    ],
  ])('%s', (_, value, fault) => {
    expect(parseEncryptionConfiguration(value)).toEqual({ fault });
  });
});

describe('which providers a resource has', () => {
  const configuration = configured(
    [['events'], [IDENTITY]],
    [['secrets', 'widgets.example.com'], [aescbc('a')]],
    [['*.apps'], [aescbc('apps')]],
    [['*.'], [aescbc('core')]],
    [['*.*'], [aescbc('all')]],
  );

  it.each([
    ['secrets', 'a'],
    ['widgets.example.com', 'a'],
    ['deployments', 'apps'],
    ['configmaps', 'core'],
    ['pods', 'core'],
    ['clusterroles', 'all'],
    ['gadgets.example.com', 'all'],
    ['customresourcedefinitions.apiextensions.k8s.io', 'all'],
  ])('%s: %s', (resource, key) => {
    expect(providersFor(configuration, resource)).toEqual([{ kind: 'aescbc', keys: [key] }]);
    expect(isProtected(configuration, resource)).toBe(true);
  });

  it('what only identity is for is not protected', () => {
    expect(isProtected(configuration, 'events')).toBe(false);
    expect(isProtected(configured([['secrets'], [aescbc('a')]]), 'configmaps')).toBe(false);
  });

  it('entries of the same resource add up', () => {
    expect(providersFor(configured([['secrets'], [aescbc('a')]], [['secrets'], [IDENTITY]]), 'secrets')).toHaveLength(2);
  });
});

describe('what is stored against what is configured', () => {
  const stored = (plain: number, by: Record<string, number> = {}): StoredForms => ({
    name: 'secrets',
    plain,
    by: new Map(Object.entries(by)),
  });
  const judged = (providers: object[], forms: StoredForms): unknown[] =>
    judgeConfiguration(configured([['secrets'], providers]), [forms]).map(({ code, by, objects }) => [code, by, objects]);

  it('nothing to say where everything is encrypted by the key that writes', () => {
    expect(judged([aescbc('b', 'a'), IDENTITY], stored(0, { 'aescbc/b': 3 }))).toEqual([]);
  });

  it('identity first', () => {
    expect(judged([IDENTITY, aescbc('a')], stored(2, { 'aescbc/a': 1 }))).toEqual([
      ['identity-first', undefined, 2],
      ['old-key', 'aescbc/a', 1],
    ]);
  });

  it('a key that is gone, one that is old, and plain ones that nobody can read', () => {
    expect(judged([aescbc('b', 'a')], stored(4, { 'aescbc/a': 1, 'aescbc/b': 2, 'aescbc/c': 3 }))).toEqual([
      ['plain-unreadable', undefined, 4],
      ['old-key', 'aescbc/a', 1],
      ['key-missing', 'aescbc/c', 3],
    ]);
  });

  it('the name of kms is its key', () => {
    const kms = { kms: { apiVersion: 'v2', name: 'vault' } };
    expect(judged([kms, IDENTITY], stored(0, { 'kms/vault': 3 }))).toEqual([]);
  });

  it('Secrets that are not covered, and values of what is not configured', () => {
    const notes = judgeConfiguration(configured([['configmaps'], [aescbc('a')]]), [stored(3, { 'aescbc/a': 1 })]);
    expect(notes.map(({ code, objects }) => [code, objects])).toEqual([
      ['not-covered', 3],
      ['key-missing', 1],
    ]);
  });
});
