/** Identities made by the certificates API. */
import { admin, allowEverywhereTo, allowTo } from '../../../../src/graph/example-objects.ts';
import type { Attack } from '../attack.ts';
import { type CertificateRequest, certificateRequest } from '../certificate-request.ts';
import { Refused, type TriedFamily, way } from '../way.ts';
import { bootstrapId, bootstrapToken } from './secret-content.ts';

const API = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const CLIENT = 'kubernetes.io/kube-apiserver-client';
const KUBELET = 'kubernetes.io/kube-apiserver-client-kubelet';

const MAY_APPROVE = ['create certificatesigningrequests', 'get certificatesigningrequests', 'update certificatesigningrequests/approval'];

export const family: TriedFamily = {
  ways: [
    way({
      edge: 'CSR_APPROVE',
      to: () => 'ClusterAdmin',
      world: ({ ns, x }) => [
        ...admin(`User/${ns}`),
        ...allowEverywhereTo(
          x,
          'create certificatesigningrequests',
          'get certificatesigningrequests',
          'update certificatesigningrequests/approval',
          `approve signers:${CLIENT}`,
        ),
      ],
      take: approveOwn,
      nearest: {
        because: 'approving takes the right to the signer as well',
        world: ({ ns, x }) => [
          ...admin(`User/${ns}`),
          ...allowEverywhereTo(
            x,
            'create certificatesigningrequests',
            'get certificatesigningrequests',
            'update certificatesigningrequests/approval',
          ),
        ],
        refusal: /403.*approve/,
      },
    }),
    way({
      edge: 'CSR_APPROVE_NODE',
      to: () => 'Group/system:nodes',
      world: ({ x }) => allowEverywhereTo(x, ...MAY_APPROVE, `approve signers:${KUBELET}`),
      take: approveNode,
      nearest: {
        because: 'certificates of the other signer for kubelets are for serving',
        world: ({ x }) => allowEverywhereTo(x, ...MAY_APPROVE, 'approve signers:kubernetes.io/kubelet-serving'),
        refusal: /403.*approve/,
      },
    }),
    way({
      edge: 'CSR_SIGN',
      unsure: true,
      to: () => 'ClusterAdmin',
      world: ({ ns, x }) => [
        ...admin(`User/${ns}`),
        ...allowEverywhereTo(x, `sign signers:${CLIENT}`, 'patch certificatesigningrequests/status'),
      ],
      take: signOther,
      nearest: {
        because: 'the right to the signer is missing',
        world: ({ ns, x }) => [...admin(`User/${ns}`), ...allowEverywhereTo(x, 'patch certificatesigningrequests/status')],
        refusal: /403.*sign/,
      },
    }),
    way({
      edge: 'CSR_KUBELET_CLIENT',
      to: () => 'Group/system:nodes',
      world: ({ x }) =>
        allowEverywhereTo(
          x,
          'create certificatesigningrequests',
          'get certificatesigningrequests',
          'create certificatesigningrequests/nodeclient',
        ),
      take: becomeNode,
      nearest: {
        because: 'the right of nodes to renew their own makes no new one',
        world: ({ x }) =>
          allowEverywhereTo(
            x,
            'create certificatesigningrequests',
            'get certificatesigningrequests',
            'create certificatesigningrequests/selfnodeclient',
          ),
        refusal: /no certificate/,
      },
    }),
    way({
      edge: 'BOOTSTRAP_TOKEN_CREATE',
      to: () => 'Group/system:bootstrappers',
      world: ({ x }) => allowTo(x, 'kube-system', 'create secrets'),
      take: (attack) => makeBootstrapToken(attack, 'kube-system'),
      nearest: {
        because: 'bootstrap tokens count in kube-system only',
        world: ({ ns, x }) => allowTo(x, ns, 'create secrets'),
        refusal: /403/,
      },
    }),
  ],
  untried: { TRUST_BUNDLE_WRITE: 'nothing in the test cluster trusts a bundle, so there is no effect to see' },
};

interface Asked {
  name: string;
  groups?: readonly string[];
  signer: string;
}

async function ask(attack: Attack, { name, groups = [], signer }: Asked): Promise<CertificateRequest> {
  const made = certificateRequest({ name, groups });
  await attack.post(API, {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: attack.ns },
    spec: { signerName: signer, request: Buffer.from(made.request).toString('base64'), usages: ['digital signature', 'client auth'] },
  });
  return made;
}

async function certificateOf(attack: Attack): Promise<string> {
  return attack.eventually(async () => {
    const { status } = JSON.parse(await attack.get(`${API}/${attack.ns}`)) as { status?: { certificate?: string } };
    if (status?.certificate === undefined) throw new Refused('there is no certificate');
    return Buffer.from(status.certificate, 'base64').toString();
  });
}

async function approveOwn(attack: Attack): Promise<void> {
  const { key } = await ask(attack, { name: attack.ns, signer: CLIENT });
  await approve(attack);
  await attack.controlsCluster({ certificate: { certificate: await certificateOf(attack), key } });
}

async function approveNode(attack: Attack): Promise<void> {
  const { key } = await ask(attack, { name: `system:node:${attack.ns}`, groups: ['system:nodes'], signer: KUBELET });
  await approve(attack);
  await attack.is('system:nodes', { certificate: { certificate: await certificateOf(attack), key } });
}

async function approve(attack: Attack): Promise<void> {
  const current = JSON.parse(await attack.get(`${API}/${attack.ns}`)) as Record<string, unknown>;
  const conditions = [{ type: 'Approved', status: 'True', reason: 'Mine', message: 'mine' }];
  await attack.ask('PUT', `${API}/${attack.ns}/approval`, { body: { ...current, status: { conditions } } });
}

/** The signer's key is at hand here, as it is for who runs the signer; whoever signs needs no approval of his own. */
async function signOther(attack: Attack): Promise<void> {
  const made = certificateRequest({ name: attack.ns, groups: [] });
  const spec = {
    signerName: CLIENT,
    request: Buffer.from(made.request).toString('base64'),
    usages: ['digital signature', 'client auth'],
  };
  const metadata = { name: attack.ns };
  await attack.asAdministrator('POST', API, { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata, spec });
  const { certificate, key } = attack.cluster.pki.authority.issue({ name: attack.ns });
  await attack.patch(`${API}/${attack.ns}/status`, { status: { certificate: Buffer.from(certificate).toString('base64') } });
  await attack.controlsCluster({ certificate: { certificate, key } });
}

async function becomeNode(attack: Attack): Promise<void> {
  const { key } = await ask(attack, { name: `system:node:${attack.ns}`, groups: ['system:nodes'], signer: KUBELET });
  await attack.is('system:nodes', { certificate: { certificate: await certificateOf(attack), key } });
}

async function makeBootstrapToken(attack: Attack, namespace: string): Promise<void> {
  const made = bootstrapToken(namespace, attack.place) as { stringData: Record<string, string> };
  await attack.post(`/api/v1/namespaces/${namespace}/secrets`, made);
  const token = `${bootstrapId(attack.place)}.${made.stringData['token-secret']}`;
  await attack.eventually(() => attack.is('system:bootstrappers', { token }));
}
