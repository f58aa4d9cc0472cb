/** `castellan node manifest`: the Jobs that collect the facts of nodes, once each, for kubectl apply. */
import { createHash } from 'node:crypto';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';

export interface NodeManifestFlags {
  node?: string[];
  image?: string;
  imagePullSecret?: string;
  namespace?: string;
}

const NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const IMAGE = /^[\w][\w.:/@-]{0,510}$/;

export function runNodeManifest({ node = [], image, imagePullSecret, namespace = 'castellan-nodes' }: NodeManifestFlags): number {
  if (image === undefined || !IMAGE.test(image))
    throw new CastellanError('CAS_USAGE', image === undefined ? 'no image is named' : `--image takes an image, not "${image}"`, {
      remedy: 'Name one that has castellan with --image IMAGE.',
    });
  const nodes = [...new Set(node.flatMap((names) => names.split(',')).map((name) => name.trim().replace(/^node\//, '')))];
  if (nodes.length === 0 || nodes.includes(''))
    throw new CastellanError('CAS_USAGE', 'no node is named', {
      remedy: 'Name them with --node NAME; kubectl get nodes -o name lists all.',
    });
  for (const name of [...nodes, namespace, ...(imagePullSecret === undefined ? [] : [imagePullSecret])])
    if (!NAME.test(name)) throw new CastellanError('CAS_USAGE', `"${name}" is no name of Kubernetes`);
  const jobs = nodes.map((name) => jobOf({ name, image, namespace, imagePullSecret }));
  stdout.write([headerOf(namespace, nodes), namespaceOf(namespace), ...jobs].join('---\n'));
  stdout.end();
  return 0;
}

function headerOf(namespace: string, nodes: readonly string[]): string {
  const first = jobNameOf(nodes[0] ?? '');
  return `# One Job for each node: reads what castellan node collect reads, writes the facts to its log, and ends. It may read
# files of root and look at the processes of others, may change nothing, has no network of the node and no account.
#   kubectl apply -f THIS
#   kubectl -n ${namespace} wait --for=condition=complete job --all --timeout=5m
#   kubectl -n ${namespace} logs job/${first} > ${nodes[0]}.json
#   kubectl delete namespace ${namespace}
`;
}

/** Pods that see the disk of the node are what Pod Security is there to stop, so they get a namespace of their own. */
function namespaceOf(namespace: string): string {
  return `apiVersion: v1
kind: Namespace
metadata:
  name: ${namespace}
  labels:
    pod-security.kubernetes.io/enforce: privileged
`;
}

interface JobSettings {
  name: string;
  image: string;
  namespace: string;
  imagePullSecret: string | undefined;
}

function jobOf({ name, image, namespace, imagePullSecret }: JobSettings): string {
  const secret = imagePullSecret === undefined ? '' : `      imagePullSecrets:\n      - name: ${imagePullSecret}\n`;
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: ${jobNameOf(name)}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/name: castellan-node
spec:
  backoffLimit: 0
  activeDeadlineSeconds: 300
  ttlSecondsAfterFinished: 3600
  template:
    metadata:
      labels:
        app.kubernetes.io/name: castellan-node
    spec:
      nodeName: ${JSON.stringify(name)}
      tolerations:
      - operator: Exists
      restartPolicy: Never
      automountServiceAccountToken: false
      enableServiceLinks: false
${secret}      containers:
      - name: collect
        image: ${JSON.stringify(image)}
        command: [castellan, node, collect, --root, /host, --node, ${JSON.stringify(name)}, --quiet]
        securityContext:
          runAsUser: 0
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
          capabilities:
            drop: [ALL]
            # Files of other users than root; who holds which socket, and which program a process is.
            add: [DAC_READ_SEARCH, SYS_PTRACE]
          seccompProfile:
            type: RuntimeDefault
        resources:
          requests: {cpu: 50m, memory: 128Mi}
          limits: {memory: 512Mi}
        volumeMounts:
        - name: host
          mountPath: /host
          readOnly: true
      volumes:
      - name: host
        hostPath:
          path: /
          type: Directory
`;
}

/** Names of Jobs become labels, which are shorter than the names of nodes may be. */
function jobNameOf(node: string): string {
  const plain = `castellan-node-${node.replaceAll('.', '-')}`;
  if (plain.length <= 63 && !node.includes('.')) return plain;
  return `${plain.slice(0, 54).replace(/-+$/, '')}-${createHash('sha256').update(node).digest('hex').slice(0, 8)}`;
}
