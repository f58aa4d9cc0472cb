import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Ledger, type UseRecord } from '../../record/index.ts';
import { LogReader, type LogSummary } from './index.ts';
import { streamOf } from './stream-name.ts';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'castellan-logs-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function event(id: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    auditID: `id-${id}`,
    stage: 'ResponseComplete',
    verb: 'get',
    requestURI: '/api/v1/namespaces/shop/secrets/db',
    user: { username: 'alice', groups: ['dev'] },
    objectRef: { resource: 'secrets', namespace: 'shop', name: 'db', apiVersion: 'v1' },
    responseStatus: { code: 200 },
    stageTimestamp: `2026-03-01T10:00:0${id % 10}.000000Z`,
    annotations: { 'authorization.k8s.io/decision': 'allow' },
    ...more,
  };
}

function lines(...values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

async function read(path: string, before?: UseRecord): Promise<{ summary: LogSummary; record: UseRecord }> {
  const ledger = new Ledger();
  if (before !== undefined) ledger.merge(before);
  const summary = await new LogReader(ledger, before).read({ path, stream: streamOf(path) });
  return { summary, record: ledger.record() };
}

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const allowed = ({ requests }: UseRecord): number => requests.reduce((sum, use) => sum + use.allowed, 0);

describe('a log', () => {
  test('is read once, though it grows, is renamed and compressed', async () => {
    const path = file('audit.log', lines(event(1), event(2)));
    const first = await read(path);
    expect(first.summary).toMatchObject({ kind: 'audit', events: 2, unread: 0, isNew: true });
    const again = await read(path, first.record);
    expect(again.summary).toMatchObject({ events: 0, isNew: false });
    expect(allowed(again.record)).toBe(2);
    appendFileSync(path, lines(event(3)));
    const grown = await read(path, again.record);
    expect(grown.summary).toMatchObject({ events: 1, isNew: true });
    const rotated = file('audit-2026-03-02T00-00-00.000.log.gz', gzipSync(lines(event(1), event(2), event(3), event(4))));
    const last = await read(rotated, grown.record);
    expect(last.summary).toMatchObject({ events: 1, isNew: true });
    expect(allowed(last.record)).toBe(4);
    expect(last.record.streams).toHaveLength(1);
  });

  test('that was edited after it was read is refused', async () => {
    const path = file('edited.log', lines(event(1), event(2)));
    const { record } = await read(path);
    writeFileSync(path, lines(event(1), event(7), event(8)));
    await expect(read(path, record)).rejects.toMatchObject({
      code: 'CAS_NOT_LOG',
      message: expect.stringContaining('goes on differently'),
    });
  });

  test('is another one that only begins with the same head of a table, or the same bracket', async () => {
    const row = (day: number, port: number): string => `2026-03-0${day}T10:00:00Z,shop/web,shop/db,${port}\n`;
    const head = 'time,source,destination,port\n';
    const first = await read(file('day1.csv', head + row(1, 80) + row(1, 81) + row(1, 82)));
    // A shorter one was taken for the beginning of the first.
    const second = await read(file('day2.csv', head + row(2, 90)), first.record);
    expect(second.summary).toMatchObject({ events: 1, isNew: true });
    expect(second.record.flows.map(({ port }) => port)).toEqual([80, 81, 82, 90]);
    const again = await read(file('day2.csv', head + row(2, 90) + row(2, 91)), second.record);
    expect(again.summary).toMatchObject({ events: 1, isNew: true });
    const list = (...ids: readonly number[]): string =>
      JSON.stringify({ kind: 'EventList', items: ids.map((id) => event(id)) }, undefined, 2);
    const one = await read(file('list1.json', list(1, 2, 3)));
    const other = await read(file('list2.json', list(4)), one.record);
    expect(allowed(other.record)).toBe(4);
  });

  test('that is shorter than what was read of it is refused', async () => {
    const { record } = await read(file('long.log', lines(event(1), event(2))));
    await expect(read(file('long.log', lines(event(1))), record)).rejects.toMatchObject({ code: 'CAS_NOT_LOG' });
  });

  test('goes on in the stream where it was read before, whatever it is called now', async () => {
    const first = await read(file('old-name.log', lines(event(1))));
    const { record } = await read(file('new-name.log', lines(event(1), event(2))), first.record);
    expect(record.streams.map(({ events }) => events)).toEqual([2]);
  });

  test('whose last line is still being written is read up to there, and then on', async () => {
    const [whole, half] = [lines(event(1)), JSON.stringify(event(2))];
    const path = file('half.log', whole + half.slice(0, 60));
    const first = await read(path);
    expect(first.summary).toMatchObject({ events: 1, unread: 0 });
    writeFileSync(path, `${whole}${half}\n`);
    const { summary, record } = await read(path, first.record);
    expect(summary.events).toBe(1);
    expect(allowed(record)).toBe(2);
  });

  test('without a last line end goes on after one', async () => {
    const path = file('endless.log', lines(event(1)).trimEnd());
    const first = await read(path);
    expect(first.summary.events).toBe(1);
    appendFileSync(path, `\n${lines(event(2))}`);
    const { summary, record } = await read(path, first.record);
    expect(summary.events).toBe(1);
    expect(allowed(record)).toBe(2);
  });

  test('tells of lines that it cannot read, also where compression breaks off', async () => {
    const broken = await read(
      file('broken.log', `${lines(event(1))}{"kind": "Event", "oops\n${lines(event(2), { kind: 'Event', apiVersion: 'audit.k8s.io/v1' })}`),
    );
    expect(broken.summary).toMatchObject({ events: 2, unread: 2 });
    expect(broken.record.streams[0]?.unread).toEqual({ 'entry that is no event': 1, 'line that is no JSON': 1 });
    const cutFirst = await read(file('cut.log', `name":"x"}}\n${lines(event(1), event(2))}`));
    expect(cutFirst.summary).toMatchObject({ events: 2, unread: 1 });
    const many = Array.from({ length: 4000 }, (_, id) => event(id, { userAgent: String(Math.sin(id)) }));
    const gzip = gzipSync(lines(...many));
    const short = await read(file('short.gz', gzip.subarray(0, gzip.length >> 1)));
    expect(short.summary.events).toBeGreaterThan(100);
    expect(short.record.streams[0]?.unread).toEqual({ 'compressed data that ends too early': 1 });
  });

  test('that is none is an error, and so is one that is not there', async () => {
    await expect(read(file('pod.yaml', 'kind: Pod\nmetadata: {}\n'))).rejects.toMatchObject({ code: 'CAS_NOT_LOG' });
    await expect(read(file('other.json', lines({ level: 'info' })))).rejects.toMatchObject({ code: 'CAS_NOT_LOG' });
    await expect(read(join(folder, 'absent'))).rejects.toMatchObject({ code: 'CAS_NOT_FOUND' });
    await expect(read(folder)).rejects.toMatchObject({ code: 'CAS_UNREADABLE' });
  });

  test('of a provider is unwrapped', async () => {
    const text = JSON.stringify(event(1));
    const cloudWatch = { logStreamName: 'kube-apiserver-audit-1', message: text };
    const google = {
      insertId: 'g1',
      timestamp: '2026-03-01T10:00:00Z',
      resource: { labels: { cluster_name: 'prod' } },
      protoPayload: {
        '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
        authenticationInfo: { principalEmail: 'ann@example.com' },
        authorizationInfo: [{ granted: true, permission: 'io.k8s.core.v1.pods.exec.create' }],
        methodName: 'io.k8s.core.v1.pods.exec.create',
        resourceName: 'core/v1/namespaces/shop/pods/cart/exec',
      },
    };
    const azure = { category: 'kube-audit', properties: { log: text, pod: 'kube-apiserver-7' } };
    const wrapped: readonly (readonly [string, unknown, { stream: string; format: string }])[] = [
      ['list', { kind: 'EventList', items: [event(1)] }, { stream: join(folder, 'list'), format: 'audit.k8s.io' }],
      ['cloudwatch', { events: [cloudWatch, { message: 'I0301 plain text' }] }, { stream: 'kube-apiserver-audit-1', format: 'cloudwatch' }],
      ['subscription', { logStream: 's1', logEvents: [{ message: text }] }, { stream: 's1', format: 'cloudwatch' }],
      [
        'azure',
        { records: [azure, { category: 'kube-scheduler', properties: { log: 'x' } }] },
        { stream: 'kube-apiserver-7', format: 'azure' },
      ],
      [
        'google',
        [google, { protoPayload: { methodName: 'compute.instances.list', serviceName: 'compute.googleapis.com' } }],
        { stream: 'prod', format: 'google' },
      ],
    ];
    for (const [name, value, { stream, format }] of wrapped) {
      for (const space of [undefined, 2]) {
        const { summary, record } = await read(file(name, JSON.stringify(value, undefined, space)));
        expect(summary, name).toMatchObject({ events: 1, unread: 0 });
        expect(
          record.streams.find(({ events }) => events > 0),
          name,
        ).toMatchObject({ name: stream, formats: [format], events: 1 });
      }
    }
    const { record } = await read(file('google-lines', lines(google)));
    expect(record.actors).toEqual([{ name: 'ann@example.com', groups: [] }]);
    expect(record.requests[0]).toMatchObject({
      allowed: 1,
      asked: { verb: 'create', apiGroup: '', resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'cart' },
    });
    const exported = await read(
      file('exported', `2026-03-01T10:00:00.000Z ${text}\n2026-03-01T10:00:01.000Z ${JSON.stringify(event(2))}\n`),
    );
    expect(exported.summary.events).toBe(2);
  });
});

test('rotated logs belong to the stream of the one that is written', () => {
  for (const name of [
    'audit.log',
    'audit-2026-03-02T00-00-00.000.log',
    'audit-2026-03-02T00-00-00.000.log.gz',
    'audit.log.1',
    'audit.log-20260302.gz',
    'audit.log.12.gz',
  ])
    expect(streamOf(`cp1/${name}`), name).toBe(join('cp1', 'audit.log'));
  expect(streamOf('audit.log')).toBe('audit.log');
  expect(streamOf('-')).toBe('standard input');
});
