/** The ports of a component by its own flags and files. */
import { hostOf, urlOf } from '../../lib/url.ts';
import type { EndpointFact } from '../../snapshot/index.ts';
import { isLoopback, parseInteger } from '../command-line/index.ts';
import type { Started } from '../component-config/index.ts';

export type KnownPort = Pick<EndpointFact, 'host' | 'port' | 'component' | 'use' | 'from'> & { node?: string };

export interface Place {
  /** Of the node. */
  name: string;
  host: string;
}

interface Listening {
  use: KnownPort['use'];
  port: number | undefined;
  /** Where it listens, when that is not any address of the node. */
  host?: string;
  from?: string;
}

export function portsOf(started: Started, { name, host }: Place): KnownPort[] {
  const { component } = started;
  return listeningOf(started).flatMap((each) => {
    const { use, port, from = `${component} of ${name}` } = each;
    if (port === undefined || port < 1 || port > 65_535) return [];
    return [{ host: each.host ?? host, port, component, use, ...(name !== '' && { node: name }), from }];
  });
}

function listeningOf(started: Started): Listening[] {
  switch (started.component) {
    case 'kube-apiserver':
      return [byFlag(started, 6443)];
    case 'kube-controller-manager':
      return [byFlag(started, 10_257)];
    case 'cloud-controller-manager':
      return [byFlag(started, 10_258)];
    case 'kube-scheduler':
      return [byFlag(started, 10_259)];
    case 'kubelet':
      return kubeletPorts(started);
    case 'kube-proxy':
      return [
        { use: 'metrics', port: 10_249 },
        { use: 'health', port: 10_256 },
      ];
    default:
      return [...etcdPorts(started, 'client', 2379), ...etcdPorts(started, 'peer', 2380), ...etcdPorts(started, 'metrics', undefined)];
  }
}

function byFlag({ flag }: Started, byDefault: number): Listening {
  const set = flag('--secure-port');
  if (set === undefined) return { use: 'secure', port: byDefault };
  return { use: 'secure', port: parseInteger(set.value), from: `${set.source} --secure-port` };
}

function kubeletPorts({ kubelet, flag }: Started): Listening[] {
  const number = (name: string, ownFlag: string): number | undefined => {
    const value = kubelet?.config[name];
    return parseInteger(flag(ownFlag)?.value ?? '') ?? (typeof value === 'number' ? value : undefined);
  };
  const readOnly = number('readOnlyPort', '--read-only-port') ?? 0;
  return [
    { use: 'secure', port: number('port', '--port') ?? 10_250 },
    // Where it should be closed it is asked all the same.
    { use: 'read-only', port: readOnly === 0 ? 10_255 : readOnly },
  ];
}

function etcdPorts({ flag }: Started, use: 'client' | 'peer' | 'metrics', byDefault: number | undefined): Listening[] {
  const set = flag(`--listen-${use}-urls`);
  if (set === undefined) return [{ use, port: byDefault }];
  return set.value.split(',').flatMap((text) => {
    const url = urlOf(text.trim());
    if (url === undefined || url.port === '') return [];
    // What listens on loopback is asked at the address of the node: there it should be closed.
    const isAnywhere = isLoopback(url.hostname) || url.hostname === '0.0.0.0' || url.hostname === '[::]';
    return [{ use, port: Number(url.port), from: `${set.source} --listen-${use}-urls`, ...(!isAnywhere && { host: hostOf(url) }) }];
  });
}

/** Under which address a component is known, by its flags. */
export function ownAddress({ component, flag }: Started): string | undefined {
  if (component === 'kube-apiserver') return flag('--advertise-address')?.value;
  if (component === 'kubelet') return flag('--node-ip')?.value.split(',')[0];
  const url = component === 'etcd' ? urlOf(flag('--advertise-client-urls')?.value.split(',')[0] ?? '') : undefined;
  return url === undefined ? undefined : hostOf(url);
}
