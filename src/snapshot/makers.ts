/** Which kinds make objects of which others by themselves, by the group and kind of the maker. */

const MAKES: Readonly<Record<string, readonly string[]>> = {
  'apps/Deployment': ['ReplicaSet'],
  'extensions/Deployment': ['ReplicaSet'],
  'argoproj.io/Rollout': ['ReplicaSet'],
  'apps.openshift.io/DeploymentConfig': ['ReplicationController'],
  'batch/CronJob': ['Job'],
  'apps/ReplicaSet': ['Pod'],
  'extensions/ReplicaSet': ['Pod'],
  'apps/StatefulSet': ['Pod'],
  'apps/DaemonSet': ['Pod'],
  'extensions/DaemonSet': ['Pod'],
  '/ReplicationController': ['Pod'],
  'batch/Job': ['Pod'],
  'agents.x-k8s.io/Sandbox': ['Pod'],
};

/**
 * Whether a controller makes such objects. Anybody who may create an object may name any other as its controller, so
 * the reference alone says nothing.
 */
export function makes(maker: { readonly apiVersion: string; readonly kind: string }, kind: string): boolean {
  return MAKES[`${groupOf(maker.apiVersion)}/${maker.kind}`]?.includes(kind) === true;
}

/** What else such an object makes in its turn: the pods of a ReplicaSet of a Deployment. */
export function isMaker(apiVersion: string, kind: string): boolean {
  return Object.hasOwn(MAKES, `${groupOf(apiVersion)}/${kind}`);
}

/** `apps` of `apps/v1`; the core group is ''. */
function groupOf(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(apiVersion.indexOf('/'), 0));
}
