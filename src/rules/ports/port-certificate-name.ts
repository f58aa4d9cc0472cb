import { mitre, nsa } from '../rule.ts';
import { probed } from './port-examples.ts';
import { hasTls, portRule } from './port-rule.ts';

export const rule = portRule({
  id: 'port-certificate-name',
  title: 'Port shows a certificate for another name',
  severity: 'low',
  rationale:
    'Whoever connects by this address cannot check whom they talk to, and is taught to go on without checking; then anybody in between may answer.',
  remedy:
    'Issue the certificate for the address as well (kubeadm: certSANs; etcd: serverCertSANs and peerCertSANs; kubelet: serverTLSBootstrap), or connect by a name that it has.',
  controls: [...nsa('control-plane-hardening', 'encryption-in-transit'), ...mitre('T1557')],
  // Nobody connects to these two by their addresses but who watches them.
  applies: (view) => hasTls(view) && !['kube-controller-manager', 'kube-scheduler', 'kube-proxy'].includes(view.fact.component),
  check({ fact: { tls, host } }) {
    const [first] = tls?.certificates ?? [];
    if (first?.fits !== false) return undefined;
    const names = first.names.slice(0, 5).join(', ');
    return {
      message: `the certificate is not for ${host}${names === '' ? ', and names nobody' : `, but for ${names}`}`,
      path: 'tls.certificates[0].names',
      value: first.names.slice(0, 20),
    };
  },
  examples: () => ({
    good: [probed({}), probed({ component: 'kube-scheduler', certificate: { fits: false } })],
    bad: [{ yaml: probed({ certificate: { fits: false, names: ['DNS:localhost'] } }), path: 'tls.certificates[0].names' }],
  }),
});
