/**
 * Where kube-proxy listens by what the cluster itself holds: the flags of its pods, or the file that a ConfigMap gives them.
 * With a file kube-proxy takes no notice of such flags (cmd/kube-proxy/app/options.go).
 */
import { type ApiObject, type Cluster, type Container, refOf } from '../../model/index.ts';
import { type Process, configOf, processesNamed, settingOf } from '../command-line/index.ts';
import type { Setting } from './started.ts';

export interface ProxySettings {
  /** `127.0.0.1:10249` */
  readonly metrics: Setting<string>;
  readonly health: Setting<string>;
}

const DEFAULTS = { metrics: '127.0.0.1:10249', health: '0.0.0.0:10256' } as const;

/** Undefined where no pod of it is in the input, where its file is not, or where several differ. */
export function proxySettingsIn({ tables }: Pick<Cluster, 'tables'>): ProxySettings | undefined {
  const all = processesNamed(tables.workloads, 'kube-proxy').map((process) => settingsOf(process, tables.ConfigMap.all));
  const [first] = all;
  const isSame = (other: ProxySettings | undefined): boolean =>
    other?.metrics.value === first?.metrics.value && other?.health.value === first?.health.value;
  return all.every(isSame) ? first : undefined;
}

function settingsOf({ container, line }: Process, maps: readonly ApiObject<'ConfigMap'>[]): ProxySettings | undefined {
  const file = settingOf(line, '--config');
  if (file !== undefined) return file.opaque ? undefined : settingsInFile(container, file.value, maps);
  if (line.hidden !== undefined) return undefined;
  const { object } = container.workload;
  const read = (name: keyof ProxySettings, flag: string): Setting<string> => {
    const use = settingOf(line, flag);
    const value = withPort(use?.value, DEFAULTS[name]);
    return { value, source: refOf(object), path: use === undefined ? flag : `${container.path}.${use.path}`, shown: use?.value ?? value };
  };
  return { metrics: read('metrics', '--metrics-bind-address'), health: read('health', '--healthz-bind-address') };
}

function settingsInFile(container: Container, file: string, maps: readonly ApiObject<'ConfigMap'>[]): ProxySettings | undefined {
  const map = mapBehind(container, file, maps);
  const config = map === undefined ? undefined : configOf(map, 'KubeProxyConfiguration');
  if (map === undefined || config === undefined) return undefined;
  const read = (name: keyof ProxySettings, field: 'metricsBindAddress' | 'healthzBindAddress'): Setting<string> => {
    const value = withPort(config.body[field], DEFAULTS[name]);
    return { value, source: refOf(map), path: config.path, shown: `${field}: ${value}` };
  };
  return { metrics: read('metrics', 'metricsBindAddress'), health: read('health', 'healthzBindAddress') };
}

/** The ConfigMap that is mounted where the file lies. */
function mapBehind(
  { spec, workload }: Container,
  file: string,
  maps: readonly ApiObject<'ConfigMap'>[],
): ApiObject<'ConfigMap'> | undefined {
  const mount = (spec.volumeMounts ?? []).find(
    ({ mountPath }) => mountPath !== undefined && `${file}/`.startsWith(`${mountPath.replace(/\/$/, '')}/`),
  );
  const volume = (workload.pod.volumes ?? []).find(({ name }) => name === mount?.name);
  return maps.find(({ namespace, name }) => namespace === workload.namespace && name === volume?.configMap?.name);
}

/** Without an address, and without a port, what is so by default. */
function withPort(address: string | undefined, byDefault: string): string {
  if (address === undefined || address === '') return byDefault;
  const isBare = /^[^:]*$/.test(address) || (address.split(':').length > 2 && !address.includes(']:'));
  const port = byDefault.slice(byDefault.lastIndexOf(':'));
  if (!isBare) return address;
  return `${address.includes(':') && !address.startsWith('[') ? `[${address}]` : address}${port}`;
}
