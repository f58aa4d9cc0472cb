import { apiServer } from '../control-plane/manifests.ts';
import { documents, withPod } from '../examples.ts';
import { cis, defineRule, nsa } from '../rule.ts';
import { isWholeCluster } from './whole-cluster.ts';

export const rule = defineRule({
  id: 'ns-boundaries',
  title: 'Namespaces as boundaries need a look',
  severity: 'low',
  area: 'governance',
  rationale:
    'Roles, policies, quotas and Pod Security work by namespace: teams or stages that share one can read the Secrets of each other and cannot be told apart.',
  remedy:
    'Give each team, application and stage a namespace of its own, with roles, a default-deny policy, a quota and a Pod Security label; objects are moved by making them anew.',
  controls: [...cis('5.6.1'), ...nsa('namespace-separation')],
  aliases: { kubescape: ['C-0209'] },
  effort: 'high',
  byPerson: true,
  scope: 'cluster',
  reads: ['completeness', 'workloads', 'namespaces'],
  applies: (_cluster, tables) => isWholeCluster(tables),
  check(_cluster, { namespaces }) {
    const used = namespaces.all.filter(({ name, workloads }) => workloads.length > 0 && !name.startsWith('kube-'));
    const count = used.reduce((sum, { workloads }) => sum + workloads.filter(({ variantOf }) => variantOf === undefined).length, 0);
    // One workload, or none, has nothing to be kept apart from.
    if (count < 2) return undefined;
    const where = used.length === 1 ? `the one namespace "${used[0]?.name}"` : `${used.length} namespaces`;
    const also = used.slice(0, 10).map(({ anchor }) => ({ object: anchor, path: 'metadata.name' }));
    return {
      message: `${count} workloads lie in ${where}: look whether that keeps apart what should be`,
      path: '',
      value: undefined,
      status: 'manual',
      also,
    };
  },
  examples: () => ({
    good: [documents(withPod(''), withPod('').replace('name: web', 'name: api')), documents(apiServer(), withPod(''))],
    bad: [{ yaml: documents(apiServer(), withPod(''), withPod('').replace('name: web', 'name: api')), path: '', status: 'manual' }],
  }),
});
