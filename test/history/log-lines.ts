/** The same events as log files hold them: audit.k8s.io/v1, one event a line, and flows as Hubble exports them. */
import type { Caller, FlowEvent, RequestEvent } from './event.ts';

export function auditLine(event: RequestEvent, id: number): string {
  const { verb, apiGroup, resource, subresource, namespace, name, allowed } = event;
  const stageTimestamp = new Date(event.time * 1000).toISOString();
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: `id-${id}`,
    stage: 'ResponseComplete',
    requestURI: uriOf(event),
    verb,
    user: userOf(event.caller),
    ...(event.as !== undefined && { impersonatedUser: userOf(event.as) }),
    objectRef: {
      resource,
      ...(namespace !== '' && { namespace }),
      ...(name !== '' && { name }),
      ...(apiGroup !== '' && { apiGroup }),
      apiVersion: 'v1',
      ...(subresource !== '' && { subresource }),
    },
    responseStatus: { code: allowed ? 200 : 403 },
    requestReceivedTimestamp: stageTimestamp,
    stageTimestamp,
    annotations: { 'authorization.k8s.io/decision': allowed ? 'allow' : 'forbid' },
  });
}

function userOf({ name, groups, pod }: Caller): unknown {
  return { username: name, groups, ...(pod !== undefined && { extra: { 'authentication.kubernetes.io/pod-name': [pod] } }) };
}

function uriOf({ apiGroup, resource, subresource, namespace, name }: RequestEvent): string {
  const parts = [
    apiGroup === '' ? 'api/v1' : `apis/${apiGroup}/v1`,
    namespace === '' ? '' : `namespaces/${namespace}`,
    resource,
    name,
    subresource,
  ];
  return `/${parts.filter((part) => part !== '').join('/')}`;
}

/** The renewal of a node, which a server logs every ten seconds. */
export function heartbeat(time: number, server: number): RequestEvent {
  return {
    time,
    server,
    caller: { name: 'system:node:node-1', groups: ['system:nodes', 'system:authenticated'] },
    allowed: true,
    verb: 'update',
    apiGroup: 'coordination.k8s.io',
    resource: 'leases',
    subresource: '',
    namespace: 'kube-node-lease',
    name: 'node-1',
  };
}

export function hubbleLine({ time, source, destination, port, allowed }: FlowEvent): string {
  const endpoint = (end: string): unknown => {
    const [namespace, pod_name] = end.split('/');
    return pod_name === undefined
      ? { labels: ['reserved:world'] }
      : { namespace, pod_name, labels: [`k8s:io.kubernetes.pod.namespace=${namespace}`] };
  };
  const address = (end: string): string => (end.includes('/') ? '10.0.0.9' : end);
  return JSON.stringify({
    flow: {
      time: new Date(time * 1000).toISOString(),
      verdict: allowed ? 'FORWARDED' : 'DROPPED',
      IP: { source: address(source), destination: address(destination), ipVersion: 'IPv4' },
      l4: { TCP: { source_port: 40_000, destination_port: port } },
      source: endpoint(source),
      destination: endpoint(destination),
      is_reply: false,
      node_name: 'node-1',
    },
    node_name: 'node-1',
    time: new Date(time * 1000).toISOString(),
  });
}
