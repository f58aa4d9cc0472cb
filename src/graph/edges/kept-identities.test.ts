/** Client certificates in Secrets, with keys that belong to them or to others. */
import { expect, it } from 'vitest';
import { makeAuthority } from '../../../test/cluster/certificates.ts';
import { clusterOf } from '../../../test/rule-tester.ts';
import { AttackGraph } from '../attack-graph.ts';
import { admin, configMap, secret } from '../example-objects.ts';

const OWN = makeAuthority('kubernetes');
const ANN = OWN.issue({ name: 'ann' });
const BOB = OWN.issue({ name: 'bob' });
const OTHER = makeAuthority('kubernetes').issue({ name: 'ann' });

function classesOf(values: Readonly<Record<string, string>>): string[] | undefined {
  const objects = [configMap('kube-system/kube-root-ca.crt', { 'ca.crt': OWN.certificate }), secret('a/k', { data: encoded(values) })];
  const graph = new AttackGraph(clusterOf([...objects, ...admin('User/ann')]));
  const [from, to] = [graph.find('Secret/a/k'), graph.find('ClusterAdmin')];
  const chain = from === undefined || to === undefined ? undefined : graph.chains(from, to, { count: 1 })[0];
  return chain?.filter(({ edge }) => edge === 'CERTIFICATE_INSIDE').map(({ klass }) => klass);
}

function encoded(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
}

it.each([
  ['leads on with its key', { 'tls.crt': ANN.certificate, 'tls.key': ANN.key }, ['configuration']],
  ['leads on under other names', { 'client.pem': ANN.certificate, 'client-key.pem': ANN.key }, ['configuration']],
  ['may lead on with a key that cannot be read', { 'tls.crt': ANN.certificate, 'tls.key': 'x' }, ['unknown']],
  ['is of no use without a key', { 'tls.crt': ANN.certificate }, undefined],
  ['is of no use with the key of another', { 'tls.crt': ANN.certificate, 'tls.key': BOB.key }, undefined],
  ['is of no use where another authority of the name signed it', { 'tls.crt': OTHER.certificate, 'tls.key': OTHER.key }, undefined],
])('a client certificate %s', (_, values, expected) => {
  expect(classesOf(values)).toEqual(expected);
});
