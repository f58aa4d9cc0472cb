import { describe, expect, it } from 'vitest';
import { State, fixesFor } from '../../changes/index.ts';
import { MemorySink } from '../../lib/sink.ts';
import { CLUSTER } from '../../snapshot/index.ts';
import { storiesOf } from '../fixes/index.ts';
import { writeFixesPage } from './index.ts';
import { ShownTexts } from './shown-texts.ts';

type Raw = Record<string, unknown>;
const RBAC = 'rbac.authorization.k8s.io';

function cluster(name: string): Raw[] {
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'shop' } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: 'shop' },
      spec: {
        selector: { matchLabels: { app: 'a' } },
        template: { metadata: { labels: { app: 'a' } }, spec: { serviceAccountName: name, containers: [{ name: 'app', image: 'x' }] } },
      },
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [
        { kind: 'ServiceAccount', name, namespace: 'shop' },
        { kind: 'User', name: `${name} ann`, apiGroup: RBAC },
      ],
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'operator', labels: { 'olm.owner': 'databases.v2' } },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'User', name: 'operator', apiGroup: RBAC }],
    },
  ];
}

function stateOf(objects: readonly Raw[]): State {
  return new State({
    header: { kind: 'snapshot', complete: true, kubernetesVersion: '1.36' },
    objects: objects.map((object) => ({ object, origin: CLUSTER })),
    counts: { files: 1, documents: objects.length, judged: objects.length, foreign: 0 },
    gaps: [],
  });
}

function pageOf(objects: Raw[], target = 'prod'): string {
  const state = stateOf(objects);
  const fixes = fixesFor(state, { top: 5, evidence: {} });
  const stories = storiesOf(state, fixes.fixes, {
    files: { read: () => undefined, folder: '' },
    baseOf: () => ({ path: '', isCurrent: true }),
  });
  const sink = new MemorySink();
  writeFixesPage(sink, fixes, { state, evidence: {}, target, stories, commands: ['castellan explain 1'], version: '1' });
  return sink.text;
}

describe('the page of fixes', () => {
  const page = pageOf(cluster('web'));

  it('reads without a script: counts, ways as steps, verdict, codes with what to do, commands and the way back', () => {
    const markup = page.replace(/<script[^]*?<\/script>/g, '');
    for (const text of [
      '2 footholds that outsiders can have lead to cluster control; 1 more if any workload may be broken into.',
      'take ClusterRole cluster-admin from ServiceAccount shop/web',
      'a process in shop/web (app)',
      'can read the token that is mounted in it → account shop/web',
      '<code>no-record</code> nothing is recorded of what was used',
      'castellan record add AUDIT-LOG',
      'kubectl patch clusterrolebinding.rbac.authorization.k8s.io web --type=json',
      'To take it back',
      'operator databases.v2',
    ])
      expect(markup).toContain(text);
    expect(markup.match(/<details class="fix"/g)?.length).toBeGreaterThanOrEqual(2);
  });

  it('copies exactly what is applied', () => {
    const copied = JSON.parse(/id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? '') as string[];
    expect(copied.some((text) => text.startsWith('kubectl patch clusterrolebinding.rbac.authorization.k8s.io web --type=json'))).toBe(true);
    expect([...page.matchAll(/data-copy="(\d+)"/g)].map(([, index]) => Number(index)).toSorted((a, b) => a - b)).toEqual(
      copied.map((_, index) => index),
    );
  });

  it('is the same each time, and a page where there is nothing to fix', () => {
    expect(pageOf(cluster('web'))).toBe(page);
    const none = pageOf([{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'a', namespace: 'shop' } }]);
    expect(none).toContain('No way to cluster control was found');
    expect(none).not.toContain('class="fix"');
  });

  it('lets nothing run but its own script, and no name be markup', () => {
    const hostile = `x'"</script><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\u0000`;
    const text = pageOf(cluster(hostile), hostile);
    expect([...text.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag)).toEqual(['<script type="application/json" id="data">', '<script>']);
    for (const part of ['<img', '\u202e', '\u0000']) expect(text).not.toContain(part);
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });
});

describe('texts of patches', () => {
  const state = stateOf([
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'shop' },
      data: { plain: 'bG9uZy12YWx1ZQ==' },
      stringData: { note: 'first line\nother line' },
    },
  ]);

  it('hold no credential, and cannot be copied where one was masked', () => {
    const texts = new ShownTexts(state);
    const shown = texts.block(
      'diff --git a/s b/s\n--- a/s\n+++ b/s\n@@ -1,3 +1,0 @@\n-plain: bG9uZy12YWx1ZQ==\n-  other line\n-DB_PASSWORD: hunter2hunter2\n',
      {
        label: 'patch',
        diff: true,
      },
    );
    for (const secret of ['bG9uZy12YWx1ZQ', 'other line', 'hunter2']) expect(shown).not.toContain(secret);
    expect([shown.includes('data-copy'), texts.copied]).toEqual([false, []]);
    expect(shown).toContain('castellan fixes --patch prints the whole');
  });

  it('paint lines by where they stand', () => {
    const shown = new ShownTexts(state).block('diff --git a/s b/s\n--- a/s\n+++ b/s\n@@ -1 +1 @@\n----\n+++x\n kept\n', {
      label: 'patch',
      diff: true,
    });
    expect([...shown.matchAll(/class="(file|meta|add|del)?">([^<\n]*)\n/g)].map(([, look = '', line]) => [look, line])).toEqual([
      ['file', 'diff --git a/s b/s'],
      ['meta', '--- a/s'],
      ['meta', '+++ b/s'],
      ['meta', '@@ -1 +1 @@'],
      ['del', '----'],
      ['add', '+++x'],
      ['', ' kept'],
    ]);
  });
});

it('of what closes no way says whether it gave nothing, or nobody used it', () => {
  const text = 'takes away what gives nothing';
  const objects = cluster('web');
  const [account, deployment] = objects;
  const again = { ...objects[2], metadata: { name: 'again' }, roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'view' } };
  const twice = { ...again, metadata: { name: 'twice' } };
  const markup = pageOf([account, deployment, again, twice].filter((one) => one !== undefined));
  expect(markup).toContain(text);
  // Nobody recorded anything: rights that somebody loses are no such thing.
  expect(pageOf(cluster('web')).match(new RegExp(text, 'g')) ?? []).toHaveLength(0);
});
