import { describe, expect, it } from 'vitest';
import { ownRule } from './own-rule.ts';

const RULE = {
  id: 'own',
  title: 'Own',
  severity: 'low',
  area: 'governance',
  rationale: 'because',
  remedy: 'do it',
  scope: 'object',
  check: () => undefined,
};

describe('a rule of the user', () => {
  it('may keep more than a rule has, for its own methods', () => {
    const rule = ownRule(
      {
        ...RULE,
        hint: 'seen',
        shown(this: { hint: string }) {
          return { message: this.hint, path: '' };
        },
        manifests: ['kind: A'],
        examples(this: { manifests: string[] }) {
          return { good: this.manifests, bad: [] };
        },
      },
      'own.mjs',
    );
    const shown = rule.shown as () => unknown;
    expect(shown()).toEqual({ message: 'seen', path: '' });
    expect(rule.examples().good).toEqual(['kind: A']);
  });

  it('needs no methods but its check', () => {
    const rule = ownRule(RULE, 'own.mjs');
    expect(rule.shown).toBeUndefined();
    expect(rule.examples()).toEqual({ good: [], bad: [] });
  });
});
