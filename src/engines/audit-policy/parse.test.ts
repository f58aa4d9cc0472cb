import { describe, expect, it } from 'vitest';
import { parsePolicy } from './index.ts';

const HEAD = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy' };
const problems = (file: unknown): string[] => parsePolicy(file).problems.map(({ path }) => path);
const ofRule = (rule: unknown): string[] => problems({ ...HEAD, rules: [rule] });

describe('a policy that the server accepts', () => {
  it('is prepared for its questions', () => {
    const file = {
      ...HEAD,
      metadata: { name: 'audit', creationTimestamp: null },
      omitStages: ['Panic', 'RequestReceived', 'Panic'],
      omitManagedFields: true,
      rules: [
        { level: 'Metadata', omitStages: ['ResponseStarted'], omitManagedFields: false, users: null },
        { level: 'None', verbs: [null] },
      ],
    };
    const { policy, problems, ignored } = parsePolicy(file);
    expect({ problems, ignored }).toEqual({ problems: [], ignored: [] });
    expect(policy?.omitStages).toEqual(['RequestReceived', 'Panic']);
    expect(policy?.rules[0]).toMatchObject({
      omitStages: ['RequestReceived', 'ResponseStarted', 'Panic'],
      omitManagedFields: false,
      users: [],
    });
    expect(policy?.rules[1]).toMatchObject({ verbs: [''], omitManagedFields: true });
  });
  it('needs no kind', () => {
    expect(problems({ apiVersion: HEAD.apiVersion, rules: [{ level: 'None' }] })).toEqual([]);
  });
  it('may hold fields that mean nothing, which are told', () => {
    const { problems, ignored } = parsePolicy({
      ...HEAD,
      rules: [{ level: 'None', resources: [{ group: '', verbs: ['get'] }], Users: [] }],
    });
    expect(problems).toEqual([]);
    expect(ignored).toEqual(['rules[0].resources[0].verbs', 'rules[0].Users']);
  });
  it('may narrow a rule to namespaces alone, and its URLs by a star at the end', () => {
    expect(ofRule({ level: 'None', namespaces: [''] })).toEqual([]);
    expect(ofRule({ level: 'None', nonResourceURLs: ['*', '/', '/a*', '/*'] })).toEqual([]);
    expect(ofRule({ level: 'None', resources: [{ group: '*', resources: ['a', 'b/*', '*/c', '*', ''], resourceNames: [''] }] })).toEqual(
      [],
    );
  });
});

describe('a policy that the server refuses', () => {
  it.each<[string, unknown, string]>([
    ['no object', [], ''],
    ['no version', { kind: 'Policy', rules: [{ level: 'None' }] }, 'apiVersion'],
    ['a version of before 1.24', { ...HEAD, apiVersion: 'audit.k8s.io/v1beta1', rules: [{ level: 'None' }] }, 'apiVersion'],
    ['another kind', { ...HEAD, kind: 'Event', rules: [{ level: 'None' }] }, 'kind'],
    ['no rules', HEAD, 'rules'],
    ['empty rules', { ...HEAD, rules: [] }, 'rules'],
    ['rules of another type', { ...HEAD, rules: {} }, 'rules'],
    ['an unknown stage', { ...HEAD, omitStages: ['Received'], rules: [{ level: 'None' }] }, 'omitStages[0]'],
    ['text for a switch', { ...HEAD, omitManagedFields: 'true', rules: [{ level: 'None' }] }, 'omitManagedFields'],
    ['a name that is a number', { ...HEAD, metadata: { name: 5 }, rules: [{ level: 'None' }] }, 'metadata.name'],
    ['a time that is none', { ...HEAD, metadata: { creationTimestamp: 'now' }, rules: [{ level: 'None' }] }, 'metadata.creationTimestamp'],
  ])('%s', (_name, file, path) => expect(problems(file)).toEqual([path]));

  it.each<[string, unknown, string]>([
    ['null', null, 'rules[0].level'],
    ['without a level', {}, 'rules[0].level'],
    ['of an unknown level', { level: 'metadata' }, 'rules[0].level'],
    ['with a user that is a number', { level: 'None', users: [5] }, 'rules[0].users[0]'],
    ['with a verb that is no list', { level: 'None', verbs: 'get' }, 'rules[0].verbs'],
    ['with a group and its version', { level: 'None', resources: [{ group: 'apps/v1' }] }, 'rules[0].resources[0].group'],
    ['with names of no resource', { level: 'None', resources: [{ resourceNames: ['a'] }] }, 'rules[0].resources[0].resourceNames'],
    ['with a URL that is no path', { level: 'None', nonResourceURLs: ['healthz'] }, 'rules[0].nonResourceURLs[0]'],
    ['with an empty URL', { level: 'None', nonResourceURLs: [''] }, 'rules[0].nonResourceURLs[0]'],
    ['with a star inside a URL', { level: 'None', nonResourceURLs: ['/a/*/b'] }, 'rules[0].nonResourceURLs[0]'],
    ['for resources and URLs', { level: 'None', nonResourceURLs: ['/a'], resources: [{}] }, 'rules[0].nonResourceURLs'],
    ['for namespaces and URLs', { level: 'None', nonResourceURLs: ['/a'], namespaces: ['a'] }, 'rules[0].nonResourceURLs'],
    ['with an unknown stage', { level: 'None', omitStages: ['Started'] }, 'rules[0].omitStages[0]'],
  ])('a rule %s', (_name, rule, path) => expect(ofRule(rule)).toEqual([path]));

  it('has all its problems told', () => {
    expect(ofRule({ nonResourceURLs: ['a*b'], resources: [{ group: 'A' }] })).toHaveLength(5);
  });
  it('keeps its meaning where it has one', () => {
    expect(parsePolicy({ ...HEAD, rules: [] }).policy?.rules).toEqual([]);
    expect(parsePolicy({ ...HEAD, rules: [{ level: 'All' }] }).policy).toBeUndefined();
  });
});

describe('what older releases refuse', () => {
  it('is told with the release that first takes it', () => {
    const rules = [{ level: 'None', resources: [{ group: 'apps' }, { group: '*' }] }];
    expect(parsePolicy({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules })).toMatchObject({
      problems: [],
      newer: [{ path: 'rules[0].resources[1].group', minor: 36 }],
    });
  });
});
