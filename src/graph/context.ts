/** What the objects of a cluster do not say of it, and what is taken for granted where nobody says it. */
import type { Level } from '../engines/pod-security/index.ts';

export interface GraphContext {
  /** Minor release; of the cluster, or the newest known, where left out. */
  readonly minor?: number | undefined;
  /** The level that Pod Security admission enforces where a namespace has no label. */
  readonly podSecurityDefault?: Level;
  /**
   * Whether what every cluster has is taken to be there where the input is no whole cluster and leaves it out: the accounts
   * of the controllers in kube-system and what is bound to them, and, as unknown, a node of the control plane.
   */
  readonly assumeSystem?: boolean;
  /** Whether the network plug-in enforces NetworkPolicy. */
  readonly networkPolicies?: boolean;
  /** Containers, by the name of their vertex, that run something that can be taken over through its open port. */
  readonly remotelyExploitable?: readonly string[];
  /** Endpoints, by name, that somebody asks for: others are drawn only where they lead on. */
  readonly endpoints?: readonly string[];
  /** Draws who can open a connection to etcd, whether that gives anything or not. */
  readonly etcdPort?: boolean;
  /** Where servers save snapshots of etcd: the folder on a node, and the Secret of kube-system that signs in to their bucket. */
  readonly etcdBackups?: readonly { readonly node: string; readonly folder: string; readonly secret?: string | undefined }[];
  /** Milliseconds at which credentials must be good: when the input was taken, where it tells, else now. */
  readonly now?: number;
}
