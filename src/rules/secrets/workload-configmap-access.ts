import { CONTAINER, POD, withContainer } from '../examples.ts';
import { defineRule, mitre } from '../rule.ts';
import { GIVEN_CONFIG_MAPS } from '../system-namespaces.ts';
import { inputsOf } from './inputs.ts';
import { quotedNames } from './mounted.ts';

export const rule = defineRule({
  id: 'workload-configmap-access',
  title: 'Workload that reads config maps',
  severity: 'info',
  area: 'secrets',
  rationale:
    'Whoever may change these config maps decides what the workload does, and what breaks into it reads them. It is a fact for judging what an attack reaches, not a mistake.',
  remedy: 'Nothing need change. Set immutable on maps that never change, and keep credentials out of them.',
  controls: mitre('T1552.007'),
  aliases: { kubescape: ['C-0258'] },
  scope: 'workload',
  check(workload) {
    // The API server puts the certificate of its authority into every pod that gets a token.
    const inputs = inputsOf(workload, 'configMap').filter(({ name }) => !GIVEN_CONFIG_MAPS.has(name));
    const [first] = inputs;
    if (first === undefined) return undefined;
    return {
      message: `reads ${inputs.length === 1 ? 'the config map' : 'the config maps'} ${quotedNames(inputs.map(({ name }) => name))}`,
      path: first.path,
    };
  },
  examples: () => ({
    good: [
      withContainer(''),
      withContainer('volumeMounts: [{name: other, mountPath: /c}]', 'volumes: [{name: conf, configMap: {name: web}}]'),
      withContainer('envFrom: [{secretRef: {name: db}}]'),
      withContainer(
        'volumeMounts: [{name: token, mountPath: /t}]',
        'volumes: [{name: token, projected: {sources: [{serviceAccountToken: {path: token}}, {configMap: {name: kube-root-ca.crt}}]}}]',
      ),
    ],
    bad: [
      {
        yaml: withContainer('volumeMounts: [{name: conf, mountPath: /c}]', 'volumes: [{name: conf, configMap: {name: web}}]'),
        path: `${POD}.volumes[0].configMap.name`,
        severity: 'info',
      },
      { yaml: withContainer('envFrom: [{configMapRef: {name: web}}]'), path: `${CONTAINER}.envFrom[0].configMapRef.name` },
      {
        yaml: withContainer('env: [{name: P, valueFrom: {configMapKeyRef: {name: web, key: p}}}]'),
        path: `${CONTAINER}.env[0].valueFrom.configMapKeyRef.name`,
      },
    ],
  }),
});
