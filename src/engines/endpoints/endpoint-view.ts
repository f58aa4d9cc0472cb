/** A port as rules look at it: what it answered, and what the component that it belongs to was told. */
import type { Cluster } from '../../model/index.ts';
import type { EndpointFact } from '../../snapshot/index.ts';
import { type Configured, configuredOf, configuredOfProxy } from './configured.ts';
import { type EffectiveKubelet, type Started, proxySettingsIn, startedIn } from '../component-config/index.ts';

export interface EndpointView {
  readonly fact: EndpointFact;
  /** When it was asked: certificates are judged for that day. */
  readonly probedAt: string;
  /** Empty where nothing is known of the component. */
  readonly configured: Configured;
  /** What the files and flags of the kubelet say, where the port is one of it and facts of its node were given. */
  readonly kubelet?: EffectiveKubelet;
}

export function endpointsOf(cluster: Cluster): EndpointView[] {
  const { probe } = cluster;
  if (probe === undefined) return [];
  const started = startedIn(cluster);
  const proxy = proxySettingsIn(cluster);
  return probe.endpoints.map((fact) => {
    const own = startedFor(fact, started);
    const isProxy = own === undefined && fact.component === 'kube-proxy' && proxy !== undefined;
    if (isProxy) return { fact, probedAt: probe.probedAt, configured: configuredOfProxy(proxy, fact) };
    const kubelet = own?.kubelet === undefined ? {} : { kubelet: own.kubelet };
    return { fact, probedAt: probe.probedAt, configured: own === undefined ? {} : configuredOf(own, fact.use), ...kubelet };
  });
}

/** Behind an address that is of no node any of several may answer. */
function startedFor({ component, node, port }: EndpointFact, started: readonly Started[]): Started | undefined {
  const some = started.filter((each) => each.component === component && (node === undefined || each.node === node));
  if (some.length === 1) return some[0];
  return node === undefined ? undefined : some.find((each) => each.flag('--secure-port')?.value === String(port));
}
