/** The control plane itself, where it runs as static pods, and what every cluster has beside it. */
import { type AddOn, type Need, hostNetwork, reads, root, token, writes } from './add-on.ts';

const SYSTEM = ['kube-system'];
const KEYS = [
  '/etc/kubernetes',
  '/etc/ssl',
  '/etc/pki',
  '/etc/ca-certificates',
  '/usr/share/ca-certificates',
  '/usr/local/share/ca-certificates',
  '/var/lib/minikube',
  '/var/lib/rancher',
];

const BEFORE: Need = hostNetwork('it must answer before there is a network of pods, and on an address that outlives its own pod');
const OWNER: Need = root('its keys on the node can be read by root only');
const FILES: Need = {
  rules: ['naked-pod', 'default-service-account', 'automount-token'],
  reason: 'the kubelet starts it from a file on the node and gives it no account',
};

function staticPod(id: string, purpose: string, needs: readonly Need[]): AddOn {
  return {
    id,
    name: id,
    purpose,
    images: [`registry.k8s.io/${id}`],
    names: [id],
    kinds: ['Pod'],
    namespaces: SYSTEM,
    needs: [BEFORE, OWNER, FILES, ...needs],
  };
}

export const CONTROL_PLANE_ADD_ONS: readonly AddOn[] = [
  staticPod('kube-apiserver', 'API of the cluster', [
    reads(KEYS, 'it reads the keys of the cluster'),
    writes(['/var/log'], 'it writes the audit log there'),
  ]),
  staticPod('kube-controller-manager', 'controllers of the cluster', [
    reads(KEYS, 'it signs certificates and tokens with the keys of the cluster'),
    writes(['/usr/libexec/kubernetes/kubelet-plugins/volume/exec'], 'it looks for volume plug-ins there'),
  ]),
  staticPod('kube-scheduler', 'placement of pods', [reads(KEYS, 'its credentials for the API lie there')]),
  staticPod('etcd', 'database of the cluster', [
    writes(['/var/lib/etcd', '/etc/kubernetes/pki/etcd', '/var/lib/minikube'], 'it keeps the objects of the cluster there'),
  ]),
  {
    id: 'cloud-controller-manager',
    name: 'Cloud controller manager',
    purpose: 'nodes, routes and load balancers of the cloud',
    images: [
      'registry.k8s.io/provider-aws/cloud-controller-manager',
      'mcr.microsoft.com/oss/kubernetes/azure-cloud-controller-manager',
      'registry.k8s.io/cloud-provider-gcp/cloud-controller-manager',
      'registry.k8s.io/provider-os/openstack-cloud-controller-manager',
      'registry.k8s.io/cloud-pv-vsphere/cloud-provider-vsphere',
      'docker.io/hetznercloud/hcloud-cloud-controller-manager',
      'docker.io/digitalocean/digitalocean-cloud-controller-manager',
    ],
    names: ['cloud-controller-manager', 'ccm', 'vsphere-cpi'],
    kinds: ['DaemonSet', 'Deployment', 'Pod'],
    needs: [
      hostNetwork('nodes get their network only after it has made them ready'),
      { rules: ['controlplane-scheduling'], reason: 'it is a part of the control plane' },
      reads(KEYS, 'the settings and credentials of the cloud lie there'),
      token('it keeps nodes and Services in step with the cloud through the API'),
    ],
  },
  {
    id: 'metrics-server',
    name: 'Metrics server',
    purpose: 'current use of CPU and memory',
    images: [
      'registry.k8s.io/metrics-server/metrics-server',
      'gcr.io/k8s-staging-metrics-server/metrics-server',
      'docker.io/bitnami/metrics-server',
      'amazonaws.com/eks/metrics-server',
    ],
    names: ['metrics-server'],
    kinds: ['Deployment'],
    needs: [
      hostNetwork('with some network plug-ins the API server cannot reach pods, and kubelets not either'),
      token('it asks every kubelet for its figures, and the API whether a caller may see them'),
    ],
  },
];
