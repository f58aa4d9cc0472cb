import { describe, expect, it } from 'vitest';
import { clusterOf, objectsOf } from '../../../test/rule-tester.ts';
import { inventoryOf, platformOf, productOf, skewProblems } from './index.ts';

function inventory(...yaml: string[]): ReturnType<typeof inventoryOf> {
  return inventoryOf(clusterOf(objectsOf(yaml.join('\n---\n'))).tables);
}
const node = (name: string, info: string, more = ''): string =>
  `{apiVersion: v1, kind: Node, metadata: {name: ${name}${more}}, status: {nodeInfo: {${info}}}}`;
const pod = (name: string, container: string, mirror = false): string =>
  `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: kube-system${mirror ? ', annotations: {kubernetes.io/config.mirror: abc}' : ''}}, spec: {nodeName: cp1, containers: [${container}]}}`;

describe('an inventory', () => {
  it('names everything that a node tells, with the field that says so', () => {
    const info =
      'kubeletVersion: v1.34.1, containerRuntimeVersion: "containerd://1.7.13-k3s1", kernelVersion: 6.8.0-45-generic, osImage: Ubuntu 22.04.4 LTS';
    const found = inventory(node('a', info)).map(({ component, version, path, node: name, product }) => [
      component,
      version?.text,
      path,
      name,
      product,
    ]);
    expect(found).toEqual([
      ['kubelet', '1.34.1', 'status.nodeInfo.kubeletVersion', 'a', undefined],
      ['containerd', '1.7.13-k3s1', 'status.nodeInfo.containerRuntimeVersion', 'a', undefined],
      ['kernel', '6.8.0-45-generic', 'status.nodeInfo.kernelVersion', 'a', undefined],
      ['os', '22.04', 'status.nodeInfo.osImage', 'a', 'ubuntu'],
    ]);
  });

  it('finds nothing in a Node that no kubelet has reported of: the server keeps its texts empty', () => {
    const empty = 'kubeletVersion: "", containerRuntimeVersion: "", kernelVersion: "", osImage: "", operatingSystem: ""';
    expect(inventory(node('a', empty))).toEqual([]);
  });

  it('finds components by image and by command, and where mirror pods run', () => {
    const found = inventory(
      pod('etcd-cp1', '{name: etcd, image: "registry.k8s.io/etcd:3.5.15-0"}', true),
      pod('api', '{name: api, image: "rancher/hardened-kubernetes:v1.30.1-rke2r1-build20240515", command: [kube-apiserver, --v=2]}', true),
      pod(
        'dns',
        '{name: dns, image: "localhost:5000/coredns:v1.11.1@sha256:0123456789012345678901234567890123456789012345678901234567890123"}',
      ),
      pod('app', '{name: app, image: example.com/app:1.0}'),
    ).map(({ component, version, node: name }) => [component, version?.text, name]);
    expect(found).toEqual([
      ['etcd', '3.5.15-0', 'cp1'],
      ['kube-apiserver', '1.30.1-rke2r1-build20240515', 'cp1'],
      ['coredns', '1.11.1', undefined],
    ]);
  });

  it.each([
    ['registry.k8s.io/metrics-server/metrics-server:v0.7.0', 'metrics-server 0.7.0'],
    ['docker.io/kubernetesui/dashboard:v2.7.0', 'kubernetes-dashboard 2.7.0'],
    ['gcr.io/kubernetes-helm/tiller:v2.16.1', 'tiller 2.16.1'],
    ['registry.k8s.io/dns/k8s-dns-node-cache:1.23.0', 'node-local-dns 1.23.0'],
    ['haproxytech/kubernetes-ingress:1.11.4', 'haproxy-kubernetes-ingress 1.11.4'],
    ['nginx/nginx-ingress:3.7.0', 'nginx-ingress 3.7.0'],
  ])('knows the add-on %s', (image, expected) => {
    const [found] = inventory(pod('a', `{name: a, image: "${image}"}`));
    expect(`${found?.component} ${found?.version?.text}`).toBe(expected);
  });

  it.each<[string, string, string, string]>([
    ['kubeletVersion: v1.33.4-eks-3cfe0ce', '', 'amazon-eks', '1.33.4-eks-3cfe0ce'],
    ['kubeletVersion: v1.33.1-gke.1386000', '', 'google-kubernetes-engine', '1.33.1-gke.1386000'],
    ['kubeletVersion: v1.33.1', ', labels: {kubernetes.azure.com/cluster: rg}', 'azure-kubernetes-service', '1.33.1'],
    ['kubeletVersion: v1.31.6', ', labels: {node.openshift.io/os_id: rhcos}', 'red-hat-openshift', '4.18'],
  ])('knows whose dates hold for %s', (info, more, product, version) => {
    const all = inventory(node('a', info, more));
    const [kubelet] = all;
    expect(platformOf(all)).toBe(product);
    expect(kubelet && productOf(kubelet, platformOf(all))).toMatchObject({ product, version: { text: version } });
  });

  it('compares kube-proxy with the kubelets beside it, and several API servers with each other', () => {
    const server = (name: string, version: string): string =>
      pod(name, `{name: a, image: "registry.k8s.io/kube-apiserver:${version}"}`, true);
    const proxy = (version: string): string =>
      `{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: kube-proxy, namespace: kube-system}, spec: {template: {spec: {containers: [{name: p, image: "registry.k8s.io/kube-proxy:${version}"}]}}}}`;
    const problems = (...yaml: string[]): string[] =>
      skewProblems(inventory(...yaml)).map(({ component, because }) => `${component} ${because}`);
    expect(problems(server('a', 'v1.34.1'), server('b', 'v1.33.0'), proxy('v1.33.0'), node('n', 'kubeletVersion: v1.31.0'))).toEqual([]);
    expect(problems(server('a', 'v1.34.1'), server('b', 'v1.32.0'))).toEqual([
      'kube-apiserver 2 minors newer than the API server 1.32.0, where one is allowed',
      'kube-apiserver 2 minors older than the API server 1.34.1, where one is allowed',
    ]);
    expect(problems(server('a', 'v1.36.0'), proxy('v1.36.0'), node('n', 'kubeletVersion: v1.32.0'))).toEqual([
      'kubelet 4 minors older than the API server 1.36.0, where 3 are allowed',
      'kube-proxy 4 minors newer than the kubelet 1.32.0, where 3 are allowed',
    ]);
  });
});
