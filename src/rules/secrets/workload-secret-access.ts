import { CONTAINER, POD, withContainer } from '../examples.ts';
import { defineRule, mitre, nsa } from '../rule.ts';
import { inputsOf } from './inputs.ts';
import { quotedNames } from './mounted.ts';

const VOLUME = 'volumes: [{name: tls, secret: {secretName: web-tls}}]';

export const rule = defineRule({
  id: 'workload-secret-access',
  title: 'Workload that is given secrets',
  severity: 'info',
  area: 'secrets',
  rationale:
    'What breaks into the workload has these secrets, without any right on the API. It is a fact for judging what an attack reaches, not a mistake.',
  remedy:
    'Nothing need change. Give each program only the secrets that it reads, by items or single keys, and renew them when the workload was broken into.',
  controls: [...nsa('credentials-in-configuration'), ...mitre('T1552.007')],
  aliases: { kubescape: ['C-0255'] },
  scope: 'workload',
  check(workload) {
    const inputs = inputsOf(workload, 'secret');
    const [first] = inputs;
    if (first === undefined) return undefined;
    return {
      message: `is given ${inputs.length === 1 ? 'the secret' : 'the secrets'} ${quotedNames(inputs.map(({ name }) => name))}`,
      path: first.path,
    };
  },
  examples: () => ({
    good: [
      withContainer(''),
      // Nobody mounts it.
      withContainer('', VOLUME),
      withContainer(
        'envFrom: [{configMapRef: {name: web}}]\nvolumeMounts: [{name: conf, mountPath: /c}]',
        'volumes: [{name: conf, configMap: {name: web}}]',
      ),
    ],
    bad: [
      {
        yaml: withContainer('volumeMounts: [{name: tls, mountPath: /tls}]', VOLUME),
        path: `${POD}.volumes[0].secret.secretName`,
        severity: 'info',
      },
      {
        yaml: withContainer('env: [{name: A, value: b}, {name: P, valueFrom: {secretKeyRef: {name: db, key: pw}}}]'),
        path: `${CONTAINER}.env[1].valueFrom.secretKeyRef.name`,
      },
      { yaml: withContainer('envFrom: [{secretRef: {name: db}}]'), path: `${CONTAINER}.envFrom[0].secretRef.name` },
      {
        yaml: withContainer(
          'volumeMounts: [{name: all, mountPath: /all}]',
          'volumes: [{name: all, projected: {sources: [{configMap: {name: c}}, {secret: {name: s}}]}}]',
        ),
        path: `${POD}.volumes[0].projected.sources[1].secret.name`,
      },
    ],
  }),
});
