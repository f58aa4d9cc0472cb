/** Pods that are tried under each policy: those that lead to their node, and others. */
import { ESCAPING_PODS } from '../../../src/graph/escaping-pods.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface TriedPod {
  readonly name: string;
  readonly pod: Fields;
}

const metadata = { name: 'trial' };
const PLAIN = { metadata, spec: { containers: [{ name: 'c', image: 'i' }] } };

function plain(name: string, { meta = {}, spec = {}, container = {} }: { meta?: Fields; spec?: Fields; container?: Fields }): TriedPod {
  return { name, pod: { metadata: { ...metadata, ...meta }, spec: { containers: [{ name: 'c', image: 'i', ...container }], ...spec } } };
}

export const PODS: readonly TriedPod[] = [
  { name: 'plain', pod: PLAIN },
  plain('no token', { spec: { automountServiceAccountToken: false } }),
  plain('unprivileged', { container: { securityContext: { privileged: false } } }),
  plain('host processes', { spec: { hostPID: true } }),
  plain('host network', { spec: { hostNetwork: true } }),
  plain('not on the host', { spec: { hostPID: false, hostNetwork: false } }),
  plain('another account', { spec: { serviceAccountName: 'admin-x' } }),
  plain('of a registry', { container: { image: 'registry.example.org/i:1' } }),
  plain('labelled', { meta: { labels: { team: 'a', guard: 'on', free: 'yes' } } }),
  plain('annotated', { meta: { annotations: { 'a/b': 'yes' } } }),
  plain('limited', { container: { resources: { limits: { memory: '1Mi', cpu: '1' } } } }),
  plain('a user', { spec: { securityContext: { runAsUser: 0, runAsNonRoot: false } }, container: { securityContext: { runAsUser: 5 } } }),
  plain('not root', { spec: { securityContext: { runAsUser: 2000, runAsNonRoot: true } } }),
  plain('two containers', {
    spec: {
      containers: [
        { name: 'c', image: 'i' },
        { name: 'd', image: 'j', securityContext: { privileged: true } },
      ],
    },
  }),
  plain('an empty folder', {
    spec: { volumes: [{ name: 'v' }, { name: 'w', emptyDir: {} }] },
    container: { volumeMounts: [{ name: 'v', mountPath: '/v', readOnly: true }] },
  }),
  plain('a log folder', { spec: { volumes: [{ name: 'v', hostPath: { path: '/var/log/x', type: 'Directory' } }] } }),
  plain('a harmless capability', { container: { securityContext: { capabilities: { add: ['CHOWN'] } } } }),
  plain('capabilities', { container: { securityContext: { capabilities: { drop: ['ALL'] } } } }),
  plain('a port', { container: { ports: [{ containerPort: 80 }] } }),
];

/** Those that lead to the node, by the way they go. */
export const WAYS: readonly (readonly TriedPod[])[] = ESCAPING_PODS.map(({ written }, way) =>
  distinct(written.map((write) => write(PLAIN))).map((pod, index) => ({ name: `way ${way}.${index}`, pod })),
);

function distinct(pods: readonly Fields[]): Fields[] {
  return [...new Map(pods.map((pod) => [JSON.stringify(pod), pod])).values()];
}
