/** Getting into pods that run already. */
import type { PlainObject } from '../../../../src/graph/family.ts';
import { allowTo, restricted } from '../../../../src/graph/example-objects.ts';
import { BOX, PAUSE } from '../../node/images.ts';
import type { Attack } from '../attack.ts';
import { RESTRICTED, boxPod } from '../objects.ts';
import { type Place, Refused, type TriedFamily, way } from '../way.ts';

/** What kubectl asks for before it connects. */
const LOOK = 'get pods';

export const family: TriedFamily = {
  ways: [
    way({
      edge: 'POD_EXEC',
      nodes: true,
      to: container,
      world: (place) => [victim(place), ...allowTo(place.x, place.ns, LOOK, 'create pods/exec')],
      take: exec,
      nearest: {
        because: 'the grant is for another pod',
        world: (place) => [victim(place), ...allowTo(place.x, place.ns, LOOK, 'create pods/exec:other')],
        refusal: /Forbidden|forbidden/,
      },
    }),
    way({
      edge: 'POD_EXEC',
      nodes: true,
      releases: ['1.31.0'],
      to: container,
      world: (place) => [victim(place), ...allowTo(place.x, place.ns, LOOK, 'get pods/exec')],
      take: exec,
      nearest: {
        because: 'reading logs runs nothing',
        world: (place) => [victim(place), ...allowTo(place.x, place.ns, LOOK, 'get pods/log')],
        refusal: /Forbidden|forbidden/,
      },
    }),
    way({
      edge: 'POD_EXEC',
      nodes: true,
      releases: ['1.36.3'],
      to: container,
      world: (place) => [victim(place), ...allowTo(place.x, place.ns, LOOK, 'get,create pods/exec')],
      take: exec,
      nearest: {
        because: 'from 1.35 the server asks for create as well',
        world: (place) => [victim(place), ...allowTo(place.x, place.ns, LOOK, 'get pods/exec')],
        refusal: /Forbidden|forbidden/,
      },
    }),
    way({
      edge: 'POD_ATTACH',
      nodes: true,
      to: container,
      world: (place) => [listener(place), ...allowTo(place.x, place.ns, LOOK, 'create pods/attach')],
      take: attach,
      nearest: {
        because: 'the grant is for another pod',
        world: (place) => [listener(place), ...allowTo(place.x, place.ns, LOOK, 'create pods/attach:other')],
        refusal: /Forbidden|forbidden/,
      },
    }),
    way({
      edge: 'EPHEMERAL_CONTAINER',
      nodes: true,
      to: container,
      world: (place) => [restricted(place.ns), victim(place, RESTRICTED), ...allowTo(place.x, place.ns, 'patch pods/ephemeralcontainers')],
      take: debug,
      nearest: {
        because: 'the right to change pods is not one to debug them',
        world: (place) => [restricted(place.ns), victim(place, RESTRICTED), ...allowTo(place.x, place.ns, 'patch pods/status')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'POD_IMAGE_PATCH',
      nodes: true,
      to: container,
      world: (place) => [victim(place), ...allowTo(place.x, place.ns, 'patch pods')],
      take: changeImage,
      nearest: {
        because: 'the status holds no image that runs',
        world: (place) => [victim(place), ...allowTo(place.x, place.ns, 'patch pods/status')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'POD_LOG_READ',
      nodes: true,
      to: ({ ns }) => `Credential/logs in ${ns}`,
      world: (place) => [talker(place), ...allowTo(place.x, place.ns, 'get pods/log')],
      take: (attack) => attack.eventually(async () => attack.finds(await attack.get(`/api/v1/namespaces/${attack.ns}/pods/p/log`))),
      nearest: {
        because: 'logs are a resource of their own',
        world: (place) => [talker(place), ...allowTo(place.x, place.ns, 'get pods')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'POD_BINDING',
      nodes: true,
      to: ({ ns }) => `PolicyBypass/scheduling in ${ns}`,
      world: (place) => [pending(place), ...allowTo(place.x, place.ns, 'create pods/binding')],
      take: bind,
      nearest: {
        because: 'evicting places nothing',
        world: (place) => [pending(place), ...allowTo(place.x, place.ns, 'create pods/eviction')],
        refusal: /403/,
      },
    }),
  ],
  untried: { POD_STEAL: 'it closes a node to all pods, those of the other tries as well' },
};

function container({ ns }: Place): string {
  return `Container/${ns}/p/c`;
}

function victim({ ns, word }: Place, securityContext: PlainObject = {}): PlainObject {
  return boxPod(`${ns}/p`, {}, { env: [{ name: 'WORD', value: word }], securityContext });
}

function talker({ ns, word }: Place): PlainObject {
  return boxPod(`${ns}/p`, {}, { command: ['sh', '-c', `echo ${word}; sleep 100000`] });
}

/** A shell that waits for what somebody types. */
function listener({ ns, word }: Place): PlainObject {
  return boxPod(`${ns}/p`, { restartPolicy: 'Never' }, { env: [{ name: 'WORD', value: word }], command: ['sh'], stdin: true });
}

function pending({ ns }: Place): PlainObject {
  return boxPod(`${ns}/p`, { nodeName: undefined, schedulerName: 'nobody' });
}

async function exec(attack: Attack): Promise<void> {
  attack.finds(await attack.kubectl(['exec', '-n', attack.ns, 'p', '--', 'env']));
}

/** What the shell says may come too late for who attached, but not for the log. */
async function attach(attack: Attack): Promise<void> {
  await attack.kubectl(['attach', '-i', '-n', attack.ns, 'p'], { stdin: 'echo $WORD; sleep 1; exit\n' });
  await attack.eventually(async () => attack.finds(await attack.asAdministrator('GET', `/api/v1/namespaces/${attack.ns}/pods/p/log`)));
}

/** Beside the process that is looked for, as the same user, its memory and environment lie open. */
async function debug(attack: Attack): Promise<void> {
  const own = { name: 'debug', image: BOX, command: ['sleep', '100000'], targetContainerName: 'c', securityContext: RESTRICTED };
  await attack.patch(`/api/v1/namespaces/${attack.ns}/pods/p/ephemeralcontainers`, { spec: { ephemeralContainers: [own] } });
  attack.finds(await attack.inOwnPod('p', 'cat /proc/1/environ', 'debug'));
}

async function changeImage(attack: Attack): Promise<void> {
  const path = `/api/v1/namespaces/${attack.ns}/pods/p`;
  await attack.patch(path, { spec: { containers: [{ ...victimContainer(attack), image: PAUSE }] } });
  await attack.eventually(async () => {
    const { status } = JSON.parse(await attack.asAdministrator('GET', path)) as {
      status: { containerStatuses: { image: string; state: { running?: unknown } }[] };
    };
    const [first] = status.containerStatuses;
    if (first?.image !== PAUSE || first.state.running === undefined) throw new Refused(`it runs ${first?.image ?? 'nothing'}`);
  });
}

/** A patch that merges takes a list as a whole. */
function victimContainer({ place }: Attack): PlainObject {
  const { spec } = victim(place) as { spec: { containers: [PlainObject] } };
  return spec.containers[0];
}

async function bind(attack: Attack): Promise<void> {
  const path = `/api/v1/namespaces/${attack.ns}/pods/p`;
  const target = { apiVersion: 'v1', kind: 'Node', name: 'node2' };
  await attack.post(`${path}/binding`, { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'p' }, target });
  await attack.eventually(async () => {
    const { spec } = JSON.parse(await attack.asAdministrator('GET', path)) as { spec: { nodeName?: string } };
    if (spec.nodeName !== 'node2') throw new Refused('it is on no node');
  });
}
