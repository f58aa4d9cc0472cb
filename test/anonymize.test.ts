/** An anonymized snapshot: nobody can tell whose it is, and nearly all that can be found in it is still found. */
import { beforeAll, describe, expect, it } from 'vitest';
import { redact } from '../src/collect/cluster/redact.ts';
import { RULES, publicNames } from '../src/rules/index.ts';
import { type SnapshotParts, SegmentWriter, anonymized, objectsOf, toSnapshot } from '../src/snapshot/index.ts';
import { report, snapshotOfShop } from './report-tester.ts';

/** Names that the shop has in common with everybody. */
const PUBLIC = new Set(
  [
    // An image that anybody may run.
    'bitnami',
    'kubectl',
    // Of Kubernetes: users, roles, objects that every cluster has, resources.
    'authenticated cluster-admin cpu default edit view serviceaccounts system sha256',
    // Words of its API, protocols, folders of every system. The shop uses them as names too, and there they are replaced.
    'data host http https latest metrics password tls registry docker fuse manifests root run tmp',
    // Images of well-known add-ons and where they come from, by which a judgement knows them again.
    'registry.k8s.io quay.io kube-state-metrics grafana promtail prometheus node-exporter restic kubernetesui dashboard',
  ].flatMap((words) => words.split(' ')),
);

let original: SnapshotParts;
let shared: SnapshotParts;
beforeAll(async () => {
  original = await shopAsCluster();
  shared = anonymized(original, { seed: 'test', known: publicNames() });
});

/** The example as it would be read from an API server. */
async function shopAsCluster(): Promise<SnapshotParts> {
  const writers = new Map<string, SegmentWriter>();
  for (const { object } of (await snapshotOfShop()).objects) {
    const { apiVersion, kind } = object as { apiVersion: string; kind: string };
    const id = `${apiVersion} ${kind}`;
    if (!writers.has(id)) writers.set(id, new SegmentWriter({ apiVersion, kind, resource: `${kind.toLowerCase()}s` }));
    const copy = structuredClone(object);
    redact(copy);
    writers.get(id)?.add(copy);
  }
  return {
    header: {
      kind: 'snapshot',
      complete: false,
      kubernetesVersion: '1.34.1',
      cluster: { uid: '7d0b52a4-95d1-4a3c-b9d5-2e2a3c6f6a10', server: 'https://api.fernhill.example:6443' },
      namespaces: ['shop', 'payments'],
    },
    gaps: [
      {
        scope: 'secrets in payments',
        code: 'forbidden',
        reason: 'User "marek@fernhill.example" cannot list resource "secrets"',
        effect: 'unknown',
      },
    ],
    segments: [...writers.values()].map((writer) => writer.end()),
  };
}

/** Findings by rule and severity. */
async function found(parts: SnapshotParts): Promise<Map<string, number>> {
  const { findings } = await report(toSnapshot(parts), [], { rules: RULES, all: true });
  const counts = new Map<string, number>();
  for (const { rule, severity, status } of findings) {
    if (status === 'pass' || status === 'not-applicable') continue;
    const key = `${rule.id} ${status} ${severity}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

describe('the shop, anonymized', () => {
  it('has the same findings by rule and severity', async () => {
    const [before, after] = [await found(original), await found(shared)];
    const differences = [...new Set([...before.keys(), ...after.keys()])]
      .filter((key) => before.get(key) !== after.get(key))
      .map((key) => `${key}: ${before.get(key) ?? 0} before, ${after.get(key) ?? 0} after`);
    expect(differences.sort()).toEqual([]);
  });

  it('holds none of its names', () => {
    const text = JSON.stringify([
      shared.header,
      shared.gaps,
      shared.segments.flatMap((segment) => [segment.kind, segment.resource, ...objectsOf(segment)]),
    ]);
    const words = new Set(text.split(/[^\p{L}\p{N}._-]+/u).flatMap((word) => [word, ...word.split(/[.]/)]));
    const kept = [...namesOf(original)].filter((name) => words.has(name) && !PUBLIC.has(name) && !/^v?\d/.test(name)).sort();
    expect(kept).toEqual([]);
    for (const word of ['fernhill', 'marek', 'OPS-97', 'git.', 'registry.example.com']) expect(text).not.toContain(word);
  });
});

/** Names of objects, containers, volumes, hosts, images, users, labels: whatever somebody chose. */
function namesOf({ segments }: SnapshotParts): Set<string> {
  const names = new Set<string>();
  const fields = new Set([
    'name',
    'namespace',
    'serviceAccountName',
    'secretName',
    'claimName',
    'host',
    'image',
    'hostname',
    'app',
    'team',
  ]);
  const walk = (value: unknown, field: string): void => {
    if (typeof value === 'string' && fields.has(field)) for (const word of [value, ...value.split(/[/:@]/)]) names.add(word);
    if (typeof value === 'object' && value !== null)
      for (const [key, part] of Object.entries(value)) walk(part, Array.isArray(value) ? field : key);
  };
  for (const segment of segments) for (const object of objectsOf(segment)) walk(object, '');
  return names;
}
