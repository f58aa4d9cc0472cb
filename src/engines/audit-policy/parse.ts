/**
 * A policy file as kube-apiserver reads it at its start: k8s.io/apiserver/pkg/audit/policy/reader.go decodes,
 * pkg/apis/audit/validation/validation.go validates. With one problem or more the server does not start.
 */
import { joinPath } from '../../lib/field-path.ts';
import { isRecord } from '../../lib/record.ts';
import { type FieldProblem, decodePolicy } from './decode.ts';
import { type AuditPolicy, type AuditRule, type GroupResources, type Level, LEVELS, type Stage, STAGES, stagesOf } from './policy.ts';

export interface ParsedPolicy {
  /** Left out where problems make it meaningless: a field of a wrong type, an unknown level or stage, another kind of file. */
  readonly policy?: AuditPolicy;
  /** Empty exactly where the server accepts the file. */
  readonly problems: readonly FieldProblem[];
  /** Fields that the server does not know and reads past, so that a rule may mean more than it says. */
  readonly ignored: readonly string[];
  /** What older releases refuse: the field, and the minor release that first takes it. */
  readonly newer: readonly (FieldProblem & { readonly minor: number })[];
}

/** First minor releases that take something. */
const SINCE = { anyGroup: 36 } as const;

const API_VERSION = 'audit.k8s.io/v1';
/** Served until 1.23, with the same meaning. */
const OLD_VERSIONS = new Set(['audit.k8s.io/v1beta1', 'audit.k8s.io/v1alpha1']);

export function parsePolicy(file: unknown): ParsedPolicy {
  if (!isRecord(file)) return { problems: [{ path: '', message: 'the file holds no object' }], ignored: [], newer: [] };
  const { problems: types, unknown } = decodePolicy(file);
  const identity = identityProblem(file);
  if (identity !== undefined || types.length > 0) {
    return { problems: identity === undefined ? types : [identity, ...types], ignored: unknown, newer: [] };
  }
  const rules = listOf(file.rules).map(ruleFields);
  const omitStages = textsOf(file.omitStages);
  const problems = [
    ...stageProblems(omitStages, 'omitStages'),
    ...rules.flatMap((rule, index) => ruleProblems(rule, joinPath('rules', index))),
  ];
  if (rules.length === 0) problems.push({ path: 'rules', message: 'the policy has no rules' });
  const policy = policyOf(rules, { omitStages, omitManagedFields: file.omitManagedFields === true });
  const newer = rules.flatMap((rule, index) => newerIn(rule, joinPath('rules', index)));
  return { ...(policy !== undefined && { policy }), problems, ignored: unknown, newer };
}

function newerIn({ resources }: RuleFields, at: string): ParsedPolicy['newer'] {
  return resources.flatMap(({ group }, index) =>
    group === '*'
      ? [{ path: `${at}.resources[${index}].group`, message: 'the group * is taken since 1.36 only', minor: SINCE.anyGroup }]
      : [],
  );
}

/** The kind may be missing, the version may not. */
function identityProblem({ apiVersion, kind }: Readonly<Record<string, unknown>>): FieldProblem | undefined {
  if (typeof apiVersion === 'string' && OLD_VERSIONS.has(apiVersion)) {
    return { path: 'apiVersion', message: `${apiVersion} is read by no release since 1.24; ${API_VERSION} means the same` };
  }
  if (apiVersion !== API_VERSION) return { path: 'apiVersion', message: `the apiVersion is not ${API_VERSION}` };
  const isPolicy = kind === undefined || kind === null || kind === '' || kind === 'Policy';
  return isPolicy ? undefined : { path: 'kind', message: 'the kind is not Policy' };
}

interface RuleFields extends Omit<AuditRule, 'level' | 'omitStages' | 'omitManagedFields'> {
  readonly level: string;
  readonly omitStages: readonly string[];
  readonly omitManagedFields: boolean | undefined;
}

