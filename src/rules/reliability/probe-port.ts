import { concatPath } from '../../lib/field-path.ts';
import type { Container, ContainerSpec } from '../../model/index.ts';
import { CONTAINER, withContainer } from '../examples.ts';
import { type Hit, defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'probe-port',
  title: 'Probe asks a port that is not declared',
  severity: 'low',
  area: 'reliability',
  rationale:
    'A probe by a name that no port has fails for ever: the pod never becomes ready, or is restarted without end. A number that none of the declared ports has is mostly a slip with the same effect.',
  remedy: 'Declare the port in ports of the same container, or correct the probe; prefer the name, so that both change together.',
  controls: [],
  aliases: { 'kube-linter': ['liveness-port', 'readiness-port', 'startup-port'], popeye: ['105', '108'] },
  scope: 'container',
  check(container) {
    // Several probes that ask the same port are one slip.
    let wrong: Map<string, Wrong> | undefined;
    for (const probe of PROBES) {
      const asked = container.spec[probe];
      if (asked === undefined) continue;
      for (const handler of HANDLERS) {
        const target = asked[handler];
        if (target === undefined || target.port === undefined || ('host' in target && (target.host ?? '') !== '')) continue;
        const problem = wrongWith(container, target.port);
        if (problem === undefined) continue;
        wrong ??= new Map();
        const same = wrong.get(problem.text);
        if (same === undefined) wrong.set(problem.text, { ...problem, port: target.port, probes: [{ probe, handler }] });
        else same.probes.push({ probe, handler });
      }
    }
    return wrong === undefined ? undefined : [...wrong.values()].map((each) => toHit(container, each));
  },
  examples: () => ({
    good: [
      withContainer('ports: [{name: http, containerPort: 8080}]\nreadinessProbe: {httpGet: {port: http}}'),
      withContainer('readinessProbe: {httpGet: {port: 8080}}'),
      withContainer('ports: [{name: http, containerPort: 8080}]\nlivenessProbe: {grpc: {port: 8080}}'),
      withContainer('ports: [{name: http, containerPort: 8080}]\nlivenessProbe: {tcpSocket: {host: db.example.com, port: 5432}}'),
      withContainer('ports: [{name: http, containerPort: 8080}]\nlivenessProbe: {httpGet: {port: "8080"}}'),
    ],
    bad: [
      {
        yaml: withContainer('readinessProbe: {httpGet: {port: http}}'),
        path: `${CONTAINER}.readinessProbe.httpGet.port`,
        severity: 'medium',
      },
      {
        yaml: withContainer('ports: [{containerPort: 9999}]\nlivenessProbe: {httpGet: {port: 8080}}'),
        path: `${CONTAINER}.livenessProbe.httpGet.port`,
        severity: 'low',
      },
      {
        yaml: withContainer('ports: [{name: dns, containerPort: 53, protocol: UDP}]\nstartupProbe: {tcpSocket: {port: dns}}'),
        path: `${CONTAINER}.startupProbe.tcpSocket.port`,
      },
    ],
  }),
});

interface Wrong {
  text: string;
  named: boolean;
  port: string | number;
  probes: { probe: (typeof PROBES)[number]; handler: (typeof HANDLERS)[number] }[];
}

function toHit(container: Container, { text, named, port, probes }: Wrong): Hit {
  const [path = '', ...more] = probes.map(({ probe, handler }) => `${probe}.${handler}.port`);
  const names = probes.map(({ probe }) => WORDS[probe]).join(' and ');
  return {
    message: `the ${names} of container "${container.name}" ${probes.length === 1 ? 'asks' : 'ask'} port ${text}`,
    path,
    also: more.map((other) => ({ path: concatPath(container.path, other) })),
    key: String(port),
    severity: named ? 'medium' : 'low',
  };
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const HANDLERS = ['httpGet', 'tcpSocket', 'grpc'] as const;
const WORDS = { livenessProbe: 'liveness probe', readinessProbe: 'readiness probe', startupProbe: 'startup probe' } as const;

function wrongWith({ spec, workload }: Container, port: string | number): { text: string; named: boolean } | undefined {
  const number = typeof port === 'number' ? port : /^\d+$/.test(port) ? Number(port) : undefined;
  if (number === undefined) {
    const declared = spec.ports?.find(({ name }) => name === port);
    if (declared === undefined) return { text: `"${port}", which the container does not declare`, named: true };
    return isTcp(declared) ? undefined : { text: `"${port}", which is not a TCP port`, named: true };
  }
  // Ports need not be declared; only where some are does one that is missing stand out. The pod shares one network.
  if ((spec.ports ?? []).length === 0) return undefined;
  const known = workload.containers.some(
    (container) => container.spec.ports?.some((declared) => declared.containerPort === number && isTcp(declared)) === true,
  );
  return known ? undefined : { text: `${number}, which no container of the pod declares`, named: false };
}

function isTcp({ protocol = 'TCP' }: NonNullable<ContainerSpec['ports']>[number]): boolean {
  return protocol === 'TCP' || protocol === '';
}
