import { settingOf, processesNamed } from '../../engines/command-line/index.ts';
import { apiServer } from '../control-plane/manifests.ts';
import { cis, defineRule, mitre, nsa } from '../rule.ts';
import { isWholeCluster } from './whole-cluster.ts';

/** Ways for people to sign in whose credentials end by themselves or can be taken back. */
const BETTER = ['--oidc-issuer-url', '--authentication-config', '--authentication-token-webhook-config-file'];

export const rule = defineRule({
  id: 'no-client-cert-users',
  title: 'People sign in with client certificates',
  severity: 'low',
  area: 'governance',
  rationale: 'Kubernetes cannot revoke a client certificate: one that a person lost, or took along, opens the cluster until it ends.',
  remedy:
    'Let people sign in by OIDC (--oidc-issuer-url or --authentication-config), and keep certificates for components and for emergencies.',
  controls: [...cis('3.1.1'), ...nsa('strong-authentication'), ...mitre('T1078')],
  aliases: { kubescape: ['C-0286'] },
  effort: 'high',
  byPerson: true,
  scope: 'cluster',
  reads: ['completeness', 'workloads'],
  applies: (_cluster, tables) => isWholeCluster(tables),
  check(_cluster, { workloads }) {
    const servers = processesNamed(workloads, 'kube-apiserver');
    const also = servers.map(({ container, line }) => {
      const use = BETTER.map((flag) => settingOf(line, flag)).find((found) => found !== undefined);
      return { object: container.workload.object, path: `${container.path}.${use?.path ?? 'command'}`, value: use?.value };
    });
    const hidden = servers.some(({ line }) => line.hidden !== undefined);
    if (servers.length > 0 && !hidden && also.every(({ value }) => value === undefined)) {
      return {
        message: 'the API server offers people no way to sign in but certificates and tokens of accounts',
        path: '',
        value: undefined,
        also,
      };
    }
    return {
      message: 'look whether people sign in with client certificates, which cannot be revoked',
      path: '',
      value: undefined,
      status: 'manual',
      also,
    };
  },
  examples: () => ({
    good: [
      apiServer('--client-ca-file=/pki/ca.crt', '--oidc-issuer-url=https://login.example.com'),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}',
    ],
    bad: [
      { yaml: apiServer('--client-ca-file=/pki/ca.crt'), path: '' },
      { yaml: apiServer('--authentication-config=/etc/kubernetes/authn.yaml'), path: '', status: 'manual' },
    ],
  }),
});
