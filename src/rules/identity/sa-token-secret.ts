import { documents } from '../examples.ts';
import { rightsOfAccount } from '../rbac/account-rights.ts';
import { clusterRoleBinding } from '../rbac/role-examples.ts';
import { defineRule, mitre, nsa } from '../rule.ts';

const ACCOUNT_OF = 'kubernetes.io/service-account.name';
const TOKEN = `
apiVersion: v1
kind: Secret
metadata: {name: runner-token, namespace: ci, annotations: {${ACCOUNT_OF}: runner}}
type: kubernetes.io/service-account-token`;

export const rule = defineRule({
  id: 'sa-token-secret',
  title: 'Service account token that never expires',
  severity: 'medium',
  area: 'identity',
  rationale:
    'The token in such a Secret has no end and is bound to no pod: a copy in a backup, a build log or a laptop works until somebody deletes the Secret. Everybody who may read secrets there may act as the account.',
  remedy:
    'Let pods use their projected token, which is renewed every hour, and programs outside the cluster ask for one by `kubectl create token` or OIDC. Delete the Secret when nothing uses it: its last use is in the label kubernetes.io/legacy-token-last-used.',
  controls: [...nsa('token-protection'), ...mitre('T1528')],
  aliases: { 'kyverno-policies': ['deny-secret-service-account-token-type', 'check-serviceaccount-secrets'] },
  effort: 'medium',
  scope: 'object',
  kinds: ['Secret'],
  reads: ['access'],
  check(secret, { access }) {
    if (secret.body.type !== 'kubernetes.io/service-account-token') return undefined;
    const path = 'type';
    const invalid = secret.labels['kubernetes.io/legacy-token-invalid-since'];
    if (invalid !== undefined)
      return { message: `holds a token that was switched off on ${invalid} and can be deleted`, path, severity: 'info' };
    const name = secret.annotations[ACCOUNT_OF];
    if (name === undefined) return { message: 'asks for a token without an end', path };
    const rights = rightsOfAccount(access, secret.namespace, name);
    const holds = `holds a token without an end for service account ${name}`;
    if (rights.level === 'none') return { message: holds, path };
    if (rights.level === 'some') return { message: `${holds}, which ${rights.text}`, path, severity: 'medium' };
    const right = { namespace: secret.namespace, serviceAccount: name };
    return { message: `${holds}, which ${rights.text}`, path, severity: 'high', right };
  },
  examples: () => ({
    good: [TOKEN.replace('kubernetes.io/service-account-token', 'Opaque'), TOKEN.replace('type: kubernetes.io/service-account-token', '')],
    bad: [
      { yaml: TOKEN, path: 'type', severity: 'medium' },
      {
        yaml: documents(TOKEN, clusterRoleBinding('edit', '{kind: ServiceAccount, name: runner, namespace: ci}')),
        path: 'type',
        severity: 'high',
      },
      {
        yaml: TOKEN.replace('metadata: {', 'metadata: {labels: {kubernetes.io/legacy-token-invalid-since: "2026-01-02"}, '),
        path: 'type',
        severity: 'info',
      },
    ],
  }),
});
