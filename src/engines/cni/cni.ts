/** Which network plug-in a cluster has, and which kinds of policies it enforces. */

export const POLICY_KINDS = ['NetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy'] as const;
export type PolicyKind = (typeof POLICY_KINDS)[number];

/** What policies may say that the plug-in takes otherwise than the API means it. */
export type Deviation = 'ipblock-no-pods' | 'no-sctp' | 'no-end-port' | 'no-named-port';

/** By kind whether it is enforced; what is not named is not known. */
export type Enforced = Readonly<Partial<Record<PolicyKind, boolean>>>;

export interface Setting {
  readonly object: number;
  readonly path: string;
}

export interface Cni {
  readonly id: string;
  /** As people call it. */
  readonly name: string;
  /** As its image says. */
  readonly version: string | undefined;
  readonly enforces: Enforced;
  /** Completes "it enforces no NetworkPolicies": `, as policy-audit-mode only logs`. */
  readonly because: string | undefined;
  readonly deviations: readonly Deviation[];
  /** The object that tells of it, among those that were read, and the field. */
  readonly object: number;
  readonly path: string;
  /** Where the setting stands that `because` names, if it is in another object. */
  readonly setting?: Setting;
}

export interface Enforcement {
  readonly cnis: readonly Cni[];
  /** `unknown` where no plug-in was recognised, or nobody knows it of those that were. */
  readonly of: Readonly<Record<PolicyKind, 'yes' | 'no' | 'unknown'>>;
}

/** A kind is enforced where any of the plug-ins does: one may connect the pods and another keep them apart. */
export function enforcementBy(cnis: readonly Cni[]): Enforcement {
  const of = (kind: PolicyKind): 'yes' | 'no' | 'unknown' => {
    if (cnis.some(({ enforces }) => enforces[kind] === true)) return 'yes';
    return cnis.length > 0 && cnis.every(({ enforces }) => enforces[kind] === false) ? 'no' : 'unknown';
  };
  return {
    cnis,
    of: {
      NetworkPolicy: of('NetworkPolicy'),
      AdminNetworkPolicy: of('AdminNetworkPolicy'),
      BaselineAdminNetworkPolicy: of('BaselineAdminNetworkPolicy'),
      ClusterNetworkPolicy: of('ClusterNetworkPolicy'),
    },
  };
}

/** `flannel 0.26.1 and kube-router`. */
export function cniNames(cnis: readonly Cni[]): string {
  const names = cnis.map(({ name, version }) => (version === undefined ? name : `${name} ${version}`));
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
