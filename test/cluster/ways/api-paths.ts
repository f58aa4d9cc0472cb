/** Where the API server keeps an object. */
import type { PlainObject } from '../../../src/graph/family.ts';

const PLURALS: Readonly<Record<string, string>> = {
  Endpoints: 'endpoints',
  NetworkPolicy: 'networkpolicies',
  StorageClass: 'storageclasses',
  ValidatingAdmissionPolicy: 'validatingadmissionpolicies',
  MutatingAdmissionPolicy: 'mutatingadmissionpolicies',
};

export function pathOf(object: PlainObject, named: boolean): string {
  const { apiVersion, kind, metadata } = object as { apiVersion: string; kind: string; metadata: { namespace?: string; name: string } };
  const home = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  const plural = PLURALS[kind] ?? `${kind.toLowerCase()}s`;
  return `/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}${home}/${plural}${named ? `/${metadata.name}` : ''}`;
}
