import { type ApiObject, type Workload, refOf } from '../../model/index.ts';
import { documents, withPod } from '../examples.ts';
import { defineRule, mitre, nsa } from '../rule.ts';
import { podsOf } from './references.ts';
import { interfaceOfImage, interfaceOfName } from './sensitive-interfaces.ts';
import { describeExposure, exposureOf } from './services.ts';

const service = (spec: string, name = 'web'): string => `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop}
spec: ${spec}`;
const PUBLIC = '{type: LoadBalancer, selector: {app: web}, ports: [{port: 443}]}';
const JENKINS = withPod('').replace(/image: .*/, 'image: jenkins/jenkins:2.462-jdk17');

export const rule = defineRule({
  id: 'exposed-sensitive-service',
  title: 'Administration interface exposed',
  severity: 'high',
  area: 'network',
  rationale:
    'Scanners look for these programs all day: many run commands, show secrets or start pods for everyone who reaches them, and those with a login have had holes that went around it.',
  remedy:
    'Make the Service ClusterIP and reach it by kubectl port-forward, a VPN or an Ingress with single sign-on. Where it has to be open, name the callers in loadBalancerSourceRanges.',
  controls: [...nsa('network-policies'), ...mitre('T1133', 'T1190')],
  aliases: {
    kubescape: ['C-0021', 'C-0274'],
  },
  covers: ['service-nodeport'],
  scope: 'object',
  kinds: ['Service'],
  reads: ['workloads'],
  check(object, { workloads }) {
    const exposure = exposureOf(object);
    if (exposure === 'cluster') return undefined;
    const selected = podsOf(object, workloads);
    const known = sensitive(object, selected);
    if (known === undefined) return undefined;
    const by = known.workload === undefined ? '' : ` (${refOf(known.workload.object)})`;
    return {
      severity: exposure === 'internal' || exposure === 'ranges' ? 'medium' : 'high',
      message: `opens ${known.label}${by} ${describeExposure(exposure)}`,
      path: 'spec.type',
      also: known.workload === undefined ? [] : [{ object: known.workload.object, path: known.path }],
    };
  },
  examples: () => ({
    good: [
      // Inside the cluster only.
      documents(service('{selector: {app: web}, ports: [{port: 80}]}'), JENKINS),
      documents(service(PUBLIC), withPod('')),
      // Another Service of the namespace is public, and not for this one.
      documents(service(PUBLIC.replace('app: web', 'app: shop')), JENKINS),
      service(PUBLIC, 'jenkins-agent'),
    ],
    bad: [
      { yaml: documents(service(PUBLIC), JENKINS), path: 'spec.type', severity: 'high' },
      {
        yaml: documents(service('{type: NodePort, selector: {app: web}}'), withPod('').replace('name: web', 'name: kubernetes-dashboard')),
        path: 'spec.type',
        severity: 'high',
      },
      {
        yaml: documents(service(PUBLIC.replace('{type', '{loadBalancerSourceRanges: [192.0.2.0/24], type')), JENKINS),
        path: 'spec.type',
        severity: 'medium',
      },
      // The pods are not in the input.
      { yaml: service(PUBLIC, 'argocd-server'), path: 'spec.type', severity: 'high' },
    ],
  }),
});

function sensitive(service: ApiObject, selected: readonly Workload[]): { label: string; path: string; workload?: Workload } | undefined {
  for (const workload of selected) {
    for (const { spec, path } of workload.containers) {
      const label = interfaceOfImage(spec.image);
      if (label !== undefined) return { label, workload, path: `${path}.image` };
    }
    const label = interfaceOfName(workload.name);
    if (label !== undefined) return { label, workload, path: 'metadata.name' };
  }
  // With the pods at hand the name of the Service says nothing new.
  const label = selected.length > 0 ? undefined : interfaceOfName(service.name);
  return label === undefined ? undefined : { label, path: '' };
}
