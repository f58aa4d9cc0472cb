/** Agents that watch nodes: metrics, logs, security events, hardware. */
import {
  type AddOn,
  type Need,
  agent,
  capabilities,
  hostNetwork,
  hostPid,
  hostPort,
  privileged,
  reads,
  root,
  runtimeSocket,
  token,
  writes,
} from './add-on.ts';

const LOGS = ['/var/log', '/var/lib/docker/containers', '/run/log/journal', '/etc/machine-id', '/etc/localtime', '/mnt/containers'];
const NODE_FIGURES = 'it measures the node and not its own container';
const CALLS = 'it hooks into the kernel to see the system calls of every container';
const NAMES = 'it asks the runtime which container a process belongs to';
const LABELS = 'it reads from the API which pod a line or figure belongs to';

/** A collector of logs; `own` is where it remembers what it has sent. */
function logs(own: readonly string[]): Need[] {
  return [
    reads(LOGS, 'it collects the logs that the runtime writes there'),
    ...(own.length === 0 ? [] : [writes(own, 'it remembers there how far it has read, over restarts')]),
    root('the logs of the node can be read by root only'),
    token(LABELS),
  ];
}

export const OBSERVER_ADD_ONS: readonly AddOn[] = [
  agent(
    'node-exporter',
    {
      name: 'Prometheus node exporter',
      purpose: 'metrics of nodes',
      images:
        'quay.io/prometheus/node-exporter docker.io/prom/node-exporter docker.io/bitnami/node-exporter docker.io/bitnamilegacy/node-exporter',
      names: 'node-exporter prometheus-node-exporter',
    },
    [
      hostNetwork('it tells the figures of the network interfaces of the node'),
      hostPid('it counts the processes of the node'),
      reads(['/', '/proc', '/sys'], NODE_FIGURES),
      capabilities(['SYS_TIME'], 'it asks the kernel whether the clock is in step'),
    ],
  ),
  agent(
    'node-problem-detector',
    {
      name: 'Node problem detector',
      purpose: 'faults of nodes',
      images: 'registry.k8s.io/node-problem-detector/node-problem-detector',
      names: 'node-problem-detector',
    },
    [
      hostNetwork('it reports in the name of its node'),
      hostPid('it checks the services of the node'),
      privileged('it reads the log of the kernel'),
      reads(
        ['/var/log', '/dev/kmsg', '/etc/localtime', '/run/systemd/system', '/etc/machine-id', '/run/dbus'],
        'it looks for faults in the logs and services of the node',
      ),
      token('it writes conditions of its node through the API'),
    ],
  ),
  agent(
    'fluent-bit',
    {
      name: 'Fluent Bit',
      purpose: 'logs of pods and nodes',
      images:
        'docker.io/fluent/fluent-bit cr.fluentbit.io/fluent/fluent-bit ghcr.io/fluent/fluent-bit docker.io/bitnami/fluent-bit public.ecr.aws/aws-observability/aws-for-fluent-bit docker.io/amazon/aws-for-fluent-bit ghcr.io/fluent/fluent-operator/fluent-bit ghcr.io/kubesphere/fluent-bit',
      names: 'fluent-bit fluentbit aws-for-fluent-bit',
    },
    logs(['/var/fluent-bit', '/var/lib/fluent-bit']),
  ),
  agent(
    'fluentd',
    {
      name: 'Fluentd',
      purpose: 'logs of pods and nodes',
      images:
        'docker.io/fluent/fluentd-kubernetes-daemonset docker.io/fluent/fluentd docker.io/bitnami/fluentd quay.io/fluentd_elasticsearch/fluentd registry.k8s.io/fluentd-elasticsearch',
      names: 'fluentd fluentd-elasticsearch',
    },
    logs(['/var/lib/fluentd', '/var/log/fluentd', '/var/log/fluentd-buffers']),
  ),
  agent(
    'promtail',
    { name: 'Promtail', purpose: 'logs of pods and nodes', images: 'docker.io/grafana/promtail', names: 'promtail' },
    logs(['/run/promtail', '/var/lib/promtail']),
  ),
  agent(
    'alloy',
    {
      name: 'Grafana Alloy',
      purpose: 'logs and metrics',
      images: 'docker.io/grafana/alloy docker.io/grafana/agent',
      names: 'alloy grafana-agent',
    },
    logs(['/var/lib/alloy', '/run/alloy', '/var/lib/agent']),
  ),
  agent('vector', { name: 'Vector', purpose: 'logs and metrics', images: 'docker.io/timberio/vector', names: 'vector vector-agent' }, [
    ...logs(['/var/lib/vector']),
    reads(['/proc', '/sys'], NODE_FIGURES),
  ]),
  agent(
    'filebeat',
    {
      name: 'Elastic Beats and Agent',
      purpose: 'logs and metrics',
      images:
        'docker.elastic.co/beats/filebeat docker.elastic.co/beats/metricbeat docker.elastic.co/beats/elastic-agent docker.elastic.co/elastic-agent/elastic-agent',
      names: 'filebeat metricbeat elastic-agent',
    },
    [
      hostNetwork('it finds its node by the name that the node has on the network'),
      ...logs(['/var/lib/filebeat-data', '/var/lib/metricbeat-data', '/var/lib/filebeat', '/var/lib/elastic-agent']),
      reads(['/proc', '/sys', '/etc/passwd', '/etc/group'], NODE_FIGURES),
    ],
  ),
  agent(
    'datadog',
    {
      name: 'Datadog agent',
      purpose: 'logs, metrics and traces',
      images: 'gcr.io/datadoghq/agent docker.io/datadog/agent public.ecr.aws/datadog/agent registry.datadoghq.com/agent',
      names: 'datadog datadog-agent',
    },
    [
      ...logs(['/var/lib/datadog-agent', '/opt/datadog-agent', '/run/datadog', '/run/datadog-agent']),
      hostPid('it attributes figures and traces to processes of the node'),
      hostPort('pods send traces and figures to the agent of their own node'),
      runtimeSocket(NAMES),
      reads(['/proc', '/sys', '/etc/passwd', '/etc/group', '/etc/os-release', '/run'], NODE_FIGURES),
    ],
  ),
  agent(
    'otel-collector',
    {
      name: 'OpenTelemetry collector on each node',
      purpose: 'logs, metrics and traces',
      images:
        'docker.io/otel/opentelemetry-collector docker.io/otel/opentelemetry-collector-contrib docker.io/otel/opentelemetry-collector-k8s ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-k8s public.ecr.aws/aws-observability/aws-otel-collector',
      names: 'opentelemetry-collector opentelemetry-collector-agent otel-collector otel-collector-agent otel-agent adot-collector',
    },
    [
      ...logs(['/var/lib/otelcol']),
      hostPort('pods send traces and figures to the collector of their own node'),
      reads(['/'], NODE_FIGURES),
    ],
  ),
  agent(
    'cadvisor',
    { name: 'cAdvisor', purpose: 'metrics of containers', images: 'gcr.io/cadvisor/cadvisor ghcr.io/google/cadvisor', names: 'cadvisor' },
    [
      reads(
        ['/', '/run', '/sys', '/var/lib/docker', '/var/lib/containerd', '/dev/disk'],
        'it measures the containers of the node by their control groups and file systems',
      ),
      runtimeSocket(NAMES),
      root('the figures of other containers can be read by root only'),
    ],
  ),
  agent(
    'falco',
    {
      name: 'Falco',
      purpose: 'security events',
      images:
        'docker.io/falcosecurity/falco docker.io/falcosecurity/falco-no-driver docker.io/falcosecurity/falco-driver-loader docker.io/falcosecurity/falcoctl public.ecr.aws/falcosecurity/falco',
      names: 'falco',
    },
    [
      privileged(CALLS),
      writes(
        ['/dev', '/sys/kernel', '/sys/module', '/root/.falco'],
        'its driver is built for the kernel of the node and read through a device',
      ),
      reads(['/proc', '/boot', '/lib/modules', '/usr', '/etc'], 'its driver is built for the kernel of the node'),
      runtimeSocket(NAMES),
      token(LABELS),
    ],
  ),
  agent(
    'tetragon',
    {
      name: 'Tetragon',
      purpose: 'security events',
      images: 'quay.io/cilium/tetragon docker.io/cilium/tetragon quay.io/cilium/hubble-export-stdout',
      names: 'tetragon',
    },
    [
      hostNetwork('it reports in the name of its node'),
      privileged(CALLS),
      writes(['/sys/fs/bpf', '/run/cilium', '/run/tetragon'], 'it keeps its programs in the kernel, and events for others to read'),
      reads(['/proc', '/sys'], 'it finds the container of each process'),
      token(LABELS),
    ],
  ),
  agent(
    'kubearmor',
    {
      name: 'KubeArmor',
      purpose: 'limits on what programs may do',
      images: 'docker.io/kubearmor/kubearmor docker.io/kubearmor/kubearmor-init',
      names: 'kubearmor',
    },
    [
      hostNetwork('it reports in the name of its node'),
      hostPid('it finds the container of each process'),
      privileged('it writes the AppArmor profiles and kernel programs that hold other programs back'),
      writes(
        ['/sys/fs/bpf', '/sys/kernel', '/etc/apparmor.d', '/lib/modules', '/opt/kubearmor'],
        'it writes the profiles that the node enforces',
      ),
      reads(['/usr/src', '/proc', '/etc/os-release', '/media'], 'it builds its programs for the kernel of the node'),
      runtimeSocket(NAMES),
      token('it follows policies and pods through the API'),
    ],
  ),
  agent(
    'nvidia-device-plugin',
    {
      name: 'NVIDIA device plug-in and toolkit',
      purpose: 'graphics cards for pods',
      images:
        'nvcr.io/nvidia/k8s-device-plugin nvcr.io/nvidia/gpu-feature-discovery nvcr.io/nvidia/driver nvcr.io/nvidia/k8s/container-toolkit nvcr.io/nvidia/k8s/dcgm-exporter nvcr.io/nvidia/dcgm-exporter nvcr.io/nvidia/cloud-native/gpu-operator-validator nvcr.io/nvidia/gpu-operator docker.io/nvidia/k8s-device-plugin',
      names:
        'nvidia-device-plugin nvidia-device-plugin-daemonset nvidia-driver-daemonset nvidia-container-toolkit-daemonset nvidia-dcgm-exporter gpu-feature-discovery nvidia-operator-validator',
    },
    [
      privileged('it reaches the cards and their driver'),
      hostPid('it loads the driver and restarts what uses it'),
      writes(
        [
          '/var/lib/kubelet/device-plugins',
          '/var/lib/kubelet/pod-resources',
          '/run/nvidia',
          '/usr/local/nvidia',
          '/run/cdi',
          '/etc/containerd',
          '/etc/docker',
          '/etc/crio',
          '/run/containerd',
          '/dev',
          '/sys',
          '/run/mellanox',
        ],
        'it registers the cards with the kubelet and the runtime',
      ),
      reads(['/', '/proc', '/etc/os-release'], 'it finds the driver that is installed on the node'),
      token('it labels its node through the API'),
    ],
  ),
  agent(
    'device-plugin',
    {
      name: 'Device plug-in',
      purpose: 'devices of nodes for pods',
      images:
        'registry.k8s.io/nvidia-gpu-device-plugin gke.gcr.io/nvidia-gpu-device-plugin docker.io/rocm/k8s-device-plugin docker.io/intel/intel-gpu-plugin docker.io/intel/intel-qat-plugin docker.io/intel/intel-sgx-plugin ghcr.io/k8snetworkplumbingwg/sriov-network-device-plugin public.ecr.aws/neuron/neuron-device-plugin',
      names:
        'device-plugin nvidia-gpu-device-plugin amdgpu-device-plugin-daemonset intel-gpu-plugin intel-qat-plugin intel-sgx-plugin kube-sriov-device-plugin neuron-device-plugin',
    },
    [
      privileged('it reaches the devices that it hands out'),
      hostNetwork('it reads which network cards the node has'),
      writes(
        ['/var/lib/kubelet/device-plugins', '/var/lib/kubelet/plugins_registry', '/run/cdi', '/run/k8s.cni.cncf.io'],
        'it registers the devices with the kubelet',
      ),
      writes(['/dev', '/sys'], 'it finds the devices there'),
    ],
  ),
  agent(
    'node-feature-discovery',
    {
      name: 'Node feature discovery',
      purpose: 'labels that tell what a node can do',
      images: 'registry.k8s.io/nfd/node-feature-discovery',
      names: 'node-feature-discovery-worker nfd-worker',
    },
    [
      reads(
        ['/boot', '/etc/os-release', '/sys', '/lib', '/usr/lib', '/proc/swaps', '/etc/kubernetes/node-feature-discovery'],
        'it reads the features of kernel and hardware',
      ),
    ],
  ),
  agent(
    'kured',
    {
      name: 'Kured',
      purpose: 'restarts of nodes after updates',
      images: 'ghcr.io/kubereboot/kured docker.io/weaveworks/kured',
      names: 'kured',
    },
    [
      hostPid('it tells the first process of the node to restart it'),
      privileged('it tells the first process of the node to restart it'),
      reads(['/run'], 'the node says there whether it wants to be restarted'),
      runtimeSocket('the file by which a node asks for a restart lies in the folder of the sockets'),
      token('it locks and drains nodes through the API'),
    ],
  ),
  agent(
    'spire-agent',
    {
      name: 'SPIRE agent',
      purpose: 'identities for workloads',
      images: 'ghcr.io/spiffe/spire-agent gcr.io/spiffe-io/spire-agent ghcr.io/spiffe/spiffe-csi-driver',
      names: 'spire-agent',
    },
    [
      hostPid('it learns from the process that calls which pod it belongs to'),
      hostNetwork('it asks the kubelet of its own node about pods'),
      privileged('its driver mounts the socket into pods, which only a privileged container can pass on to the node'),
      writes(['/var/lib/kubelet', '/run/spire'], 'pods find the socket of the agent there'),
      token('it shows who it is to the server by the token of its account, and asks the kubelet about pods'),
    ],
  ),
];
