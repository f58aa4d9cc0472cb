/** How people name who begins and what they ask the ways to. */
import { describe, expect, it } from 'vitest';
import { buildCluster } from '../model/index.ts';
import { AttackGraph } from './attack-graph.ts';
import { account, admin, allowEverywhereTo, node, pod, secret } from './example-objects.ts';
import { entriesNamed, entryNamed, footholds, requireContainers, requireVertex, targetNamed } from './footholds.ts';
import type { PlainObject } from './family.ts';

function graphOf(...objects: readonly PlainObject[]): AttackGraph {
  const origin = { source: '', line: 1, format: 'json' as const, prefix: [] };
  const header = { kind: 'manifests' as const, complete: false };
  const counts = { files: 0, documents: 0, judged: 0, foreign: 0 };
  return new AttackGraph(buildCluster({ header, objects: objects.map((object) => ({ object, origin })), counts, gaps: [] }));
}

const PULLS = pod('a/p', { imagePullSecrets: [{ name: 'pull' }] });

describe('who begins', () => {
  it('may be an account as rbac takes it, or the user that it is', () => {
    const graph = graphOf(account('a/x'), ...admin('a/x'));
    expect(entriesNamed(graph, 'sa:a/x, User/system:serviceaccount:a:x')).toEqual(['ServiceAccount/a/x', 'ServiceAccount/a/x']);
    expect(() => entryNamed(graph, 'sa:a/y')).toThrow('nothing in the input is called "ServiceAccount/a/y"');
  });

  it('is in the group of nodes when he signs in as one, and reads what its pods refer to', () => {
    const graph = graphOf(node('n'), node('m'), secret('a/pull'), PULLS);
    const reads = (user: string): boolean =>
      graph.reaches(requireVertex(graph, entryNamed(graph, user)), requireVertex(graph, 'Secret/a/pull'));
    expect(graph.reaches(requireVertex(graph, entryNamed(graph, 'User/system:node:n')), requireVertex(graph, 'Group/system:nodes'))).toBe(
      true,
    );
    expect(reads('User/system:node:n')).toBe(true);
    expect(reads('User/system:node:m')).toBe(false);
  });

  it('is no group without a name', () => {
    expect(footholds(graphOf(...allowEverywhereTo('Group/', 'get secrets')), 'exposed')).not.toContain('Group/');
    expect(footholds(graphOf(...allowEverywhereTo('Group/dev', 'get secrets')), 'exposed')).toContain('Group/dev');
  });

  it('is no container of a pod that ended', () => {
    expect(footholds(graphOf({ ...pod('a/p'), status: { phase: 'Failed' } }), 'workloads')).toEqual([]);
    expect(footholds(graphOf({ ...pod('a/p'), status: { phase: 'Running' } }), 'workloads')).toEqual(['Container/a/p/c']);
  });

  it('is no container of a Job that ended, and its account is not taken for one that is used from outside', () => {
    const job = (type: string): PlainObject => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { namespace: 'a', name: 'j' },
      spec: { template: { spec: { serviceAccountName: 'x', containers: [{ name: 'c', image: 'app:1' }] } } },
      status: { conditions: [{ type, status: 'True' }] },
    });
    const rights = [account('a/x'), ...admin('a/x')];
    expect(footholds(graphOf(job('Complete'), ...rights), 'workloads')).toEqual([]);
    expect(footholds(graphOf(job('Failed'), ...rights), 'exposed')).not.toContain('ServiceAccount/a/x');
    expect(footholds(graphOf(job('Suspended'), ...rights), 'workloads')).toEqual(['Container/a/j/c']);
  });
});

describe('what the ways are asked to', () => {
  it('may be an identity of the cloud where there is none, and nothing leads there', () => {
    const graph = graphOf(pod('a/p'));
    const target = requireVertex(graph, targetNamed(graph, 'CloudIdentity/*'));
    expect(graph.reaches(requireVertex(graph, 'Container/a/p/c'), target)).toBe(false);
    expect(() => targetNamed(graph, 'CloudIdentity/arn')).toThrow('nothing in the input is called');
  });
});

describe('what is said to be exploitable', () => {
  it('is a container that is there', () => {
    const graph = graphOf(pod('a/web'));
    expect(() => requireContainers(graph, ['Container/a/web/c'])).not.toThrow();
    for (const name of ['nope', 'User/ann', 'ClusterAdmin']) expect(() => requireContainers(graph, [name])).toThrow(/no container/);
    expect(() => requireContainers(graph, ['Container/a/wep/c'])).toThrow(
      expect.objectContaining({ code: 'CAS_USAGE', remedy: 'Perhaps you mean Container/a/web/c.' }),
    );
  });
});
