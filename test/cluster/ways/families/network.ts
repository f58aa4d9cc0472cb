/** Ports that are open to others: to pods, and by way of the API server. */
import type { PlainObject } from '../../../../src/graph/family.ts';
import { allowTo, policy } from '../../../../src/graph/example-objects.ts';
import type { Attack } from '../attack.ts';
import { TOKEN_FILE, boxPod, withToken } from '../objects.ts';
import { type Place, type TriedFamily, way } from '../way.ts';

export const family: TriedFamily = {
  ways: [
    way({
      edge: 'POD_TO_POD_NETWORK',
      nodes: true,
      from: inside,
      to: endpoint,
      world: (place) => [boxPod(`${place.ns}/p`), server(place)],
      take: fetchIt,
      nearest: {
        because: 'a policy lets nobody in',
        world: (place) => [closed(place), boxPod(`${place.ns}/p`), server(place)],
        refusal: /ended with/,
      },
    }),
    way({
      edge: 'ENDPOINT_EXPLOIT',
      nodes: true,
      unsure: true,
      from: inside,
      to: ({ ns }) => `Container/${ns}/web/c`,
      exploitable: ({ ns }) => [`Container/${ns}/web/c`],
      world: (place) => [boxPod(`${place.ns}/p`), weakServer(place)],
      take: exploit,
      nearest: {
        because: 'a policy lets nobody in',
        world: (place) => [closed(place), boxPod(`${place.ns}/p`), weakServer(place)],
        refusal: /ended with/,
      },
    }),
    way({
      edge: 'POD_PORTFORWARD',
      nodes: true,
      to: endpoint,
      world: (place) => [closed(place), server(place), ...allowTo(place.x, place.ns, 'get,create pods/portforward')],
      take: async (attack) => {
        const path = `/api/v1/namespaces/${attack.ns}/pods/web/portforward?ports=8080`;
        attack.finds(await attack.stream(path, 'GET / HTTP/1.0\r\n\r\n'));
      },
      nearest: {
        because: 'the grant is for another pod',
        world: (place) => [closed(place), server(place), ...allowTo(place.x, place.ns, 'get,create pods/portforward:other')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'POD_SERVICE_PROXY',
      nodes: true,
      to: endpoint,
      world: (place) => [server(place), ...allowTo(place.x, place.ns, 'get pods/proxy')],
      take: async (attack) => attack.finds(await attack.get(`/api/v1/namespaces/${attack.ns}/pods/web:8080/proxy/`)),
      nearest: {
        because: 'reading a pod object sends it nothing',
        world: (place) => [server(place), ...allowTo(place.x, place.ns, 'get pods')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'NETWORKPOLICY_WRITE',
      nodes: true,
      from: inside,
      to: endpoint,
      world: (place) => [
        closed(place),
        boxPod(`${place.ns}/p`, withToken('x')),
        server(place),
        ...allowTo(place.x, place.ns, 'delete networkpolicies'),
      ],
      take: dropPolicy,
      nearest: {
        because: 'reading policies opens nothing',
        world: (place) => [
          closed(place),
          boxPod(`${place.ns}/p`, withToken('x')),
          server(place),
          ...allowTo(place.x, place.ns, 'get networkpolicies'),
        ],
        refusal: /403/,
      },
    }),
  ],
  untried: { INTERNET_EXPOSURE: 'the test cluster is reached from no internet' },
};

function inside({ ns }: Place): string {
  return `Container/${ns}/p/c`;
}

function endpoint({ ns }: Place): string {
  return `Endpoint/${ns}/web:8080`;
}

const PORTS = { ports: [{ containerPort: 8080 }] };

function server({ ns, word }: Place): PlainObject {
  return boxPod(`${ns}/web`, {}, { ...PORTS, command: ['sh', '-c', `echo ${word} > /tmp/index.html; exec httpd -f -p 8080 -h /tmp`] });
}

/** Whatever is sent to it, it runs. */
function weakServer({ ns, word }: Place): PlainObject {
  return boxPod(
    `${ns}/web`,
    {},
    { ...PORTS, env: [{ name: 'WORD', value: word }], command: ['sh', '-c', 'while :; do nc -l -p 8080 -e sh; done'] },
  );
}

function closed({ ns }: Place): PlainObject {
  return policy(`${ns}/closed`, { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'], ingress: [] });
}

async function addressOf(attack: Attack): Promise<string> {
  const text = await attack.asAdministrator('GET', `/api/v1/namespaces/${attack.ns}/pods/web`);
  return (JSON.parse(text) as { status: { podIP: string } }).status.podIP;
}

async function fetchIt(attack: Attack): Promise<void> {
  attack.finds(await attack.run(`timeout 3 wget -qO- http://${await addressOf(attack)}:8080/`));
}

async function exploit(attack: Attack): Promise<void> {
  const address = await addressOf(attack);
  await attack.eventually(async () => attack.finds(await attack.run(`(echo 'echo $WORD; exit'; sleep 1) | timeout 3 nc ${address} 8080`)));
}

async function dropPolicy(attack: Attack): Promise<void> {
  const token = await attack.run(`cat ${TOKEN_FILE}`);
  await attack.ask('DELETE', `/apis/networking.k8s.io/v1/namespaces/${attack.ns}/networkpolicies/closed`, { as: { token } });
  await attack.eventually(() => fetchIt(attack));
}
