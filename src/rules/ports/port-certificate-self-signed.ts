import { mitre, nsa } from '../rule.ts';
import { probed } from './port-examples.ts';
import { hasTls, portRule } from './port-rule.ts';

export const rule = portRule({
  id: 'port-certificate-self-signed',
  title: 'Port shows a certificate that nobody vouches for',
  severity: 'low',
  rationale:
    'What a component signs for itself tells no client whom it talks to. The API server then sends logs, commands and credentials for exec to whoever answers at the address of the node.',
  remedy:
    'Have the CA of the cluster sign it: serverTLSBootstrap: true for kubelets (and approve the requests), --cert-file and --peer-cert-file instead of --auto-tls for etcd, --tls-cert-file for the API server.',
  controls: [...nsa('control-plane-hardening', 'encryption-in-transit'), ...mitre('T1557')],
  // The others make their own unless told otherwise, and nobody but who watches them connects.
  applies: (view) => hasTls(view) && ['kube-apiserver', 'kubelet', 'etcd'].includes(view.fact.component),
  check({ fact: { tls } }) {
    const [first] = tls?.certificates ?? [];
    if (first === undefined || !(first.selfSigned || isOwnAuthority(first.issuer))) return undefined;
    const { subject, issuer } = first;
    return {
      message: `${subject} is signed by ${first.selfSigned ? 'itself' : `${issuer}, which the kubelet made itself`}`,
      path: 'tls.certificates[0].issuer',
      value: issuer,
    };
  },
  examples: () => ({
    good: [probed({}), probed({ component: 'kube-scheduler', certificate: { selfSigned: true } })],
    bad: [
      { yaml: probed({ component: 'kubelet', certificate: { selfSigned: true } }), path: 'tls.certificates[0].issuer' },
      { yaml: probed({ component: 'kubelet', certificate: { issuer: 'CN=node1-ca@1750000000' } }), path: 'tls.certificates[0].issuer' },
    ],
  }),
});

/** client-go/util/cert makes an authority for one certificate, and names it after the host and the time. */
function isOwnAuthority(issuer: string): boolean {
  return /^CN=\S+-ca@\d{9,11}$/.test(issuer);
}
