import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../test/rule-tester.ts';
import { RULES, judge } from '../index.ts';
import { auditFilesOf } from './audit-files.ts';

const WHOLE = 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]';

/** The paths of the policies that a ConfigMap of these texts holds, and what is wrong with each. */
function found(data: Record<string, string>): string[] {
  const cluster = clusterOf([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data }]);
  return cluster.objects.flatMap((object) => auditFilesOf(object)).map(({ path, problems }) => `${path} ${problems.length}`);
}

describe('policies in a ConfigMap', () => {
  it('are found under any key, as YAML or JSON', () => {
    expect(found({ 'a.yaml': WHOLE, b: '{"kind":"Policy","apiVersion":"audit.k8s.io/v1"}', c: 'x' })).toEqual([
      'data["a.yaml"] 0',
      'data.b 1',
    ]);
  });
  it('are no texts that only speak of them', () => {
    expect(found({ notes: 'kind: Policy\napiVersion: audit.k8s.io/v1: or so' })).toEqual([]);
    expect(found({ other: 'kind: Policy\napiVersion: kyverno.io/v1\n# audit.k8s.io/v1' })).toEqual([]);
    expect(found({ event: WHOLE.replace('Policy', 'Event') })).toEqual([]);
    expect(found({ broken: `${WHOLE}]` })).toEqual([]);
  });
});

/** `rule key` of what is told of one object, in the judge's merged form. */
function told(object: Record<string, unknown>): string[] {
  const lines: string[] = [];
  judge(clusterOf([object]), { rules: RULES }, ({ rule, status, also }) => {
    if (status === 'fail') lines.push([rule.id, ...also].join(' also '));
  });
  return lines;
}

describe('one fact is one finding', () => {
  const policy = (...rules: unknown[]): Record<string, unknown> => ({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules });
  it('for a field of a wrong type', () => {
    expect(told(policy({ level: 'Metadata', users: [5] }))).toEqual(['audit-policy-invalid also schema-invalid']);
  });
  it('for contents that are stored', () => {
    const request = { level: 'Request', resources: [{ group: '', resources: ['secrets'] }] };
    expect(told(policy(request, { level: 'Metadata' })).filter((line) => !line.includes('thin'))).toEqual([
      'audit-policy-secret-contents also audit-policy-coverage',
    ]);
  });
  it('for what no rule takes', () => {
    const lines = told(policy({ level: 'RequestResponse', resources: [{ group: '', resources: ['pods'] }] }));
    expect(lines).toEqual(['audit-policy-no-catch-all also audit-policy-coverage']);
  });
  it('for a good policy none', () => {
    const credentials = [
      { group: '', resources: ['secrets', 'configmaps', 'serviceaccounts/token'] },
      { group: 'authentication.k8s.io', resources: ['tokenreviews'] },
    ];
    expect(told(policy({ level: 'Metadata', resources: credentials }, { level: 'RequestResponse' }))).toEqual([]);
  });
});
