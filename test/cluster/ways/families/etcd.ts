/** Ways to what etcd holds. */
import type { TriedFamily } from '../way.ts';

export const family: TriedFamily = {
  ways: [],
  untried: {
    ETCD_NODE: 'etcd of the test cluster runs beside its nodes; ETCD_ACCESS reads its files',
    ETCD_PORT: 'etcd of the test cluster listens on loopback only',
    ETCD_WITHOUT_CERTIFICATE: 'etcd of the test cluster asks for certificates, as every shared machine must',
    ETCD_CLIENT_CERTIFICATE: 'which etcd a certificate is for is known by the name of its Secret alone; ETCD_ACCESS signs in with one',
  },
};
