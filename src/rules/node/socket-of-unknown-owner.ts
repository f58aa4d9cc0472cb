import type { SocketFact } from '../../snapshot/index.ts';
import { type Hit, defineRule, mitre, nsa } from '../rule.ts';
import { nodeFacts } from './node-examples.ts';
import { socketText } from './sockets.ts';

/** Ports that components of Kubernetes are reached at. */
const PORTS: ReadonlySet<number> = new Set([2379, 2380, 6443, 10_249, 10_250, 10_256, 10_257, 10_259]);
/** Names as the kernel cuts them, too; balancers and agents of networks that stand in for a component. */
const KNOWN = new RegExp(
  [
    String.raw`^(?:kube-apiserver|kube-controller|kube-controller-manager|kube-scheduler|kube-proxy|kubelet|etcd|hyperkube|kubelite|k8s-dqlite)$`,
    String.raw`^(?:k3s|k3s-server|k3s-agent|rke2|rke2-server|rke2-agent|k0s|machined|kine|microk8s)$`,
    String.raw`^(?:haproxy|nginx|envoy|keepalived|kube-vip|ghostunnel|konnectivity.*|proxy-server)$`,
    String.raw`^(?:cilium-agent|cilium|calico-node|kube-router|antrea-agent|ovnkube|systemd)$`,
  ].join('|'),
);

export const rule = defineRule({
  id: 'socket-of-unknown-owner',
  title: 'A program that is no known component listens at a port of one',
  severity: 'high',
  area: 'node',
  rationale:
    'What answers at the port of a component gets the requests and credentials that are meant for it: a program in between is how they are taken.',
  remedy:
    'Look at the program: its file, who started it, since when. Where it belongs there, such as a load balancer of your own, write an exception with the reason.',
  controls: [...nsa('control-plane-hardening'), ...mitre('T1557', 'T1036')],
  scope: 'node',
  needs: ['node'],
  component: 'node',
  check(view): Hit | readonly Hit[] {
    const { running, sockets } = view.facts;
    const asked = sockets.filter(({ protocol, port }) => protocol === 'tcp' && PORTS.has(port));
    if (!running || sockets.length === 0)
      return { message: 'what listens on the node was not seen', path: '', value: undefined, status: 'unknown' };
    const hits = asked.flatMap(hitOf);
    const [first] = asked;
    if (hits.length > 0) return hits;
    if (first === undefined)
      return { message: 'nothing listens at a port of a component', path: '', value: undefined, status: 'not-applicable' };
    const others = asked.length === 1 ? '' : `, and known components at ${asked.length - 1} more ports`;
    const message = `${first.process} listens at ${socketText(first)}${others}`;
    return { message, path: socketText(first), value: first.process, status: 'pass' };
  },
  examples: () => ({
    good: [
      listening({ protocol: 'tcp', address: '0.0.0.0', port: 6443, process: 'kube-apiserver' }),
      listening({ protocol: 'tcp', address: '0.0.0.0', port: 6443, process: 'haproxy' }),
      listening({ protocol: 'tcp', address: '127.0.0.1', port: 10_257, process: 'kube-controller' }),
      listening({ protocol: 'tcp', address: '0.0.0.0', port: 22, process: 'sshd' }),
      listening({ protocol: 'udp', address: '0.0.0.0', port: 6443, process: 'chronyd' }),
    ],
    bad: [
      { yaml: listening({ protocol: 'tcp', address: '0.0.0.0', port: 10_250, process: 'socat' }), path: 'tcp 0.0.0.0:10250' },
      { yaml: listening({ protocol: 'tcp', address: '0.0.0.0', port: 6443 }), path: 'tcp 0.0.0.0:6443', status: 'unknown' },
      { yaml: nodeFacts({}), path: '', status: 'unknown' },
    ],
  }),
});

function hitOf(socket: SocketFact): Hit[] {
  const { process, port } = socket;
  const place = socketText(socket);
  if (process === undefined)
    return [{ message: `nobody knows what listens at ${place}`, path: place, value: undefined, key: `${port}`, status: 'unknown' }];
  if (KNOWN.test(process)) return [];
  return [{ message: `${process} listens at ${place}`, path: place, value: process, key: `${port}` }];
}

function listening(...sockets: readonly SocketFact[]): string {
  return nodeFacts({ processes: [['sshd']], sockets });
}
