import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { LogReader } from '../../src/collect/logs/index.ts';
import { Ledger, type UseRecord } from '../../src/record/index.ts';
import { DAY, type FlowEvent } from './event.ts';
import { historyOf } from './families.ts';
import { auditLine, heartbeat, hubbleLine } from './log-lines.ts';
import { recordOf } from './logged.ts';

const folder = mkdtempSync(join(tmpdir(), 'castellan-history-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Without what only files have, and the beats, which are requests in a log and marks in a ledger. */
function usesOf({ actors, requests }: UseRecord): unknown {
  const uses = requests.map(({ actor, asked, allowed, denied, unclear, first, last, days }) => {
    const { name, groups, bound } = actors[actor] ?? { name: '', groups: [] };
    const { verb, apiGroup, resource, subresource, namespace, through } = asked;
    return [
      name,
      groups,
      bound ?? 'nothing',
      through,
      verb,
      apiGroup,
      resource,
      subresource,
      namespace,
      asked.name,
      allowed,
      denied,
      unclear,
      Math.floor(first),
      Math.floor(last),
      days,
    ];
  });
  return uses
    .map((use) => JSON.stringify(use))
    .filter((text) => !text.includes('kube-node-lease'))
    .toSorted();
}

test('what is read from the logs of two servers is what the ledger was told', async () => {
  const { requests, span } = historyOf('rare incident', 1, 15);
  const logging = { from: span.from, to: span.to, servers: span.servers };
  const ledger = new Ledger();
  const reader = new LogReader(ledger);
  for (const server of [0, 1]) {
    const own = requests.filter((event) => event.server === server);
    const beats = Array.from({ length: (15 * DAY) / 3600 }, (_, hour) => heartbeat(span.from + hour * 3600, server));
    const path = join(folder, `cp${server + 1}.log.gz`);
    writeFileSync(path, gzipSync([...own, ...beats].map((event, id) => `${auditLine(event, id)}\n`).join('')));
    await reader.read({ path, stream: `cp${server + 1}` });
  }
  const record = ledger.record();
  expect(record.streams.map(({ name, formats, unread, beating }) => [name, formats, unread, beating.isEmpty])).toEqual([
    ['cp1', ['audit.k8s.io'], {}, false],
    ['cp2', ['audit.k8s.io'], {}, false],
  ]);
  expect(usesOf(record)).toEqual(usesOf(recordOf(requests, logging)));
});

test('flows are read as they were', async () => {
  const flows: FlowEvent[] = [
    { time: 1_771_200_000, source: 'shop/web-1', destination: 'shop/db-1', port: 5432, allowed: true },
    { time: 1_771_200_060, source: 'shop/web-1', destination: '192.0.2.7', port: 443, allowed: true },
    { time: 1_771_200_120, source: '192.0.2.9', destination: 'shop/web-1', port: 80, allowed: false },
  ];
  const path = join(folder, 'flows.json');
  writeFileSync(path, flows.map((flow) => `${hubbleLine(flow)}\n`).join(''));
  const ledger = new Ledger();
  await new LogReader(ledger).read({ path, stream: 'flows' });
  expect(
    ledger.record().flows.map(({ source, destination, port, allowed, denied }) => [source, destination, port, allowed, denied]),
  ).toEqual([
    ['ip:192.0.2.9', 'pod:shop/web-1', 80, 0, 1],
    ['pod:shop/web-1', 'ip:192.0.2.7', 443, 1, 0],
    ['pod:shop/web-1', 'pod:shop/db-1', 5432, 1, 0],
  ]);
});
