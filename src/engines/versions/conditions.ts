/**
 * What beside the version decides whether a hole can be used: settings of components, kinds of nodes, objects in use,
 * who holds which right. Each answers yes, no, or that it is not known and which setting decides. `needs` of a CVE
 * names one of them, with its argument after a colon.
 */
import type { Judged, Question } from './condition.ts';
import { gitRepo, kubeletHealthz, kubeletReadOnlyPort, windowsLogQuery, windowsNodes } from './kubelet-conditions.ts';
import {
  aggregatedApi,
  clusterCustomResources,
  emptySeccomp,
  externalIps,
  hostNetwork,
  mountableSecrets,
  nodeWebhook,
  portworx,
  siblingCustomResources,
} from './object-conditions.ts';
import { featureGate, flagDoesNotName, flagNames, logLevel, webhookRedirect } from './process-conditions.ts';
import { endpointsWriters, nodeProxy, nodeWriters } from './rights-conditions.ts';

type Condition = (question: Question) => Judged;

const CONDITIONS: Readonly<Record<string, Condition>> = {
  'windows-nodes': windowsNodes,
  'windows-log-query': windowsLogQuery,
  gitrepo: gitRepo,
  'kubelet-read-only-port': kubeletReadOnlyPort,
  'kubelet-healthz-open': kubeletHealthz,
  'aggregated-api': aggregatedApi,
  'cluster-custom-resources': clusterCustomResources,
  'sibling-custom-resources': siblingCustomResources,
  'mountable-secrets': mountableSecrets,
  'node-webhook': nodeWebhook,
  'empty-seccomp': emptySeccomp,
  'host-network': hostNetwork,
  portworx,
  'external-ips': externalIps,
  'webhook-redirect': webhookRedirect,
  'node-proxy': nodeProxy,
  'node-writers': nodeWriters,
  'endpoints-writers': endpointsWriters,
  'nginx-webhook': nginxWebhook,
  'distribution-kernel': distributionKernel,
  'log-level': logLevel,
  gate: featureGate,
  flag: flagNames,
  'flag-not': flagDoesNotName,
  ask: ({ argument }) => ({ holds: 'unknown', because: `it depends on ${argument}` }),
};

/** Whether a file of data may ask for it. */
export function isCondition(needs: string): boolean {
  return Object.hasOwn(CONDITIONS, nameOf(needs)[0]);
}

export function judgeCondition(needs: string, question: Omit<Question, 'argument'>): Judged {
  const [name, argument] = nameOf(needs);
  const condition = Object.hasOwn(CONDITIONS, name) ? CONDITIONS[name] : undefined;
  return condition?.({ ...question, argument }) ?? { holds: 'unknown', because: `this version of Castellan cannot judge "${name}"` };
}

function nameOf(needs: string): [string, string] {
  const colon = needs.indexOf(':');
  return colon < 0 ? [needs, ''] : [needs.slice(0, colon), needs.slice(colon + 1)];
}

/** The controller serves the webhook only where a flag gives it an address. */
function nginxWebhook({ instances }: Question): Judged {
  const serving = instances.filter(({ container }) =>
    [...(container?.spec.args ?? []), ...(container?.spec.command ?? [])].some((word) => word.startsWith('--validating-webhook')),
  );
  if (serving.length > 0)
    return { holds: 'yes', because: 'the controller serves its admission webhook (--validating-webhook)', instances: serving };
  return instances.every(({ container }) => container !== undefined)
    ? { holds: 'no', because: 'the controller does not serve its admission webhook (no --validating-webhook)' }
    : { holds: 'unknown', because: '--validating-webhook of the controller decides' };
}

/** A distribution repairs its kernel without taking the number of the release that did so first. */
function distributionKernel({ instances }: Question): Judged {
  const own = instances.filter(({ version }) => version !== undefined && version.vendor === '');
  if (own.length > 0) return { holds: 'yes', because: 'the kernel is an upstream release', instances: own };
  return { holds: 'unknown', because: "the kernel is a distribution's own build, which may have the fix: its advisories tell" };
}
