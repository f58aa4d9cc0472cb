import { CONTAINER, withContainer } from '../examples.ts';
import { type Hit, defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'duplicate-env',
  title: 'Environment variable set twice',
  severity: 'low',
  area: 'reliability',
  rationale:
    'The last entry of a name wins, so a setting that a reviewer reads above it, such as a switch that turns debugging off, has no effect.',
  remedy: 'Keep one entry of each name in env. An entry in env already wins over the same name from envFrom.',
  controls: [],
  aliases: { kubescape: ['C-0295'], 'kube-linter': ['duplicate-env-var'], 'kube-score': ['environment-variable-key-duplication'] },
  scope: 'container',
  check({ spec, name: container }) {
    const env = spec.env ?? [];
    if (env.length < 2) return undefined;
    const names = new Set<string>();
    let hits: Hit[] | undefined;
    for (let index = 0; index < env.length; index += 1) {
      const name = env[index]?.name ?? '';
      if (name === '' || names.size < names.add(name).size) continue;
      (hits ??= []).push({
        message: `container "${container}" sets ${name} more than once; the last value wins`,
        path: `env[${index}].name`,
        key: name,
      });
    }
    return hits;
  },
  examples: () => ({
    good: [
      withContainer('env: [{name: A, value: "1"}, {name: B, value: "1"}]'),
      withContainer('env: [{name: A, value: "1"}, {name: a, value: "2"}]'),
      withContainer('envFrom: [{configMapRef: {name: a}}, {configMapRef: {name: a}}]'),
    ],
    bad: [
      {
        yaml: withContainer('env: [{name: A, value: "1"}, {name: B, value: "2"}, {name: A, value: "3"}]'),
        path: `${CONTAINER}.env[2].name`,
      },
      {
        yaml: withContainer('', 'initContainers: [{name: i, image: i, env: [{name: A}, {name: A}]}]'),
        path: 'spec.template.spec.initContainers[0].env[1].name',
      },
    ],
  }),
});
