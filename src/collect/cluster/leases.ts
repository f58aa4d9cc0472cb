/** Who leads by which Lease, and how many API servers renew theirs, for those who may list Leases. */
import { isRecord, textOf } from '../../lib/record.ts';
import type { LeaseHolder, Leases } from '../../snapshot/index.ts';
import type { Client } from './client.ts';
import type { ServedResource } from './discovery.ts';
import { listResource } from './list.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Nodes renew theirs here: thousands that tell nothing of accounts. */
const OF_NODES = 'kube-node-lease';
/** k8s.io/kubernetes/pkg/controlplane/apiserver: every API server keeps one such Lease in kube-system. */
const IDENTITY = 'apiserver.kubernetes.io/identity';

export interface LeasesWanted {
  /** When the cluster is read, in seconds since 1970. */
  readonly now: number;
  /** Only these; all where left out. */
  readonly namespaces?: readonly string[] | undefined;
}

/** Undefined where the server has none or they may not be listed; nothing is judged by their absence. */
export async function readLeases(
  client: Client,
  served: readonly ServedResource[],
  { now, namespaces }: LeasesWanted,
): Promise<Leases | undefined> {
  const resource = served.find((one) => one.group === 'coordination.k8s.io' && one.resource === 'leases');
  if (resource === undefined) return undefined;
  const holders: LeaseHolder[] = [];
  let servers = 0;
  for (const namespace of namespaces ?? [undefined]) {
    let found: Fields[] = [];
    const outcome = await listResource(
      client,
      { resource, namespace },
      {
        add: (object) => {
          if (metadataOf(object).namespace !== OF_NODES) found.push(object);
        },
        restart: () => {
          found = [];
        },
      },
    );
    if (outcome.state === 'forbidden' || outcome.state === 'failed') return undefined;
    for (const lease of found) {
      if (isOfServer(lease)) servers += isHeldAt(lease, now) ? 1 : 0;
      else holders.push(...holderOf(lease));
    }
  }
  holders.sort((a, b) => compare(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`));
  return { holders, ...(servers > 0 && { servers }) };
}

function isOfServer(lease: Fields): boolean {
  const { namespace, labels } = metadataOf(lease);
  return namespace === 'kube-system' && isRecord(labels) && labels[IDENTITY] === 'kube-apiserver';
}

function isHeldAt({ spec }: Fields, now: number): boolean {
  if (!isRecord(spec) || typeof spec.leaseDurationSeconds !== 'number') return false;
  const renewed = timeOf(spec.renewTime);
  return renewed !== undefined && renewed + spec.leaseDurationSeconds >= now;
}

/** None where nobody holds it, or nobody says since when. */
function holderOf(lease: Fields): LeaseHolder[] {
  const { namespace, name } = metadataOf(lease);
  const spec = isRecord(lease.spec) ? lease.spec : {};
  const holder = textOf(spec.holderIdentity);
  const renewed = timeOf(spec.renewTime);
  if (holder === '' || renewed === undefined) return [];
  return [{ namespace: textOf(namespace), name: textOf(name), holder, renewed }];
}

function timeOf(value: unknown): number | undefined {
  const time = Date.parse(textOf(value));
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}

function metadataOf({ metadata }: Fields): Fields {
  return isRecord(metadata) ? metadata : {};
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
