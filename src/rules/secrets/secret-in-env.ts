import { CONTAINER, POD, withContainer, withPod } from '../examples.ts';
import { cis, defineRule, mitre, nsa } from '../rule.ts';
import { quotedNames } from './mounted.ts';

export const rule = defineRule({
  id: 'secret-in-env',
  title: 'Secret given by environment variable',
  severity: 'low',
  area: 'secrets',
  rationale:
    'Environment variables leak: crash reports, debug pages and child processes carry them along, and they stay as they were when the Secret is renewed. A mounted file is read when needed and follows the Secret.',
  remedy:
    'Mount the Secret as a volume and let the program read the file; many images take the path in a variable that ends in _FILE. Programs that know only variables can stay as they are, with an exception.',
  controls: [...cis('5.4.1'), ...nsa('credentials-in-configuration'), ...mitre('T1552.007')],
  aliases: {
    kubescape: ['C-0207'],
    checkov: ['CKV_K8S_35'],
    'kube-linter': ['read-secret-from-env-var', 'env-value-from'],
    kubesec: ['SecretsAsEnvironmentVariables'],
    'kyverno-policies': ['disallow-secrets-from-env-vars', 'disallow-all-secrets'],
  },
  effort: 'medium',
  scope: 'container',
  check({ spec, name }) {
    const { env = [], envFrom = [] } = spec;
    const paths: string[] = [];
    const secrets: string[] = [];
    for (let index = 0; index < env.length; index += 1) {
      const reference = env[index]?.valueFrom?.secretKeyRef;
      if (reference === undefined) continue;
      paths.push(`env[${index}].valueFrom.secretKeyRef`);
      secrets.push(reference.name ?? '');
    }
    for (let index = 0; index < envFrom.length; index += 1) {
      const reference = envFrom[index]?.secretRef;
      if (reference === undefined) continue;
      paths.push(`envFrom[${index}].secretRef`);
      secrets.push(reference.name ?? '');
    }
    const [path] = paths;
    if (path === undefined) return undefined;
    const count = paths.length === 1 ? '' : ` in ${paths.length} places`;
    return { message: `container "${name}" gets ${quotedNames(secrets)} as environment variables${count}`, path };
  },
  examples: () => ({
    good: [
      withContainer('env: [{name: DB_PASSWORD_FILE, value: /run/secrets/db}]'),
      withContainer('envFrom: [{configMapRef: {name: web}}]\nenv: [{name: A, valueFrom: {configMapKeyRef: {name: web, key: a}}}]'),
      withContainer('volumeMounts: [{name: db, mountPath: /run/secrets}]', 'volumes: [{name: db, secret: {secretName: db}}]'),
    ],
    bad: [
      {
        yaml: withContainer('env: [{name: A, value: b}, {name: P, valueFrom: {secretKeyRef: {name: db, key: pw}}}]'),
        path: `${CONTAINER}.env[1].valueFrom.secretKeyRef`,
      },
      { yaml: withContainer('envFrom: [{secretRef: {name: db}}]'), path: `${CONTAINER}.envFrom[0].secretRef` },
      {
        yaml: withPod('initContainers: [{name: init, image: "x:1", envFrom: [{secretRef: {name: db}}]}]'),
        path: `${POD}.initContainers[0].envFrom[0].secretRef`,
      },
    ],
  }),
});
