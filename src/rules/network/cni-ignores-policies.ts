import { cniNames } from '../../engines/cni/index.ts';
import { documents, withPod } from '../examples.ts';
import { type Hit, cis, defineRule, nsa } from '../rule.ts';
import { CNI_TABLES, enforcementIn } from './enforcement.ts';

const daemon = (name: string, containers: string): string => `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ${name}, namespace: kube-system}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {hostNetwork: true, containers: [${containers}]}`;
const FLANNEL = daemon('kube-flannel-ds', '{name: kube-flannel, image: ghcr.io/flannel-io/flannel:v0.26.1}');
const amazon = (args: string): string =>
  daemon(
    'aws-node',
    `{name: aws-node, image: 602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1.20.1}, {name: agent, image: 602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon/aws-network-policy-agent:v1.2.4, args: [${args}]}`,
  );
const CILIUM = daemon('cilium', '{name: cilium-agent, image: quay.io/cilium/cilium:v1.18.2}');
const config = (data: string): string => `
apiVersion: v1
kind: ConfigMap
metadata: {name: cilium-config, namespace: kube-system}
data: ${data}`;
const IMAGE = 'spec.template.spec.containers[0].image';
const POLICY = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {}}`;

export const rule = defineRule({
  id: 'cni-ignores-policies',
  title: 'Network plug-in that ignores policies',
  severity: 'critical',
  area: 'network',
  rationale:
    'The API server takes NetworkPolicies whatever the network plug-in does with them. This one enforces none, so every pod reaches every other, while all who look at the policies believe the contrary.',
  remedy:
    'Switch the enforcement of the plug-in on where it has one, run a policy engine beside it (kube-network-policies, Calico), or change the plug-in. What the policies forbid stops at that moment, so see with castellan net list first what they allow.',
  controls: [...cis('5.3.1'), ...nsa('network-policies')],
  effort: 'high',
  netLint: true,
  scope: 'cluster',
  reads: [...CNI_TABLES, 'NetworkPolicy', 'completeness'],
  check(_cluster, tables): Hit | undefined {
    const { cnis, of, objects } = enforcementIn(tables);
    if (of.NetworkPolicy !== 'no') return undefined;
    const policies = tables.NetworkPolicy.all;
    const why = cnis.map(({ because }) => because).find((because) => because !== undefined);
    // The setting that switches it off comes first, where there is one.
    const places = cnis.flatMap((cni) => [...(cni.setting === undefined ? [] : [cni.setting]), cni]);
    const [own, ...also] = places.flatMap(({ object, path }) => {
      const found = objects[object];
      return found === undefined ? [] : [{ object: found, path }];
    });
    const count = policies.length === 1 ? 'the NetworkPolicy' : `the ${policies.length} NetworkPolicies`;
    return {
      // Nobody relies on policies that are not there.
      ...(policies.length === 0 && { severity: tables.completeness.complete ? ('medium' as const) : ('low' as const) }),
      message: `${cniNames(cnis)} enforces no NetworkPolicies${why === undefined ? '' : `, as ${why}`}: ${policies.length === 0 ? 'any that are written will do nothing' : `${count} of the cluster ${policies.length === 1 ? 'does' : 'do'} nothing`}`,
      path: '',
      ...own,
      also: [...also, ...policies.slice(0, 3).map((object) => ({ object, path: 'spec' }))],
    };
  },
  examples: () => ({
    good: [
      documents(withPod(''), POLICY),
      documents(CILIUM, POLICY),
      documents(
        FLANNEL,
        CILIUM.replace('quay.io/cilium/cilium:v1.18.2', 'registry.k8s.io/networking/kube-network-policies:v0.9.0'),
        POLICY,
      ),
      // Canal: Calico keeps apart what flannel connects.
      documents(
        daemon(
          'canal',
          '{name: calico-node, image: "docker.io/calico/node:v3.30.0"}, {name: kube-flannel, image: "docker.io/flannel/flannel:v0.24.4"}',
        ),
        POLICY,
      ),
      documents(amazon('--enable-network-policy=true'), POLICY),
      documents(daemon('kindnet', '{name: kindnet-cni, image: "docker.io/kindest/kindnetd:v20250512-df8de77b"}'), POLICY),
      // K3s has its own.
      documents(
        'apiVersion: v1\nkind: Node\nmetadata: {name: a, annotations: {k3s.io/node-args: \'["server"]\'}}\nstatus: {nodeInfo: {kubeletVersion: v1.33.1+k3s1}}',
        POLICY,
      ),
    ],
    bad: [
      { yaml: documents(POLICY, FLANNEL), path: IMAGE, severity: 'critical' },
      { yaml: FLANNEL, path: IMAGE, severity: 'low' },
      { yaml: documents(amazon('--enable-network-policy=false'), POLICY), path: IMAGE, severity: 'critical' },
      { yaml: documents(CILIUM, config('{policy-audit-mode: "true"}'), POLICY), path: 'data.policy-audit-mode', severity: 'critical' },
      { yaml: documents(CILIUM, config('{enable-policy: never}'), POLICY), path: 'data.enable-policy' },
      {
        yaml: documents(daemon('kindnet', '{name: kindnet-cni, image: "docker.io/kindest/kindnetd:v20240513-cd2ac642"}'), POLICY),
        path: IMAGE,
      },
      { yaml: documents(daemon('weave-net', '{name: weave, image: weaveworks/weave-kube:2.8.1}'), POLICY), path: IMAGE },
      {
        yaml: documents(
          'apiVersion: v1\nkind: Node\nmetadata: {name: a, annotations: {k3s.io/node-args: \'["server","--disable-network-policy"]\'}}\nstatus: {nodeInfo: {kubeletVersion: v1.33.1+k3s1}}',
          POLICY,
        ),
        path: 'metadata.annotations["k3s.io/node-args"]',
      },
    ],
  }),
});
