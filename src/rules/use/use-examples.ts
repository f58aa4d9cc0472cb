/** Events of an audit log for the examples of rules, from what matters in them. */

interface Example {
  user: string;
  verb: string;
  /** `replicasets.apps`, `pods` */
  resource: string;
  namespace?: string;
  name?: string;
  /** Of 2026-11-01: `08:00` */
  at?: string;
}

/** As one document of YAML, as examples are. */
export function audited({ user, verb, resource, namespace = 'shop', name = '', at = '08:00' }: Example): string {
  const [plain = '', ...group] = resource.split('.');
  const time = `2026-11-01T${at}:00.000000Z`;
  const objectRef = { resource: plain, namespace, name, apiVersion: 'v1', ...(group.length > 0 && { apiGroup: group.join('.') }) };
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    auditID: `${user} ${verb} ${resource} ${at}`,
    stage: 'ResponseComplete',
    verb,
    user: { username: user, groups: ['system:authenticated'] },
    objectRef,
    responseStatus: { code: 200 },
    stageTimestamp: time,
  });
}
