/** Identities made by the certificates API. */
import { MASTERS, NODES } from '../../engines/rbac/index.ts';
import { account, admin, allowEverywhere, allowEverywhereTo, allowTo, node, pod, secret } from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import { right } from '../right.ts';
import type { Held } from '../rights.ts';
import type { Scene } from '../scene.ts';

const CREATE = right('create certificatesigningrequests');
const APPROVAL = right('update,patch certificatesigningrequests/approval');
const STATUS = right('update,patch certificatesigningrequests/status');
const APPROVE = right('approve signers');
const SIGN = right('sign signers');
const NODE_CLIENT = right('create certificatesigningrequests/nodeclient');
const NEW_SECRETS = right('create secrets');
const BUNDLES = right('create,update,patch clustertrustbundles');

const CLIENT_SIGNERS: ReadonlySet<string | undefined> = new Set([undefined, 'kubernetes.io/kube-apiserver-client', 'kubernetes.io/*']);
const NODE_SIGNER = 'kubernetes.io/kube-apiserver-client-kubelet';
const NODE_SIGNERS: ReadonlySet<string | undefined> = new Set([NODE_SIGNER]);
const PULLS = { imagePullSecrets: [{ name: 's' }] };
const APPROVED = ['create certificatesigningrequests', 'update certificatesigningrequests/approval'] as const;
const SIGNER = 'kubernetes.io/kube-apiserver-client';

