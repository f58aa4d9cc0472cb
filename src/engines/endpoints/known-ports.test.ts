import { describe, expect, it } from 'vitest';
import { clusterOf, nodeFacts, objectsOf } from '../../../test/rule-tester.ts';
import { endpointName } from '../../snapshot/index.ts';
import { knownPorts } from './index.ts';

const NODE = (name: string, more = ''): string => `
apiVersion: v1
kind: Node
metadata: {name: ${name}, labels: {${more}}}
status:
  addresses: [{type: Hostname, address: ${name}}, {type: InternalIP, address: 10.0.0.${name.length}}]
  daemonEndpoints: {kubeletEndpoint: {Port: 10350}}
`;

function portsIn(yaml: string, server?: string): Record<string, string> {
  const { ports } = knownPorts(clusterOf(objectsOf(yaml)), server);
  return Object.fromEntries(ports.map((port) => [endpointName(port), `${port.component} ${port.use}`]));
}

describe('ports that are known', () => {
  it('of a worker: those of the kubelet and of kube-proxy', () => {
    expect(portsIn(NODE('w1'))).toEqual({
      '10.0.0.2:10350': 'kubelet secure',
      '10.0.0.2:10255': 'kubelet read-only',
      '10.0.0.2:10249': 'kube-proxy metrics',
      '10.0.0.2:10256': 'kube-proxy health',
    });
  });

  it('of kube-proxy are those of the file that a ConfigMap gives it', () => {
    const proxy = `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kube-proxy, namespace: kube-system}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      containers: [{name: p, command: [kube-proxy, --config=/c/config.conf], volumeMounts: [{name: c, mountPath: /c}]}]
      volumes: [{name: c, configMap: {name: kube-proxy}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kube-proxy, namespace: kube-system}
data:
  config.conf: |
    apiVersion: kubeproxy.config.k8s.io/v1alpha1
    kind: KubeProxyConfiguration
    metricsBindAddress: 127.0.0.1:19249
    healthzBindAddress: 0.0.0.0:0
`;
    const found = portsIn(`${NODE('w1')}\n---\n${proxy}`);
    expect(found).toMatchObject({ '10.0.0.2:19249': 'kube-proxy metrics', '10.0.0.2:10256': 'kube-proxy health' });
    expect(found['10.0.0.2:10249']).toBeUndefined();
  });

  it('of a node of the control plane by the flags of its pods, else by default', () => {
    const pod = `
apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver-cp1, namespace: kube-system}
spec: {nodeName: cp1, containers: [{name: a, command: [kube-apiserver, --secure-port=8443]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: etcd-cp1, namespace: kube-system}
spec:
  nodeName: cp1
  containers:
  - {name: a, command: [etcd, '--listen-client-urls=https://127.0.0.1:12379,https://10.0.0.3:12379', '--listen-metrics-urls=http://127.0.0.1:2381']}
`;
    const node = NODE('cp1', "node-role.kubernetes.io/control-plane: ''");
    expect(portsIn(`${node}\n---\n${pod}`, 'https://[fd00::1]:6443')).toMatchObject({
      '10.0.0.3:8443': 'kube-apiserver secure',
      '10.0.0.3:12379': 'etcd client',
      '10.0.0.3:2380': 'etcd peer',
      '10.0.0.3:2381': 'etcd metrics',
      '10.0.0.3:10257': 'kube-controller-manager secure',
      '10.0.0.3:10259': 'kube-scheduler secure',
      '[fd00::1]:6443': 'kube-apiserver secure',
    });
  });

  it('of a node by what was collected on it, at the address that a component has for itself', () => {
    const config = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nport: 10450\nreadOnlyPort: 10355\n';
    const facts = nodeFacts({
      node: 'n9',
      processes: [['kubelet', '--config=/var/lib/kubelet/config.yaml', '--node-ip=10.1.1.9']],
      files: { '/var/lib/kubelet/config.yaml': `600 root:root ${config}` },
    });
    expect(portsIn(facts)).toEqual({ '10.1.1.9:10450': 'kubelet secure', '10.1.1.9:10355': 'kubelet read-only' });
  });

  it('of a node without an address: none, which is told', () => {
    const facts = nodeFacts({ node: 'n9', processes: [['kubelet', '--read-only-port=0']] });
    expect(knownPorts(clusterOf(objectsOf(facts)), undefined)).toEqual({ ports: [], lost: ['n9'] });
  });

  it('each once, and of the node where that is known', () => {
    const { ports } = knownPorts(clusterOf(objectsOf(NODE('cp1', "node-role.kubernetes.io/control-plane: ''"))), 'https://10.0.0.3:6443');
    expect(ports.filter(({ component }) => component === 'kube-apiserver')).toMatchObject([{ node: 'cp1', port: 6443 }]);
  });
});
