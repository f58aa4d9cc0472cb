/** Ways on into the cloud that the cluster runs in. */
import { account, allowTo, configMap, node, pod, policy } from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import { right } from '../right.ts';
import type { Scene } from '../scene.ts';

const CONFIG_MAPS = right('update,patch configmaps');

const AWS = 'eks.amazonaws.com/role-arn';
const GOOGLE = 'iam.gke.io/gcp-service-account';
const AZURE = 'azure.workload.identity/client-id';
const AZURE_USE = 'azure.workload.identity/use';
const CLOUDS = /^(?:aws|gce|azure):/;

const AWS_NODE = node('n', {}, { spec: { providerID: 'aws:///eu-central-1a/i-1' } });

export const family = defineFamily({
  edges: {
    WORKLOAD_IDENTITY: {
      says: "exchange the account's token for a cloud identity",
      mitigation: 'Trust one account of one namespace only, and give the cloud identity no more than it uses.',
    },
    IMDS_NODE_ROLE: {
      says: "ask the metadata service for the node's cloud identity",
      mitigation: 'Deny egress to 169.254.169.254, or limit the hops of the metadata service to 1.',
    },
    EKS_AWS_AUTH_WRITE: {
      says: 'map a cloud identity to system:masters',
      mitigation: 'Use access entries instead of the ConfigMap aws-auth, or protect it.',
    },
  },
  rights: [CONFIG_MAPS],
  draw(scene) {
    drawIdentities(scene);
    drawMetadata(scene);
    const mapping = scene.tables.ConfigMap.get('kube-system', 'aws-auth');
    if (mapping === undefined) return;
    for (const vertex of [scene.rights.in(CONFIG_MAPS, 'kube-system'), scene.rights.in(CONFIG_MAPS, 'kube-system', 'aws-auth')]) {
      if (vertex !== undefined)
        scene.step({ edge: 'EKS_AWS_AUTH_WRITE', where: { object: mapping, path: 'data' } }, vertex, scene.group('system:masters'));
    }
  },
  examples: () => [
    {
      edge: 'WORKLOAD_IDENTITY',
      objects: [account('a/s', { metadata: { namespace: 'a', name: 's', annotations: { [AWS]: 'arn:aws:iam::1:role/r' } } })],
      from: 'ServiceAccount/a/s',
      to: 'CloudIdentity/arn:aws:iam::1:role/r',
    },
    {
      edge: 'WORKLOAD_IDENTITY',
      objects: [
        account('a/s', { metadata: { namespace: 'a', name: 's', annotations: { [AZURE]: '1' } } }),
        pod('a/p', { serviceAccountName: 's' }),
      ],
      from: 'ServiceAccount/a/s',
      to: 'CloudIdentity/*',
      because: 'no pod of the account asks for it by its label',
    },
    { edge: 'IMDS_NODE_ROLE', objects: [AWS_NODE, pod('a/p', { hostNetwork: true })], from: 'Container/a/p/c', to: 'CloudIdentity/node n' },
    {
      edge: 'IMDS_NODE_ROLE',
      objects: [AWS_NODE, pod('a/p'), policy('a/p', { podSelector: {}, policyTypes: ['Egress'], egress: [] })],
      from: 'Container/a/p/c',
      to: 'CloudIdentity/node n',
      because: 'a policy lets the pod talk to nobody',
    },
    {
      edge: 'IMDS_NODE_ROLE',
      objects: [node('n'), pod('a/p', { hostNetwork: true })],
      from: 'Container/a/p/c',
      to: 'CloudIdentity/node n',
      because: 'the node is of no cloud',
    },
    {
      edge: 'EKS_AWS_AUTH_WRITE',
      objects: [account('a/x'), configMap('kube-system/aws-auth'), ...allowTo('a/x', 'kube-system', 'patch configmaps:aws-auth')],
      from: 'ServiceAccount/a/x',
      to: 'Group/system:masters',
    },
    {
      edge: 'EKS_AWS_AUTH_WRITE',
      objects: [account('a/x'), configMap('kube-system/aws-auth'), ...allowTo('a/x', 'kube-system', 'patch configmaps:coredns')],
      from: 'ServiceAccount/a/x',
      to: 'Group/system:masters',
      because: 'the grant is for another ConfigMap',
    },
  ],
});

function identity(scene: Scene, name: string): number {
  return scene.hub(`CloudIdentity/${name}`, (vertex) => scene.link(vertex, scene.builder.vertex('CloudIdentity/*')));
}

const IDENTITIES = [AWS, GOOGLE, AZURE] as const;

function drawIdentities(scene: Scene): void {
  for (const object of scene.tables.ServiceAccount.all) {
    // Hardly any of many accounts has one.
    if (!IDENTITIES.some((key) => object.annotations[key] !== undefined)) continue;
    const from = scene.account(object.namespace, object.name);
    for (const key of IDENTITIES) {
      const name = object.annotations[key];
      if (name === undefined || name === '' || (key === AZURE && !asksForAzure(scene, object.namespace, object.name))) continue;
      scene.step({ edge: 'WORKLOAD_IDENTITY', where: { object, path: `metadata.annotations["${key}"]` } }, from, identity(scene, name));
    }
  }
  for (const object of scene.tables.objects.all) {
    if (object.kind !== 'PodIdentityAssociation' || object.group !== 'eks.services.k8s.aws') continue;
    const { serviceAccount, namespace, roleARN } = ((object.body as Record<string, unknown>).spec ?? {}) as Record<string, unknown>;
    if (typeof serviceAccount !== 'string' || typeof roleARN !== 'string') continue;
    const where = typeof namespace === 'string' ? namespace : object.namespace;
    scene.step(
      { edge: 'WORKLOAD_IDENTITY', where: { object, path: 'spec.roleARN' } },
      scene.account(where, serviceAccount),
      identity(scene, roleARN),
    );
  }
}

/** Azure gives a token of that kind only to pods that ask for it by a label. */
function asksForAzure(scene: Scene, namespace: string, name: string): boolean {
  return scene.tables.workloads.runningAs(namespace, name).some(({ labels }) => labels[AZURE_USE] === 'true');
}

/** Whether the cloud lets pods so many hops away ask cannot be seen from inside, but on the node's own network it does. */
function drawMetadata(scene: Scene): void {
  const clouds = new Set(scene.tables.Node.all.filter(({ body }) => CLOUDS.test(body.spec?.providerID ?? '')).map(({ name }) => name));
  if (clouds.size === 0) return;
  for (const unit of scene.units) {
    const { workload } = unit.container;
    const onHost = workload.pod.hostNetwork === true;
    if (!onHost && !scene.network.reachesMetadata(workload)) continue;
    const { nodes, certain } = scene.placement.nodesOf(unit.root);
    const klass = !onHost ? 'unknown' : certain ? 'placement-now' : 'placement-possible';
    const where = { object: workload.object, path: onHost ? `${workload.podPath}.hostNetwork` : workload.podPath };
    for (const name of nodes)
      if (clouds.has(name)) scene.maybe('IMDS_NODE_ROLE', klass, { needs: unit.vertex, gives: identity(scene, `node ${name}`), where });
  }
}
