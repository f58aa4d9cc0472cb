/**
 * kubescape's rules and ours on the same objects. Its result is an opinion and its controls are cut otherwise, so this
 * is a differential: agreement is counted, and what differs is explained, rule by rule.
 */
import { readFileSync } from 'node:fs';
import { evalRules } from '../../src/cli/eval-rules.ts';
import { isRecord } from '../../src/model/index.ts';
import { rulesFor } from './agreement.ts';
import { readLines } from './corpora.ts';
import { nodesOfInputs } from './kubescape-node.ts';
import type { Verdict } from './scanner-cases.ts';
import type { RuleOptions } from './verdict.ts';

export const CASES = 'corpora/posture/kubescape-rules/cases.ndjson';

interface KubescapeCase {
  rule: string;
  controls: string[];
  case: string;
  result: Verdict;
  inputs: unknown[];
  config?: Record<string, unknown>;
  expected: { paths?: string[]; fix?: { path: string }[] }[];
}

export interface Compared {
  rule: string;
  case: string;
  controls: readonly string[];
  theirs: Verdict;
  ours: Verdict;
  /** Where both fail and kubescape names fields: whether one of ours is one of them, or lies in or around it. */
  sameField: boolean | undefined;
}

export interface Differential {
  compared: Compared[];
  /** Cases that are not compared, by reason. */
  leftOut: Map<string, number>;
}

export function compareWithKubescape(): Differential {
  const compared: Compared[] = [];
  const leftOut = new Map<string, number>();
  for (const item of readLines<KubescapeCase>(CASES)) {
    const { options, also } = configuredAs(item.config ?? {});
    const rules = [...new Set([...item.controls.flatMap((control) => rulesFor('kubescape', control)), ...also])];
    const why = beyondManifests(item.inputs) ?? (rules.length === 0 ? 'no rule names the control among its aliases' : undefined);
    if (why !== undefined) leftOut.set(why, (leftOut.get(why) ?? 0) + 1);
    else compared.push(compare(item, rules, options));
  }
  return { compared, leftOut };
}

interface Told {
  rule: string;
  status: string;
  evidence: { path: string }[];
}

function compare(item: KubescapeCase, rules: readonly string[], options: RuleOptions): Compared {
  const objects = item.inputs.filter((input) => !isHostData(input));
  const nodes = nodesOfInputs(item.inputs);
  const inputs = nodes.length === 0 ? [{ objects, options }] : nodes.map((node) => ({ objects, options, node }));
  const findings = inputs.flatMap((input) => evalRules(input).findings as Told[]);
  const failing = findings.filter(({ rule, status }) => status === 'fail' && rules.includes(rule));
  const ours = failing.length > 0 ? 'fail' : 'pass';
  const fields = item.expected.flatMap(({ paths = [], fix = [] }) => [...paths, ...fix.map(({ path }) => path)]);
  const both = ours === 'fail' && item.result === 'fail' && fields.length > 0;
  const sameField =
    both && nodes.length === 0
      ? failing.some(({ evidence }) => evidence.some(({ path }) => fields.some((field) => overlap(path, field))))
      : undefined;
  return { rule: item.rule, case: item.case, controls: item.controls, theirs: item.result, ours, sameField };
}

function isHostData(input: unknown): boolean {
  return isRecord(input) && String(input.apiVersion).startsWith('hostdata.');
}

function beyondManifests(inputs: readonly unknown[]): string | undefined {
  const versions = inputs.filter(isRecord).map(({ apiVersion }) => String(apiVersion));
  if (versions.some((version) => /^(hostdata|apiserverinfo)\.kubescape\.cloud\//.test(version)) && nodesOfInputs(inputs).length === 0)
    return 'data of a node or of the API server, collected by an agent';
  if (versions.some((version) => /^(management\.azure\.com|eks\.amazonaws\.com|container\.googleapis\.com)\//.test(version)))
    return "a cloud provider's description of the cluster";
  return versions.some((version) => version.startsWith('kubescape.io/')) ? 'the result of a scan of running services' : undefined;
}

/** kubescape's parameters, where an option of ours says the same. */
function configuredAs(config: Record<string, unknown>): { options: RuleOptions; also: string[] } {
  const options: Record<string, Record<string, unknown>> = {};
  const set = (rule: string, values: Record<string, unknown>): void => {
    options[rule] = { ...options[rule], ...values };
  };
  const allowed = texts(config.imageRepositoryAllowList);
  // An entry stands for the domain and all below it.
  if (allowed.length > 0) set('image-registry', { allowed: allowed.flatMap((entry) => [entry, `*.${entry}`]) });
  const denied = texts(config.untrustedRegistries);
  if (denied.length > 0) set('image-registry', { denied });
  for (const [resource, option] of [
    ['cpu', 'greatestCpu'],
    ['memory', 'greatestMemory'],
  ] as const) {
    const greatest = texts(config[`${resource}_limit_max`])[0];
    if (greatest !== undefined) set('resource-range', { [option]: greatest });
  }
  return { options, also: allowed.length > 0 ? ['image-registry'] : [] };
}

function overlap(ours: string, theirs: string): boolean {
  const left = segments(ours);
  const right = segments(theirs.replace(/^relatedObjects\[\d+\]\./, ''));
  return left.slice(0, right.length).every((segment, index) => segment === right[index]);
}

function segments(path: string): string[] {
  return path
    .replaceAll(/\["?([^"\]]*)"?\]/g, '.$1')
    .split('.')
    .filter((segment) => segment !== '');
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

/** Why cases of a rule differ. */
export interface Explanation {
  rule: string;
  cases: string[];
  kind: Kind;
  reason: string;
}

/** What lies behind a difference. */
export const KINDS = {
  other: 'the control asks something else, which here is another rule or no rule',
  opinion: 'another opinion on the same fact',
  input: 'what decides is not in the objects of the case',
  invalid: 'objects that the API server refuses',
  mistake: 'kubescape is wrong on what Kubernetes does',
} as const;
type Kind = keyof typeof KINDS;

export function explanations(): Explanation[] {
  return JSON.parse(readFileSync(new URL('kubescape-differences.json', import.meta.url), 'utf8')) as Explanation[];
}
