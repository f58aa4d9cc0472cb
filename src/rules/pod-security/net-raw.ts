import type { Container } from '../../model/index.ts';
import { CONTAINER, withContainer } from '../examples.ts';
import { type Hit, cis, defineRule, mitre, nsa } from '../rule.ts';
import { addedAt, dropsByName, prefixedDrop } from './capabilities.ts';
import { cannotHoldCapabilities, onLinux } from './security-context.ts';

const CAPABILITIES = 'securityContext.capabilities';

export const rule = defineRule({
  id: 'net-raw',
  title: 'Raw sockets not taken away',
  severity: 'medium',
  area: 'pod-security',
  rationale:
    'With NET_RAW, which runtimes grant by default, a process forges packets of any kind. On a network that does not check them it answers ARP and DNS for others and so puts itself between pods and the services that they call.',
  remedy:
    'Add NET_RAW, or better ALL, to securityContext.capabilities.drop of each container and take it out of add. Only ping, traceroute and packet capture miss it.',
  controls: [...cis('5.2.8'), ...nsa('linux-hardening'), ...mitre('T1557')],
  aliases: {
    kubescape: ['C-0199', 'C-0046'],
    trivy: ['KSV-0119'],
    checkov: ['CKV_K8S_28', 'CKV_K8S_7'],
    'kube-linter': ['drop-net-raw-capability'],
    'kyverno-policies': ['require-drop-cap-net-raw'],
    'gatekeeper-library': ['capabilities'],
  },
  coversSameField: ['added-capabilities'],
  scope: 'container',
  applies: onLinux,
  check(container) {
    // A name in `drop` is taken away last; ALL in `drop` before `add` is given.
    if (dropsByName(container, 'NET_RAW')) return undefined;
    const added = addedAt(container, 'NET_RAW');
    if (added < 0 && dropsByName(container, 'ALL')) return undefined;
    const hit = added < 0 ? keptHit(container) : addedHit(container, added);
    if (cannotHoldCapabilities(container)) hit.severity = 'low';
    else if (added >= 0 && container.workload.pod.hostNetwork === true) hit.severity = 'high';
    return hit;
  },
  examples: () => ({
    good: [
      withContainer('securityContext: {capabilities: {drop: [NET_RAW]}}'),
      withContainer('securityContext: {capabilities: {drop: [all], add: [NET_BIND_SERVICE]}}'),
      withContainer('securityContext: {capabilities: {add: [ALL], drop: [net_raw]}}'),
      withContainer('', 'os: {name: windows}'),
    ],
    bad: [
      { yaml: withContainer(''), path: `${CONTAINER}.${CAPABILITIES}.drop`, severity: 'medium' },
      { yaml: withContainer('securityContext: {capabilities: {drop: [CAP_NET_RAW]}}'), path: `${CONTAINER}.${CAPABILITIES}.drop` },
      {
        yaml: withContainer('securityContext: {capabilities: {drop: [ALL], add: [CHOWN, NET_RAW]}}'),
        path: `${CONTAINER}.${CAPABILITIES}.add[1]`,
      },
      {
        yaml: withContainer('securityContext: {capabilities: {add: [NET_RAW]}}', 'hostNetwork: true'),
        path: `${CONTAINER}.${CAPABILITIES}.add[0]`,
        severity: 'high',
      },
      {
        yaml: withContainer('securityContext: {allowPrivilegeEscalation: false}', 'securityContext: {runAsNonRoot: true}'),
        path: `${CONTAINER}.${CAPABILITIES}.drop`,
        severity: 'low',
      },
    ],
  }),
});

function addedHit(container: Container, index: number): Hit {
  const network = container.workload.pod.hostNetwork === true ? ' on the network of the node' : '';
  return { message: `container "${container.name}" adds NET_RAW: raw packets${network}`, path: `${CAPABILITIES}.add[${index}]` };
}

function keptHit(container: Container): Hit {
  const path = `${CAPABILITIES}.drop`;
  const prefixed = prefixedDrop(container, 'NET_RAW');
  if (prefixed !== undefined) {
    return { message: `container "${container.name}" drops "${prefixed}", a name with a prefix that containerd does not know`, path };
  }
  const dropped = container.spec.securityContext?.capabilities?.drop ?? [];
  return {
    message: `container "${container.name}" keeps NET_RAW`,
    path,
    fix: [{ set: path, value: [...dropped, 'NET_RAW'] }],
  };
}
