/** Annotations: copies of objects that tools keep in them, and on Secrets everything that is not known to be harmless. */
import { type Mark, redactionOf } from '../../lib/redaction.ts';
import { isRecord } from '../../lib/record.ts';
import { isPacked } from './redact-text.ts';
import { hidden } from './redact-words.ts';

type Fields = Record<string, unknown>;

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** Not a finding of its own where it stands: what it repeats is judged in the object itself. */
const COPY: Mark = { kind: 'copy of the object', by: 'placeholder' };
const SECRET_COPY: Mark = { kind: 'values of the Secret', by: 'form' };

/** `setting` takes credentials out of an annotation that may stay otherwise. */
export function redactAnnotations(annotations: Fields, setting: (name: string, value: string) => string): void {
  for (const name of Object.keys(annotations)) {
    const value = annotations[name];
    if (typeof value !== 'string') continue;
    if (name === LAST_APPLIED) annotations[name] = redactionOf(COPY, value);
    else annotations[name] = isPacked(value) ? hidden('packed data', value) : setting(name, value);
  }
}

/** Whatever somebody notes on a Secret may repeat its values, in any form. */
export function redactAnnotationsOfSecret(annotations: Fields, setting: (name: string, value: string) => string): void {
  for (const name of Object.keys(annotations)) {
    const value = annotations[name];
    if (typeof value !== 'string') annotations[name] = hidden('annotation of a Secret', JSON.stringify(value) ?? '');
    else if (name === LAST_APPLIED) annotations[name] = redactionOf(holdsValues(value) ? SECRET_COPY : COPY, value);
    else if (isHarmless(name) && SHORT_LINE.test(value)) annotations[name] = setting(name, value);
    else if (value !== '') annotations[name] = hidden('annotation of a Secret', value);
  }
}
const SHORT_LINE = /^[^\n{[]{0,253}$/;

/** Whether the copy of a Secret has anything of what is in it. It is taken out either way. */
function holdsValues(copy: string): boolean {
  try {
    const object = JSON.parse(copy) as unknown;
    return isRecord(object) && [object.data, object.stringData].some((values) => isRecord(values) && Object.keys(values).length > 0);
  } catch {
    return false;
  }
}

const HARMLESS_KEYS = new Set([
  'kubernetes.io/service-account.name',
  'kubernetes.io/service-account.uid',
  'kubernetes.io/legacy-token-last-used',
  'kubernetes.io/legacy-token-invalid-since',
  'kubernetes.io/created-by',
  'app.kubernetes.io/managed-by',
  'kapp.k14s.io/identity',
  'objectset.rio.cattle.io/id',
  'objectset.rio.cattle.io/owner-gvk',
  'objectset.rio.cattle.io/owner-name',
  'objectset.rio.cattle.io/owner-namespace',
  'control-plane.alpha.kubernetes.io/leader',
  'managed-by',
  'owner',
  'team',
  'contact',
]);
/** Also of their subdomains. */
const HARMLESS_DOMAINS = [
  'cert-manager.io',
  'meta.helm.sh',
  'helm.sh',
  'argocd.argoproj.io',
  'reflector.v1.k8s.emberstack.com',
  'replicator.v1.mittwald.de',
  'kubed.appscode.com',
  'sealedsecrets.bitnami.com',
  'reconcile.external-secrets.io',
  'kustomize.toolkit.fluxcd.io',
  'helm.toolkit.fluxcd.io',
  'reloader.stakater.com',
];

function isHarmless(name: string): boolean {
  if (HARMLESS_KEYS.has(name)) return true;
  const slash = name.indexOf('/');
  if (slash < 0) return false;
  const domain = name.slice(0, slash);
  return HARMLESS_DOMAINS.some((known) => domain === known || domain.endsWith(`.${known}`));
}
