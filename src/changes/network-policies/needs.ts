/** Connections that the input gives a reason for, and reasons that no policy can be made of. */
import type { Intervals } from '../../engines/network/index.ts';
import type { Labels } from '../../model/index.ts';
import { type Evidence, uniqueEvidence } from './evidence.ts';
import type { App } from './inventory.ts';

/** One end of a connection. */
export type NeedEnd =
  | { readonly kind: 'app'; readonly app: App }
  | { readonly kind: 'addresses'; readonly cidr: string; readonly except?: readonly string[] }
  /** Pods that are not in the input, by what is known of them. */
  | { readonly kind: 'pods'; readonly namespace: string; readonly labels: Labels }
  /** Whoever it is in the cluster. */
  | { readonly kind: 'anybody' };

export interface Need {
  readonly from: NeedEnd;
  readonly to: NeedEnd;
  readonly ports: Intervals<number>;
  readonly evidence: readonly Evidence[];
}

/** What stays closed, or is open wider than it should be, because something is not known. */
export interface Gap {
  readonly kind: 'closed' | 'wide' | 'note';
  /** `ns/name[Kind]`, or '' where it is about no one workload. */
  readonly app: string;
  readonly what: string;
  readonly evidence: readonly Evidence[];
}

export class Needs {
  readonly #needs = new Map<string, Need & { evidence: Evidence[] }>();
  readonly #gaps = new Map<string, Gap & { evidence: Evidence[] }>();

  add({ from, to, ports, evidence }: Need): void {
    if (ports.length === 0) return;
    const key = `${endKey(from)}\0${endKey(to)}\0${ports.join()}`;
    const known = this.#needs.get(key);
    if (known === undefined) this.#needs.set(key, { from, to, ports, evidence: [...evidence] });
    else known.evidence.push(...evidence);
  }

  gap({ kind, app, what, evidence }: Gap): void {
    const key = `${kind}\0${app}\0${what}`;
    const known = this.#gaps.get(key);
    if (known === undefined) this.#gaps.set(key, { kind, app, what, evidence: [...evidence] });
    else known.evidence.push(...evidence);
  }

  /** Whether there is a reason for anything between the two. */
  has(from: NeedEnd, to: NeedEnd): boolean {
    const start = `${endKey(from)}\0${endKey(to)}\0`;
    for (const key of this.#needs.keys()) if (key.startsWith(start)) return true;
    return false;
  }

  all(): Need[] {
    return [...this.#needs].toSorted(byKey).map(([, need]) => ({ ...need, evidence: uniqueEvidence(need.evidence) }));
  }

  gaps(): Gap[] {
    return [...this.#gaps].toSorted(byKey).map(([, gap]) => ({ ...gap, evidence: uniqueEvidence(gap.evidence) }));
  }
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Equal exactly for ends that are the same; workloads come first. */
export function endKey(end: NeedEnd): string {
  switch (end.kind) {
    case 'app':
      return `1 ${end.app.key}`;
    case 'pods':
      return `2 ${end.namespace} ${JSON.stringify(Object.entries(end.labels).toSorted(byKey))}`;
    case 'addresses':
      return `3 ${end.cidr} ${end.except?.join() ?? ''}`;
    default:
      return '4';
  }
}
