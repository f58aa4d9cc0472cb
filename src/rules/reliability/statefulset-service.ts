import { type ApiObject, mapMatches } from '../../model/index.ts';
import { documents, withPod } from '../examples.ts';
import { defineRule } from '../rule.ts';

const SET = withPod('').replace('Deployment', 'StatefulSet').replace('spec:\n', 'spec:\n  serviceName: web\n');
const SERVICE = '{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: None, selector: {app: web}}}';

export const rule = defineRule({
  id: 'statefulset-service',
  title: 'StatefulSet without its headless Service',
  severity: 'low',
  area: 'reliability',
  rationale:
    'The pods of a StatefulSet find each other by names that only a headless Service makes; without it the members of a cluster cannot form one after a restart.',
  remedy:
    'Add a Service with clusterIP None whose name is spec.serviceName and whose selector matches the pods. serviceName of an existing StatefulSet cannot be changed.',
  controls: [],
  aliases: { 'kube-score': ['statefulset-has-servicename'] },
  scope: 'workload',
  reads: ['Service', 'completeness'],
  applies(workload) {
    return workload.kind === 'StatefulSet';
  },
  check(workload, { Service, completeness }) {
    const name = (workload.object as ApiObject<'StatefulSet'>).body.spec?.serviceName ?? '';
    const path = 'spec.serviceName';
    if (name === '') return { message: 'names no Service, so its pods have no DNS names of their own', path, severity: 'info' };
    const service = Service.get(workload.namespace, name);
    if (service === undefined) {
      return completeness.complete
        ? { message: `Service "${name}" does not exist`, path }
        : { message: `Service "${name}" is not in the input`, path, severity: 'info' };
    }
    const { clusterIP, selector } = service.body.spec ?? {};
    if (clusterIP !== 'None')
      return { message: `Service "${name}" is not headless`, path, also: [{ object: service, path: 'spec.clusterIP' }] };
    if (selector === undefined || mapMatches(selector, workload.labels)) return undefined;
    return { message: `Service "${name}" does not select its pods`, path, also: [{ object: service, path: 'spec.selector' }] };
  },
  examples: () => ({
    good: [documents(SET, SERVICE), documents(SET, SERVICE.replace(', selector: {app: web}', '')), withPod('')],
    bad: [
      { yaml: documents(SET, SERVICE.replace('clusterIP: None, ', '')), path: 'spec.serviceName', severity: 'low' },
      { yaml: documents(SET, SERVICE.replace('app: web', 'app: api')), path: 'spec.serviceName', severity: 'low' },
      { yaml: documents(SET, SERVICE.replace('shop', 'other')), path: 'spec.serviceName', severity: 'info' },
      { yaml: withPod('').replace('Deployment', 'StatefulSet'), path: 'spec.serviceName', severity: 'info' },
    ],
  }),
});
