import { documents } from '../examples.ts';
import { defineRule } from '../rule.ts';
import { someMatches } from './label-index.ts';

const SERVICE = '{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop, labels: {app: web}}}';
const monitor = (spec: string): string =>
  `{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: web, namespace: shop}, spec: ${spec}}`;

export const rule = defineRule({
  id: 'dangling-servicemonitor',
  title: 'ServiceMonitor that selects no Service',
  severity: 'info',
  area: 'reliability',
  rationale: 'Prometheus scrapes nothing and the alerts that rest on its metrics stay silent, which looks like health.',
  remedy:
    'Make spec.selector match the labels of the Service (not those of its pods), and name its namespace in spec.namespaceSelector when it is another one.',
  controls: [],
  aliases: { 'kube-linter': ['dangling-servicemonitor'] },
  scope: 'object',
  kinds: ['ServiceMonitor'],
  reads: ['Service', 'completeness'],
  check(object, { Service, completeness }) {
    if (Service.all.length === 0 && !completeness.complete) return undefined;
    const { selector = {}, namespaceSelector } = object.body.spec ?? {};
    const names = namespaceSelector?.matchNames ?? [];
    const namespaces = namespaceSelector?.any === true ? [undefined] : names.length > 0 ? names : [object.namespace];
    if (!completeness.complete && isOfKubernetes(namespaces, selector.matchLabels)) return undefined;
    if (namespaces.some((namespace) => someMatches(Service, selector, namespace))) return undefined;
    const where =
      namespaces[0] === undefined
        ? ''
        : namespaces.length === 1
          ? ` in namespace "${namespaces[0]}"`
          : ` in ${namespaces.length} namespaces`;
    return { message: `selects no Service${where}${completeness.complete ? '' : ' of the input'}`, path: 'spec.selector' };
  },
  examples: () => ({
    good: [
      documents(SERVICE, monitor('{selector: {matchLabels: {app: web}}}')),
      documents(
        SERVICE,
        monitor('{selector: {matchLabels: {app: web}}, namespaceSelector: {any: true}}').replace(
          'namespace: shop',
          'namespace: monitoring',
        ),
      ),
      documents(SERVICE, monitor('{namespaceSelector: {matchNames: [shop]}}').replace('namespace: shop', 'namespace: monitoring')),
      monitor('{selector: {matchLabels: {app: elsewhere}}}'),
      documents(SERVICE, monitor('{selector: {matchLabels: {k8s-app: kube-dns}}, namespaceSelector: {matchNames: [kube-system]}}')),
    ],
    bad: [
      { yaml: documents(SERVICE, monitor('{selector: {matchLabels: {app: api}}}')), path: 'spec.selector' },
      {
        yaml: documents(SERVICE, monitor('{selector: {matchLabels: {app: web}}, namespaceSelector: {matchNames: [other]}}')),
        path: 'spec.selector',
      },
      {
        yaml: documents(SERVICE, monitor('{selector: {matchLabels: {app: web}}}').replace('namespace: shop', 'namespace: monitoring')),
        path: 'spec.selector',
      },
    ],
  }),
});

/** Services of the cluster itself, which seldom stand among manifests. */
function isOfKubernetes(namespaces: readonly (string | undefined)[], labels: Readonly<Record<string, string>> | undefined): boolean {
  return namespaces.includes('kube-system') || labels?.provider === 'kubernetes';
}
