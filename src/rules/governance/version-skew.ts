import { inventoryOf, skewProblems, withoutVersion } from '../../engines/versions/index.ts';
import { staticPod } from '../control-plane/manifests.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { fieldsOf, instancesText } from './version-words.ts';

const node = (name: string, version: string): string =>
  `{apiVersion: v1, kind: Node, metadata: {name: ${name}}, status: {nodeInfo: {kubeletVersion: ${version}}}}`;
const component = (name: 'kube-apiserver' | 'kube-scheduler', version: string): string => staticPod(name, []).replace('v1.34.1', version);

export const rule = defineRule({
  id: 'version-skew',
  title: 'Components too many releases apart',
  severity: 'medium',
  area: 'governance',
  rationale:
    'Nobody tests components together that are farther apart than the version skew policy allows: fields are dropped, pods do not start, and a fix of the API server does not reach the node.',
  remedy:
    'Bring the component within the policy: kubelet and kube-proxy no newer than the API server and at most three minors older, controller manager and scheduler at most one, API servers of one cluster within one minor. castellan versions shows the order.',
  controls: nsa('upgrading'),
  effort: 'high',
  scope: 'cluster',
  reads: ['kubernetes', 'Node', 'workloads'],
  applies: (_cluster, tables) => inventoryOf(tables).some((each) => each.component === 'kube-apiserver'),
  check(_cluster, tables) {
    const all = inventoryOf(tables);
    const hits = skewProblems(all).map(({ key, component: name, because, instances }): Hit => ({
      message: `${instancesText(name, instances)} is ${because}`,
      path: '',
      value: undefined,
      key,
      also: fieldsOf(instances),
      // A tool in a job, not a part of the cluster.
      ...(name === 'kubectl' && { severity: 'low' as const }),
    }));
    for (const instance of withoutVersion(all)) {
      hits.push({
        message: `${instancesText(instance.component, [instance])} tells no version, so whether it is near enough is not known`,
        path: '',
        value: undefined,
        key: `${instance.component} ${instance.object?.namespace}/${instance.object?.name}`,
        status: 'unknown',
        also: fieldsOf([instance]),
      });
    }
    return hits;
  },
  examples: () => ({
    good: [
      [component('kube-apiserver', 'v1.34.1'), node('a', 'v1.31.9')].join('\n---\n'),
      [component('kube-apiserver', 'v1.34.1-eks-1'), component('kube-scheduler', 'v1.33.0')].join('\n---\n'),
      // Nothing to compare with.
      node('a', 'v1.20.0'),
    ],
    bad: [
      { yaml: [component('kube-apiserver', 'v1.34.1'), node('a', 'v1.30.9')].join('\n---\n'), path: '' },
      { yaml: [component('kube-apiserver', 'v1.34.1'), node('a', 'v1.35.0')].join('\n---\n'), path: '' },
      { yaml: [component('kube-apiserver', 'v1.26.1'), node('a', 'v1.23.9')].join('\n---\n'), path: '' },
      { yaml: [component('kube-apiserver', 'v1.34.1'), component('kube-scheduler', 'v1.32.1')].join('\n---\n'), path: '' },
      {
        yaml: [component('kube-apiserver', 'v1.34.1'), component('kube-scheduler', 'latest')].join('\n---\n'),
        path: '',
        status: 'unknown',
      },
    ],
  }),
});
