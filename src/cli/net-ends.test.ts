import { expect, it } from 'vitest';
import { Relation, connsOf, readWorld } from '../engines/network/index.ts';
import { netQuestion } from './net-ends.ts';

const pod = (name: string): Record<string, unknown> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'x', labels: { app: name } },
  spec: { containers: [{ name: 'c' }] },
});
const relation = new Relation(
  readWorld([
    pod('a'),
    pod('w'),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'w', namespace: 'x' },
      spec: { clusterIP: '10.96.0.9', selector: { app: 'w' }, ports: [{ port: 80, targetPort: 8080 }] },
    },
  ]),
);
function ask(from: string, to: string, port?: string): unknown {
  const { only } = netQuestion(relation, { from, to, port });
  return only === undefined ? 'all' : connsOf(only);
}

it('a port that the pods behind a Service are not asked for is told', () => {
  expect(() => ask('x/a', 'svc:x/w:80', '80/TCP')).toThrow('of those behind "svc:x/w:80" it leads to TCP 8080');
  expect(() => ask('x/a', 'svc:x/w', '8080/UDP')).toThrow('--port is a port of the pods');
  expect(ask('x/a', 'svc:x/w', '8080')).toEqual({ TCP: ['8080'] });
  // There it is a port of the Service, and of others that it does not have it is a true no.
  for (const port of ['80', '8080']) expect(ask('x/a', '10.96.0.9', port)).toEqual({ TCP: [port] });
});

it('ends that are both outside are told', () => {
  expect(() => ask('192.0.2.1', '198.51.100.1')).toThrow('both outside of the pods');
  expect(() => ask('192.0.2.1', '10.96.0.9')).toThrow(
    expect.objectContaining({ remedy: expect.stringContaining('From outside') as string }),
  );
  expect([ask('192.0.2.1', 'svc:x/w'), ask('x/a', 'x/a')]).toEqual(['all', 'all']);
});
