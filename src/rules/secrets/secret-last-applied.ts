import { redactedIn } from '../../lib/redaction.ts';
import { isRecord } from '../../model/index.ts';
import { defineRule, mitre, nsa } from '../rule.ts';

const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';
const secret = (applied: string): string => `
apiVersion: v1
kind: Secret
metadata:
  name: db
  namespace: shop
  annotations: {${ANNOTATION}: '${applied}'}
type: Opaque`;

export const rule = defineRule({
  id: 'secret-last-applied',
  title: 'Secret with its values in an annotation',
  severity: 'medium',
  area: 'secrets',
  rationale:
    'What kubectl apply sent stays in an annotation of the object. Of a Secret that is a second copy of the values, and one that tools take for harmless: lists of metadata, logs of events and backups that leave out the data show it.',
  remedy:
    'Write the Secret with kubectl apply --server-side, kubectl create or a secret store, which keep no copy, and remove the annotation: kubectl annotate secret NAME kubectl.kubernetes.io/last-applied-configuration-. Renew values that others may have read.',
  controls: [...nsa('credentials-in-configuration'), ...mitre('T1552.007')],
  scope: 'object',
  kinds: ['Secret'],
  check({ annotations }) {
    const applied = annotations[ANNOTATION];
    if (applied === undefined || !holdsValues(applied)) return undefined;
    return {
      message: 'kubectl keeps a copy of its values in an annotation',
      path: `metadata.annotations["${ANNOTATION}"]`,
      value: applied,
      secret: true,
      fix: [{ remove: `metadata.annotations["${ANNOTATION}"]` }],
    };
  },
  examples: () => ({
    good: [
      secret('{"kind":"Secret","metadata":{"name":"db"},"type":"Opaque"}'),
      secret('{"kind":"Secret","data":{}}'),
      secret('{"kind":'),
      'apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop}\ntype: Opaque',
    ],
    bad: [
      { yaml: secret('{"kind":"Secret","data":{"password":"aHVudGVyMg=="}}'), path: `metadata.annotations["${ANNOTATION}"]` },
      { yaml: secret('{"kind":"Secret","stringData":{"password":"hunter2"}}'), path: `metadata.annotations["${ANNOTATION}"]` },
      // As it stands in a snapshot.
      { yaml: secret('redacted-by-castellan:values_of_the_Secret:form:210'), path: `metadata.annotations["${ANNOTATION}"]` },
    ],
  }),
});

function holdsValues(applied: string): boolean {
  const redacted = redactedIn(applied);
  if (redacted !== undefined) return redacted.by === 'form';
  try {
    const object = JSON.parse(applied) as unknown;
    return isRecord(object) && [object.data, object.stringData].some((values) => isRecord(values) && Object.keys(values).length > 0);
  } catch {
    return false;
  }
}
