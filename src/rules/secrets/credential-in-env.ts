import { type Credential, credentialIn, credentialsInText } from '../../lib/credentials.ts';
import { CONTAINER, POD, withContainer, withPod } from '../examples.ts';
import { type Hit, defineRule, mitre, nsa } from '../rule.ts';
import { credentialText, severityOf } from './credential-words.ts';

export const rule = defineRule({
  id: 'credential-in-env',
  title: 'Credential written into a pod template',
  severity: 'high',
  area: 'secrets',
  rationale:
    'Everybody who reads the workload, its manifest in version control or its history in the cluster has the credential. It stays in all these places when it is taken out here, so it must count as known.',
  remedy:
    'Renew the credential first. Put the new one into a Secret (or an external secret store) and refer to it with valueFrom.secretKeyRef, or better mount it as a file.',
  controls: [...nsa('credentials-in-configuration'), ...mitre('T1552.001', 'T1552.007')],
  aliases: { kubescape: ['C-0012', 'C-0259'], polaris: ['sensitiveContainerEnvVar'], 'kube-linter': ['env-var-secret'] },
  effort: 'medium',
  scope: 'container',
  check({ spec, name: container }) {
    const { env } = spec;
    if (env === undefined) return undefined;
    let hits: Hit[] | undefined;
    for (let index = 0; index < env.length; index += 1) {
      const { name = '', value } = env[index] ?? {};
      const credential = value === undefined ? undefined : credentialOf(name, value);
      if (credential === undefined) continue;
      (hits ??= []).push({
        message: `container "${container}" has ${credentialText(credential)} in the variable ${name}`,
        path: `env[${index}].value`,
        secret: true,
        key: name,
        severity: severityOf(credential),
      });
    }
    return hits;
  },
  examples: () => ({
    good: [
      withContainer('env: [{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: pw}}}]'),
      withContainer('env: [{name: DB_PASSWORD_FILE, value: /run/secrets/db}, {name: TOKEN_URL, value: "https://login.example.com/token"}]'),
      withContainer(
        'env: [{name: DB_URL, value: "postgres://shop:$(DB_PASSWORD)@db/shop"}, {name: SECRET_NAME, value: shop-db}, {name: MAX_TOKENS, value: "4096"}]',
      ),
      withContainer('env: [{name: DB_PASSWORD, value: ""}, {name: greeting, value: hello}]'),
    ],
    bad: [
      {
        yaml: withContainer('env: [{name: user_name, value: postgres}, {name: my_password, value: abc123}]'),
        path: `${CONTAINER}.env[1].value`,
        severity: 'high',
      },
      {
        yaml: withContainer('env: [{name: DB_URL, value: "postgres://shop:hunter2@db/shop"}]'),
        path: `${CONTAINER}.env[0].value`,
        severity: 'high',
      },
      { yaml: withContainer(`env: [{name: CONFIG, value: '{"db": {"password": "hunter2"}}'}]`), path: `${CONTAINER}.env[0].value` },
      { yaml: withContainer('env: [{name: OCI_CLI_KEY_CONTENT, value: xxx}]'), path: `${CONTAINER}.env[0].value`, severity: 'low' },
      {
        yaml: withPod('initContainers: [{name: init, image: "x:1", env: [{name: API_TOKEN, value: abcdef}]}]'),
        path: `${POD}.initContainers[0].env[0].value`,
      },
    ],
  }),
});

/** A whole configuration may stand in a variable; then the worst of it counts. */
function credentialOf(name: string, value: string): Credential | undefined {
  const own = credentialIn(name, value);
  if (own !== undefined || !(value.includes('\n') || value.startsWith('{'))) return own;
  return credentialsInText(value)[0];
}
