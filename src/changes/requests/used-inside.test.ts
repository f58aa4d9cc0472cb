import { expect, test } from 'vitest';
import { Ledger, type UseRecord } from '../../record/index.ts';
import type { LostRight } from './lost.ts';
import { UsedInside } from './used-inside.ts';

const CART = 'system:serviceaccount:shop:cart';
const SUBJECT = { id: 0, kind: 'ServiceAccount', name: 'cart', namespace: 'shop', userName: CART } as const;
const right = (verb: string, resource: string): LostRight => ({
  subject: SUBJECT,
  namespace: '',
  verb,
  apiGroup: '',
  resource,
  names: [],
  path: '',
});

function recordOf(verb: string, what: string, { name = CART, format = 'audit.k8s.io' } = {}): UseRecord {
  const [apiGroup = '', resource = ''] = what.split('/');
  const ledger = new Ledger();
  const stream = ledger.stream('cp1', 'audit');
  stream.formats.add(format);
  const asked = { verb, apiGroup, resource, subresource: '', namespace: 'shop', name: 'x', path: '', through: 'request' } as const;
  ledger.request(ledger.actor({ name, groups: [] }), asked, { stream: stream.id, time: 0, outcome: 'allowed' });
  return ledger.record();
}

const may = (wanted: LostRight, record: UseRecord, ownersChecked = false): boolean => new UsedInside(record, { ownersChecked }).may(wanted);

test('who changes owners of objects needs to delete them, where that is enforced', () => {
  const record = recordOf('patch', '/pods');
  expect(may(right('delete', 'pods'), record, true)).toBe(true);
  expect(may(right('*', '*'), record, true)).toBe(true);
  expect(may(right('delete', 'pods'), record)).toBe(false);
  expect(may(right('delete', 'secrets'), record, true)).toBe(false);
  expect(may(right('delete', 'pods'), recordOf('get', '/pods'), true)).toBe(false);
  const others = recordOf('patch', '/pods', { name: 'ann' });
  expect(may(right('delete', 'pods'), others, true)).toBe(false);
});

test('who writes policies of admission needs to read their parameters', () => {
  for (const kind of ['validatingadmissionpolicies', 'validatingadmissionpolicybindings', 'mutatingadmissionpolicies']) {
    const record = recordOf('create', `admissionregistration.k8s.io/${kind}`);
    expect(['get', 'list', 'watch'].map((verb) => may(right(verb, 'configmaps'), record))).toEqual([true, true, false]);
  }
  const record = recordOf('get', 'admissionregistration.k8s.io/validatingadmissionpolicies');
  expect(may(right('get', 'configmaps'), record)).toBe(false);
});

test('what made an object is not told by every log', () => {
  const record = recordOf('update', '/pods', { format: 'google' });
  expect(may(right('create', 'pods'), record)).toBe(true);
  expect(may(right('create', 'pods'), recordOf('update', '/pods'))).toBe(false);
});
