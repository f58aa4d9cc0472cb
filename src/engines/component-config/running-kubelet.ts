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

/** As evidence names it. */
export function configzName(fact: Pick<EndpointFact, 'host' | 'port'>): string {
  return `${endpointName(fact)}/configz`;
}
