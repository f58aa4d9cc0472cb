/** What is taken for granted of files: the system's own accounts, and where pods are that no pod object tells of. */
import { describe, expect, it } from 'vitest';
import { buildCluster } from '../model/index.ts';
import { AttackGraph } from './attack-graph.ts';
import { defaultCosts } from './costs.ts';
import { account, allowTo, controlPlane, deployment, namespace, node, pod, strong } from './example-objects.ts';
import type { PlainObject } from './family.ts';
import { COUNTED } from './graph.ts';

type Answer = 'counted' | 'possible' | 'no';

function graphOf(objects: readonly PlainObject[], { complete = false, assumeSystem = true } = {}): AttackGraph {
  const cluster = buildCluster({
    header: { kind: complete ? 'cluster' : 'manifests', complete },
    objects: objects.map((object) => ({ object, origin: { source: '', line: 1, format: 'json' as const, prefix: [] } })),
    counts: { files: 0, documents: 0, judged: 0, foreign: 0 },
    gaps: [],
  });
  return new AttackGraph(cluster, { assumeSystem });
}

function lead(graph: AttackGraph, from: string, to = 'ClusterAdmin'): Answer {
  const [start, end] = [graph.find(from), graph.find(to)];
  if (start === undefined || end === undefined) throw new Error(`${from} or ${to} is no vertex`);
  return graph.reaches(start, end, COUNTED) ? 'counted' : graph.reaches(start, end) ? 'possible' : 'no';
}

function daemons(at: string, spec: PlainObject = {}): PlainObject {
  return { ...deployment(at, spec, { securityContext: { privileged: true } }), kind: 'DaemonSet' };
}

const EVERYWHERE = { tolerations: [{ operator: 'Exists' }] };
const ADMIN_APP = [...strong('sys/adm'), deployment('sys/adm', { serviceAccountName: 'adm', automountServiceAccountToken: true })];
const TAINTED = node('n', {}, { spec: { taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] } });

describe("the system's accounts", () => {
  const runner = [account('ci/runner'), ...allowTo('ci/runner', 'kube-system', 'create pods')];

  it('are there though files leave them out, so that pods in kube-system may run as them', () => {
    expect(lead(graphOf(runner), 'ServiceAccount/ci/runner')).toBe('counted');
  });
  it('give their tokens to who may ask for them', () => {
    const asks = [account('ci/runner'), ...allowTo('ci/runner', 'kube-system', 'create serviceaccounts/token')];
    expect(lead(graphOf(asks), 'ServiceAccount/ci/runner')).toBe('counted');
    const reads = [account('ci/runner'), ...allowTo('ci/runner', 'kube-system', 'get serviceaccounts')];
    expect(lead(graphOf(reads), 'ServiceAccount/ci/runner')).toBe('no');
  });
  it('lie in kube-system alone', () => {
    const elsewhere = [namespace('ops'), account('ci/runner'), ...allowTo('ci/runner', 'ops', 'create pods')];
    expect(lead(graphOf(elsewhere), 'ServiceAccount/ci/runner')).toBe('possible');
  });
  it('are not added to a whole cluster, nor where nobody asks for it', () => {
    expect(lead(graphOf([node('n'), ...runner], { complete: true }), 'ServiceAccount/ci/runner')).toBe('no');
    expect(lead(graphOf(runner, { assumeSystem: false }), 'ServiceAccount/ci/runner')).toBe('no');
  });
  it('cannot be taken away', () => {
    const graph = graphOf(runner);
    const costs = defaultCosts(graph);
    const target = graph.find('ClusterAdmin') ?? -1;
    const cut = graph.cut({ entries: [graph.find('ServiceAccount/ci/runner') ?? -1], target, costOf: costs });
    expect('parts' in cut ? cut.parts.map((part) => graph.graph.parts[part]?.split('/')[0]) : cut).toEqual(['RoleBinding']);
    expect(costs('ClusterRoleBinding/system:controller:job-controller')).toBe(Infinity);
  });
});

describe('pods of a DaemonSet', () => {
  it('are on every node that takes them', () => {
    const graph = graphOf([
      TAINTED,
      ...ADMIN_APP,
      pod('sys/adm-1', { serviceAccountName: 'adm', automountServiceAccountToken: true }),
      daemons('a/agent', EVERYWHERE),
    ]);
    expect(lead(graph, 'Container/a/agent/c')).toBe('counted');
  });
  it('are on none that they do not tolerate', () => {
    const graph = graphOf([TAINTED, controlPlane('m'), ...ADMIN_APP, daemons('a/agent', { nodeSelector: { disk: 'ssd' } })]);
    expect(lead(graph, 'Container/a/agent/c')).toBe('no');
    expect(lead(graphOf([TAINTED, ...ADMIN_APP, daemons('a/agent')], { assumeSystem: false }), 'Container/a/agent/c')).toBe('no');
  });
  it('leave their tokens there', () => {
    const agent = [...strong('a/agent'), daemons('a/agent', { serviceAccountName: 'agent', automountServiceAccountToken: true })];
    const way = (where: PlainObject): Answer => lead(graphOf([where, ...agent, node('m', {}, {})]), 'Node/n');
    expect(way(node('n'))).toBe('counted');
    expect(lead(graphOf([TAINTED, node('m'), ...agent], { assumeSystem: false }), 'Node/n')).toBe('no');
  });
});

describe('pods that may come to run elsewhere', () => {
  const privileged = pod('a/web', {}, { securityContext: { privileged: true } });

  it('possibly leave their tokens on each node that takes them', () => {
    expect(lead(graphOf([node('n'), node('m'), privileged, ...ADMIN_APP]), 'Container/a/web/c')).toBe('possible');
  });
  it('are not those of a pod that nobody makes anew', () => {
    const alone = pod('sys/adm', { serviceAccountName: 'adm', automountServiceAccountToken: true, nodeName: 'm' });
    expect(lead(graphOf([node('n'), node('m'), privileged, ...strong('sys/adm'), alone]), 'Container/a/web/c')).toBe('no');
  });
  it('share a node that the input leaves out, unless they ask for different ones', () => {
    const zone = (at: string, name: string | undefined, container = {}, spec = {}): PlainObject =>
      deployment(at, { ...spec, ...(name !== undefined && { nodeSelector: { zone: name } }) }, container);
    const way = (web: string | undefined, adm: string | undefined): Answer =>
      lead(
        graphOf([
          ...strong('sys/adm'),
          zone('a/web', web, { securityContext: { privileged: true } }),
          zone('sys/adm', adm, {}, { serviceAccountName: 'adm', automountServiceAccountToken: true }),
        ]),
        'Container/a/web/c',
      );
    expect(way(undefined, undefined)).toBe('possible');
    expect(way('one', undefined)).toBe('possible');
    expect(way('one', 'one')).toBe('possible');
    expect(way('one', 'two')).toBe('no');
  });
});
