import { describe, expect, it } from 'vitest';
import { isDnsLabel, isDnsSubdomain, isLabelValue, isPlaceholder, isQualifiedName } from './metadata-syntax.ts';

describe('metadata syntax', () => {
  it.each([
    ['', true],
    ['web', true],
    ['v1.2_3', true],
    ['-web', false],
    ['web-', false],
    ['web server', false],
    ['a'.repeat(63), true],
    ['a'.repeat(64), false],
    ['grün', false],
  ])('label value %j', (value, ok) => {
    expect(isLabelValue(value)).toBe(ok);
  });
  it.each([
    ['app', true],
    ['app.kubernetes.io/name', true],
    ['App_1', true],
    ['', false],
    ['a/b/c', false],
    ['UPPER.io/x', false],
    ['x/', false],
    ['/x', false],
  ])('key %j', (key, ok) => {
    expect(isQualifiedName(key)).toBe(ok);
  });
  it.each([
    ['web', true, true],
    ['web.example', false, true],
    ['Web', false, false],
    ['a..b', false, false],
    ['-a', false, false],
    ['a'.repeat(64), false, true],
  ])('name %j', (name, label, subdomain) => {
    expect([isDnsLabel(name), isDnsSubdomain(name)]).toEqual([label, subdomain]);
  });
  it('knows variables', () => {
    expect(['${X}', '$(X)', '{{ .X }}', '<name>', 'plain'].map(isPlaceholder)).toEqual([true, true, true, true, false]);
  });
});
