import type { Workload } from '../../model/index.ts';
import { CONTAINER, withContainer } from '../examples.ts';
import { type Hit, defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'container-ports',
  title: 'Container ports that clash or are malformed',
  severity: 'info',
  area: 'reliability',
  rationale:
    'Containers of a pod share one network: two that listen on the same port cannot both start. Names are what Services and network policies find a port by, so one that is used twice leads traffic to the wrong place.',
  remedy: 'Give each port of a pod its own number and its own name of at most 15 lower-case letters, digits and dashes.',
  controls: [],
  aliases: { 'kube-score': ['container-ports-check'], 'kyverno-policies': ['require-container-port-names'] },
  scope: 'workload',
  check(workload) {
    let count = 0;
    for (const { spec } of workload.containers) count += spec.ports?.length ?? 0;
    return count === 0 ? undefined : clashes(workload);
  },
  examples: () => ({
    good: [
      withContainer('ports: [{name: http, containerPort: 80}, {name: metrics, containerPort: 9090}]'),
      withContainer('ports: [{name: dns, containerPort: 53, protocol: UDP}, {name: dns-tcp, containerPort: 53}]'),
      withContainer('ports: [{containerPort: 80}]', 'initContainers: [{name: i, image: i, ports: [{containerPort: 80}]}]'),
    ],
    bad: [
      {
        yaml: withContainer(
          'ports: [{containerPort: 80}]',
          'initContainers: [{name: proxy, image: i, restartPolicy: Always, ports: [{containerPort: 80}]}]',
        ),
        path: `${CONTAINER}.ports[0].containerPort`,
        severity: 'low',
      },
      {
        yaml: withContainer('ports: [{name: http, containerPort: 80}, {name: http, containerPort: 81}]'),
        path: `${CONTAINER}.ports[1].name`,
      },
      {
        yaml: withContainer('ports: [{name: a, containerPort: 80}, {name: b, containerPort: 80}]'),
        path: `${CONTAINER}.ports[1].containerPort`,
        severity: 'info',
      },
      { yaml: withContainer('ports: [{name: much-too-long-name, containerPort: 80}]'), path: `${CONTAINER}.ports[0].name` },
    ],
  }),
});

const PORT_NAME = /^(?=.*[a-z])[a-z0-9](?:-?[a-z0-9])*$/;

function clashes(workload: Workload): Hit[] {
  const hits: Hit[] = [];
  const owners = new Map<string, string>();
  const names = new Map<string, string>();
  for (const { spec, type, name: container, path } of workload.containers) {
    // They end, or begin, before or after the others run.
    if (type === 'init' || type === 'ephemeral') continue;
    for (const [index, { name = '', containerPort, protocol = 'TCP', hostIP = '' }] of (spec.ports ?? []).entries()) {
      const at = `${path}.ports[${index}]`;
      if (name !== '' && (name.length > 15 || !PORT_NAME.test(name)))
        hits.push({
          message: `the API server refuses the port name "${name}" of container "${container}"`,
          path: `${at}.name`,
          key: `name ${name}`,
          severity: 'low',
        });
      else if (name !== '' && names.has(name))
        hits.push({ message: `two ports of the pod are named "${name}"`, path: `${at}.name`, key: `name ${name}`, severity: 'low' });
      names.set(name, container);
      if (containerPort === undefined) continue;
      const port = `${containerPort}/${protocol}`;
      const owner = owners.get(`${port} ${hostIP}`);
      owners.set(`${port} ${hostIP}`, container);
      if (owner === undefined) continue;
      if (owner === container)
        hits.push({ message: `container "${container}" declares port ${port} twice`, path: `${at}.containerPort`, key: `port ${port}` });
      else
        hits.push({
          message: `containers "${owner}" and "${container}" both declare port ${port}`,
          path: `${at}.containerPort`,
          key: `port ${port}`,
          severity: 'low',
        });
    }
  }
  return hits;
}
