/** Every family of edges. A file of this folder that is missing here fails a test. */
import type { EdgeFamily, EdgeKind } from '../family.ts';
import { family as certificates } from './certificates.ts';
import { family as admissionWrites } from './admission-writes.ts';
import { family as authorizers } from './authorizers.ts';
import { family as webhookBackend } from './webhook-backend.ts';
import { family as cloud } from './cloud.ts';
import { family as intercepts } from './intercepts.ts';
import { family as configuration } from './configuration.ts';
import { family as etcd } from './etcd.ts';
import { family as etcdBackups } from './etcd-backups.ts';
import { family as escapes } from './escapes.ts';
import { family as groups } from './groups.ts';
import { family as hostFolders } from './host-folders.ts';
import { family as impersonate } from './impersonate.ts';
import { family as keptIdentities } from './kept-identities.ts';
import { family as knownFlaws } from './known-flaws.ts';
import { family as operators } from './operators.ts';
import { family as mountedSecret } from './mounted-secret.ts';
import { family as mountedToken } from './mounted-token.ts';
import { family as network } from './network.ts';
import { family as nodes } from './nodes.ts';
import { family as openKubelets } from './open-kubelets.ts';
import { family as rbacWrites } from './rbac-writes.ts';
import { family as runPods } from './run-pods.ts';
import { family as runningPods } from './running-pods.ts';
import { family as secretContent } from './secret-content.ts';
import { family as secretsApi } from './secrets-api.ts';

export const FAMILIES: readonly EdgeFamily[] = [
  groups,
  authorizers,
  mountedToken,
  mountedSecret,
  secretContent,
  keptIdentities,
  // What somebody binds to himself counts in all that follow: rights on single names are drawn only where a role is bound.
  rbacWrites,
  secretsApi,
  impersonate,
  certificates,
  runPods,
  runningPods,
  nodes,
  openKubelets,
  escapes,
  hostFolders,
  etcd,
  etcdBackups,
  network,
  admissionWrites,
  webhookBackend,
  cloud,
  intercepts,
  configuration,
  knownFlaws,
  operators,
];

/** How each step reads and what ends it, by id. */
export const EDGE_KINDS: ReadonlyMap<string, EdgeKind> = new Map(FAMILIES.flatMap(({ edges }) => Object.entries(edges)));
