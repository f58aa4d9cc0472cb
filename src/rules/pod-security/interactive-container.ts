import { CONTAINER, POD, withContainer, withPod } from '../examples.ts';
import { defineRule, mitre } from '../rule.ts';

export const rule = defineRule({
  id: 'interactive-container',
  title: 'Container with an open terminal',
  severity: 'low',
  area: 'pod-security',
  rationale:
    'With stdin or tty the first process stays attached to a terminal: whoever may attach to the pod types into it, which is a shell where the program is one. A service needs neither.',
  remedy:
    'Remove stdin and tty. A container that only lives because of them (a plain shell) should become a Job or a debug container that somebody starts when it is needed.',
  controls: mitre('T1609'),
  aliases: { 'gatekeeper-library': ['disallowinteractive'] },
  scope: 'container',
  check({ spec, type, name }) {
    // A debug container is started by a person in order to type into it.
    if (type === 'ephemeral' || (spec.stdin !== true && spec.tty !== true)) return undefined;
    const fields = [...(spec.stdin === true ? ['stdin'] : []), ...(spec.tty === true ? ['tty'] : [])];
    return {
      message: `container "${name}" keeps ${spec.tty === true ? 'a terminal' : 'its standard input'} open (${fields.join(', ')})`,
      path: fields[0] ?? '',
      fix: fields.map((field) => ({ remove: field })),
    };
  },
  examples: () => ({
    good: [
      withContainer('stdin: false\ntty: false'),
      withContainer(''),
      'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: app, image: "registry.example.com/web:1"}]\n  ephemeralContainers: [{name: debug, image: "busybox:1.37", stdin: true, tty: true}]',
    ],
    bad: [
      { yaml: withContainer('stdin: true\ntty: true'), path: `${CONTAINER}.stdin` },
      { yaml: withContainer('tty: true'), path: `${CONTAINER}.tty` },
      {
        yaml: withPod('initContainers: [{name: setup, image: "registry.example.com/setup:1", stdin: true}]'),
        path: `${POD}.initContainers[0].stdin`,
      },
    ],
  }),
});
