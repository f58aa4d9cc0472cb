import { CONTAINER, POD, withContainer, withPod } from '../examples.ts';
import type { Severity } from '../finding.ts';
import { type Hit, cis, defineRule, nsa, pss } from '../rule.ts';

/** Reached by processes of the node alone. */
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1']);

export const rule = defineRule({
  id: 'host-port',
  title: 'Port opened on the node',
  severity: 'medium',
  area: 'pod-security',
  rationale:
    'A host port answers at the address of the node, past Services, Ingress and, with many network plugins, past NetworkPolicy; it also binds the pod to nodes where the port is free.',
  remedy:
    'Remove hostPort and reach the pod through a Service. Where an agent really must listen on every node, bind it to one address with hostIP and allow its sources in the firewall of the node.',
  controls: [...cis('5.2.12'), ...pss('baseline', 'hostPorts'), ...nsa('network-policies')],
  aliases: {
    kubescape: ['C-0044', 'C-0204'],
    trivy: ['KSV-0024'],
    checkov: ['CKV_K8S_26'],
    polaris: ['hostPortSet'],
    'kyverno-policies': ['disallow-host-ports', 'disallow-host-ports-range'],
    'gatekeeper-library': ['host-network-ports'],
  },
  scope: 'container',
  check({ spec: { ports }, name, workload: { pod } }) {
    if (ports === undefined) return undefined;
    let hits: Hit[] | undefined;
    for (let index = 0; index < ports.length; index += 1) {
      const { hostPort = 0, hostIP, protocol = 'TCP' } = ports[index] ?? {};
      if (hostPort === 0) continue;
      const path = `ports[${index}].hostPort`;
      // On the host network every port is one of the node, with or without this field, so the field cannot be taken away.
      const onHost = pod.hostNetwork === true;
      const severity: Severity = onHost || (hostIP !== undefined && LOOPBACK.has(hostIP)) ? 'low' : 'medium';
      const message = `container "${name}" listens on port ${hostPort}/${protocol} of the node${onHost ? ', as every port of a pod on the host network does' : ''}`;
      const hit: Hit = { message, path, key: `${hostIP ?? ''}:${hostPort}/${protocol}`, severity };
      if (!onHost) hit.fix = [{ remove: path }];
      (hits ??= []).push(hit);
    }
    return hits;
  },
  examples: () => ({
    good: [
      withContainer('ports: [{containerPort: 8080}]'),
      withContainer('ports: [{containerPort: 8080, hostPort: 0}]'),
      withPod('hostNetwork: true'),
    ],
    bad: [
      {
        yaml: withContainer('ports: [{containerPort: 8080}, {containerPort: 8443, hostPort: 443}]'),
        path: `${CONTAINER}.ports[1].hostPort`,
        severity: 'medium',
      },
      {
        yaml: withContainer('ports: [{containerPort: 9100, hostPort: 9100, hostIP: 127.0.0.1}]'),
        path: `${CONTAINER}.ports[0].hostPort`,
        severity: 'low',
      },
      {
        yaml: withContainer('ports: [{containerPort: 9100, hostPort: 9100}]', 'hostNetwork: true'),
        path: `${CONTAINER}.ports[0].hostPort`,
        severity: 'low',
      },
      {
        yaml: withPod(
          'initContainers: [{name: proxy, image: "registry.example.com/proxy:1", restartPolicy: Always, ports: [{containerPort: 15001, hostPort: 15001}]}]',
        ),
        path: `${POD}.initContainers[0].ports[0].hostPort`,
      },
    ],
  }),
});
