/** The ids that other tools use for a check, against the tables that were collected from the tools. */
import { describe, expect, test } from 'vitest';
import { RULES, type Rule } from '../../src/rules/index.ts';
import { isHere, readJson, readText } from './corpora.ts';

const WORKLOADS = 'facts/workload-checks.csv';
const CONTROLS = 'facts/cis-controls.json';

interface Control {
  slug: string;
  trivy?: string | string[];
  checkov?: string | string[];
  kubescape?: string | string[];
}

/** Ids that the tables miss, found by the tool's own cases: the rule answers the check. */
const ADDED: Readonly<Record<string, Record<string, readonly string[]>>> = {
  'rbac-wildcards': { trivy: ['KSV-0044', 'KSV-0045', 'KSV-0046', 'KSV-0112'] },
  'sorted-keys': { 'kube-linter': ['sorted-keys'] },
  // Flags of releases that the newer benchmarks no longer name.
  'apiserver-insecure-bind-address': { checkov: ['CKV_K8S_86'] },
  'apiserver-insecure-port': { checkov: ['CKV_K8S_88'] },
  'apiserver-kubelet-https': { trivy: ['KCV-0004'], checkov: ['CKV_K8S_71'] },
  'apiserver-secure-port': { trivy: ['KCV-0017'], checkov: ['CKV_K8S_89'] },
};

describe.skipIf(!isHere(WORKLOADS) || !isHere(CONTROLS))('aliases (needs ../shared/facts)', () => {
  const [header = [], ...rows] = isHere(WORKLOADS) ? readText(WORKLOADS).trimEnd().split(/\r?\n/).map(cells) : [];
  const tools = header.slice(header.indexOf('tools_count') + 1);
  const workloadRules = new Map(
    rows.map((row) => [row[0] ?? '', Object.fromEntries(tools.map((tool) => [tool, (row[header.indexOf(tool)] ?? '').split(' ')]))]),
  );
  const byId = new Map(RULES.map((rule) => [rule.id, rule]));

  test('of every workload check are those of the table', () => {
    const judged = [...workloadRules].filter(([id]) => byId.has(id));
    expect(judged.length).toBeGreaterThan(150);
    for (const [id, aliases] of judged) {
      const wanted = Object.fromEntries(tools.map((tool) => [tool, sorted([...(aliases[tool] ?? []), ...(ADDED[id]?.[tool] ?? [])])]));
      const rule = byId.get(id);
      expect({ id, aliases: rule && aliasesOf(rule, tools) }).toEqual({ id, aliases: wanted });
    }
  });

  test('of every other CIS control are those of the benchmarks that have it', () => {
    const wanted = new Map<string, Control[]>();
    for (const control of isHere(CONTROLS) ? (readJson(CONTROLS) as { controls: Control[] }).controls : []) {
      if (!workloadRules.has(control.slug)) wanted.set(control.slug, [...(wanted.get(control.slug) ?? []), control]);
    }
    const judged = [...wanted].filter(([slug]) => byId.has(slug));
    expect(judged.length).toBeGreaterThan(50);
    for (const [id, controls] of judged) {
      const columns = ['trivy', 'checkov', 'kubescape'] as const;
      const union = Object.fromEntries(
        columns.map((tool) => [tool, sorted([...controls.flatMap((control) => idsOf(control[tool])), ...(ADDED[id]?.[tool] ?? [])])]),
      );
      const rule = byId.get(id);
      expect({ id, aliases: rule && aliasesOf(rule, columns) }).toEqual({ id, aliases: union });
    }
  });
});

function aliasesOf({ aliases = {} }: Rule, tools: readonly string[]): Record<string, string[]> {
  return Object.fromEntries(tools.map((tool) => [tool, sorted(aliases[tool] ?? [])]));
}

function idsOf(column: string | string[] = []): string[] {
  return [column].flat().flatMap((text) => text.split(' '));
}

function sorted(ids: readonly string[]): string[] {
  return [...new Set(ids)].filter((id) => id !== '').toSorted();
}

/** Fields of a line; those with a comma stand in quotes. */
function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain);
}
