import type { ProbeSpec } from '../../model/index.ts';
import { CONTAINER, withContainer } from '../examples.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'probe-identical',
  title: 'Liveness and readiness probe are the same',
  severity: 'low',
  area: 'reliability',
  rationale:
    'When both fail at the same moment, the kubelet restarts the container instead of only sending requests elsewhere: an overloaded or waiting program loses its work, and the load moves on to the next.',
  remedy:
    'Let the liveness probe ask for less than the readiness probe, or give it a longer failureThreshold or period, so that restarting comes last.',
  controls: [],
  aliases: { 'kube-score': ['pod-probes-identical'], 'kyverno-policies': ['ensure-probes-different'] },
  scope: 'container',
  check({ spec, name }) {
    const { livenessProbe, readinessProbe } = spec;
    if (livenessProbe === undefined || readinessProbe === undefined) return undefined;
    if (patience(livenessProbe) > patience(readinessProbe) || !asksTheSame(livenessProbe, readinessProbe)) return undefined;
    return { message: `both probes of container "${name}" ask the same and give up at the same time`, path: 'livenessProbe' };
  },
  examples: () => ({
    good: [
      withContainer('livenessProbe: {httpGet: {path: /live, port: 80}}\nreadinessProbe: {httpGet: {path: /ready, port: 80}}'),
      withContainer('livenessProbe: {failureThreshold: 10, tcpSocket: {port: 80}}\nreadinessProbe: {tcpSocket: {port: 80}}'),
      withContainer('livenessProbe: {tcpSocket: {port: 80}}'),
    ],
    bad: [
      {
        yaml: withContainer('livenessProbe: {tcpSocket: {port: 80}}\nreadinessProbe: {tcpSocket: {port: 80}}'),
        path: `${CONTAINER}.livenessProbe`,
      },
      {
        yaml: withContainer('livenessProbe: {exec: {command: [a, b]}}\nreadinessProbe: {exec: {command: [a, b]}}'),
        path: `${CONTAINER}.livenessProbe`,
      },
      {
        yaml: withContainer('livenessProbe: {httpGet: {port: 80}}\nreadinessProbe: {httpGet: {path: /, port: 80, scheme: HTTP}}'),
        path: `${CONTAINER}.livenessProbe`,
      },
    ],
  }),
});

/** Seconds of failure after which the kubelet acts. */
function patience({ failureThreshold = 3, periodSeconds = 10 }: ProbeSpec): number {
  return failureThreshold * periodSeconds;
}

function asksTheSame(one: ProbeSpec, other: ProbeSpec): boolean {
  if (one.httpGet !== undefined && other.httpGet !== undefined) {
    const [a, b] = [one.httpGet, other.httpGet];
    return (
      a.port === b.port &&
      (a.path ?? '/') === (b.path ?? '/') &&
      (a.host ?? '') === (b.host ?? '') &&
      (a.scheme ?? 'HTTP') === (b.scheme ?? 'HTTP')
    );
  }
  if (one.tcpSocket !== undefined && other.tcpSocket !== undefined)
    return one.tcpSocket.port === other.tcpSocket.port && one.tcpSocket.host === other.tcpSocket.host;
  if (one.grpc !== undefined && other.grpc !== undefined)
    return one.grpc.port === other.grpc.port && (one.grpc.service ?? '') === (other.grpc.service ?? '');
  const [a, b] = [one.exec?.command, other.exec?.command];
  return a !== undefined && b !== undefined && a.length === b.length && a.every((part, index) => part === b[index]);
}
