import { describe, expect, it } from 'vitest';
import type { PolicyRule } from '../../model/index.ts';
import { EXEC, READ_SECRETS, isEverything, matchOf } from './powers.ts';

const rule = (apiGroups: string[], resources: string[], verbs: string[]): PolicyRule => ({ apiGroups, resources, verbs });

describe('matchOf', () => {
  it('names the entry and the verbs as they are written', () => {
    expect(matchOf(rule([''], ['pods', 'secrets'], ['create', 'list', 'get']), READ_SECRETS)).toEqual({
      power: READ_SECRETS,
      resource: 1,
      verbs: ['list', 'get'],
    });
    expect(matchOf(rule(['*'], ['*'], ['*']), READ_SECRETS)).toEqual({ power: READ_SECRETS, resource: 0, verbs: ['*'] });
  });
  it.each([
    ['another group', rule(['apps'], ['secrets'], ['get'])],
    ['another verb', rule([''], ['secrets'], ['use'])],
    ['another resource', rule([''], ['secret', 'secrets1'], ['get'])],
    ['no groups', { resources: ['secrets'], verbs: ['get'] }],
    ['no verbs', { resources: ['secrets'], apiGroups: [''] }],
    ['a URL', { nonResourceURLs: ['*'], verbs: ['*'] }],
    ['nothing', {}],
  ])('is silent for %s', (_what, policy) => {
    expect(matchOf(policy, READ_SECRETS)).toBeUndefined();
  });
  it('knows subresources', () => {
    expect(matchOf(rule([''], ['*/attach'], ['create']), EXEC)?.resource).toBe(0);
    expect(matchOf(rule([''], ['pods/*', 'pods'], ['create']), EXEC)).toBeUndefined();
  });
});

describe('isEverything', () => {
  it('is all verbs on all resources of all groups, however the verbs are written', () => {
    expect(isEverything(rule(['*'], ['*'], ['*']))).toBe(true);
    expect(isEverything(rule(['*'], ['*'], ['delete', 'patch', 'update', 'create', 'watch', 'list', 'get']))).toBe(true);
  });
  it('is nothing less', () => {
    expect(isEverything(rule([''], ['*'], ['*']))).toBe(false);
    expect(isEverything(rule(['*'], ['pods'], ['*']))).toBe(false);
    expect(isEverything(rule(['*'], ['*'], ['get', 'list']))).toBe(false);
    expect(isEverything({ ...rule(['*'], ['*'], ['*']), resourceNames: ['a'] })).toBe(false);
  });
});
