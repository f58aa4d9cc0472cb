/** Network plug-ins and what else gives pods, Services and nodes their addresses. */
import { type AddOn, agent, capabilities, hostNetwork, hostPid, hostPort, privileged, reads, root, token, writes } from './add-on.ts';

const CNI_FOLDERS = ['/opt/cni', '/etc/cni', '/var/lib/cni', '/run/cni', '/run/multus', '/var/log/pods'];
const SETS_UP = 'it makes the interfaces, routes and packet filters of the node';
const INSTALLS = 'it puts the plug-in and its settings where the container runtime looks for them';
const LOCK = ['/run/xtables.lock', '/lib/modules', '/usr/lib/modules'];
const FILTERS = 'it loads kernel modules and shares the lock on the packet filter with the node';
const KERNEL = ['/sys/fs', '/proc', '/run/netns', '/run/docker/netns'];
const PROGRAMS = 'it keeps its programs in the kernel, and enters the network namespaces of pods';
const ADMIN = ['NET_ADMIN', 'NET_RAW', 'SYS_MODULE'];
const ASKS = 'it follows nodes, pods and policies through the API';

const CALICO =
  'quay.io/calico/node docker.io/calico/node quay.io/calico/calico docker.io/calico/calico quay.io/calico/cni docker.io/calico/cni quay.io/calico/pod2daemon-flexvol docker.io/calico/pod2daemon-flexvol docker.io/rancher/hardened-calico';
const FLANNEL =
  'docker.io/flannel/flannel ghcr.io/flannel-io/flannel quay.io/coreos/flannel docker.io/flannelcni/flannel docker.io/flannel/flannel-cni-plugin ghcr.io/flannel-io/flannel-cni-plugin docker.io/rancher/hardened-flannel';

