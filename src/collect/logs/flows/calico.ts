/**
 * Flow logs of Calico, which sum up connections over some minutes: its log files (source_name_aggr, dest_port, …) and the
 * flows of Goldmane and Whisker, with the key by itself or not, in snake or camel case.
 */
import { isRecord } from '../../../lib/record.ts';
import { type Endpoint, type FlowFormat, type Read, jsonObject, portOf, protocolOf, timeOf } from './flow.ts';

export const CALICO: FlowFormat = {
  name: 'calico',
  begin: (line) => {
    const fields = fieldsOf(line);
    return fields !== undefined && fields.has('dest_namespace') && (fields.has('source_name') || fields.has('source_name_aggr'))
      ? read
      : undefined;
  },
};

function read(line: string): Read {
  const fields = fieldsOf(line);
  if (fields === undefined) return undefined;
  const protocol = protocolOf(fields.get('proto') ?? fields.get('protocol'));
  if (protocol === undefined) return 'other';
  const port = portOf(fields.get('dest_port'));
  // The source as well as the destination tells of a connection; one of them is enough where both let it pass.
  const time = timeOf(fields.get('end_time') ?? fields.get('start_time'));
  // Summed up over ports it may have been any.
  if (time === undefined || port === undefined) return undefined;
  const action = String(fields.get('action')).toLowerCase();
  const count = Number(fields.get('num_flows_started') ?? fields.get('num_connections_started') ?? fields.get('num_flows') ?? 1);
  return {
    time,
    source: endpoint(fields, 'source'),
    destination: endpoint(fields, 'dest'),
    protocol,
    port,
    outcome: action === 'allow' ? 'allowed' : action === 'deny' ? 'denied' : 'unclear',
    count: Number.isSafeInteger(count) && count > 0 ? count : 1,
  };
}

/** All fields under their names in snake case. */
function fieldsOf(line: string): Map<string, unknown> | undefined {
  const value = jsonObject(line);
  if (value === undefined) return undefined;
  const key = isRecord(value.Key) ? value.Key : isRecord(value.key) ? value.key : {};
  return new Map(Object.entries({ ...value, ...key }).map(([name, field]) => [snake(name), field]));
}

function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/^_/, '');
}

function endpoint(fields: ReadonlyMap<string, unknown>, side: 'source' | 'dest'): Endpoint {
  const given = (name: string): string | undefined => {
    const value = fields.get(`${side}_${name}`);
    return typeof value === 'string' && value !== '-' && value !== '' ? value : undefined;
  };
  const [type, address, namespace] = [(given('type') ?? '').toLowerCase(), given('ip'), given('namespace')];
  const [name, aggregated] = [given('name'), given('name_aggr')];
  const at = address === undefined ? {} : { address };
  if (type === 'hep' || type === 'hostendpoint') return name === undefined ? at : { ...at, host: name };
  // Words for networks, such as pub and pvt.
  if (type === 'net' || type === 'network') return address === undefined ? { other: aggregated ?? name ?? 'network' } : at;
  if (type === 'ns' || type === 'networkset') return { ...at, other: `network set ${aggregated ?? name ?? ''}` };
  if (namespace === undefined) return at;
  const exact = name !== undefined && !name.endsWith('*') ? name : undefined;
  const owner = (aggregated ?? name)?.replace(/-?\*$/, '');
  return { ...at, namespace, ...(exact !== undefined && { pod: exact }), ...(owner !== undefined && { workload: owner }) };
}
