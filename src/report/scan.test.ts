import { expect, it } from 'vitest';
import { nodeFacts } from '../../test/rule-tester.ts';
import { snapshotOf } from '../../test/report-tester.ts';
import { type Config, EMPTY_CONFIG, RULES } from '../rules/index.ts';
import { type NodeFacts, type Snapshot, versionOfNodes } from '../snapshot/index.ts';
import { type ReportTotals, scan } from './index.ts';

const POD = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [{ name: 'web' }] } };

function controls(config: Config): Record<string, number> {
  const options = { rules: RULES, config, today: '2026-11-21', version: '', targets: [], all: false, clock: () => 0, started: 0 };
  return scan(snapshotOf([POD]), options, []).totals.byFramework['pss-baseline'] ?? {};
}

it('counts the controls of rules that are switched off, as unknown', () => {
  const all = controls(EMPTY_CONFIG);
  const less = controls({ ...EMPTY_CONFIG, disabled: [{ rule: 'privileged', reason: 'not ours' }] });
  expect(all).toMatchObject({ pass: expect.any(Number) as number, unknown: 0 });
  expect(less).toEqual({ ...all, pass: (all.pass ?? 0) - 1, unknown: 1 });
});

const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'api', namespace: 'shop' },
  spec: { template: { spec: { containers: [{ name: 'api', image: 'api:1' }] } } },
};

function factsOf(given: Parameters<typeof nodeFacts>[0], more: Partial<NodeFacts> = {}): NodeFacts {
  return { ...(JSON.parse(nodeFacts(given)) as NodeFacts), ...more };
}

function totalsOf(snapshot: Snapshot, all: boolean): ReportTotals {
  const options = { rules: RULES, config: EMPTY_CONFIG, today: '2026-11-21', version: '', targets: [], all, clock: () => 0, started: 0 };
  return scan(snapshot, options, []).totals;
}

const SERVER = factsOf(
  {
    processes: [['kube-apiserver', '--anonymous-auth=true'], ['kubelet']],
    files: { '/etc/kubernetes/admin.conf': '644 root:root' },
  },
  { versions: { 'kube-apiserver': '1.33.2' } },
);

it('counts the same whatever is shown', () => {
  const snapshot = { ...snapshotOf([POD, DEPLOYMENT]), nodes: [SERVER] };
  const [short, whole] = [false, true].map((all) => totalsOf(snapshot, all));
  expect(short?.byStatus).toEqual(whole?.byStatus);
  expect(short?.byStatus.pass).toBeGreaterThan(20);
  expect(short?.byFramework).toEqual(whole?.byFramework);
  expect(short?.byComponent).toEqual(whole?.byComponent);
});

it('tells nodes and objects by component', () => {
  const { byComponent } = totalsOf({ ...snapshotOf([POD]), nodes: [SERVER] }, false);
  expect(Object.keys(byComponent).slice(0, 2)).toEqual(['control plane', 'kube-apiserver']);
  expect(byComponent['kube-apiserver']?.fail).toBeGreaterThan(0);
  expect(byComponent.workloads?.fail).toBeGreaterThan(0);
});

it.each([
  [{ 'kube-apiserver': '1.33.2' }, 'kubeadm', 'cis-1.12'],
  [{ kubelet: '1.32.0' }, 'kubernetes', 'cis-1.12'],
  [{ 'kube-apiserver': '1.35.0', kubelet: '1.33.0' }, 'kubeadm', 'cis-2.0'],
  [{}, 'kubeadm', 'cis-2.0'],
  [{ 'kube-apiserver': '1.33.2' }, 'k3s', 'k3s-cis-1.9'],
  [{}, 'eks', 'eks-1.8.0'],
])('versions %j on %s are judged by %s', (versions, distribution, benchmark) => {
  const nodes = [factsOf({ processes: [['kubelet']] }, { versions, distribution })];
  const version = versionOfNodes(nodes);
  const { header, ...rest } = snapshotOf([]);
  const snapshot = { ...rest, header: { ...header, ...(version !== undefined && { kubernetesVersion: version }) }, nodes };
  expect(totalsOf(snapshot, false).benchmark).toBe(benchmark);
});

it('controls that nobody could look at are unknown and not said to have no subject', () => {
  const { byFramework } = totalsOf(snapshotOf([POD]), false);
  const { unknown = 0, 'not-applicable': none = 0 } = byFramework['cis-1.12'] ?? {};
  expect(unknown).toBeGreaterThan(70);
  expect(none).toBeLessThan(40);
  expect(Object.keys(byFramework)).not.toContain('eks-1.8.0');
});
