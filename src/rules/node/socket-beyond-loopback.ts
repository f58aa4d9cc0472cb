import { isLoopback } from '../../engines/command-line/index.ts';
import type { SocketFact } from '../../snapshot/index.ts';
import type { Severity } from '../finding.ts';
import { type Hit, defineRule, mitre, nsa } from '../rule.ts';
import { nodeFacts } from './node-examples.ts';
import { socketText } from './sockets.ts';

interface LocalPort {
  readonly what: string;
  readonly severity: Severity;
  /** Another rule judges the arguments of its component, where that is a program of its own. */
  readonly byArguments?: true;
}

/** Ports that nobody beyond the node has to reach. */
const PORTS: ReadonlyMap<number, LocalPort> = new Map([
  [2375, { what: 'the API of Docker without a credential', severity: 'critical' }],
  [2381, { what: 'metrics of etcd', severity: 'low' }],
  [4194, { what: 'cAdvisor', severity: 'medium' }],
  [8080, { what: 'the API server without authentication', severity: 'critical', byArguments: true }],
  [10_248, { what: 'the health of the kubelet', severity: 'low' }],
  [10_249, { what: 'metrics of kube-proxy', severity: 'low', byArguments: true }],
  [10_251, { what: 'the scheduler without authentication', severity: 'medium' }],
  [10_252, { what: 'the controller manager without authentication', severity: 'medium' }],
  [10_255, { what: 'the kubelet without authentication', severity: 'high', byArguments: true }],
  [10_257, { what: 'the controller manager', severity: 'low', byArguments: true }],
  [10_259, { what: 'the scheduler', severity: 'low', byArguments: true }],
]);
/** One program that is all components, whose arguments are not those of any of them. */
const WHOLE = /^(?:k3s|k3s-server|k3s-agent|rke2|kubelite|k0s)$/;
const OWNERS =
  /^(?:kube-apiserver|kube-controller|kube-controller-manager|kube-scheduler|kube-proxy|kubelet|etcd|dockerd|containerd|crio|cadvisor|hyperkube)$/;

export const rule = defineRule({
  id: 'socket-beyond-loopback',
  title: 'A port that is for the node alone is open to its network',
  severity: 'medium',
  area: 'node',
  rationale:
    'Metrics, health and APIs that ask for no credential tell whoever reaches the node what runs there, and some let it be changed.',
  remedy:
    'Let it listen on 127.0.0.1: healthzBindAddress of the kubelet, --listen-metrics-urls of etcd, no -H tcp:// of Docker. What asks the port from elsewhere then needs a proxy on the node.',
  controls: [...nsa('control-plane-hardening'), ...mitre('T1046', 'T1133')],
  scope: 'node',
  needs: ['node'],
  component: 'node',
  check(view): Hit | readonly Hit[] {
    const { running, sockets } = view.facts;
    if (!running || sockets.length === 0)
      return { message: 'what listens on the node was not seen', path: '', value: undefined, status: 'unknown' };
    const hits = sockets.flatMap(hitOf);
    const [first] = sockets;
    if (hits.length > 0 || first === undefined) return hits;
    const value = `${sockets.length} ${sockets.length === 1 ? 'socket' : 'sockets'}`;
    return { message: `no port that is for the node alone is open to its network, of ${value}`, path: 'sockets', value, status: 'pass' };
  },
  examples: () => ({
    good: [
      listening({ protocol: 'tcp', address: '127.0.0.1', port: 10_248, process: 'kubelet' }),
      listening({ protocol: 'tcp', address: '0.0.0.0', port: 10_250, process: 'kubelet' }),
      // Judged by its arguments.
      listening({ protocol: 'tcp', address: '0.0.0.0', port: 10_259, process: 'kube-scheduler' }),
      // Somebody else's program on a port of that number.
      listening({ protocol: 'tcp', address: '0.0.0.0', port: 8080, process: 'nginx' }),
    ],
    bad: [
      {
        yaml: listening({ protocol: 'tcp', address: '0.0.0.0', port: 10_248, process: 'kubelet' }),
        path: 'tcp 0.0.0.0:10248',
        severity: 'low',
      },
      { yaml: listening({ protocol: 'tcp', address: '::', port: 2375, process: 'dockerd' }), path: 'tcp [::]:2375', severity: 'critical' },
      {
        yaml: listening({ protocol: 'tcp', address: '0.0.0.0', port: 10_259, process: 'k3s-server' }),
        path: 'tcp 0.0.0.0:10259',
        severity: 'low',
      },
      { yaml: nodeFacts({}), path: '', status: 'unknown' },
    ],
  }),
});

function hitOf(socket: SocketFact): Hit[] {
  const local = socket.protocol === 'tcp' ? PORTS.get(socket.port) : undefined;
  const owner = socket.process ?? '';
  const isWhole = WHOLE.test(owner);
  if (local === undefined || isLoopback(socket.address) || !(isWhole || OWNERS.test(owner))) return [];
  if (!isWhole && local.byArguments === true) return [];
  const place = socketText(socket);
  return [
    { message: `${owner} listens at ${place}: ${local.what}`, path: place, value: owner, key: `${socket.port}`, severity: local.severity },
  ];
}

function listening(...sockets: readonly SocketFact[]): string {
  return nodeFacts({ processes: [['sshd']], sockets });
}
