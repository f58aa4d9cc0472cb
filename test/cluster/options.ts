/** What a test can ask of its cluster; everything has a default. */
import type { Release } from './parts.ts';

export interface ClusterOptions {
  /** 1.36.3. */
  release?: Release;
  /** How secrets are kept in etcd: off, or a provider with a key of its own, or the path of a configuration. Off. */
  encryption?: 'off' | 'aescbc' | 'secretbox' | { file: string };
  /** Who sends no credentials: admitted as system:anonymous, refused, or admitted to the health paths only. Admitted. */
  anonymous?: boolean | 'health';
  /** Path of an audit policy, or `off`. Otherwise audit-policy.yaml beside this file. */
  auditPolicy?: string;
  /** Feature gates of all programs. */
  features?: Record<string, boolean>;
  /** API groups and versions that are served or not, such as `api/beta`. */
  runtimeConfig?: Record<string, boolean>;
  /** Not started. */
  skip?: readonly Dispensable[];
  /** Added at the end of a program's arguments, where they win over those before. */
  extraApiServerArgs?: readonly string[];
  extraControllerArgs?: readonly string[];
  extraSchedulerArgs?: readonly string[];
  extraEtcdArgs?: readonly string[];
  /** Real nodes, whose pods run; needs root and the part `node`. None. */
  nodes?: number;
  /** On real nodes: kube-proxy, and the keeper of network policies. Both on. */
  proxy?: boolean;
  networkPolicies?: boolean;
  /** On real nodes: the image of Node as well, 120 MB. Off. */
  nodeImage?: boolean;
}

/** What a cluster can do without. */
export type Dispensable = 'kube-controller-manager' | 'kube-scheduler';
export const DEFAULT_RELEASE: Release = '1.36.3';
