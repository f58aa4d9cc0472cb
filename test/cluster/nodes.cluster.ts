/** Nodes, simulated and real. */
import { expect, it } from 'vitest';
import { describeCluster } from './describe-cluster.ts';
import { BOX } from './node/images.ts';
import { RELEASES } from './parts.ts';
import { waitFor } from './wait.ts';

describeCluster('simulated nodes', { simulated: true }, (cluster) => {
  it('seem to run the pods that are put on them', async () => {
    await cluster().simulate(5);
    await cluster().kubectl(['create', 'deployment', 'web', '--image=example.test/web:1', '--replicas=40']);
    await cluster().kubectl(['rollout', 'status', 'deployment/web', '--timeout=40s']);
    const nodes = await cluster().kubectl(['get', 'pods', '-o', 'jsonpath={.items[*].spec.nodeName}']);
    expect(new Set(nodes.split(' ')).size).toBe(5);
  });
});

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
      topologySpreadConstraints:
      - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}
      containers:
      - name: web
        image: ${BOX}
        command: [sh, -c, "echo serving; exec httpd -f -p 8080 -h /var/www"]
        ports: [{name: http, containerPort: 8080}]
        readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 1}
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, readOnlyRootFilesystem: true}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: v1
kind: Pod
metadata: {name: friend, labels: {app: friend}}
spec: {containers: [{name: c, image: "${BOX}", command: [sleep, "100000"]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: stranger}
spec: {containers: [{name: c, image: "${BOX}", command: [sleep, "100000"]}]}
`;

const ONLY_FRIENDS = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: only-friends}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [friend]}]}}], ports: [{port: http}]}]
`;

for (const release of RELEASES) {
  describeCluster(`two real nodes, ${release}`, { release, nodes: 2 }, (cluster) => {
    /** What a pod reads from the service. */
    async function reads(pod: string): Promise<string> {
      const address = await cluster().kubectl(['get', 'service', 'web', '-o', 'jsonpath={.spec.clusterIP}']);
      return cluster().kubectl(['exec', pod, '--', 'timeout', '2', 'wget', '-qO-', `http://${address}/`]);
    }

    it('run pods, one on each', async () => {
      await cluster().kubectl(['apply', '-f', '-'], WEB);
      await cluster().kubectl(['wait', '--for=condition=Ready', 'pod', '--all', '--timeout=50s']);
      await cluster().kubectl(['rollout', 'status', 'deployment/web', '--timeout=50s']);
      const nodes = await cluster().kubectl(['get', 'pods', '-l', 'app=web', '-o', 'jsonpath={.items[*].spec.nodeName}']);
      expect(nodes.split(' ').sort()).toEqual(['node1', 'node2']);
      expect(await cluster().kubectl(['logs', 'deployment/web'])).toBe('serving\n');
      expect(await cluster().kubectl(['exec', 'deployment/web', '--', 'cat', '/proc/1/status'])).toMatch(/CapEff:\t0+\n[^]*Seccomp:\t2/u);
    });

    it('carry a service, and hold pods to network policies', async () => {
      await waitFor('service', async () => (await reads('stranger')) === 'castellan test box\n', { seconds: 30 });
      await cluster().kubectl(['apply', '-f', '-'], ONLY_FRIENDS);
      const refused = (): Promise<boolean> =>
        reads('stranger').then(
          () => false,
          () => true,
        );
      await waitFor('refusal', refused, { seconds: 30 });
      expect(await reads('friend')).toBe('castellan test box\n');
    });

    it('can be looked at from inside', async () => {
      expect(await cluster().onNode('node2', ['cat', '/etc/kubernetes/kubelet.conf'])).toContain(cluster().innerServer);
      expect(await cluster().onNode('node2', ['hostname'])).toBe('node2\n');
    });
  });
}
