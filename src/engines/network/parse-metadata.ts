/** Metadata of a policy, checked as k8s.io/apimachinery pkg/api/validation does (ValidateObjectMeta, ValidateAnnotations). */
import type { Field } from './field.ts';
import { isDomainName, isLabelKey, isLabelValue, keyOf } from './parse-selector.ts';

/**
 * Nobody knows which policy one is whose name or namespace (`keys`) is no text. The server takes no other words than these
 * either, but what a policy with a bad name or label is to do is plain, so that it counts.
 */
export function checkMetadata(object: Field, ...keys: readonly string[]): void {
  const metadata = object.get('metadata');
  for (const key of keys) metadata.get(key).text();
  checkName(metadata);
  for (const label of metadata.get('labels').entries()) {
    const [key, value] = [keyOf(label), label.text() ?? ''];
    if (!isLabelKey(key)) question(label, `${JSON.stringify(key)} is no label key`);
    if (!isLabelValue(value)) question(label, `${JSON.stringify(value)} is no label value`);
  }
  for (const annotation of metadata.get('annotations').entries()) {
    const key = keyOf(annotation);
    annotation.text();
    if (!isLabelKey(key.toLowerCase())) question(annotation, `${JSON.stringify(key)} is no key of an annotation`);
  }
}

function question(field: Field, message: string): void {
  field.question('metadata-invalid', `${message}, and the API server refuses the policy: it is judged here as if it had a good one`);
}

function checkName(metadata: Field): void {
  const [name, prefix] = [metadata.get('name'), metadata.get('generateName')];
  const isMade = name.absent || name.value === '';
  const [field, value] = isMade ? [prefix, prefix.value] : [name, name.value];
  if (field.absent || value === '') name.refuse('name-missing', 'a policy needs a name');
  // What the server adds to a prefix are letters and digits.
  else if (typeof value === 'string' && !isDomainName(isMade ? `${value}x` : value))
    field.question(
      'name-invalid',
      `${JSON.stringify(value)} is a name that the API server refuses: small letters and digits make one, with - and . between them; the policy is judged here as if it had a good one`,
    );
}
