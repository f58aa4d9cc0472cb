/** What kubelets said themselves of the configuration that they run with, by node. */
import { type ConfigzFact, type EndpointFact, type Origin, type ProbeFacts, endpointName } from '../../snapshot/index.ts';
import type { SeenObject } from './command-object.ts';

export interface RunningKubelet {
  /** The Node, or where that is not known the address that was asked. */
  readonly node: string;
  readonly isAddress: boolean;
  readonly config: ConfigzFact['config'];
  /** As the document that its files would hold: flags are in it, and what nobody set has its default. */
  readonly object: SeenObject;
}

export function runningKubelets(probe: Pick<ProbeFacts, 'endpoints'> | undefined): RunningKubelet[] {
  return (probe?.endpoints ?? []).flatMap((fact) => runningKubelet(fact) ?? []);
}

export function runningKubelet(fact: EndpointFact): RunningKubelet | undefined {
  if (fact.configz === undefined) return undefined;
  const whole = { ...fact.configz.config, apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration' };
  const origin: Origin = { source: configzName(fact), line: 1, format: 'json', prefix: [] };
  return {
    node: fact.node ?? endpointName(fact),
    isAddress: fact.node === undefined,
    config: whole,
    object: { source: { object: whole, origin }, component: 'kubelet', locate: (path) => ({ origin, path }) },
  };
}

/** Where the kubelet keeps the certificate that it makes when it is given none (`--cert-dir`, by default). */
const OWN_PAIR = { tlsCertFile: '/var/lib/kubelet/pki/kubelet.crt', tlsPrivateKeyFile: '/var/lib/kubelet/pki/kubelet.key' };

/**
 * A kubelet that was given no certificate writes the one that it signs itself into its configuration before it shows that
 * (cmd/kubelet/app/server.go, InitializeTLS). `files` is what its files and flags say, where these were seen: only what
 * stands there too was set by somebody.
 */
export function asWasSet(running: RunningKubelet, files: ConfigzFact['config'] | undefined): SeenObject {
  const { config, object } = running;
  const isOwn = config.tlsCertFile === OWN_PAIR.tlsCertFile && config.tlsPrivateKeyFile === OWN_PAIR.tlsPrivateKeyFile;
  if (!isOwn || files?.tlsCertFile === OWN_PAIR.tlsCertFile) return object;
  const { tlsCertFile: _certificate, tlsPrivateKeyFile: _key, ...set } = config;
  return { ...object, source: { ...object.source, object: set } };
}

/** As evidence names it. */
export function configzName(fact: Pick<EndpointFact, 'host' | 'port'>): string {
  return `${endpointName(fact)}/configz`;
}
