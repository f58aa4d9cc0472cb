import type { ContainerSpec } from '../../model/index.ts';
import { CONTAINER, POD, withContainer, withPod } from '../examples.ts';
import { type Hit, defineRule, mitre, nsa } from '../rule.ts';
import { programsOf } from './commands.ts';

export const rule = defineRule({
  id: 'sudo-entrypoint',
  title: 'Container started with sudo',
  severity: 'medium',
  area: 'pod-security',
  rationale:
    'A command with sudo means that the image lets its user become root without a password: whoever breaks the program does the same, so running as another user protects nothing.',
  remedy:
    'Give the program what it needs without root: own its files in the image, listen from port 1024 on, set fsGroup for volumes. Then take sudo out of the command and the image, and set allowPrivilegeEscalation: false.',
  controls: [...nsa('non-root'), ...mitre('T1548.003')],
  aliases: { kubescape: ['C-0062'] },
  effort: 'medium',
  scope: 'container',
  check({ spec, name }) {
    const { command = [], args = [] } = spec;
    if (command.length === 0 && args.length === 0) return undefined;
    // Nearly no command names it anywhere, so the command line is taken apart only where one does.
    if (!namesSudo(command) && !namesSudo(args)) return undefined;
    if (!programsOf([...command, ...args]).includes('sudo')) return undefined;
    return hitAt(spec, name);
  },
  examples: () => ({
    good: [
      withContainer('command: [nginx, -g, "daemon off;"]'),
      withContainer('command: [pseudo-app]'),
      withContainer('args: [--tool, sudo]'),
      withContainer('command: [sh, -c, "echo no sudo here"]'),
    ],
    bad: [
      { yaml: withContainer('command: [sudo, nginx]'), path: `${CONTAINER}.command[0]` },
      { yaml: withContainer('command: [/bin/sh, -c]\nargs: ["cd /srv && sudo -E ./start"]'), path: `${CONTAINER}.args[0]` },
      {
        yaml: withPod('initContainers: [{name: setup, image: "registry.example.com/setup:1", args: [/usr/bin/sudo, chown, app, /data]}]'),
        path: `${POD}.initContainers[0].args[0]`,
      },
    ],
  }),
});

function namesSudo(words: readonly string[]): boolean {
  return words.some((word) => word.includes('sudo'));
}

function hitAt({ command = [], args = [] }: ContainerSpec, name: string): Hit {
  const message = `container "${name}" starts its program with sudo`;
  const inCommand = command.findIndex((word) => word.includes('sudo'));
  return { message, path: inCommand >= 0 ? `command[${inCommand}]` : `args[${args.findIndex((word) => word.includes('sudo'))}]` };
}
