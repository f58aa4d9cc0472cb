/** Flows of Cilium as `hubble observe -o jsonpb` and its exporter write them: docs.cilium.io, flow.proto. */
import { isRecord } from '../../../lib/record.ts';
import type { Outcome } from '../../../record/index.ts';
import { type Endpoint, type FlowFormat, type Read, jsonObject, portOf, protocolOf, timeOf } from './flow.ts';

export const HUBBLE: FlowFormat = {
  name: 'hubble',
  begin: (line) => (isRecord(jsonObject(line)?.flow) ? read : undefined),
};

/** AUDIT is a policy in audit mode that would have dropped it. What was only traced, translated or lost on its way is not judged. */
const VERDICTS: Readonly<Record<string, Outcome>> = { FORWARDED: 'allowed', REDIRECTED: 'allowed', AUDIT: 'allowed', DROPPED: 'denied' };
const ON_NODE = new Set(['reserved:host', 'reserved:remote-node', 'reserved:health']);

function read(line: string): Read {
  const event = jsonObject(line);
  if (event === undefined) return undefined;
  const { flow } = event;
  // Lost events and node status stand among the flows.
  if (!isRecord(flow)) return isRecord(event.lost_events) || isRecord(event.lostEvents) ? undefined : 'other';
  const verdict = VERDICTS[String(flow.verdict)] ?? 'unclear';
  const isAnswer = flow.is_reply === true || flow.isReply === true || flow.reply === true;
  if (isAnswer && verdict === 'denied') return 'other';
  const time = timeOf(flow.time ?? event.time);
  const l4: Record<string, unknown> = isRecord(flow.l4) ? flow.l4 : {};
  const [name, ports] = Object.entries(l4).find(([key]) => protocolOf(key) !== undefined) ?? [];
  const protocol = protocolOf(name);
  if (protocol === undefined || !isRecord(ports)) return 'other';
  const port = portOf(isAnswer ? (ports.source_port ?? ports.sourcePort) : (ports.destination_port ?? ports.destinationPort));
  if (time === undefined || port === undefined) return undefined;
  const ip: Record<string, unknown> = isRecord(flow.IP) ? flow.IP : {};
  // With the name of its cluster before it.
  const node = typeof flow.node_name === 'string' ? (flow.node_name.split('/').at(-1) ?? '') : '';
  const [from, to] = [endpoint(flow.source, ip.source, node), endpoint(flow.destination, ip.destination, node)];
  return {
    time,
    ...(isAnswer ? { source: to, destination: from, late: true } : { source: from, destination: to }),
    protocol,
    port,
    // What answers on no connection it knows may be an answer itself.
    outcome: verdict === 'allowed' && flow.is_reply === null ? 'unclear' : verdict,
    ...(node !== '' && { node }),
  };
}

function endpoint(value: unknown, address: unknown, node: string): Endpoint {
  const at = typeof address === 'string' ? { address } : {};
  if (!isRecord(value)) return at;
  const { namespace, pod_name: pod, labels, workloads } = value;
  if (Array.isArray(labels) && (labels as unknown[]).some((label) => ON_NODE.has(String(label)))) {
    // Only of its own node does Hubble say the name.
    return (labels as unknown[]).includes('reserved:host') && node !== '' ? { ...at, host: node } : at;
  }
  const owner: unknown = Array.isArray(workloads) ? workloads[0] : undefined;
  return {
    ...at,
    ...(typeof namespace === 'string' && { namespace }),
    ...(typeof pod === 'string' && { pod }),
    ...(isRecord(owner) && typeof owner.name === 'string' && { workload: owner.name }),
  };
}