export const family = defineFamily({
  edges: {
    CSR_APPROVE: {
      says: 'ask for a client certificate for any name and approve it',
      mitigation: 'Grant approve only on signers that are needed, and never to who may also write the approval.',
    },
    CSR_APPROVE_NODE: {
      says: "ask for a node's certificate and approve it",
      mitigation: 'Take approve on kubernetes.io/kube-apiserver-client-kubelet away; the controller manager approves what nodes ask for.',
    },
    CSR_SIGN: { says: 'sign client certificates as the signer', mitigation: 'Never grant sign on kubernetes.io/kube-apiserver-client.' },
    CSR_KUBELET_CLIENT: {
      says: "ask for a node's certificate, which is approved by itself",
      mitigation: 'Take the right to certificatesigningrequests/nodeclient away when no node joins.',
    },
    BOOTSTRAP_TOKEN_CREATE: {
      says: 'create a bootstrap token and join as a node',
      mitigation: 'Do not let anybody create Secrets in kube-system, or refuse bootstrap tokens there by an admission policy.',
    },
    TRUST_BUNDLE_WRITE: { says: 'add a CA that others trust', mitigation: 'Bind writes of trust bundles to the signer that they are of.' },
  },
  rights: [CREATE, APPROVAL, STATUS, APPROVE, SIGN, NODE_CLIENT, NEW_SECRETS, BUNDLES],
  draw(scene) {
    drawApproval(scene);
    drawSigning(scene);
    drawNodeClient(scene);
    for (const { vertex, namespace, name } of scene.held(NEW_SECRETS)) {
      if (namespace === 'kube-system' && name === undefined) scene.step('BOOTSTRAP_TOKEN_CREATE', vertex, bootstrappers(scene));
    }
    for (const { vertex } of scene.held(BUNDLES))
      scene.step('TRUST_BUNDLE_WRITE', vertex, scene.builder.vertex('TrafficIntercept/trust bundles'));
  },
  examples: () => [
    {
      edge: 'CSR_APPROVE',
      objects: [account('a/x'), ...allowEverywhere(...APPROVED, `approve signers:${SIGNER}`)],
      from: 'ServiceAccount/a/x',
      to: 'User/*',
    },
    {
      edge: 'CSR_APPROVE',
      objects: [account('a/x'), ...allowEverywhere(...APPROVED)],
      from: 'ServiceAccount/a/x',
      to: 'User/*',
      because: 'approving takes the right to the signer as well',
    },
    {
      edge: 'CSR_APPROVE',
      objects: [account('a/x'), ...allowEverywhere(...APPROVED, 'approve signers:kubernetes.io/kubelet-serving')],
      from: 'ServiceAccount/a/x',
      to: 'User/*',
      because: 'certificates of that signer open no door of the API server',
    },
    {
      edge: 'CSR_APPROVE',
      objects: [account('a/x'), ...allowEverywhere(...APPROVED, `approve signers:${SIGNER}`)],
      from: 'ServiceAccount/a/x',
      to: 'Group/system:masters',
      because: 'the API server refuses that organization for this signer',
    },
    {
      edge: 'CSR_APPROVE_NODE',
      objects: [
        account('a/x'),
        node('n'),
        secret('a/s'),
        pod('a/p', PULLS),
        ...allowEverywhere(...APPROVED, `approve signers:${NODE_SIGNER}`),
      ],
      from: 'ServiceAccount/a/x',
      to: 'Secret/a/s',
    },
    {
      edge: 'CSR_APPROVE_NODE',
      objects: [account('a/x'), node('n'), ...allowEverywhere(...APPROVED, `approve signers:${NODE_SIGNER}`)],
      from: 'ServiceAccount/a/x',
      to: 'User/*',
      because: 'that signer makes certificates of nodes only',
    },
    {
      edge: 'CSR_APPROVE_NODE',
      objects: [account('a/x'), node('n'), ...allowEverywhere(...APPROVED, 'approve signers:kubernetes.io/kubelet-serving')],
      from: 'ServiceAccount/a/x',
      to: 'NodeIdentity/n',
      because: 'certificates for serving open no door of the API server',
    },
    {
      edge: 'CSR_SIGN',
      objects: [account('a/x'), ...allowEverywhere('sign signers', 'patch certificatesigningrequests/status')],
      from: 'ServiceAccount/a/x',
      to: 'User/*',
    },
    {
      edge: 'CSR_SIGN',
      objects: [account('a/x'), ...allowEverywhere('sign signers')],
      from: 'ServiceAccount/a/x',
      to: 'User/*',
      because: 'the certificate cannot be written',
    },
    {
      edge: 'CSR_KUBELET_CLIENT',
      objects: [
        account('a/x'),
        node('n'),
        ...allowEverywhere('create certificatesigningrequests', 'create certificatesigningrequests/nodeclient'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'NodeIdentity/n',
    },
    {
      edge: 'CSR_KUBELET_CLIENT',
      objects: [
        account('a/x'),
        node('n'),
        ...allowEverywhere('create certificatesigningrequests', 'create certificatesigningrequests/selfnodeclient'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'NodeIdentity/n',
      because: 'that right only renews the certificate of who has it',
    },
    {
      edge: 'BOOTSTRAP_TOKEN_CREATE',
      objects: [account('a/x'), ...allowTo('a/x', 'kube-system', 'create secrets')],
      from: 'ServiceAccount/a/x',
      to: 'Group/system:bootstrappers',
    },
    {
      edge: 'BOOTSTRAP_TOKEN_CREATE',
      objects: [account('a/x'), ...allowTo('a/x', 'a', 'create secrets')],
      from: 'ServiceAccount/a/x',
      to: 'Group/system:bootstrappers',
      because: 'bootstrap tokens count in kube-system only',
    },
    {
      edge: 'TRUST_BUNDLE_WRITE',
      objects: [account('a/x'), ...allowEverywhere('create clustertrustbundles')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/trust bundles',
    },
    {
      edge: 'TRUST_BUNDLE_WRITE',
      objects: [account('a/x'), ...admin('User/ann'), ...allowEverywhereTo('a/x', 'get clustertrustbundles')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/trust bundles',
      because: 'reading adds nothing',
    },
  ],
});

/** A certificate for any name and any organization but the one that is refused. */
function anybody(scene: Scene): number {
  return scene.hub('a certificate for any name', (hub) => {
    scene.link(hub, scene.builder.vertex('User/*'));
    for (const { name } of scene.tables.Node.all) scene.link(hub, scene.onNode(name, 'NodeIdentity'));
    for (const namespace of scene.namespaces) scene.link(hub, scene.allAccounts(namespace));
    for (const subject of scene.strangers) if (subject.name !== MASTERS) scene.link(hub, scene.subject(subject));
  });
}

/** What the signer of kubelets makes: certificates of nodes, in the group of nodes. */
function anyNode(scene: Scene): number {
  return scene.hub('a certificate of any node', (hub) => {
    scene.link(hub, scene.group(NODES));
    for (const { name } of scene.tables.Node.all) scene.link(hub, scene.onNode(name, 'NodeIdentity'));
  });
}

/** The server asks for `approve` of who writes the approval; asking for the certificate may be anybody's. */
function drawApproval(scene: Scene): void {
  for (const { edge, signers, gives, title } of [
    { edge: 'CSR_APPROVE', signers: CLIENT_SIGNERS, gives: anybody, title: 'approve client certificates' },
    { edge: 'CSR_APPROVE_NODE', signers: NODE_SIGNERS, gives: anyNode, title: "approve nodes' certificates" },
  ]) {
    const approves = scene.hub(title, (hub) => drawApprovers(scene, signers, hub));
    for (const { vertex } of unnamed(scene.held(CREATE))) {
      scene.step(edge, [vertex, approves], gives(scene));
      // Two identities that have one half each: no request of either passes, so this is only told when asked for.
      for (const approval of unnamed(scene.held(APPROVAL))) {
        for (const { vertex: signer, name } of scene.held(APPROVE)) {
          if (signers.has(name)) scene.maybe(edge, 'unknown', { needs: [vertex, approval.vertex, signer], gives: gives(scene) });
        }
      }
    }
  }
}

function drawApprovers(scene: Scene, signers: ReadonlySet<string | undefined>, hub: number): void {
  for (const { subject, entries } of scene.rights.jointly([APPROVAL, APPROVE])) {
    const [approval = [], approve = []] = entries;
    for (const name of signers) {
      const may = scene.rights.as(
        subject,
        { right: APPROVAL, entries: approval, namespace: '' },
        { right: APPROVE, entries: approve, namespace: '', name },
      );
      if (may !== undefined) scene.link(may, hub);
    }
  }
  scene.link(scene.builder.vertex('ClusterAdmin'), hub);
}

function drawSigning(scene: Scene): void {
  for (const { vertex } of unnamed(scene.held(STATUS))) {
    for (const { vertex: signer, name } of scene.held(SIGN)) {
      // Whether the CA key is at hand is not told by any object.
      if (CLIENT_SIGNERS.has(name)) scene.maybe('CSR_SIGN', 'unknown', { needs: [vertex, signer], gives: anybody(scene) });
      if (NODE_SIGNERS.has(name)) scene.maybe('CSR_SIGN', 'unknown', { needs: [vertex, signer], gives: anyNode(scene) });
    }
  }
}

function drawNodeClient(scene: Scene): void {
  for (const { subject, entries } of scene.rights.jointly([CREATE, NODE_CLIENT])) {
    const [create = [], client = []] = entries;
    const may = scene.rights.as(
      subject,
      { right: CREATE, entries: create, namespace: '' },
      { right: NODE_CLIENT, entries: client, namespace: '' },
    );
    if (may !== undefined) scene.step('CSR_KUBELET_CLIENT', may, anyNode(scene));
  }
}

function bootstrappers(scene: Scene): number {
  const group = scene.group('system:bootstrappers');
  return scene.hub('any group of bootstrappers', (hub) => {
    scene.link(hub, group);
    for (const { kind, name } of scene.rbac.subjects)
      if (kind === 'Group' && name.startsWith('system:bootstrappers:')) scene.link(hub, scene.group(name));
  });
}

function unnamed(held: readonly Held[]): readonly Held[] {
  return held.filter(({ name }) => name === undefined);
}
