/** What of a cluster knows a service account, beside the bindings that name it. */
import { isRecord, textOf } from '../lib/record.ts';
import { sameJson } from '../lib/json-patch.ts';
import type { SourceObject } from '../snapshot/index.ts';
import { refIn } from './overlay.ts';

type Raw = Readonly<Record<string, unknown>>;

/** They name accounts to run as, or to give rights to; that is looked at elsewhere. */
const KNOWN =
  /^(Pod|Deployment|StatefulSet|DaemonSet|Replica(Set|tionController)|(Cron)?Job|(Cluster)?Role(Binding)?|ServiceAccount|Secret|Node)$/;

/** Objects that name the account as meshes, webhooks, policies and clouds do. `userName` is `system:serviceaccount:shop:cart`. */
export function namingAccount(objects: readonly SourceObject[], userName: string): string[] {
  const [, , namespace = '', name = ''] = userName.split(':');
  const words = [userName, `ns/${namespace}/sa/${name}`];
  return objects.flatMap(({ object }) => {
    if (KNOWN.test(textOf(object.kind))) return [];
    const text = JSON.stringify(object);
    const isNamed = words.some((word) => text.includes(`${word}"`) || text.includes(`${word}'`));
    const isSelected =
      /"(io\.cilium\.k8s\.policy\.serviceaccount|serviceAccountSelector|serviceAccounts)"/.test(text) && text.includes(`"${name}"`);
    return isNamed || isSelected ? [refIn(object)] : [];
  });
}

export function accountIn(objects: readonly SourceObject[], userName: string): Raw | undefined {
  const [, , namespace = '', name = ''] = userName.split(':');
  const ref = `ServiceAccount/${namespace}/${name}`;
  return objects.find(({ object }) => object.kind === 'ServiceAccount' && refIn(object) === ref)?.object;
}

/** Whether the other account brings the same into a pod, and nothing else is known of the one by which others may know it. */
export function isLikeAccount(objects: readonly SourceObject[], userName: string, other: Raw | undefined): boolean {
  const one = accountIn(objects, userName) ?? {};
  return other !== undefined && !isKnownElsewhere(one) && sameJson(carriedBy(one), carriedBy(other));
}

/** Clouds and vaults find by an annotation what an account may do there, and know it by its name. */
export function isKnownElsewhere({ metadata }: Raw): boolean {
  const { annotations }: Raw = isRecord(metadata) ? metadata : {};
  return Object.keys(isRecord(annotations) ? annotations : {}).some((key) => !OF_TOOLS.test(key));
}

const OF_TOOLS = /^(kubectl\.kubernetes\.io|meta\.helm\.sh|argocd\.argoproj\.io|kustomize\.toolkit\.fluxcd\.io)\//;

/** What a copy of an account has to have. */
export function carriedBy({ automountServiceAccountToken, imagePullSecrets }: Raw): Raw {
  return {
    ...(automountServiceAccountToken !== undefined && { automountServiceAccountToken }),
    ...(imagePullSecrets !== undefined && { imagePullSecrets }),
  };
}
