/** What an admission webhook sees, and what goes wrong when it is gone or in other hands. */
import { type ApiObject, selectorMatches } from '../../model/index.ts';
import type { Severity } from '../finding.ts';
import type { Hit } from '../rule.ts';

type Configuration = ApiObject<'ValidatingWebhookConfiguration'> | ApiObject<'MutatingWebhookConfiguration'>;
type Webhook = NonNullable<Configuration['body']['webhooks']>[number];
type WebhookRule = NonNullable<Webhook['rules']>[number];

/** Objects that decide about rights or run code: a guard that opens when it fails guards nothing here. */
const SENSITIVE: ReadonlySet<string> = new Set([
  '*',
  'pods',
  'deployments',
  'daemonsets',
  'statefulsets',
  'replicasets',
  'replicationcontrollers',
  'jobs',
  'cronjobs',
  'secrets',
  'serviceaccounts',
  'namespaces',
  'networkpolicies',
  'roles',
  'rolebindings',
  'clusterroles',
  'clusterrolebindings',
  'validatingwebhookconfigurations',
  'mutatingwebhookconfigurations',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
]);

/** One hit a webhook: what it intercepts, sharper where its shape is a risk of its own. */
export function webhookHits(configuration: Configuration, mutating: boolean): Hit[] {
  return (configuration.body.webhooks ?? []).map((webhook, index) => {
    const { message, field, severity } = judged(webhook, configuration.apiVersion, mutating);
    const path = `webhooks[${index}]${field === '' ? '' : `.${field}`}`;
    return { message: `webhook "${webhook.name ?? ''}" ${message}`, path, value: undefined, key: webhook.name ?? '', severity };
  });
}

interface Verdict {
  message: string;
  field: string;
  severity: Severity;
}

function judged(webhook: Webhook, apiVersion: string, mutating: boolean): Verdict {
  const opens = failsOpen(webhook, apiVersion);
  const scope = `${mutating ? 'changes' : 'judges'} ${interceptedBy(webhook)}`;
  const url = webhook.clientConfig?.url;
  if (url !== undefined && !isInCluster(url)) {
    return {
      message: `${scope} at a server outside the cluster, which sees every such object with its contents`,
      field: 'clientConfig.url',
      severity: 'medium',
    };
  }
  if (!opens && catchesOwnSystem(webhook)) {
    return {
      message: `${scope}, kube-system too: while its server is down nothing there can be changed, and the cluster may not recover by itself`,
      field: 'namespaceSelector',
      severity: 'low',
    };
  }
  if (opens && !mutating && (webhook.rules ?? []).some(isSensitive)) {
    return { message: `${scope} and lets everything pass while its server does not answer`, field: 'failurePolicy', severity: 'low' };
  }
  return {
    message: `${scope}; ${opens ? 'what it cannot judge passes' : 'while its server is down they are refused'}`,
    field: '',
    severity: 'info',
  };
}

/** The default was Ignore in v1beta1 and is Fail in v1. */
function failsOpen({ failurePolicy }: Webhook, apiVersion: string): boolean {
  return (failurePolicy ?? (apiVersion.endsWith('/v1beta1') ? 'Ignore' : 'Fail')) === 'Ignore';
}

function isInCluster(url: string): boolean {
  const host = /^https?:\/\/(\[[^\]]*\]|[^/:]*)/.exec(url)?.[1] ?? '';
  return (
    host.endsWith('.svc') || host.endsWith('.svc.cluster.local') || host === 'localhost' || host === '[::1]' || host.startsWith('127.')
  );
}

/** Whether it stands in the way of repairing the cluster: writes of workloads or of everything in kube-system. */
function catchesOwnSystem({ rules = [], namespaceSelector, objectSelector, matchConditions }: Webhook): boolean {
  const kubeSystem = { 'kubernetes.io/metadata.name': 'kube-system' };
  if (namespaceSelector !== undefined && !selectorMatches(namespaceSelector, kubeSystem)) return false;
  const narrowed =
    (objectSelector?.matchLabels !== undefined && Object.keys(objectSelector.matchLabels).length > 0) ||
    (objectSelector?.matchExpressions ?? []).length > 0;
  if (narrowed || (matchConditions ?? []).length > 0) return false;
  return rules.some(
    (rule) => writes(rule) && (rule.resources ?? []).some((resource) => resource === '*' || resource === '*/*' || resource === 'pods'),
  );
}

function writes({ operations = [] }: WebhookRule): boolean {
  return operations.some((operation) => operation === '*' || operation === 'CREATE' || operation === 'UPDATE');
}

function isSensitive(rule: WebhookRule): boolean {
  return writes(rule) && (rule.resources ?? []).some((resource) => SENSITIVE.has(resource.split('/')[0] ?? ''));
}

/** `CREATE and UPDATE of pods and secrets in 3 namespaces` in words, at most four resources. */
function interceptedBy({ rules = [], namespaceSelector }: Webhook): string {
  const resources = [...new Set(rules.flatMap((rule) => rule.resources ?? []))].map((resource) =>
    resource === '*' || resource === '*/*' ? 'all resources' : resource,
  );
  const operations = [...new Set(rules.flatMap((rule) => rule.operations ?? []))].map((operation) =>
    operation === '*' ? 'every operation' : operation,
  );
  if (resources.length === 0) return 'nothing, since it has no rules';
  const shown = resources.slice(0, 4).join(', ') + (resources.length > 4 ? ` and ${resources.length - 4} more` : '');
  const limited =
    namespaceSelector !== undefined &&
    ((namespaceSelector.matchExpressions ?? []).length > 0 || Object.keys(namespaceSelector.matchLabels ?? {}).length > 0);
  return `${operations.join(', ')} of ${shown}${limited ? ' in the namespaces that it selects' : ' in every namespace'}`;
}
