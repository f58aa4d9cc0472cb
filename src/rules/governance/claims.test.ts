import { describe, expect, it } from 'vitest';
import { clusterOf, objectsOf } from '../../../test/rule-tester.ts';
import { claimsOf } from './claims.ts';
import { wholePattern } from './patterns.ts';

describe('claimsOf', () => {
  it.each([
    ['{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: {storageClassName: fast}}', ['data fast spec']],
    ['{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}}', ['data undefined spec']],
    [
      '{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db}, spec: {volumeClaimTemplates: [{metadata: {name: a}}, {metadata: {name: b}, spec: {storageClassName: slow}}]}}',
      ['a undefined spec.volumeClaimTemplates[0].spec', 'b slow spec.volumeClaimTemplates[1].spec'],
    ],
    ['{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}', []],
  ])('%s', (yaml, expected) => {
    const found = clusterOf(objectsOf(yaml)).objects.flatMap(claimsOf);
    expect(found.map(({ name, spec, path }) => `${name} ${spec.storageClassName} ${path}`)).toEqual(expected);
  });
});

describe('wholePattern', () => {
  it('matches the whole value, and is undefined for what is no pattern', () => {
    expect(wholePattern('a|b')?.test('b')).toBe(true);
    expect(wholePattern('a|b')?.test('ab')).toBe(false);
    expect(wholePattern('(')).toBeUndefined();
    expect(wholePattern('(')).toBeUndefined();
  });
});