function ruleFields(raw: unknown): RuleFields {
  const rule = isRecord(raw) ? raw : {};
  return {
    level: textOf(rule.level),
    users: textsOf(rule.users),
    userGroups: textsOf(rule.userGroups),
    verbs: textsOf(rule.verbs),
    resources: listOf(rule.resources).map(groupResources),
    namespaces: textsOf(rule.namespaces),
    nonResourceURLs: textsOf(rule.nonResourceURLs),
    omitStages: textsOf(rule.omitStages),
    omitManagedFields: typeof rule.omitManagedFields === 'boolean' ? rule.omitManagedFields : undefined,
  };
}

function groupResources(raw: unknown): GroupResources {
  const entry = isRecord(raw) ? raw : {};
  return { group: textOf(entry.group), resources: textsOf(entry.resources), resourceNames: textsOf(entry.resourceNames) };
}

function ruleProblems(rule: RuleFields, path: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (rule.level === '') problems.push({ path: `${path}.level`, message: `${path} has no level` });
  else if (!isLevel(rule.level))
    problems.push({ path: `${path}.level`, message: `${path} has a level that is none of ${LEVELS.join(', ')}` });
  for (const [index, url] of rule.nonResourceURLs.entries()) {
    const at = `${path}.nonResourceURLs[${index}]`;
    if (url === '*') continue;
    if (!url.startsWith('/')) problems.push({ path: at, message: `${at} does not begin with a slash` });
    if (url.slice(0, -1).includes('*')) problems.push({ path: at, message: `${at} has a star before its end` });
  }
  for (const [index, { group, resources, resourceNames }] of rule.resources.entries()) {
    const at = `${path}.resources[${index}]`;
    if (group !== '' && group !== '*' && !isSubdomain(group)) {
      problems.push({ path: `${at}.group`, message: `${at} names a group that is no DNS name, such as one with a version behind it` });
    }
    if (resourceNames.length > 0 && resources.length === 0) {
      problems.push({ path: `${at}.resourceNames`, message: `${at} names objects but no resource` });
    }
  }
  problems.push(...stageProblems(rule.omitStages, `${path}.omitStages`));
  if (rule.nonResourceURLs.length > 0 && (rule.resources.length > 0 || rule.namespaces.length > 0)) {
    problems.push({ path: `${path}.nonResourceURLs`, message: `${path} is for resources and for other URLs at once` });
  }
  return problems;
}

function stageProblems(stages: readonly string[], path: string): FieldProblem[] {
  return stages.flatMap((stage, index) =>
    isStage(stage) ? [] : [{ path: `${path}[${index}]`, message: `${path}[${index}] is none of ${STAGES.join(', ')}` }],
  );
}

/** Rules with the stages and the default of the policy in them, as the server's evaluator prepares them. */
function policyOf(
  rules: readonly RuleFields[],
  whole: { omitStages: readonly string[]; omitManagedFields: boolean },
): AuditPolicy | undefined {
  const { omitManagedFields } = whole;
  if (!whole.omitStages.every(isStage)) return undefined;
  const omitStages = stagesOf(whole.omitStages);
  const ready: AuditRule[] = [];
  for (const rule of rules) {
    if (!isLevel(rule.level) || !rule.omitStages.every(isStage)) return undefined;
    ready.push({
      ...rule,
      level: rule.level,
      omitStages: stagesOf(omitStages, rule.omitStages),
      omitManagedFields: rule.omitManagedFields ?? omitManagedFields,
    });
  }
  return { rules: ready, omitStages, omitManagedFields };
}

const LABEL = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);

function isSubdomain(text: string): boolean {
  return text.length <= 253 && SUBDOMAIN.test(text);
}
function isLevel(text: string): text is Level {
  return (LEVELS as readonly string[]).includes(text);
}
function isStage(text: string): text is Stage {
  return (STAGES as readonly string[]).includes(text);
}
function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
/** An element that is null is '' to Go. */
function textsOf(value: unknown): readonly string[] {
  return listOf(value).map(textOf);
}
