import { documents, withPod } from '../examples.ts';
import { defineRule } from '../rule.ts';
import { asSelector, describeSelector, inTheInput, isMadeByOperator, podSelectorOf, podsOf } from './references.ts';

const service = (spec: string): string => `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: ${spec}`;
const PROMETHEUS = `
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: main, namespace: shop}`;

export const rule = defineRule({
  id: 'dangling-service',
  title: 'Service without pods',
  severity: 'low',
  area: 'network',
  rationale:
    'Clients of the Service get no answer, and whoever may create pods in the namespace can give one these labels and take over the name and its traffic.',
  remedy: 'Make spec.selector agree with the labels of the pod template, in the same namespace, or delete the Service.',
  controls: [],
  aliases: {
    kubescape: ['C-0293'],
    'kube-linter': ['dangling-service'],
    'kube-score': ['service-targets-pod'],
    popeye: ['1100', '1105', '1109', '1110'],
  },
  scope: 'object',
  kinds: ['Service'],
  reads: ['workloads', 'objects', 'completeness'],
  check(object, { workloads, objects, completeness }) {
    const labels = podSelectorOf(object);
    if (labels === undefined || podsOf(object, workloads).length > 0) return undefined;
    const selector = asSelector(labels);
    if (isMadeByOperator(object.namespace, selector, objects)) return undefined;
    return {
      message: `selects no pod${inTheInput(completeness)}: nothing in namespace "${object.namespace}" has ${describeSelector(selector)}`,
      path: 'spec.selector',
    };
  },
  examples: () => ({
    good: [
      documents(service('{selector: {app: web}, ports: [{port: 80}]}'), withPod('')),
      // Endpoints are managed by somebody else, or elsewhere.
      service('{ports: [{port: 80}]}'),
      service('{selector: {}, clusterIP: None}'),
      service('{type: ExternalName, externalName: db.example.com, selector: {app: db}}'),
      // One pod of a StatefulSet by the label that its controller gives it.
      documents(
        service('{selector: {app: web, statefulset.kubernetes.io/pod-name: web-0}}'),
        withPod('').replace('Deployment', 'StatefulSet'),
      ),
      // The operator starts pods for the custom resource.
      documents(service('{selector: {prometheus: main}, ports: [{port: 9090}]}'), PROMETHEUS),
    ],
    bad: [
      {
        yaml: documents(
          service('{selector: {statefulset.kubernetes.io/pod-name: db-0}}'),
          withPod('').replace('Deployment', 'StatefulSet'),
        ),
        path: 'spec.selector',
      },
      { yaml: service('{selector: {app: web}, ports: [{port: 80}]}'), path: 'spec.selector' },
      { yaml: documents(service('{selector: {app: web, tier: front}, ports: [{port: 80}]}'), withPod('')), path: 'spec.selector' },
      {
        yaml: documents(service('{selector: {app: web}}'), withPod('').replace('namespace: shop', 'namespace: ops')),
        path: 'spec.selector',
      },
    ],
  }),
});
