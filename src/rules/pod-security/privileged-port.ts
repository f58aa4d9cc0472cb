import { CONTAINER, POD, withContainer, withPod } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';

/** First port that a user other than root may open, unless the kernel is told otherwise. */
const FIRST_OPEN = 1024;

export const rule = defineRule({
  id: 'privileged-port',
  title: 'Container port below 1024',
  severity: 'low',
  area: 'pod-security',
  rationale:
    'A program that listens below 1024 needs root or the capability NET_BIND_SERVICE where the runtime does not open such ports to all, which keeps the container from running as a plain user.',
  remedy:
    'Listen on a port from 1024 on, such as 8080, and keep 80 or 443 in the Service with a targetPort; probes and NetworkPolicies that name the old number must follow.',
  controls: nsa('non-root'),
  aliases: { trivy: ['KSV-0117'], 'kube-linter': ['privileged-ports'] },
  scope: 'container',
  check({ spec: { ports }, name }) {
    if (ports === undefined) return undefined;
    let hits: Hit[] | undefined;
    for (let index = 0; index < ports.length; index += 1) {
      const { containerPort = 0, protocol = 'TCP' } = ports[index] ?? {};
      if (containerPort <= 0 || containerPort >= FIRST_OPEN) continue;
      (hits ??= []).push({
        message: `container "${name}" listens on port ${containerPort}, below ${FIRST_OPEN}`,
        path: `ports[${index}].containerPort`,
        key: `${containerPort}/${protocol}`,
      });
    }
    return hits;
  },
  examples: () => ({
    good: [
      withContainer('ports: [{containerPort: 8080}]'),
      withContainer('ports: [{containerPort: 1024}]'),
      withContainer('ports: [{hostPort: 80}]'),
    ],
    bad: [
      { yaml: withContainer('ports: [{containerPort: 8080}, {containerPort: 80}]'), path: `${CONTAINER}.ports[1].containerPort` },
      { yaml: withContainer('ports: [{containerPort: 53, protocol: UDP}]'), path: `${CONTAINER}.ports[0].containerPort` },
      {
        yaml: withPod(
          'initContainers: [{name: proxy, image: "registry.example.com/proxy:1", restartPolicy: Always, ports: [{containerPort: 443}]}]',
        ),
        path: `${POD}.initContainers[0].ports[0].containerPort`,
      },
    ],
  }),
});
