import { describe, expect, it } from 'vitest';
import type { NodeFacts, Snapshot } from '../../snapshot/index.ts';
import { factsOf, fileOf, manifestOf } from '../nodes/node-examples.ts';
import { State } from '../state.ts';
import { nodeCandidate, nodeCandidates } from './from-nodes.ts';

const ADMIN = '/etc/kubernetes/admin.conf';

function stateOf(...nodes: readonly NodeFacts[]): State {
  const snapshot: Snapshot = {
    header: { kind: 'nodes', complete: false },
    objects: [],
    counts: { files: nodes.length, documents: nodes.length, judged: nodes.length, foreign: 0 },
    gaps: [],
    nodes,
  };
  return new State(snapshot);
}

function control(node: string, given: Partial<NodeFacts> = {}): NodeFacts {
  return factsOf({
    node,
    processes: [{ pid: 7, name: 'kube-apiserver', argv: ['kube-apiserver', '--profiling=true'] }],
    files: [manifestOf('kube-apiserver', '--profiling=true'), { ...fileOf(ADMIN, ''), mode: '644' }],
    ...given,
  });
}

describe('changes of nodes', () => {
  it('are one for a rule, whichever nodes it fails on', () => {
    const candidate = nodeCandidate(stateOf(control('cp1'), control('cp2')), 'apiserver-profiling');
    expect(candidate?.title).toMatch(/--profiling=false.* for kube-apiserver on 2 nodes$/);
    expect(candidate?.change.patches.map(({ target }) => target)).toEqual(['Node/cp1', 'Node/cp2']);
    expect(candidate).toMatchObject({ nodeRule: 'apiserver-profiling', owner: { kind: 'you' }, edges: [] });
  });

  it('name the node where it is one', () => {
    expect(nodeCandidate(stateOf(control('cp1')), 'apiserver-profiling')?.title).toMatch(/ for kube-apiserver on cp1$/);
  });

  it('have an id of their own by rule and nodes, the same each time', () => {
    const [one, both] = [stateOf(control('cp1')), stateOf(control('cp1'), control('cp2'))];
    const id = (state: State, rule: string): string | undefined => nodeCandidate(state, rule)?.id;
    expect(id(one, 'apiserver-profiling')).toBe(id(stateOf(control('cp1')), 'apiserver-profiling'));
    expect(new Set([id(one, 'apiserver-profiling'), id(both, 'apiserver-profiling'), id(one, 'admin-kubeconfig-perm')]).size).toBe(3);
  });

  it('are none for a rule that passes, or that only a person can settle', () => {
    const state = stateOf(control('cp1'));
    expect(nodeCandidate(state, 'apiserver-token-auth-file')).toBeUndefined();
    expect(state.onNodes.map(({ rule }) => rule.id)).toContain('apiserver-audit-log-path');
    expect(nodeCandidate(stateOf(), 'apiserver-profiling')).toBeUndefined();
  });

  it('settle what they say: on the nodes after them the rule passes', () => {
    const state = stateOf(control('cp1'), control('cp2'));
    const candidate = nodeCandidate(state, 'apiserver-profiling');
    if (candidate === undefined) throw new Error('no candidate');
    const after = state.with(candidate.change);
    expect(after.onNodes.map(({ rule }) => rule.id)).not.toContain('apiserver-profiling');
    expect(nodeCandidate(after, 'apiserver-profiling')).toBeUndefined();
  });

  it('are offered once a rule, worth more the worse what they settle is', () => {
    const state = stateOf(control('cp1'), control('cp2'));
    const offers = nodeCandidates(state);
    const rules = offers.map(({ make }) => make()?.nodeRule);
    expect(new Set(rules).size).toBe(rules.length);
    expect(rules).toContain('apiserver-profiling');
    for (const { worth, effort, make } of offers) {
      expect(worth).toBeGreaterThan(0);
      expect(effort).toBe(make()?.change.effort);
    }
    const worthOf = (rule: string): number => offers[rules.indexOf(rule)]?.worth ?? 0;
    expect(worthOf('apiserver-authz-not-alwaysallow')).toBeGreaterThan(worthOf('apiserver-profiling'));
  });

  it('close the ways through kubelets that do whatever they are asked, and no others', () => {
    const pod = (namespace: string, nodeName: string, automountServiceAccountToken: boolean): Record<string, unknown> => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace },
      spec: { nodeName, automountServiceAccountToken, containers: [{ name: 'c', image: 'a:1' }] },
    });
    const rbac = 'rbac.authorization.k8s.io';
    const objects = [
      ...['n1', 'n2'].map((name) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name } })),
      pod('kube-system', 'n1', true),
      pod('shop', 'n2', false),
      {
        apiVersion: `${rbac}/v1`,
        kind: 'ClusterRoleBinding',
        metadata: { name: 'all' },
        roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'kube-system' }],
      },
    ].map((object) => ({ object, origin: { source: 'a.yaml', line: 1, format: 'yaml' as const, prefix: [] } }));
    const open = (name: string): NodeFacts =>
      factsOf({
        node: name,
        processes: [{ pid: 7, name: 'kubelet', argv: ['kubelet', '--config=/k.yaml'] }],
        files: [
          fileOf(
            '/k.yaml',
            'kind: KubeletConfiguration\nauthentication: {anonymous: {enabled: true}}\nauthorization: {mode: AlwaysAllow}\n',
          ),
        ],
      });
    const header = { kind: 'cluster', complete: true } as const;
    const counts = { files: 1, documents: objects.length, judged: objects.length, foreign: 0 };
    const state = new State({ header, objects, counts, gaps: [], nodes: [open('n1')] });
    const reaching = ['Container/shop/p/c'];
    expect(state.paths.workloads).toEqual(reaching);
    const after = (rule: string): readonly string[] | undefined => {
      const change = nodeCandidate(state, rule)?.change;
      return change && state.with(change).paths.workloads;
    };
    expect(after('kubelet-authz-mode')).toEqual([]);
    expect(after('kubelet-pod-pids')).toEqual(reaching);
    const all = [{ pid: 7, name: 'kube-apiserver', argv: ['kube-apiserver', '--authorization-mode=AlwaysAllow'] }];
    const given = { processes: all, files: [manifestOf('kube-apiserver', '--authorization-mode=AlwaysAllow')] };
    const allowing = new State({ header, objects, counts, gaps: [], nodes: [factsOf({ node: 'n1', ...given })] });
    const closing = nodeCandidate(allowing, 'apiserver-authz-not-alwaysallow')?.change;
    if (closing === undefined) throw new Error('no change');
    expect(allowing.graph.find('Group/system:authenticated')).toBeDefined();
    const leads = ({ graph }: State): boolean =>
      graph.chains(graph.find('Group/system:authenticated') ?? -1, graph.find('ClusterAdmin') ?? -1, { count: 1 }).length > 0;
    expect([leads(allowing), leads(allowing.with(closing))]).toEqual([true, false]);
  });
});
