import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Ledger, type UseRecord } from '../../../record/index.ts';
import { LogReader } from '../index.ts';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'castellan-flows-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: string): Promise<UseRecord> {
  const path = join(folder, 'flows.log');
  writeFileSync(path, content);
  const ledger = new Ledger();
  await new LogReader(ledger).read({ path, stream: 'flows' });
  return ledger.record();
}

const told = ({ flows }: UseRecord): string[] =>
  flows.map(
    ({ source, destination, protocol, port, allowed, denied, unclear }) =>
      `${source} > ${destination} ${port}/${protocol} ${allowed}/${denied}/${unclear}`,
  );

const lines = (...values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** Of the database, on its port. */
const answering = (pod: string, port: number): Record<string, unknown> => ({
  l4: { TCP: { source_port: 8080, destination_port: port } },
  source: { namespace: 'shop', pod_name: 'db-0' },
  destination: { namespace: 'shop', pod_name: pod },
  IP: { source: '10.0.2.6', destination: '10.0.1.9' },
});

describe('flows', () => {
  test('of Hubble: answers, other protocols and what was lost', async () => {
    const flow = (more: Record<string, unknown>): unknown => ({
      flow: {
        time: '2026-03-01T10:00:00.5Z',
        verdict: 'FORWARDED',
        IP: { source: '10.0.1.5', destination: '10.0.2.6', ipVersion: 'IPv4' },
        l4: { TCP: { source_port: 40_000, destination_port: 8080, flags: { SYN: true } } },
        source: { namespace: 'shop', pod_name: 'cart-1', labels: ['k8s:app=cart'] },
        destination: { namespace: 'shop', pod_name: 'db-0', labels: [] },
        node_name: 'default/n1',
        is_reply: false,
        ...more,
      },
    });
    const record = await read(
      lines(
        flow({}),
        // The second is of a connection that began before.
        flow({ is_reply: true, ...answering('cart-1', 40_000) }),
        flow({ is_reply: true, ...answering('old-1', 40_000) }),
        flow({ verdict: 'TRACED', source: { namespace: 'shop', pod_name: 'traced-1' } }),
        flow({ verdict: 'DROPPED' }),
        flow({ l4: { ICMPv4: { type: 8 } } }),
        flow({ source: { labels: ['reserved:host'] } }),
        flow({ source: { labels: ['reserved:world'] }, IP: { source: '203.0.113.9', destination: '10.0.2.6' } }),
        { lost_events: { num_events_lost: 7 } },
      ),
    );
    expect(told(record)).toEqual([
      'host:n1 > pod:shop/db-0 8080/TCP 1/0/0',
      'ip:203.0.113.9 > pod:shop/db-0 8080/TCP 1/0/0',
      'pod:shop/cart-1 > pod:shop/db-0 8080/TCP 1/1/0',
      'pod:shop/old-1 > pod:shop/db-0 8080/TCP 1/0/0',
      'pod:shop/traced-1 > pod:shop/db-0 8080/TCP 0/0/1',
    ]);
    expect(record.addresses.map(({ address, end }) => `${address} ${end}`)).toContain('10.0.2.6 pod:shop/db-0');
    expect(record.streams).toMatchObject([{ formats: ['hubble'], unread: { 'line that is no flow': 1 } }]);
  });

  test('of Calico: log files and Goldmane, exact names and summed up ones', async () => {
    const base = {
      start_time: 1_770_000_000,
      end_time: 1_770_000_300,
      source_name: '-',
      source_name_aggr: 'cart-7d4b9-*',
      source_namespace: 'shop',
      source_type: 'wep',
      dest_ip: '10.0.2.6',
      dest_name: 'db-0',
      dest_name_aggr: 'db-*',
      dest_namespace: 'shop',
      dest_type: 'wep',
      dest_port: 5432,
      proto: 'tcp',
      action: 'allow',
      num_flows_started: 4,
    };
    const out = { dest_type: 'net', dest_ip: null, dest_name: '-', dest_name_aggr: 'pub', dest_namespace: '-', dest_port: 443 };
    expect(told(await read(lines(base, { ...base, action: 'deny' }, { ...base, proto: 'icmp' }, { ...base, ...out })))).toEqual([
      'workload:shop/cart-7d4b9 > other:pub 443/TCP 4/0/0',
      'workload:shop/cart-7d4b9 > pod:shop/db-0 5432/TCP 4/4/0',
    ]);
    expect((await read(lines(base, { ...base, dest_port: null }))).streams).toMatchObject([{ unread: { 'line that is no flow': 1 } }]);
    const whisker = {
      startTime: '2026-03-01T10:00:00Z',
      endTime: '2026-03-01T10:05:00Z',
      action: 'Allow',
      sourceName: 'cart-*',
      sourceNamespace: 'shop',
      destName: 'db-*',
      destNamespace: 'shop',
      destPort: '5432',
      protocol: 'tcp',
    };
    expect(told(await read(lines(whisker)))).toEqual(['workload:shop/cart > workload:shop/db 5432/TCP 1/0/0']);
    const key = {
      source_name: 'web-*',
      source_namespace: 'shop',
      dest_name: 'cart-*',
      dest_namespace: 'shop',
      dest_port: 80,
      proto: 'tcp',
      action: 'Allow',
    };
    expect(told(await read(lines({ Key: key, start_time: 1_770_000_000, end_time: 1_770_000_015 })))).toEqual([
      'workload:shop/web > workload:shop/cart 80/TCP 1/0/0',
    ]);
  });

  test('of the connection table: the real end behind a Service, what nobody answered, events with their time', async () => {
    const table = [
      'tcp      6 431999 ESTABLISHED src=10.0.1.5 dst=10.96.0.20 sport=40000 dport=80 src=10.0.2.6 dst=10.0.1.5 sport=8080 dport=40000 [ASSURED] mark=0 use=1',
      'udp      17 20 src=10.0.1.5 dst=10.0.9.9 sport=40000 dport=53 [UNREPLIED] src=10.0.9.9 dst=10.0.1.5 sport=53 dport=40000 use=1',
      'ipv4     2 icmp     1 29 src=10.0.1.5 dst=10.0.2.6 type=8 code=0 id=3 src=10.0.2.6 dst=10.0.1.5 type=0 code=0 id=3 use=1',
      'conntrack v1.4.6 (conntrack-tools): 3 flow entries have been shown.',
    ].join('\n');
    expect(told(await read(`${table}\n`))).toEqual(['ip:10.0.1.5 > ip:10.0.2.6 8080/TCP 1/0/0', 'ip:10.0.1.5 > ip:10.0.9.9 53/UDP 0/0/1']);
    const event =
      '[1770000000.123456]\t    [NEW] tcp      6 120 SYN_SENT src=10.0.1.5 dst=10.0.2.6 sport=40000 dport=80 [UNREPLIED] src=10.0.2.6 dst=10.0.1.5 sport=80 dport=40000\n';
    expect((await read(event)).flows).toMatchObject([{ first: 1_770_000_000, port: 80, unclear: 1 }]);
    // The end of one that was there before; of another the beginning is told too.
    const end = event.replace('[NEW]', '[DESTROY]').replace('[UNREPLIED] ', '');
    expect((await read(event + end)).flows).toMatchObject([{ allowed: 0, unclear: 1 }]);
    expect((await read(end)).flows).toMatchObject([{ allowed: 1, unclear: 0 }]);
  });

  test('of a table: columns in any order, faults told', async () => {
    const text =
      'source,time,destination,port,verdict,count,protocol\nshop/cart-1,2026-03-01T10:00:00Z,10.0.2.6,5432,,3,\nshop/cart-1,2026-03-01T10:00:00Z,2001:db8::1,53,denied,1,UDP\nshop/cart-1,never,10.0.2.6,1,,,\n';
    const record = await read(text);
    expect(told(record)).toEqual(['pod:shop/cart-1 > ip:10.0.2.6 5432/TCP 3/0/0', 'pod:shop/cart-1 > ip:2001:db8::1 53/UDP 0/1/0']);
    expect(record.streams).toMatchObject([{ formats: ['csv'], events: 2, unread: { 'line that is no flow': 1 } }]);
  });

  test('of a table that names no zone are of UTC', async () => {
    const record = await read('time,source,destination,port\n2026-03-01 10:00:00,shop/a,shop/b,80\n');
    expect(record.flows).toMatchObject([{ first: Date.UTC(2026, 2, 1, 10) / 1000 }]);
  });

  test('of a table go on where they ended', async () => {
    const path = join(folder, 'growing.csv');
    const head = 'time,source,destination,port\n';
    const row = '2026-03-01T10:00:00Z,shop/a,shop/b,80\n';
    writeFileSync(path, head + row);
    const ledger = new Ledger();
    await new LogReader(ledger).read({ path, stream: 'flows' });
    const before = ledger.record();
    writeFileSync(path, head + row + row);
    const next = new Ledger();
    next.merge(before);
    expect(await new LogReader(next, before).read({ path, stream: 'flows' })).toMatchObject({ events: 1 });
    expect(next.record().flows).toMatchObject([{ allowed: 2 }]);
  });
});
