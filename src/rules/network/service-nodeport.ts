import { defineRule, mitre, nsa } from '../rule.ts';
import { describeExposure, exposureOf } from './services.ts';

const service = (spec: string, annotations = '{}'): string => `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, annotations: ${annotations}}
spec: ${spec}`;
const BALANCER = '{type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}';

export const rule = defineRule({
  id: 'service-nodeport',
  title: 'Service reachable from outside',
  severity: 'medium',
  area: 'network',
  rationale:
    'The pods behind it can be attacked from outside the cluster without the TLS, authentication and filters of an ingress; a node port is open on every node, whatever firewall rules were made for single applications.',
  remedy:
    'Use type ClusterIP and publish HTTP by an Ingress or a Gateway. Where a load balancer is needed, make it internal by the annotation of your cloud or name the callers in loadBalancerSourceRanges; clients that use the old address have to change.',
  controls: [...nsa('network-policies'), ...mitre('T1133', 'T1190')],
  aliases: {
    kubescape: ['C-0256'],
    'kube-linter': ['exposed-services'],
    'kube-score': ['service-type'],
    popeye: ['1103', '1104', '1107', '1108'],
    'kyverno-policies': ['restrict-node-port', 'restrict-loadbalancer'],
    'gatekeeper-library': ['block-nodeport-services', 'block-loadbalancer-services'],
  },
  effort: 'medium',
  scope: 'object',
  kinds: ['Service'],
  check(object) {
    const exposure = exposureOf(object);
    if (exposure === 'cluster') return undefined;
    const severity = exposure === 'internal' || exposure === 'ranges' ? 'low' : 'medium';
    return { severity, message: `can be reached ${describeExposure(exposure)}`, path: 'spec.type' };
  },
  examples: () => ({
    good: [
      service('{selector: {app: web}, ports: [{port: 80}]}'),
      service('{type: ClusterIP, clusterIP: None}'),
      service('{type: ExternalName, externalName: db.example.com}'),
    ],
    bad: [
      { yaml: service('{type: NodePort}'), path: 'spec.type', severity: 'medium' },
      { yaml: service(BALANCER), path: 'spec.type', severity: 'medium' },
      { yaml: service(BALANCER, '{service.beta.kubernetes.io/azure-load-balancer-internal: "true"}'), path: 'spec.type', severity: 'low' },
      {
        yaml: service(BALANCER, '{service.beta.kubernetes.io/aws-load-balancer-internal: "false"}'),
        path: 'spec.type',
        severity: 'medium',
      },
      { yaml: service('{type: LoadBalancer, loadBalancerSourceRanges: [192.0.2.0/24]}'), path: 'spec.type', severity: 'low' },
      { yaml: service('{type: LoadBalancer, loadBalancerSourceRanges: [192.0.2.0/24, 0.0.0.0/0]}'), path: 'spec.type', severity: 'medium' },
    ],
  }),
});
