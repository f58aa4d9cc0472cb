import { settingOf } from '../../engines/command-line/index.ts';
import { documents } from '../examples.ts';
import { cis, mitre, nsa } from '../rule.ts';
import { authorizersIn } from './authorizers.ts';
import { boolean } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';

const ONLY_HEALTH = `
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
anonymous: {enabled: true, conditions: [{path: /livez}, {path: /readyz}]}`;

export const rule = flagRule({
  id: 'apiserver-anonymous-auth',
  title: 'API server answers anonymous requests',
  severity: 'medium',
  rationale:
    'Whoever reaches the port may send requests without any credential; one careless binding to system:anonymous or system:unauthenticated then gives rights to the whole network, and weaknesses before authorization are open to everyone.',
  remedy:
    'Set --anonymous-auth=false, or limit anonymous requests to the health paths with anonymous.conditions in the file of --authentication-config. Health checks of load balancers and probes that ask /livez or /readyz without a credential stop working with the flag.',
  controls: [...cis('1.2.1'), ...nsa('control-plane-hardening', 'anonymous-requests'), ...mitre('T1078', 'T1190')],
  aliases: { kubescape: ['C-0113'], trivy: ['KCV-0001'], checkov: ['CKV_K8S_68'] },
  effort: 'medium',
  component: 'kube-apiserver',
  reads: ['AuthenticationConfiguration', 'AuthorizationConfiguration'],
  expect(line, { AuthenticationConfiguration, AuthorizationConfiguration }) {
    const config = settingOf(line, '--authentication-config');
    const file = AuthenticationConfiguration.all.length === 1 ? AuthenticationConfiguration.all[0] : undefined;
    if (config !== undefined && settingOf(line, '--anonymous-auth') === undefined) {
      if (file === undefined)
        return { words: `may limit anonymous requests in ${config.value}, which is not in the input`, use: config, status: 'unknown' };
      const { enabled, conditions = [] } = file.body.anonymous ?? {};
      if (enabled === false || conditions.length > 0) return undefined;
    }
    const fault = boolean('--anonymous-auth', false, { byDefault: true })(line);
    const known = authorizersIn(line, AuthorizationConfiguration);
    const guarded = 'words' in known || known.modes.includes('RBAC');
    return fault === undefined ? undefined : { ...fault, severity: guarded ? 'medium' : 'high' };
  },
  examples: () => ({
    good: [
      apiServer('--anonymous-auth=false'),
      apiServer('--anonymous_auth', '--anonymous-auth=F'),
      documents(apiServer('--authentication-config=/etc/kubernetes/authn.yaml'), ONLY_HEALTH),
    ],
    bad: [
      { yaml: apiServer('--authorization-mode=Node,RBAC', '--anonymous-auth=true'), path: `${COMMAND}[2]`, severity: 'medium' },
      { yaml: apiServer(), path: COMMAND, severity: 'high' },
      { yaml: apiServer('--authentication-config=/etc/kubernetes/authn.yaml'), path: FIRST, status: 'unknown' },
    ],
  }),
});
