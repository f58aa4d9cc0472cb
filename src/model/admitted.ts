/** What admission and the controllers of Kubernetes add to a pod that its template does not say. */
import type { ContainerSpec, PodSpec, VolumeSpec } from './kinds/pod.ts';

const TOKEN = /^kube-api-access-[0-9a-z]{5}$/;
/** Before Kubernetes 1.21, a secret that was made for the account. */
const OLD_TOKEN = /-token-[0-9a-z]{5}$/;
const TOKEN_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';
const TOKEN_FILES: ReadonlySet<string | undefined> = new Set(['kube-root-ca.crt', 'openshift-service-ca.crt']);

/** The volume that brings the account's token, by what is in it: a name is chosen by anybody. */
export function isTokenVolume({ name = '', ...sources }: VolumeSpec, account: string): boolean {
  if (Object.keys(sources).length !== 1) return false;
  const { projected, secret } = sources;
  if (secret !== undefined) return secret.secretName === name && name.startsWith(`${account}-token-`) && OLD_TOKEN.test(name);
  return (
    TOKEN.test(name) &&
    projected?.sources?.every(
      ({ serviceAccountToken: token, configMap, downwardAPI, ...others }) =>
        Object.keys(others).length === 0 &&
        (token === undefined || (token.path === 'token' && !token.audience)) &&
        (configMap === undefined || TOKEN_FILES.has(configMap.name)) &&
        (downwardAPI?.items ?? []).every(({ fieldRef }) => fieldRef?.fieldPath === 'metadata.namespace'),
    ) === true
  );
}

export function isTokenMount({ mountPath }: NonNullable<ContainerSpec['volumeMounts']>[number]): boolean {
  return mountPath === TOKEN_FOLDER;
}

/** Every pod may stay for a while on a node that is in trouble, and pods of a DaemonSet for longer. */
export function isOwnToleration({ key }: NonNullable<PodSpec['tolerations']>[number]): boolean {
  return key?.startsWith('node.kubernetes.io/') === true;
}

/** The number of a pod in an indexed Job. */
export function isJobIndex({ name, valueFrom }: NonNullable<ContainerSpec['env']>[number]): boolean {
  return (
    name === 'JOB_COMPLETION_INDEX' && valueFrom?.fieldRef?.fieldPath?.includes("['batch.kubernetes.io/job-completion-index']") === true
  );
}

/** Annotations that are part of what a pod may do. */
export function isSecurityAnnotation(key: string): boolean {
  return (
    key.startsWith('container.apparmor.security.beta.kubernetes.io/') ||
    key.startsWith('seccomp.security.alpha.kubernetes.io/') ||
    key.startsWith('container.seccomp.security.alpha.kubernetes.io/') ||
    key.startsWith('security.alpha.kubernetes.io/')
  );
}
