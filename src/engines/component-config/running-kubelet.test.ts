import { expect, it } from 'vitest';
import { nodeFacts } from '../../../test/rule-tester.ts';
import { type EndpointFact, type NodeFacts, nodeFactsOf } from '../../snapshot/index.ts';
import { viewsOfNodes } from './node-view.ts';

const OWN = { tlsCertFile: '/var/lib/kubelet/pki/kubelet.crt', tlsPrivateKeyFile: '/var/lib/kubelet/pki/kubelet.key' };
const GIVEN = { tlsCertFile: '/var/lib/kubelet/kubelet.crt', tlsPrivateKeyFile: '/var/lib/kubelet/kubelet.key' };

function answering(config: Readonly<Record<string, unknown>>): { endpoints: EndpointFact[] } {
  const fact = { node: 'n1', host: '10.0.0.1', port: 10_250, component: 'kubelet', use: 'api', http: false, answers: [] };
  return { endpoints: [{ ...fact, configz: { by: 'certificate', config } } as unknown as EndpointFact] };
}

function told(config: string): NodeFacts {
  const files = { '/var/lib/kubelet/config.yaml': `600 root:root ${config}` };
  const processes = [['kubelet', '--config=/var/lib/kubelet/config.yaml']];
  return nodeFactsOf(JSON.parse(nodeFacts({ node: 'n1', processes, files })), 'facts');
}

function certificateShown(config: Readonly<Record<string, unknown>>, nodes: readonly NodeFacts[] = []): unknown {
  const [view] = viewsOfNodes(nodes, answering(config));
  return view?.objects.findLast(({ origin }) => origin.source.endsWith('/configz'))?.object.tlsCertFile;
}

it('a certificate that the kubelet made and shows is none that it was given', () => {
  expect(certificateShown(OWN)).toBeUndefined();
  expect(certificateShown(OWN, [told('{"kind": "KubeletConfiguration"}')])).toBeUndefined();
});

it('one that somebody set is one', () => {
  expect(certificateShown(GIVEN)).toBe(GIVEN.tlsCertFile);
  expect(certificateShown({ ...OWN, tlsPrivateKeyFile: GIVEN.tlsPrivateKeyFile })).toBe(OWN.tlsCertFile);
  expect(certificateShown(OWN, [told(JSON.stringify({ kind: 'KubeletConfiguration', ...OWN }))])).toBe(OWN.tlsCertFile);
});
