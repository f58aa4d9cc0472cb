import { mitre, nsa } from '../rule.ts';
import { fileModeRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileModeRule({
  id: 'runtime-socket-perm',
  title: 'Socket of the container runtime is open to others on the node',
  severity: 'high',
  rationale: 'Whoever may write to it starts any container with any folder of the node, and is root there by that.',
  remedy:
    'Run chmod 660 on the socket and leave it to root; set uid, gid and mode where the runtime is told of them ([grpc] of containerd, the unit of its socket), as it makes the socket anew at each start.',
  controls: [...nsa('control-plane-hardening'), ...mitre('T1611', 'T1610')],
  component: 'container runtime',
  files: 'runtime-sockets',
  what: 'a socket of a container runtime',
  most: 0o660,
  examples: () => ({
    good: [
      nodeFacts({ files: { '/run/containerd/containerd.sock': '660 root:root' } }),
      nodeFacts({ files: { '/run/docker.sock': '600 root:root' } }),
      nodeFacts({}),
    ],
    bad: [
      { yaml: nodeFacts({ files: { '/run/containerd/containerd.sock': '666 root:root' } }), path: 'mode', severity: 'high' },
      { yaml: nodeFacts({ files: { '/run/crio/crio.sock': '664 root:root' } }), path: 'mode' },
    ],
  }),
});
