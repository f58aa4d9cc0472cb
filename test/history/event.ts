/** What happens in a made-up cluster, before any log has written it down. Times are seconds since 1970. */
export interface Caller {
  readonly name: string;
  readonly groups: readonly string[];
  /** The pod to which the token is bound. Undefined for people and for tokens that are used elsewhere. */
  readonly pod?: string;
}

export interface What {
  readonly verb: string;
  readonly apiGroup: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

export interface RequestEvent extends What {
  readonly time: number;
  readonly caller: Caller;
  /** On whose behalf. */
  readonly as?: Caller;
  /** Which of the API servers answered. */
  readonly server: number;
  readonly allowed: boolean;
}

export interface FlowEvent {
  readonly time: number;
  /** `NAMESPACE/POD`, or an address outside. */
  readonly source: string;
  readonly destination: string;
  readonly port: number;
  readonly allowed: boolean;
}

export interface Raw {
  readonly [field: string]: unknown;
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly [field: string]: unknown;
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
  };
}

/** Somebody who does something: what stands in the cluster for it, and what it does. */
export interface Part {
  /** Pods change, so objects are those at a time. */
  readonly objects: (at: number) => readonly Raw[];
  readonly requests: readonly RequestEvent[];
}

export const DAY = 86_400;
/** A Monday. */
export const FROM = 20_500 * DAY;

export function account(namespace: string, name: string, pod?: string): Caller {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:authenticated', 'system:serviceaccounts', `system:serviceaccounts:${namespace}`],
    ...(pod !== undefined && { pod }),
  };
}

export function person(name: string, ...groups: readonly string[]): Caller {
  return { name, groups: [...groups, 'system:authenticated'] };
}
