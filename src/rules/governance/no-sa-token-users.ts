import { apiServer } from '../control-plane/manifests.ts';
import { documents } from '../examples.ts';
import { cis, defineRule, mitre, nsa } from '../rule.ts';
import { isWholeCluster } from './whole-cluster.ts';

const TOKEN = `
apiVersion: v1
kind: Secret
metadata: {name: ops-token, namespace: ops}
type: kubernetes.io/service-account-token`;
const SHOWN = 5;

export const rule = defineRule({
  id: 'no-sa-token-users',
  title: 'People may be using tokens of service accounts',
  severity: 'low',
  area: 'governance',
  rationale:
    'A token of an account says nothing about the person behind it, is easily handed on, and in a Secret never ends: the audit log then names nobody.',
  remedy:
    'Give people OIDC, remove token Secrets that no program needs, and look in the audit log for accounts that are used from outside the cluster.',
  controls: [...cis('3.1.2'), ...nsa('strong-authentication', 'token-protection'), ...mitre('T1078', 'T1528')],
  aliases: { kubescape: ['C-0287'] },
  effort: 'medium',
  byPerson: true,
  scope: 'cluster',
  reads: ['completeness', 'workloads', 'Secret'],
  applies: (_cluster, tables) => isWholeCluster(tables),
  check(_cluster, { Secret }) {
    const tokens = Secret.all.filter(({ body }) => body.type === 'kubernetes.io/service-account-token');
    const held =
      tokens.length === 0
        ? ''
        : `; ${tokens.length} ${tokens.length === 1 ? 'token lies' : 'tokens lie'} in Secrets and ${tokens.length === 1 ? 'does' : 'do'} not end`;
    const also = tokens.slice(0, SHOWN).map((object) => ({ object, path: 'type' }));
    return { message: `look whether people use tokens of service accounts${held}`, path: '', value: undefined, status: 'manual', also };
  },
  examples: () => ({
    good: [TOKEN],
    bad: [
      { yaml: apiServer(), path: '', status: 'manual' },
      { yaml: documents(apiServer(), TOKEN), path: '', status: 'manual' },
    ],
  }),
});
