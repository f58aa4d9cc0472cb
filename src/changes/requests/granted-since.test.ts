import { expect, test } from 'vitest';
import { grantedSince } from './granted-since.ts';

const role = (kind: string, created: string | undefined, managedFields?: string): number | undefined =>
  grantedSince({
    object: { kind, metadata: { name: 'r', ...(created !== undefined && { creationTimestamp: created }) } },
    origin: { source: 'a', line: 1, format: 'json', prefix: [] },
    ...(managedFields !== undefined && { managedFields }),
  });
const at = (day: number): number => Date.UTC(2026, 2, day) / 1000;
const set = (day: number, fields: unknown): unknown => ({ manager: 'kubectl', time: `2026-03-0${day}T00:00:00Z`, fieldsV1: fields });

test('a role gives since it was made, or since its rules were last set', () => {
  const fields = JSON.stringify([set(3, { 'f:rules': {} }), set(5, { 'f:metadata': { 'f:labels': {} } })]);
  expect(role('Role', '2026-03-01T00:00:00Z', fields)).toBe(at(3));
  expect(role('Role', '2026-03-01T00:00:00Z')).toBe(at(1));
  expect(role('RoleBinding', '2026-03-01T00:00:00Z', JSON.stringify([set(4, { 'f:subjects': {} })]))).toBe(at(4));
  expect(role('RoleBinding', '2026-03-01T00:00:00Z', fields)).toBe(at(1));
  expect(role('Role', undefined)).toBeUndefined();
  expect(role('Pod', '2026-03-01T00:00:00Z')).toBeUndefined();
  expect(role('Role', '2026-03-01T00:00:00Z', 'no list')).toBe(at(1));
});
