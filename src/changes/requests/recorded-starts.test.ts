import { expect, test } from 'vitest';
import { Ledger, makerOf } from '../../record/index.ts';
import { RecordedStarts } from './recorded-starts.ts';

function starts(...pods: readonly (readonly [name: string, time: number, denied?: boolean])[]): RecordedStarts {
  const ledger = new Ledger();
  const stream = ledger.stream('cp1', 'audit');
  const actor = ledger.actor({ name: 'system:kube-scheduler', groups: [] });
  for (const [name, time, denied = false] of pods) {
    const asked = {
      verb: 'create',
      apiGroup: '',
      resource: 'pods',
      subresource: 'binding',
      namespace: 'shop',
      path: '',
      through: 'request',
    } as const;
    ledger.request(actor, { ...asked, name: makerOf(name) }, { stream: stream.id, time, outcome: denied ? 'denied' : 'allowed' });
  }
  return new RecordedStarts(ledger.record());
}

test.each([
  ['Deployment/shop/cart', 'cart-6c7d8f9b5-h5n9d'],
  ['StatefulSet/shop/db', 'db-0'],
  ['DaemonSet/shop/agent', 'agent-x7k2p'],
  ['CronJob/shop/report', 'report-29896400-p4q7t'],
  ['Job/shop/once', 'once-b6v4q'],
])('a binding of a pod of %s is a start of it', (ref, pod) => {
  expect(starts([pod, 7]).of(ref)).toContain(7);
});

test('the pod of a StatefulSet is none of a Deployment of the same name', () => {
  expect(starts(['cart-0', 7], ['cart-2', 8]).of('Deployment/shop/cart')).toEqual([]);
});

test('other names, other namespaces and what was refused are none', () => {
  const found = starts(['cart-db-6c7d8f9b5-h5n9d', 7], ['cart-6c7d8f9b5-h5n9d', 8, true]);
  expect(found.of('Deployment/shop/cart')).toEqual([]);
  expect(found.of('Deployment/other/cart-db')).toEqual([]);
  expect(found.of('Deployment/shop/car.-db')).toEqual([]);
  expect(found.of('Deployment/shop/cart-db')).toEqual([7, 7]);
});
