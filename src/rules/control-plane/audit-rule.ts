/** The form of a rule about audit policies that the input holds. */
import type { AuditPolicy } from '../../engines/audit-policy/index.ts';
import type { ApiObject, Tables } from '../../model/index.ts';
import { type Examples, type Hit, type Rule, type RuleHeader, defineRule } from '../rule.ts';
import { type AuditFile, auditFilesOf, hitIn } from './audit-files.ts';

export interface AuditPolicyRule extends Omit<RuleHeader, 'area'> {
  /** Paths are relative to the file. */
  find: (policy: AuditPolicy) => readonly Hit[];
  examples: () => Examples;
}

/** A rule about what a policy means; one that means nothing is told by audit-policy-invalid. */
export function auditPolicyRule({ find, ...header }: AuditPolicyRule): Rule {
  return auditFileRule({
    ...header,
    applies: ({ policy }) => policy !== undefined,
    find: ({ policy }) => (policy === undefined ? [] : find(policy)),
  });
}

export interface AuditFileRule extends Omit<RuleHeader, 'area'> {
  applies?: (file: AuditFile) => boolean;
  find: (file: AuditFile, kubernetes: Tables['kubernetes']) => readonly Hit[];
  examples: () => Examples;
}

export function auditFileRule({ applies = () => true, find, ...header }: AuditFileRule): Rule {
  return defineRule({
    ...header,
    component: 'kube-apiserver',
    area: 'control-plane',
    scope: 'object',
    kinds: ['Policy', 'ConfigMap'],
    reads: ['kubernetes'],
    applies: (object) => auditFilesOf(object).some(applies),
    check: (object, { kubernetes }) => auditFilesOf(object).flatMap((file) => find(file, kubernetes).map((hit) => hitIn(file, hit))),
    shown: shownInAudit,
  });
}

/** Of a policy with which nothing is wrong: that it was looked at, and how much of it there is. */
export function shownInAudit(object: ApiObject): Hit | undefined {
  const [file] = auditFilesOf(object);
  const rules = file?.policy?.rules.length;
  if (file === undefined || rules === undefined) return undefined;
  const many = `${rules} ${rules === 1 ? 'rule' : 'rules'}`;
  return hitIn(file, { message: `the audit policy has ${many}, all of which were looked at`, path: 'rules', value: many });
}

/** For the examples of rules. */
export function auditPolicy(...rules: readonly string[]): string {
  return `apiVersion: audit.k8s.io/v1\nkind: Policy\nmetadata: {name: audit}\nrules: [${rules.join(', ')}]`;
}

/** The same as a ConfigMap holds it. */
export function auditConfigMap(...rules: readonly string[]): string {
  const lines = auditPolicy(...rules).split('\n');
  return [
    'apiVersion: v1',
    'kind: ConfigMap',
    'metadata: {name: audit, namespace: kube-system}',
    'data:',
    '  policy.yaml: |',
    ...lines.map((line) => `    ${line}`),
  ].join('\n');
}
/** Where the text stands in it. */
export const AUDIT_TEXT = 'data["policy.yaml"]';
