/** Every family that is tried, by the name of its file in src/graph/edges. A file that is missing here fails a test. */
import type { TriedFamily } from './way.ts';
import { family as admissionWrites } from './families/admission-writes.ts';
import { family as certificates } from './families/certificates.ts';
import { family as configuration } from './families/configuration.ts';
import { family as authorizers } from './families/authorizers.ts';
import { family as groups } from './families/groups.ts';
import { family as impersonate } from './families/impersonate.ts';
import { family as intercepts } from './families/intercepts.ts';
import { family as rbacWrites } from './families/rbac-writes.ts';
import { family as keptIdentities } from './families/kept-identities.ts';
import { family as secretContent } from './families/secret-content.ts';
import { family as secretsApi } from './families/secrets-api.ts';
import { family as escapes } from './families/escapes.ts';
import { family as etcd } from './families/etcd.ts';
import { family as etcdBackups } from './families/etcd-backups.ts';
import { family as hostFolders } from './families/host-folders.ts';
import { family as mountedSecret } from './families/mounted-secret.ts';
import { family as mountedToken } from './families/mounted-token.ts';
import { family as network } from './families/network.ts';
import { family as nodes } from './families/nodes.ts';
import { family as openKubelets } from './families/open-kubelets.ts';
import { family as runPods } from './families/run-pods.ts';
import { family as runningPods } from './families/running-pods.ts';
import { family as cloud } from './families/cloud.ts';
import { family as webhookBackend } from './families/webhook-backend.ts';
import { family as knownFlaws } from './families/known-flaws.ts';
import { family as operators } from './families/operators.ts';

export const TRIED: Readonly<Record<string, TriedFamily>> = {
  groups,
  authorizers,
  'kept-identities': keptIdentities,
  'secret-content': secretContent,
  'secrets-api': secretsApi,
  impersonate,
  certificates,
  'rbac-writes': rbacWrites,
  'admission-writes': admissionWrites,
  intercepts,
  configuration,
  escapes,
  etcd,
  'etcd-backups': etcdBackups,
  'host-folders': hostFolders,
  'mounted-secret': mountedSecret,
  'mounted-token': mountedToken,
  network,
  nodes,
  'open-kubelets': openKubelets,
  'run-pods': runPods,
  'running-pods': runningPods,
  cloud,
  'webhook-backend': webhookBackend,
  'known-flaws': knownFlaws,
  operators,
};

export const WAYS = Object.values(TRIED).flatMap(({ ways }) => ways);
