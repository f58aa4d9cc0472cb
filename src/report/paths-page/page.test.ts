import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../test/rule-tester.ts';
import { AttackGraph, COUNTED } from '../../graph/index.ts';
import { MemorySink } from '../../lib/sink.ts';
import { pathsDocument } from '../paths/index.ts';
import { writePathsPage } from './index.ts';

type Raw = Record<string, unknown>;
const RBAC = 'rbac.authorization.k8s.io';

function account(namespace: string, name: string): Raw {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } };
}
function pod(namespace: string, name: string, serviceAccountName: string): Raw {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: { serviceAccountName, containers: [{ name: 'c', image: 'x' }] },
  };
}
function binding(name: string, role: string, subject: Raw): Raw {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
    subjects: [subject],
  };
}
const OBJECTS = [
  account('a', 's'),
  pod('a', 'p', 's'),
  pod('a', 'q', 's'),
  binding('boss', 'cluster-admin', { kind: 'ServiceAccount', name: 's', namespace: 'a' }),
  binding('ann', 'cluster-admin', { kind: 'User', name: 'ann', apiGroup: RBAC }),
];

function page(objects: Raw[]): string {
  const graph = new AttackGraph(clusterOf(objects));
  const document = pathsDocument(graph, { to: 'ClusterAdmin', classes: COUNTED, top: 5 });
  const sink = new MemorySink();
  writePathsPage(sink, graph, { document, title: 'the <title>', from: undefined, classes: COUNTED });
  return sink.text;
}
interface Data {
  target: string;
  kinds: [one: string, many: string, column: number][];
  nodes: [text: string, kind: number, flags: number, closes: number, next: number, name: string][];
  arrows: [from: number, to: number, says: number, klass: number, evidence: number, needs: number][];
  cut: { size: number; optimal: boolean; remove: [part: string, node: number][] };
  ways: [who: string, count: number, entries: number[], hops: [text: number, klass: number, place: number, to: number][]][];
  texts: string[];
}
function dataOf(text: string): Data {
  return JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(text)?.[1] ?? '') as Data;
}

describe('the page of ways', () => {
  const data = dataOf(page(OBJECTS));
  const nodeOf = (name: string): number => data.nodes.findIndex((row) => row[5] === name);

  it('has footholds, the target, and what the cut takes away', () => {
    const flags = (name: string): number | undefined => data.nodes[nodeOf(name)]?.[2];
    expect([flags('User/ann'), flags('Container/a/p/c'), flags('ClusterAdmin')]).toEqual([1, 2, 4]);
    expect(data.cut).toMatchObject({ size: 2, optimal: true });
    expect(data.cut.remove.map(([part, node]) => [part, data.nodes[node]?.[5]])).toEqual([
      ['ClusterRoleBinding/ann', 'ClusterRoleBinding/ann'],
      ['ClusterRoleBinding/boss', 'ClusterRoleBinding/boss'],
    ]);
    expect(flags('ClusterRoleBinding/boss')).toBe(8);
  });
  it('leads by `next` from every vertex to the target, each step with its field', () => {
    const steps: string[] = [];
    for (let at = nodeOf('Container/a/p/c'), left = 9; at >= 0 && left > 0; left -= 1) {
      const arrow = data.arrows[data.nodes[at]?.[4] ?? -1];
      if (arrow === undefined) break;
      expect(arrow[0]).toBe(at);
      steps.push(`${data.texts[arrow[2]]} → ${data.nodes[arrow[1]]?.[0]} @ ${data.texts[arrow[4]]}`);
      at = arrow[1];
    }
    expect(steps[0]).toBe('read the token that is mounted in it → account a/s @ Pod/a/p spec.serviceAccountName');
    expect(steps[1]).toMatch(/^use what the binding grants → ClusterRoleBinding\/boss @ ClusterRoleBinding\/boss subjects\[0\]/);
    expect(steps.at(-1)).toMatch(/ → cluster-admin @ /);
  });
  it('tells ways that are alike once, with the entries that are drawn', () => {
    const [most] = data.ways;
    expect(most?.[1]).toBe(2);
    expect(most?.[2].map((index) => data.nodes[index]?.[5])).toEqual(['Container/a/p/c', 'Container/a/q/c']);
  });
  it('has nothing that leads on from the target', () => {
    expect(data.arrows.filter(([from]) => from === nodeOf('ClusterAdmin'))).toEqual([]);
  });
  it('is the same each time', () => {
    expect(page(OBJECTS)).toBe(page(OBJECTS));
  });
  it('has a page where nothing leads to the target', () => {
    const none = dataOf(page([account('a', 's')]));
    expect([none.arrows, none.ways]).toEqual([[], []]);
    expect(none.nodes.map((row) => row[5])).toEqual(['ClusterAdmin']);
  });
  it('lets nothing run but its own script, and no name be markup', () => {
    const hostile = `x'"</script><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\u0000`;
    const text = page([
      pod(hostile, hostile, hostile),
      account(hostile, hostile),
      binding(hostile, 'cluster-admin', { kind: 'ServiceAccount', name: hostile, namespace: hostile }),
      binding('u', 'cluster-admin', { kind: 'User', name: hostile, apiGroup: RBAC }),
    ]);
    const scripts = [...text.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
    expect(scripts).toEqual(['<script type="application/json" id="data">', '<script>']);
    expect(text).not.toContain('<img');
    expect(text).not.toContain('\u202e');
    expect(text).toContain('the &lt;title&gt;');
    expect(dataOf(text).nodes.some(([name]) => name.includes('onerror'))).toBe(true);
    const script = /<script>(.*?)<\/script>/s.exec(text)?.[1] ?? '';
    expect(text).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    expect(text).toContain("default-src 'none'");
    expect(text).not.toMatch(/https?:\/\//);
  });
});
