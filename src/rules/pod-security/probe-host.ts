import type { ContainerSpec } from '../../model/index.ts';
import { CONTAINER, POD, withContainer, withPod } from '../examples.ts';
import { type Hit, defineRule, pss } from '../rule.ts';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const HOOKS = ['postStart', 'preStop'] as const;

export const rule = defineRule({
  id: 'probe-host',
  title: 'Host set in a probe or lifecycle handler',
  severity: 'medium',
  area: 'pod-security',
  rationale:
    'The kubelet sends probes and lifecycle requests from the network of the node. With a host of its own choice the author of the pod makes it ask any address for them: services on the node that listen on localhost only, the metadata service of the cloud, internal networks.',
  remedy:
    'Remove host from the handler, so that the kubelet asks the address of the pod. A pod on the host network that listens on 127.0.0.1 only can be probed with exec or made to listen on the address of the node.',
  controls: pss('baseline', 'hostProbesAndHostLifecycle'),
  aliases: { 'gatekeeper-library': ['host-probes-lifecycle'] },
  scope: 'container',
  check({ spec, name, workload }) {
    const hits: Hit[] = [];
    for (const [place, handler] of handlersOf(spec)) {
      for (const action of ['httpGet', 'tcpSocket'] as const) {
        const host = handler[action]?.host;
        if (host === undefined || host === '') continue;
        const path = `${place}.${action}.host`;
        const message = `${place.replace('lifecycle.', '')} of container "${name}" makes the kubelet call ${host}`;
        // A control plane component on the host network is asked where it listens: on its own loopback address.
        if (workload.pod.hostNetwork === true && isLoopback(host)) hits.push({ message, path, key: place, severity: 'low' });
        else hits.push({ message, path, key: place, fix: [{ remove: path }] });
      }
    }
    return hits;
  },
  examples: () => ({
    good: [
      withContainer('livenessProbe: {httpGet: {path: /healthz, port: 8080}}'),
      withContainer('livenessProbe: {httpGet: {path: /healthz, port: 8080, host: ""}}'),
      withContainer('readinessProbe: {httpGet: {path: /, port: 8080, httpHeaders: [{name: Host, value: shop.example.com}]}}'),
    ],
    bad: [
      {
        yaml: withContainer('livenessProbe: {httpGet: {host: 169.254.169.254, path: /, port: 80}}'),
        path: `${CONTAINER}.livenessProbe.httpGet.host`,
        severity: 'medium',
      },
      {
        yaml: withContainer('lifecycle: {preStop: {tcpSocket: {host: 10.0.0.9, port: 22}}}'),
        path: `${CONTAINER}.lifecycle.preStop.tcpSocket.host`,
      },
      {
        yaml: withContainer('startupProbe: {httpGet: {host: 127.0.0.1, path: /readyz, port: 10257}}', 'hostNetwork: true'),
        path: `${CONTAINER}.startupProbe.httpGet.host`,
        severity: 'low',
      },
      {
        yaml: withPod(
          'initContainers: [{name: proxy, image: "registry.example.com/proxy:1", restartPolicy: Always, readinessProbe: {tcpSocket: {host: localhost, port: 80}}}]',
        ),
        path: `${POD}.initContainers[0].readinessProbe.tcpSocket.host`,
      },
    ],
  }),
});

interface Handler {
  readonly httpGet?: { readonly host?: string };
  readonly tcpSocket?: { readonly host?: string };
}

const NONE: readonly [string, Handler][] = [];

/** What the kubelet asks or tells the container, with its path. */
function handlersOf(spec: ContainerSpec): readonly [string, Handler][] {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = spec;
  if (livenessProbe === undefined && readinessProbe === undefined && startupProbe === undefined && lifecycle === undefined) return NONE;
  const handlers: [string, Handler][] = [];
  for (const probe of PROBES) if (spec[probe] !== undefined) handlers.push([probe, spec[probe]]);
  for (const hook of HOOKS) if (lifecycle?.[hook] !== undefined) handlers.push([`lifecycle.${hook}`, lifecycle[hook]]);
  return handlers;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
