/** Every rule against its own examples, and every header against what the lists made from it need. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findingsOf, objectsOf } from '../../test/rule-tester.ts';
import { valueAt } from '../lib/field-path.ts';
import { registrySource, ruleFiles } from '../../tools/registry.ts';
import { AREAS, FRAMEWORKS, NSA_RECOMMENDATIONS, RULES, SEVERITIES } from './index.ts';

const FILES = ruleFiles();

describe('registry', () => {
  it('names every rule file', () => {
    expect(readFileSync(join(import.meta.dirname, 'registry.generated.ts'), 'utf8')).toBe(registrySource(FILES));
  });
  it('has each id once, and the file is named after it', () => {
    expect(RULES.map((rule) => rule.id)).toEqual(FILES.map((file) => file.replace(/^.*\/|\.ts$/g, '')));
    expect(new Set(RULES.map((rule) => rule.id)).size).toBe(RULES.length);
  });
});

describe.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (_id, rule) => {
  const examples = rule.examples();
  it('has a complete header', () => {
    expect(SEVERITIES).toContain(rule.severity);
    expect(AREAS).toContain(rule.area);
    expect(rule.title).toMatch(/^\S.{3,70}[^.\s]$/);
    expect(rule.rationale).toMatch(/^[A-Z].{39,}\.$/s);
    expect(rule.remedy).toMatch(/^[A-Z].{19,}\.$/s);
    const frameworks = FRAMEWORKS.map((framework) => framework.id);
    for (const control of rule.controls) {
      expect(frameworks).toContain(control.framework);
      if (control.framework === 'nsa-cisa-1.2') expect(NSA_RECOMMENDATIONS).toContain(control.id);
    }
    const ids = RULES.map((other) => other.id);
    for (const covered of [...(rule.covers ?? []), ...(rule.coversSameField ?? [])]) expect(ids).toContain(covered);
  });

  it('has examples of both kinds', () => {
    expect(examples.good.length).toBeGreaterThan(0);
    expect(examples.bad.length).toBeGreaterThan(0);
  });

  it.each(examples.good.map((yaml, index) => [index, yaml] as const))('passes good example %i', (_index, yaml) => {
    const hits = findingsOf(rule, objectsOf(yaml), examples.options).filter((finding) => finding.status === 'fail');
    expect(hits.map((hit) => `${hit.message} (${hit.evidence[0]?.path})`)).toEqual([]);
  });

  it.each(examples.bad.map((example, index) => [index, example] as const))('finds bad example %i', (_index, example) => {
    const objects = objectsOf(example.yaml);
    const hits = findingsOf(rule, objects, examples.options).filter((finding) => finding.status === (example.status ?? 'fail'));
    expect(hits.map((hit) => hit.evidence[0]?.path)).toContain(example.path);
    const hit = hits.find((candidate) => candidate.evidence[0]?.path === example.path);
    if (example.severity !== undefined) expect(hit?.severity).toBe(example.severity);
    expect(hit?.message).not.toMatch(/undefined|\[object|\.$/);
    expect(hit?.message).toMatch(/^\S.*\S$/);
  });

  it('proposes changes that make the finding go away', () => {
    for (const example of examples.bad) {
      const objects = objectsOf(example.yaml);
      const fixable = findingsOf(rule, objects, examples.options).filter((finding) => finding.change !== undefined);
      for (const finding of fixable) {
        const mended = applyAll(objects, finding.change?.patches ?? []);
        const left = findingsOf(rule, mended, examples.options).map((other) => other.fingerprint);
        expect(left).not.toContain(finding.fingerprint);
      }
    }
  });
});

/** RFC 6902 `add`, `remove` and `replace` on the objects that the patches name. */
function applyAll(
  objects: readonly unknown[],
  patches: readonly { target: string; patch: readonly { op: string; path: string; value?: unknown }[] }[],
): unknown[] {
  const copies = structuredClone(objects) as { kind: string; metadata?: { name: string; namespace?: string } }[];
  for (const { target, patch } of patches) {
    const object = copies.find((copy) => target.startsWith(`${copy.kind}/`) && target.endsWith(`/${copy.metadata?.name ?? ''}`));
    expect(object, target).toBeDefined();
    for (const { op, path, value } of patch) {
      const segments = path
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
      const last = segments.pop() ?? '';
      const parent = valueAt(
        object,
        segments.map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
      );
      expect(parent, `parent of ${path}`).toBeTypeOf('object');
      if (Array.isArray(parent)) {
        if (op === 'remove') parent.splice(Number(last), 1);
        else if (op === 'add') parent.splice(last === '-' ? parent.length : Number(last), 0, value);
        else parent[Number(last)] = value;
      } else if (op === 'remove') {
        expect(parent).toHaveProperty([last]);
        delete (parent as Record<string, unknown>)[last];
      } else (parent as Record<string, unknown>)[last] = value;
    }
  }
  return copies;
}
