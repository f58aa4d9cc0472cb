/** What is kept of an application, and what taking it back may ask for. */
import { describe, expect, it } from 'vitest';
import { applied, checkPlaces, undoable, undone } from './apply.ts';
import { type Journal, type JournalStep, parseJournal } from './journal.ts';
import { type AskAny, send } from './requests.ts';

const KINDS = [
  { group: '', version: 'v1', resource: 'configmaps', kind: 'ConfigMap', namespaced: true },
  { group: '', version: 'v1', resource: 'secrets', kind: 'Secret', namespaced: true },
];
const OBJECT = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name: 'a' } };

function created(state: JournalStep['state'] = 'planned'): JournalStep {
  return {
    target: 'ConfigMap/shop/a',
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace: 'shop',
    name: 'a',
    path: '/api/v1/namespaces/shop/configmaps/a',
    action: { operation: 'create', object: OBJECT },
    back: { operation: 'delete' },
    state,
  };
}

function journalOf(...steps: JournalStep[]): Journal {
  return { schema: 'castellan/applied/v1', server: 'https://a', context: 'a', at: '2026-03-01T10:00:00Z', fixes: [], steps };
}

const read = (step: object): Journal => parseJournal(JSON.stringify(journalOf(step as JournalStep)), 'a.json');

describe('the file of what was done', () => {
  it('is read again', () => {
    const journal = journalOf(created('done'));
    expect(parseJournal(JSON.stringify(journal), 'a.json')).toEqual(journal);
    const { back: _back, ...withoutBack } = created('done');
    expect(read(withoutBack).steps).toEqual([withoutBack]);
  });

  it.each([{ operation: 'update', object: OBJECT }, { operation: 'patch' }, { operation: 'delete', uid: 1 }, 'delete', []])(
    'is refused with the way back %j',
    (back) => {
      expect(() => read({ ...created('done'), back })).toThrow(expect.objectContaining({ code: 'CAS_NOT_JOURNAL' }));
    },
  );

  it('is refused where a step asks for another object than it names', () => {
    checkPlaces(journalOf(created('done')), KINDS);
    const others = [
      { path: '/api/v1/namespaces/shop/secrets/a' },
      { path: '/api/v1/namespaces/prod/configmaps/a' },
      { target: 'ConfigMap/shop/b' },
      { back: { operation: 'create' as const, object: { ...OBJECT, metadata: { namespace: 'shop', name: 'b' } } } },
      { back: { operation: 'create' as const, object: { ...OBJECT, kind: 'Secret' } } },
    ];
    for (const other of others)
      expect(() => checkPlaces(journalOf({ ...created('done'), ...other }), KINDS)).toThrow(
        expect.objectContaining({ code: 'CAS_NOT_JOURNAL' }),
      );
  });
});

describe('requests', () => {
  it('are never a deletion that nobody named', async () => {
    const asked: string[] = [];
    const ask: AskAny = (method) => {
      asked.push(method);
      return Promise.resolve({ status: 200, body: {} });
    };
    const action = { operation: 'update' } as unknown as JournalStep['action'];
    await expect(send(ask, { step: created(), action, isTrial: false })).rejects.toThrow('no operation "update"');
    expect(asked).toEqual([]);
  });

  it('take back exactly the object that was made', async () => {
    const bodies: unknown[] = [];
    const ask: AskAny = (_method, _path, body) => {
      bodies.push(body);
      return Promise.resolve({ status: 201, body: { ...OBJECT, metadata: { ...OBJECT.metadata, uid: 'u', resourceVersion: '7' } } });
    };
    const journal = journalOf(created());
    await applied(ask, journal, () => undefined);
    expect(journal.steps[0]?.back).toEqual({ operation: 'delete', uid: 'u', resourceVersion: '7' });
    await undone(ask, journal, () => undefined);
    expect(bodies.slice(1)).toHaveLength(2);
    for (const body of bodies.slice(1)) expect(body).toMatchObject({ preconditions: { uid: 'u', resourceVersion: '7' } });
    // Of one that the server did not tell nobody knows which one it is.
    expect(undoable(journalOf(created('done')))).toEqual([]);
  });
});