export const NETWORK_ADD_ONS: readonly AddOn[] = [
  agent('calico-node', { name: 'Calico node agent', purpose: 'network of the pods', images: CALICO, names: 'calico-node' }, [
    hostNetwork(SETS_UP),
    privileged(SETS_UP),
    writes([...CNI_FOLDERS, '/var/log/calico'], INSTALLS),
    writes(
      ['/var/lib/calico', '/run/calico', '/run/nodeagent', '/usr/libexec/kubernetes/kubelet-plugins/volume/exec'],
      'it keeps its state there and serves the pods of the node',
    ),
    writes(LOCK, FILTERS),
    writes(KERNEL, PROGRAMS),
    token(ASKS),
  ]),
  {
    ...agent(
      'calico-controllers',
      {
        name: 'Calico controllers',
        purpose: 'network of the pods',
        images:
          'quay.io/calico/typha docker.io/calico/typha quay.io/calico/kube-controllers docker.io/calico/kube-controllers quay.io/calico/calico docker.io/calico/calico',
        names: 'calico-typha calico-kube-controllers',
      },
      [hostNetwork('the agents of the nodes ask it before there is a network of pods'), token(ASKS)],
    ),
    kinds: ['Deployment'],
  },
  {
    ...agent(
      'tigera-operator',
      { name: 'Tigera operator', purpose: 'installation of Calico', images: 'quay.io/tigera/operator', names: 'tigera-operator' },
      [
        hostNetwork('it installs the network of the pods, so there is none yet'),
        reads(['/var/lib/calico'], 'it finds there what an older installation left'),
        token('it installs Calico through the API'),
      ],
    ),
    kinds: ['Deployment'],
  },
  agent(
    'canal',
    {
      name: 'Canal',
      purpose: 'network of the pods, with Calico for policies and Flannel for routes',
      images: `${CALICO} ${FLANNEL}`,
      names: 'canal',
    },
    [
      hostNetwork(SETS_UP),
      privileged(SETS_UP),
      writes([...CNI_FOLDERS, '/var/log/calico'], INSTALLS),
      writes(
        ['/var/lib/calico', '/run/calico', '/run/flannel', '/run/nodeagent', '/usr/libexec/kubernetes/kubelet-plugins/volume/exec'],
        'it keeps its state there and serves the pods of the node',
      ),
      writes(LOCK, FILTERS),
      writes(KERNEL, PROGRAMS),
      token(ASKS),
    ],
  ),
  agent(
    'calico-csi',
    {
      name: 'Calico node driver',
      purpose: 'sockets of the policy agent as volumes of pods',
      images:
        'quay.io/calico/csi docker.io/calico/csi quay.io/calico/node-driver-registrar docker.io/calico/node-driver-registrar quay.io/calico/calico docker.io/calico/calico',
      names: 'csi-node-driver',
    },
    [
      privileged('it mounts volumes into pods, which only a privileged container can pass on to the node'),
      writes(['/var/lib/kubelet', '/etc/calico'], 'it mounts volumes into the folders of pods and registers with the kubelet'),
    ],
  ),
  agent(
    'cilium',
    {
      name: 'Cilium agent',
      purpose: 'network of the pods',
      images:
        'quay.io/cilium/cilium docker.io/cilium/cilium quay.io/cilium/cilium-ci quay.io/cilium/startup-script gke.gcr.io/cilium/cilium',
      names: 'cilium anetd',
    },
    [
      hostNetwork(SETS_UP),
      privileged('it loads programs into the kernel and mounts the file systems that hold them'),
      writes(CNI_FOLDERS, INSTALLS),
      writes(['/run/cilium', '/run/hubble', '/lib/cilium', '/var/lib/cilium'], 'it keeps its state there and serves the pods of the node'),
      writes(LOCK, FILTERS),
      writes([...KERNEL, '/sys/kernel'], PROGRAMS),
      token(ASKS),
    ],
  ),
  agent(
    'cilium-envoy',
    {
      name: 'Cilium proxy',
      purpose: 'policies on requests rather than packets',
      images: 'quay.io/cilium/cilium-envoy',
      names: 'cilium-envoy',
    },
    [
      hostNetwork('the traffic of all pods of the node is led through it'),
      capabilities([...ADMIN, 'SYS_ADMIN', 'BPF', 'PERFMON'], 'it marks packets and reads the maps of the agent in the kernel'),
      writes(['/run/cilium', '/sys/fs/bpf'], 'it shares sockets and maps with the agent'),
      root('it shares sockets with the agent, which runs as root'),
    ],
  ),
  agent('flannel', { name: 'Flannel', purpose: 'network of the pods', images: FLANNEL, names: 'flannel kube-flannel kube-flannel-ds' }, [
    hostNetwork(SETS_UP),
    capabilities(ADMIN, SETS_UP),
    root(SETS_UP),
    writes(CNI_FOLDERS, INSTALLS),
    writes(['/run/flannel'], 'it tells the plug-in there which addresses the node has'),
    writes(LOCK, FILTERS),
    token(ASKS),
  ]),
  agent(
    'kube-proxy',
    {
      name: 'kube-proxy',
      purpose: 'addresses of Services on each node',
      images: 'registry.k8s.io/kube-proxy gke.gcr.io/kube-proxy-amd64',
      names: 'kube-proxy',
    },
    [
      hostNetwork('it writes the rules that lead Services to pods into the packet filter of the node'),
      privileged('it changes the packet filter, connection tracking and settings of the kernel'),
      writes(LOCK, FILTERS),
      token('it follows Services and endpoints through the API'),
    ],
  ),
  agent(
    'weave-net',
    {
      name: 'Weave Net',
      purpose: 'network of the pods',
      images:
        'docker.io/weaveworks/weave-kube docker.io/weaveworks/weave-npc docker.io/weaveworks/weave-init ghcr.io/rajch/weave/weave-kube docker.io/rajchaudhuri/weave-kube',
      names: 'weave-net',
    },
    [
      hostNetwork(SETS_UP),
      hostPid('it enters the network namespaces of pods by their processes'),
      privileged(SETS_UP),
      writes(['/opt', '/etc', '/home', '/var/lib/dbus', '/var/lib/weave', '/etc/machine-id', ...CNI_FOLDERS], INSTALLS),
      writes(LOCK, FILTERS),
      token(ASKS),
    ],
  ),
  agent(
    'antrea',
    {
      name: 'Antrea agent',
      purpose: 'network of the pods',
      images:
        'docker.io/antrea/antrea-agent-ubuntu docker.io/antrea/antrea-ubuntu docker.io/antrea/antrea-agent-ubi projects.registry.vmware.com/antrea/antrea-ubuntu',
      names: 'antrea-agent',
    },
    [
      hostNetwork(SETS_UP),
      privileged(SETS_UP),
      writes(CNI_FOLDERS, INSTALLS),
      writes(['/run/antrea', '/var/log/antrea', '/run/openvswitch'], 'the virtual switch of the node keeps its state and sockets there'),
      writes([...LOCK, ...KERNEL], FILTERS),
      token(ASKS),
    ],
  ),
  agent(
    'aws-node',
    {
      name: 'Amazon VPC CNI',
      purpose: 'network of the pods',
      images:
        'public.ecr.aws/eks/amazon-k8s-cni public.ecr.aws/eks/amazon-k8s-cni-init public.ecr.aws/eks/aws-network-policy-agent amazonaws.com/amazon-k8s-cni amazonaws.com/amazon-k8s-cni-init amazonaws.com/amazon/aws-network-policy-agent',
      names: 'aws-node',
    },
    [
      hostNetwork('it gives the network cards of the instance to pods and asks the metadata service about them'),
      privileged(SETS_UP),
      writes(CNI_FOLDERS, INSTALLS),
      writes(
        ['/run/aws-node', '/var/log/aws-routed-eni', '/run/xtables.lock', ...KERNEL],
        'it keeps its log, its state and its programs of the kernel there',
      ),
      token(ASKS),
    ],
  ),
  agent(
    'azure-cni',
    {
      name: 'Azure network service',
      purpose: 'network of the pods',
      images:
        'mcr.microsoft.com/containernetworking/azure-cns mcr.microsoft.com/containernetworking/azure-cni mcr.microsoft.com/containernetworking/azure-npm mcr.microsoft.com/containernetworking/cni-dropgz',
      names: 'azure-cns azure-npm azure-cni',
    },
    [
      hostNetwork('it hands out the addresses of the virtual network to the pods of its node'),
      privileged(SETS_UP),
      writes(
        [
          ...CNI_FOLDERS,
          '/etc/azure-cns',
          '/run/azure-cns',
          '/run/azure-vnet',
          '/var/log/azure-cns',
          '/run/xtables.lock',
          '/etc/protocols',
        ],
        INSTALLS,
      ),
      token(ASKS),
    ],
  ),
  agent(
    'multus',
    {
      name: 'Multus',
      purpose: 'several networks for one pod',
      images: 'ghcr.io/k8snetworkplumbingwg/multus-cni docker.io/nfvpe/multus',
      names: 'multus kube-multus-ds',
    },
    [
      hostNetwork('it calls the other network plug-ins of the node'),
      hostPid('it enters the network namespaces of pods by their processes'),
      privileged('it calls the other network plug-ins of the node, which set up interfaces as root'),
      writes([...CNI_FOLDERS, '/run/k8s.cni.cncf.io', '/run/netns', '/var/lib/kubelet', '/etc/kubernetes/cni'], INSTALLS),
      reads(['/'], 'it runs the plug-ins that are installed on the node'),
      token('it reads the definitions of networks from the API'),
    ],
  ),
  agent(
    'kindnet',
    { name: 'kindnet', purpose: 'network of the pods of kind clusters', images: 'docker.io/kindest/kindnetd', names: 'kindnet' },
    [
      hostNetwork(SETS_UP),
      capabilities(ADMIN, SETS_UP),
      root(SETS_UP),
      writes([...CNI_FOLDERS, ...LOCK, '/run/nri'], INSTALLS),
      token(ASKS),
    ],
  ),
  agent(
    'kube-router',
    {
      name: 'kube-router',
      purpose: 'network of the pods, Services and policies',
      images: 'docker.io/cloudnativelabs/kube-router',
      names: 'kube-router',
    },
    [
      hostNetwork(SETS_UP),
      hostPid('it enters the network namespaces of pods by their processes'),
      privileged(SETS_UP),
      writes([...CNI_FOLDERS, '/var/lib/kube-router', ...LOCK], INSTALLS),
      token(ASKS),
    ],
  ),
  agent(
    'istio-cni',
    {
      name: 'Istio CNI node agent',
      purpose: 'traffic of the mesh, without rights in each pod',
      images:
        'docker.io/istio/install-cni gcr.io/istio-release/install-cni registry.istio.io/release/install-cni gcr.io/istio-testing/install-cni',
      names: 'istio-cni istio-cni-node',
    },
    [
      hostNetwork('it watches the pods of its node join the mesh'),
      privileged('it writes packet filter rules in the network namespaces of pods'),
      capabilities(
        [...ADMIN, 'SYS_PTRACE', 'SYS_ADMIN', 'DAC_OVERRIDE'],
        'it writes packet filter rules in the network namespaces of pods',
      ),
      root('it writes packet filter rules in the network namespaces of pods'),
      writes([...CNI_FOLDERS, '/run/istio-cni', '/run/netns'], INSTALLS),
      reads(['/proc'], 'it finds the network namespaces of pods by their processes'),
      token('it follows the pods of its node through the API'),
    ],
  ),
  agent(
    'linkerd-cni',
    {
      name: 'Linkerd CNI',
      purpose: 'traffic of the mesh, without rights in each pod',
      images: 'cr.l5d.io/linkerd/cni-plugin ghcr.io/linkerd/cni-plugin',
      names: 'linkerd-cni',
    },
    [hostNetwork('it must be there before the network of the pods is'), privileged(INSTALLS), writes(['/opt/cni', '/etc/cni'], INSTALLS)],
  ),
  agent(
    'metallb-speaker',
    {
      name: 'MetalLB speaker',
      purpose: 'addresses for Services of type LoadBalancer',
      images:
        'quay.io/metallb/speaker docker.io/metallb/speaker docker.io/bitnami/metallb-speaker quay.io/metallb/frr quay.io/frrouting/frr',
      names: 'speaker metallb-speaker',
    },
    [
      hostNetwork('it answers for the addresses of Services on the network of the node'),
      capabilities(
        ['NET_RAW', 'NET_ADMIN', 'SYS_ADMIN', 'NET_BIND_SERVICE'],
        'it sends neighbour and routing messages that it makes itself',
      ),
      root('it opens raw sockets'),
      token('it follows Services and the settings of address pools through the API'),
    ],
  ),
  agent(
    'ingress-nginx',
    {
      name: 'Ingress NGINX on the host network',
      purpose: 'way into the cluster',
      images: 'registry.k8s.io/ingress-nginx/controller',
      names: 'ingress-nginx ingress-nginx-controller nginx-ingress',
    },
    [
      hostNetwork('as a DaemonSet without a load balancer before it, it takes connections on the addresses of the nodes'),
      capabilities(['NET_BIND_SERVICE'], 'it listens on ports 80 and 443'),
      token('it follows Ingresses, Services and the certificates that they name through the API'),
    ],
  ),
  {
    ...agent(
      'kube-vip',
      {
        name: 'kube-vip',
        purpose: 'address of the control plane and of Services',
        images: 'ghcr.io/kube-vip/kube-vip docker.io/plndr/kube-vip docker.io/kubevip/kube-vip',
        names: 'kube-vip kube-vip-ds',
      },
      [
        hostNetwork('it answers for the shared address on the network of the node'),
        capabilities(['NET_ADMIN', 'NET_RAW', 'SYS_TIME'], 'it adds the shared address to an interface and announces it'),
        root('it changes the interfaces of the node'),
        reads(
          ['/etc/kubernetes/admin.conf', '/etc/kubernetes/super-admin.conf'],
          'as a static pod it has no account and signs in as the administrator',
        ),
        token('it elects through the API which node holds the address'),
      ],
    ),
    kinds: ['DaemonSet', 'Pod'],
  },
  agent(
    'node-local-dns',
    {
      name: 'NodeLocal DNSCache',
      purpose: 'names, cached on each node',
      images: 'registry.k8s.io/dns/k8s-dns-node-cache',
      names: 'node-local-dns nodelocaldns',
    },
    [
      hostNetwork('it answers on a link-local address of the node'),
      privileged('it makes an interface for its address and rules that leave it out of connection tracking'),
      capabilities(['NET_ADMIN'], 'it makes an interface for its address'),
      writes(['/run/xtables.lock'], FILTERS),
    ],
  ),
  {
    ...agent(
      'coredns',
      {
        name: 'CoreDNS',
        purpose: 'names of the cluster',
        images:
          'registry.k8s.io/coredns/coredns docker.io/coredns/coredns registry.k8s.io/coredns amazonaws.com/eks/coredns docker.io/rancher/hardened-coredns',
        names: 'coredns kube-dns rke2-coredns',
      },
      [
        capabilities(['NET_BIND_SERVICE'], 'it listens on port 53'),
        { rules: ['privileged-port'], reason: 'names are asked for on port 53' },
        root('its image starts as root with the one capability that port 53 takes'),
        token('it follows Services and endpoints through the API'),
      ],
    ),
    kinds: ['Deployment', 'DaemonSet'],
  },
  agent(
    'svclb',
    {
      name: 'K3s service load balancer',
      purpose: 'Services of type LoadBalancer on the ports of nodes',
      images: 'docker.io/rancher/klipper-lb',
      names: 'svclb',
    },
    [
      hostPort('it takes the ports of the Service on each node'),
      capabilities(['NET_ADMIN'], 'it leads the port to the Service by the packet filter'),
      root('it leads the port to the Service by the packet filter'),
    ],
  ),
];
