import { describe, expect, test } from 'vitest';
import { isCalled, makerOf, workloadIn } from './maker.ts';

/** Pods as controllers name them: ends of five, hashes of templates, minutes of runs, numbers. */
const PODS = {
  'Deployment/shop/cart': 'cart-6c7d8f9b5f-x2v4k',
  'Deployment/shop/cart-v2': 'cart-v2-5d4f-2zzbc',
  'StatefulSet/shop/db': 'db-0',
  'StatefulSet/shop/log': 'log-10234',
  'DaemonSet/shop/agent': 'agent-x2v4k',
  'Job/shop/migrate': 'migrate-x2v4k',
  'Job/shop/shards': 'shards-3-x2v4k',
  'CronJob/shop/backup': 'backup-29349834-x2v4k',
  'Pod/shop/debug': 'debug',
} as const;

describe('the pod of a token', () => {
  test('is called by what made it, whichever of its pods it is', () => {
    expect(workloadIn('cart-6c7d8f9b5f-x2v4k')).toBe('cart');
    expect(workloadIn('backup-29349834-x2v4k')).toBe('backup');
    expect(workloadIn('db-0')).toBe('db-0');
    // Starts of pods are told apart by their template.
    expect(makerOf('cart-6c7d8f9b5f-x2v4k')).toBe('cart-6c7d8f9b5f');
  });

  test('fits the workload that made it, and of these no other', () => {
    for (const [own, pod] of Object.entries(PODS))
      expect(
        Object.keys(PODS).filter((ref) => isCalled(ref, workloadIn(pod))),
        pod,
      ).toEqual([own]);
  });

  test("may fit several, and then is nobody's for sure", () => {
    const called = workloadIn('cart-x2v4k');
    expect(isCalled('DaemonSet/shop/cart', called)).toBe(true);
    expect(isCalled('Deployment/shop/cart', called)).toBe(true);
    const alike = workloadIn('agent-bcdfgh-x2v4k');
    expect(['DaemonSet/shop/agent', 'DaemonSet/shop/agent-bcdfgh'].map((ref) => isCalled(ref, alike))).toEqual([true, true]);
    // A name that is cut before its ends are put to it.
    const long = `a${'b'.repeat(60)}`;
    expect(isCalled(`Deployment/shop/${long}`, workloadIn(`${long.slice(0, 47)}-6c7d8f9b5f-x2v4k`))).toBe(true);
    expect(isCalled('Rollout/shop/cart', workloadIn('cart-6c7d8f9b5f-x2v4k'))).toBe(true);
  });
});
