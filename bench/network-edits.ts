/** Changes of a generated network as they happen in a cluster, one kind after the other. The same arguments give the same. */
import type { NetworkEdits } from '../src/engines/network/index.ts';

interface Named {
  readonly [field: string]: unknown;
  readonly kind?: unknown;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels?: Record<string, string> };
  readonly spec: Record<string, unknown>;
}

/** Of one pod or one policy there is a budget; the others touch much. */
export type EditOf = 'pod' | 'policy' | 'everything';

export interface EditKind {
  readonly name: string;
  readonly of: EditOf;
  make(index: number): NetworkEdits;
}

export function editKinds(objects: readonly Record<string, unknown>[]): EditKind[] {
  const all = objects as readonly Named[];
  const pods = all.filter(({ kind }) => kind === 'Pod');
  const policies = all.filter(({ kind }) => kind === 'NetworkPolicy');
  const pod = (index: number): Named => pick(pods, index);
  const policy = (index: number, spec: Record<string, unknown>): NetworkEdits => {
    const old = pick(policies, index);
    return { set: [{ ...old, spec: { podSelector: old.spec.podSelector, ...spec } }] };
  };
  const egressTo = (index: number, ipBlock: Record<string, unknown>): NetworkEdits =>
    policy(index, { policyTypes: ['Egress'], egress: [{ to: [{ ipBlock }] }] });
  return [
    { name: 'a pod in the place of another', of: 'pod', make: (index) => ({ remove: [pod(index)], set: [renamed(pod(index))] }) },
    { name: 'a pod with labels that nobody has', of: 'pod', make: (index) => ({ set: [relabelled(pod(index), `new-${index}`)] }) },
    { name: 'a pod that goes', of: 'pod', make: (index) => ({ remove: [pod(index + 7)] }) },
    { name: 'a policy with other ports', of: 'policy', make: (index) => policy(index, { ingress: [{ ports: [{ port: 1000 + index }] }] }) },
    {
      name: 'a policy with other peers',
      of: 'policy',
      make: (index) =>
        policy(index, { ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: `app-${index}` } } }] }] }),
    },
    { name: 'a policy with a range outside', of: 'policy', make: (index) => egressTo(index, { cidr: `8.8.${index}.0/24` }) },
    {
      // Of 256 addresses that follow each other hardly two are of one class, so that it makes as many new ones.
      name: 'a policy that tells 256 pods from all others by a range',
      of: 'everything',
      make: (index) => egressTo(index, { cidr: '0.0.0.0/0', except: [`10.0.${index}.0/24`] }),
    },
    {
      name: 'a policy for a label that none was about',
      of: 'policy',
      make: (index) => policy(index, { podSelector: { matchLabels: { [`key-${index}`]: 'x' } } }),
    },
    { name: 'a policy that goes', of: 'policy', make: (index) => ({ remove: [pick(policies, index + 7)] }) },
    { name: 'a policy for every pod', of: 'everything', make: (index) => ({ set: [clusterPolicy(index)] }) },
    {
      name: 'a namespace with other labels',
      of: 'everything',
      make: (index) => ({ set: [namespace(pick(pods, index).metadata.namespace, index)] }),
    },
  ];
}

/** Far apart, so that changes are not all in one namespace. */
function pick(list: readonly Named[], index: number): Named {
  const one = list[(index * 7919) % list.length];
  if (one === undefined) throw new RangeError('there is nothing to change');
  return one;
}

function renamed(pod: Named): Named {
  return { ...pod, metadata: { ...pod.metadata, name: `${pod.metadata.name}-again` } };
}

function relabelled(pod: Named, app: string): Named {
  return { ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, app } } };
}

function clusterPolicy(index: number): Record<string, unknown> {
  const from = [{ namespaces: { matchLabels: { purpose: 'monitoring' } } }];
  const ingress = [{ action: 'Deny', from, protocols: [{ tcp: { destinationPort: { number: 1 + index } } }] }];
  return {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name: 'everybody' },
    spec: { tier: 'Admin', priority: 5, subject: { namespaces: {} }, ingress },
  };
}

function namespace(name: string, index: number): Record<string, unknown> {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { team: name, purpose: index % 2 === 0 ? 'monitoring' : 'apps' } },
  };
}
