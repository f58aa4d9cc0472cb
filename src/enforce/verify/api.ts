/** The API server as it is asked from here, and what it refuses, in words. */
import { CastellanError } from '../../lib/errors.ts';
import { isRecord } from '../../lib/record.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Whoever starts a verification brings the way to ask. A refusal (400 to 499) is an answer; no answer is thrown. */
export type Ask = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<{ status: number; body: unknown }>;

export interface Resource {
  group: string;
  version: string;
  resource: string;
}

export const NAMESPACES: Resource = { group: '', version: 'v1', resource: 'namespaces' };
export const PODS: Resource = { group: '', version: 'v1', resource: 'pods' };
export const SECRETS: Resource = { group: '', version: 'v1', resource: 'secrets' };
export const NETWORK_POLICIES: Resource = { group: 'networking.k8s.io', version: 'v1', resource: 'networkpolicies' };

export interface Place {
  /** Undefined for what lies in none. */
  namespace?: string | undefined;
  name?: string;
}

export function pathOf({ group, version, resource }: Resource, { namespace, name }: Place = {}): string {
  const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const within = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${base}${within}/${resource}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}

/** The object of an answer that must be one. `doing` completes "may not …": `create pods`. */
export function objectOf({ status, body }: { status: number; body: unknown }, doing: string): Fields {
  if (status >= 400) throw refused(status, messageIn(body), doing);
  return isRecord(body) ? body : {};
}

export function itemsOf(list: Fields): Fields[] {
  return Array.isArray(list.items) ? list.items.filter(isRecord) : [];
}

export function messageIn(body: unknown): string {
  if (isRecord(body) && typeof body.message === 'string' && body.message !== '') return body.message;
  return typeof body === 'string' && body !== '' ? body : 'no reason is given';
}

/** A right that is missing and an object that admission does not take have the same status, and other remedies. */
function refused(status: number, message: string, doing: string): CastellanError {
  if (status === 403 && /\bcannot [\w*]+ resource\b/.test(message))
    return new CastellanError('CAS_FORBIDDEN', `net verify may not ${doing}: ${message}`);
  if (/exceeded quota/.test(message))
    return new CastellanError('CAS_REFUSED', `net verify could not ${doing}, as a quota stands in the way: ${message}`, {
      remedy:
        'New namespaces get a ResourceQuota here: let those labelled app.kubernetes.io/managed-by=castellan-net-verify have six small pods.',
    });
  return new CastellanError('CAS_REFUSED', `net verify could not ${doing}: ${message}`);
}
