import { expect, test } from 'vitest';
import { Ledger, type UseRecord } from '../../record/index.ts';
import type { LostRight } from './lost.ts';
import { mayBeUsedInside } from './used-inside.ts';

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

test('who changes owners of objects needs to delete them, where that is enforced', () => {
  const record = recordOf('patch', '/pods');
  expect(mayBeUsedInside(right('delete', 'pods'), { record, ownersChecked: true })).toBe(true);
  expect(mayBeUsedInside(right('*', '*'), { record, ownersChecked: true })).toBe(true);
  expect(mayBeUsedInside(right('delete', 'pods'), { record })).toBe(false);
  expect(mayBeUsedInside(right('delete', 'secrets'), { record, ownersChecked: true })).toBe(false);
  expect(mayBeUsedInside(right('delete', 'pods'), { record: recordOf('get', '/pods'), ownersChecked: true })).toBe(false);
  const others = recordOf('patch', '/pods', { name: 'ann' });
  expect(mayBeUsedInside(right('delete', 'pods'), { record: others, ownersChecked: true })).toBe(false);
});

test('who writes policies of admission needs to read their parameters', () => {
  for (const kind of ['validatingadmissionpolicies', 'validatingadmissionpolicybindings', 'mutatingadmissionpolicies']) {
    const record = recordOf('create', `admissionregistration.k8s.io/${kind}`);
    expect(['get', 'list', 'watch'].map((verb) => mayBeUsedInside(right(verb, 'configmaps'), { record }))).toEqual([true, true, false]);
  }
  const record = recordOf('get', 'admissionregistration.k8s.io/validatingadmissionpolicies');
  expect(mayBeUsedInside(right('get', 'configmaps'), { record })).toBe(false);
});

test('what made an object is not told by every log', () => {
  const record = recordOf('update', '/pods', { format: 'google' });
  expect(mayBeUsedInside(right('create', 'pods'), { record })).toBe(true);
  expect(mayBeUsedInside(right('create', 'pods'), { record: recordOf('update', '/pods') })).toBe(false);
});
