import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Relation, overview, readWorld } from '../../engines/network/index.ts';
import { MemorySink } from '../../lib/sink.ts';
import { writeMap } from './index.ts';

type Raw = Record<string, unknown>;

function deployment(name: string): Raw {
  const [namespace, short] = name.split('/');
  const template = { metadata: { labels: { app: short } }, spec: { containers: [{ name: 'c', ports: [{ containerPort: 80 }] }] } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: short, namespace }, spec: { template } };
}
const OBJECTS = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'b', labels: { team: 'one' } } },
  deployment('b/web'),
  deployment('a/db'),
  deployment('a/cache'),
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'p', namespace: 'a' },
    spec: { podSelector: { matchLabels: { app: 'db' } }, ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }] },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'b' },
    spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80, nodePort: 30080 }] },
  },
];

function page(objects: Raw[], most = 100): string {
  const sink = new MemorySink();
  const drawn = overview(new Relation(readWorld(objects)), { by: 'namespace-label', key: 'team' }, most);
  writeMap(sink, drawn, { title: 'the <title>', whose: 'tenant' });
  return sink.text;
}
interface Data {
  by: string;
  groups: string[];
  namespaces: string[];
  nodes: [name: string, namespace: number, group: number, workloads: number, pods: number, policed: number][];
  links: [from: number, to: number, ports: number, open?: number, pairs?: number][];
  outside: [node: number, direction: number, addresses: number, ports: number][];
  entries: [node: number, allowed: number, text: number, reason: number][];
  texts: string[];
}
function dataOf(text: string): Data {
  return JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(text)?.[1] ?? '') as Data;
}

describe('the map', () => {
  it('has whoever is there, those of one owner together', () => {
    const { by, groups, namespaces, nodes } = dataOf(page(OBJECTS));
    expect(by).toBe('workload');
    expect([groups, namespaces]).toEqual([
      ['one', ''],
      ['b', 'a'],
    ]);
    expect(nodes).toEqual([
      ['b/web[Deployment]', 0, 0, 1, 1, 0],
      ['a/cache[Deployment]', 1, 1, 1, 1, 0],
      ['a/db[Deployment]', 1, 1, 1, 1, 1],
    ]);
  });
  it('has what may flow, and the ways in', () => {
    const { links, outside, entries, texts } = dataOf(page(OBJECTS));
    const OUT = 3;
    const pairs = links.map(([from, to, ports, ...rest]) => [from, to, texts[ports], ...rest]);
    expect(pairs).toEqual([
      [0, 1, 'all'],
      [0, OUT, 'all'],
      [1, 0, 'all'],
      [1, 2, 'TCP 80'],
      [1, OUT, 'all'],
      [2, 0, 'all'],
      [2, 1, 'all'],
      [2, OUT, 'all'],
      [OUT, 0, 'all'],
      [OUT, 1, 'all'],
    ]);
    const everyone = 'ip:0.0.0.0-255.255.255.255';
    expect(outside.map(([node, direction, addresses]) => [node, direction, texts[addresses]])).toEqual([
      [1, 1, everyone],
      [2, 1, everyone],
      [0, 1, everyone],
      [1, 0, everyone],
      [0, 0, everyone],
    ]);
    expect(entries.map(([node, allowed, what]) => [node, texts[allowed], texts[what]])).toEqual([
      [0, 'yes', 'node-port 30080 to TCP 80 by Service/b/web'],
    ]);
  });
  it('is of namespaces where workloads are too many', () => {
    const { by, nodes, links } = dataOf(page(OBJECTS, 2));
    expect(by).toBe('namespace');
    expect(nodes).toEqual([
      ['b', 0, 0, 1, 1, 0],
      ['a', 1, 1, 2, 2, 0],
    ]);
    expect(links.find(([from, to]) => from === 0 && to === 1)?.slice(3)).toEqual([1, 2]);
  });
  it('is the same each time, whatever the order of the input', () => {
    expect(page(OBJECTS)).toBe(page(OBJECTS));
    expect(dataOf(page(OBJECTS.toReversed())).nodes).toEqual(dataOf(page(OBJECTS)).nodes);
  });
  it('lets nothing run but its own script, and no name be markup', () => {
    const hostile = `x'"</script><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\u0000`;
    const text = page([deployment(`${hostile.replaceAll('/', '')}/${hostile.replaceAll('/', '')}`), ...OBJECTS]);
    const scripts = [...text.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
    expect(scripts).toEqual(['<script type="application/json" id="data">', '<script>']);
    expect(text).not.toContain('<img');
    expect(text).not.toContain('\u202e');
    expect(text).toContain('the &lt;title&gt;');
    const script = /<script>(.*?)<\/script>/s.exec(text)?.[1] ?? '';
    expect(text).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    expect(text).toContain("default-src 'none'");
    expect(text).not.toMatch(/https?:\/\//);
  });
});
