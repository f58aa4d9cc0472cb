/** Getting between others and what they talk to: on real nodes a pod of the attacker answers for another. */
import type { PlainObject } from '../../../../src/graph/family.ts';
import { allowTo, service } from '../../../../src/graph/example-objects.ts';
import type { Attack } from '../attack.ts';
import { boxPod } from '../objects.ts';
import { type Place, Refused, type TriedFamily, way } from '../way.ts';

export const family: TriedFamily = {
  ways: [
    way({
      edge: 'POD_LABEL_HIJACK',
      nodes: true,
      to: ({ ns }) => `TrafficIntercept/pods in ${ns}`,
      world: (place) => [...shop(place), ...allowTo(place.x, place.ns, 'patch pods')],
      take: async (attack) => {
        await attack.patch(`/api/v1/namespaces/${attack.ns}/pods/mine`, { metadata: { labels: { app: 'web' } } });
        await answeredByMine(attack);
      },
      nearest: {
        because: 'listing changes no label',
        world: (place) => [...shop(place), ...allowTo(place.x, place.ns, 'list pods')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'SERVICE_SELECTOR',
      nodes: true,
      to: ({ ns }) => `TrafficIntercept/Services in ${ns}`,
      world: (place) => [...shop(place), ...allowTo(place.x, place.ns, 'patch services:web')],
      take: async (attack) => {
        await attack.patch(`/api/v1/namespaces/${attack.ns}/services/web`, { spec: { selector: { app: 'mine' } } });
        await answeredByMine(attack);
      },
      nearest: {
        because: 'a new Service takes no traffic of others',
        world: (place) => [...shop(place), ...allowTo(place.x, place.ns, 'create services')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'ENDPOINTSLICE_HIJACK',
      nodes: true,
      to: ({ ns }) => `TrafficIntercept/Services in ${ns}`,
      world: (place) => [...shop(place), ...allowTo(place.x, place.ns, 'create endpointslices')],
      take: addSlice,
      nearest: {
        because: 'the group is not theirs',
        world: (place) => [...shop(place), ...allowTo(place.x, place.ns, 'create endpointslices.apps')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'SERVICE_EXTERNALIP',
      nodes: true,
      to: ({ ns }) => `TrafficIntercept/addresses in ${ns}`,
      world: (place) => [...shop(place), ...allowTo(place.x, place.ns, 'create services')],
      take: claimAddress,
      nearest: {
        because: 'reading claims nothing',
        world: (place) => [...shop(place), ...allowTo(place.x, place.ns, 'get services')],
        refusal: /403/,
      },
    }),
  ],
  untried: {
    COREDNS_CONFIG: 'the test cluster has no DNS',
    GATEWAY_ROUTE_HIJACK: 'the test cluster has no gateway controller',
    MESH_POLICY_WRITE: 'the test cluster has no mesh',
    MESH_IDENTITY: 'the test cluster has no mesh',
  },
};

/** A Service with its pod, the pod of the attacker, and somebody who asks. */
function shop({ ns }: Place): PlainObject[] {
  const serve = (text: string): PlainObject => ({ command: ['sh', '-c', `echo ${text} > /tmp/index.html; exec httpd -f -p 8080 -h /tmp`] });
  return [
    service(`${ns}/web`, { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] }),
    boxPod(`${ns}/web`, {}, serve('theirs')),
    boxPod(`${ns}/mine`, {}, serve('mine')),
    boxPod(`${ns}/client`),
  ];
}

async function addressOf(attack: Attack): Promise<string> {
  const text = await attack.asAdministrator('GET', `/api/v1/namespaces/${attack.ns}/services/web`);
  return (JSON.parse(text) as { spec: { clusterIP: string } }).spec.clusterIP;
}

async function answeredByMine(attack: Attack, address?: string): Promise<void> {
  const at = address ?? (await addressOf(attack));
  await attack.eventually(async () => {
    // Several pods may answer by turns.
    const ask = `for i in 1 2 3 4 5 6 7 8; do timeout 2 wget -qO- http://${at}/ || true; done`;
    const said = await attack.cluster.kubectl(['exec', '-n', attack.ns, 'client', '--', 'sh', '-c', ask]);
    if (!said.includes('mine')) throw new Refused(`the others answer: ${said}`);
  });
}

async function podAddress(attack: Attack): Promise<string> {
  const text = await attack.asAdministrator('GET', `/api/v1/namespaces/${attack.ns}/pods/mine`);
  return (JSON.parse(text) as { status: { podIP: string } }).status.podIP;
}

async function addSlice(attack: Attack): Promise<void> {
  await attack.post(`/apis/discovery.k8s.io/v1/namespaces/${attack.ns}/endpointslices`, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'mine', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    endpoints: [{ addresses: [await podAddress(attack)], conditions: { ready: true } }],
  });
  await answeredByMine(attack);
}

/** An address that is somebody else's: nobody's here, so that nothing is disturbed. */
async function claimAddress(attack: Attack): Promise<void> {
  const address = `198.51.100.${attack.place.port % 250}`;
  await attack.post(`/api/v1/namespaces/${attack.ns}/services`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'claim' },
    spec: { selector: { app: 'mine' }, externalIPs: [address], ports: [{ port: 80, targetPort: 8080 }] },
  });
  await answeredByMine(attack, address);
}
