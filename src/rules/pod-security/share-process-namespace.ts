import { POD, withPod } from '../examples.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'share-process-namespace',
  title: 'Containers of the pod share their processes',
  severity: 'low',
  area: 'pod-security',
  rationale:
    'Each container sees the processes of the others with their arguments and, as the same user, their environment, memory and files in /proc: a broken sidecar reads the secrets of the application.',
  remedy:
    'Remove shareProcessNamespace, and signal or debug the other container through its own interface. kubectl debug with --target gives a shell beside a process when one is needed.',
  controls: [],
  scope: 'workload',
  check({ pod, podPath, containers }) {
    if (pod.shareProcessNamespace !== true) return undefined;
    const path = `${podPath}.shareProcessNamespace`;
    const fix = [{ remove: path }];
    const together = containers.filter(({ type }) => type !== 'init').length;
    if (together < 2)
      return { message: 'the process namespace is shared, though only one container runs in the pod', path, fix, severity: 'info' };
    return { message: `the ${together} containers of the pod see each other's processes`, path, fix };
  },
  examples: () => ({
    good: [withPod('shareProcessNamespace: false'), withPod('')],
    bad: [
      { yaml: withPod('shareProcessNamespace: true'), path: `${POD}.shareProcessNamespace`, severity: 'info' },
      {
        yaml: withPod(
          'shareProcessNamespace: true\ninitContainers: [{name: proxy, image: "registry.example.com/proxy:1", restartPolicy: Always}]',
        ),
        path: `${POD}.shareProcessNamespace`,
        severity: 'low',
      },
    ],
  }),
});
