import { list, mapOf, object } from '../schema.ts';

/** metav1.LabelSelector */
export const labelSelector = object({
  matchLabels: mapOf('string'),
  matchExpressions: list(object({ key: 'string', operator: 'string', values: list('string') })),
});

/** metav1.ObjectMeta, as far as it is read. */
export const objectMeta = object({
  name: 'string',
  generateName: 'string',
  namespace: 'string',
  uid: 'string',
  labels: mapOf('string'),
  annotations: mapOf('string'),
  ownerReferences: list(object({ apiVersion: 'string', kind: 'string', name: 'string', uid: 'string', controller: 'boolean' })),
  finalizers: list('string'),
});
