import { CONTAINER, POD, withContainer, withPod } from '../examples.ts';
import { type Hit, defineRule } from '../rule.ts';
import { programsOf } from './commands.ts';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;

/** `denied`: programs that no probe should run. */
interface Options {
  denied: readonly string[];
}
const OPTIONS: Options = {
  denied: [
    // Each start attaches to the JVM or walks all processes, some times a minute for ever.
    'jcmd',
    'jmap',
    'jstack',
    'jps',
    'ps',
    'top',
    'lsof',
    'strace',
    // Tools that reach other systems, the node or root.
    'ssh',
    'scp',
    'kubectl',
    'docker',
    'crictl',
    'nsenter',
    'sudo',
    'su',
  ],
};

export const rule = defineRule({
  id: 'exec-probe-commands',
  title: 'Risky program in an exec probe',
  severity: 'low',
  area: 'pod-security',
  rationale:
    'An exec probe runs every few seconds in every replica. Programs that inspect processes cost more than the answer is worth and make the probe time out under load; clients and privilege tools keep credentials and tools for an intruder in the image.',
  remedy:
    'Ask the program itself: httpGet, tcpSocket or grpc, or a small health command that it brings along. Then remove the tool from the image.',
  controls: [],
  aliases: { 'kyverno-policies': ['deny-commands-in-exec-probe'] },
  options: OPTIONS,
  scope: 'container',
  check({ spec, name }, _tables, { denied }) {
    let hits: Hit[] | undefined;
    for (const probe of PROBES) {
      const command = spec[probe]?.exec?.command;
      if (command === undefined) continue;
      const program = programsOf(command).find((each) => denied.includes(each));
      if (program === undefined) continue;
      (hits ??= []).push({ message: `${probe} of container "${name}" runs ${program}`, path: `${probe}.exec.command`, key: probe });
    }
    return hits;
  },
  examples: () => ({
    good: [
      withContainer('livenessProbe: {exec: {command: [cat, /tmp/healthy]}}'),
      withContainer('livenessProbe: {exec: {command: [sh, -c, "redis-cli ping | grep PONG"]}}'),
      withContainer('livenessProbe: {exec: {command: [/app/check, ps]}}'),
      withContainer('command: [ps]'),
    ],
    bad: [
      {
        yaml: withContainer('livenessProbe: {exec: {command: [/usr/bin/jcmd, "1", VM.uptime]}}'),
        path: `${CONTAINER}.livenessProbe.exec.command`,
      },
      {
        yaml: withContainer('readinessProbe: {exec: {command: [sh, -c, "ps aux | grep -q nginx"]}}'),
        path: `${CONTAINER}.readinessProbe.exec.command`,
      },
      {
        yaml: withPod(
          'initContainers: [{name: proxy, image: "registry.example.com/proxy:1", restartPolicy: Always, startupProbe: {exec: {command: [kubectl, get, pods]}}}]',
        ),
        path: `${POD}.initContainers[0].startupProbe.exec.command`,
      },
    ],
  }),
});
