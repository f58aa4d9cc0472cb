/** Secrets and tokens that the API hands out to whoever may ask. */
import { groupBy } from '../../lib/groups.ts';
import { account, allow, allowEverywhere, secret, strong } from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import { type Right, right } from '../right.ts';
import { ANYWHERE } from '../right-entries.ts';
import type { Held } from '../rights.ts';
import type { Scene } from '../scene.ts';

const LIST = right('list,watch secrets');
/** The answer is the list of what went, also where nothing goes as it is a dry run. It carries no name. */
const COLLECT = right('deletecollection secrets');
const GET = right('get secrets');
/** The answer to a patch is the whole object, and so is that to a delete in the foreground; a dry run changes nothing. */
const TOUCH = right('patch,delete secrets');
const CREATE = right('create secrets');
const TOKEN = right('create serviceaccounts/token');

const READS = [
  [LIST, 'SECRET_LIST'],
  [COLLECT, 'SECRET_LIST'],
  [GET, 'SECRET_GET'],
  [TOUCH, 'SECRET_GET'],
] as const;

const DB = secret('a/db');

export const family = defineFamily({
  edges: {
    SECRET_LIST: {
      says: 'list Secrets, which returns their contents',
      mitigation: 'Grant get on the names that are needed; list, watch and deletecollection hand out every Secret.',
    },
    SECRET_GET: {
      says: 'read Secrets by name',
      mitigation: 'Name the Secrets in resourceNames; patch and delete answer with the content as get does.',
    },
    TOKEN_REQUEST: {
      says: 'request a token of the account',
      mitigation: 'Name the accounts in resourceNames, and keep edit away from namespaces with strong accounts.',
    },
    TOKEN_SECRET_MINT: {
      says: 'create a token Secret for an account and read what the controller fills in',
      mitigation: 'Take create on Secrets away, or refuse the type kubernetes.io/service-account-token by an admission policy.',
    },
  },
  rights: [...READS.map(([asked]) => asked), CREATE, TOKEN],
  draw(scene) {
    for (const [asked, edge] of READS) {
      for (const { vertex, namespace, name } of readersBy(scene, asked))
        scene.step(edge, vertex, name === undefined ? scene.allSecrets(namespace) : scene.secret(namespace, name));
      const everywhere = scene.rights.in(asked, ANYWHERE);
      if (everywhere !== undefined) scene.step(edge, everywhere, scene.builder.vertex('AllSecrets'));
    }
    for (const { vertex, namespace, name } of scene.held(TOKEN)) {
      if (name === undefined) scene.step('TOKEN_REQUEST', vertex, scene.allAccounts(namespace));
      else if (scene.accountsIn(namespace).has(name)) scene.step('TOKEN_REQUEST', vertex, scene.account(namespace, name));
    }
    drawMint(scene);
  },
  examples: () => [
    { edge: 'SECRET_LIST', objects: [DB, ...allow('a', 'list secrets')], from: 'ServiceAccount/a/x', to: 'Secret/a/db' },
    {
      edge: 'SECRET_LIST',
      objects: [DB, ...strong(), ...allow('a', 'list secrets')],
      from: 'ServiceAccount/a/x',
      to: 'ServiceAccount/a/strong',
      because: 'no token Secret exists by itself since 1.24',
    },
    { edge: 'SECRET_GET', objects: [DB, ...allow('a', 'get secrets:db')], from: 'ServiceAccount/a/x', to: 'Secret/a/db' },
    {
      edge: 'SECRET_GET',
      objects: [DB, ...allow('a', 'get secrets:other')],
      from: 'ServiceAccount/a/x',
      to: 'Secret/a/db',
      because: 'another name is granted',
    },
    ...['patch secrets:db', 'delete secrets:db'].map((what) => ({
      edge: 'SECRET_GET',
      objects: [DB, ...allow('a', what)],
      from: 'ServiceAccount/a/x',
      to: 'Secret/a/db',
    })),
    {
      edge: 'SECRET_GET',
      objects: [DB, ...allow('a', 'update secrets')],
      from: 'ServiceAccount/a/x',
      to: 'Secret/a/db',
      because: 'what is put in its place is all that the server answers with',
    },
    { edge: 'SECRET_LIST', objects: [DB, ...allow('a', 'deletecollection secrets')], from: 'ServiceAccount/a/x', to: 'Secret/a/db' },
    {
      edge: 'SECRET_LIST',
      objects: [DB, ...allow('a', 'deletecollection secrets:db')],
      from: 'ServiceAccount/a/x',
      to: 'Secret/a/db',
      because: 'deleting all of them carries no name',
    },
    {
      edge: 'TOKEN_REQUEST',
      objects: [...strong(), ...allow('a', 'create serviceaccounts/token:strong')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'TOKEN_REQUEST',
      objects: [...strong(), ...allow('a', 'create serviceaccounts')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'creating accounts makes no token',
    },
    {
      edge: 'TOKEN_SECRET_MINT',
      objects: [...strong(), ...allow('a', 'create secrets', 'get secrets')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'TOKEN_SECRET_MINT',
      objects: [...strong(), ...allow('a', 'create secrets', 'patch secrets')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'TOKEN_SECRET_MINT',
      objects: [...strong(), ...allow('a', 'create secrets')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'what is written cannot be read back',
    },
    {
      edge: 'TOKEN_SECRET_MINT',
      objects: [...strong(), account('b/y'), ...allow('b', 'create secrets'), ...allowEverywhere('get secrets')],
      from: 'ServiceAccount/a/x',
      to: 'ServiceAccount/a/strong',
      because: 'a token Secret is for accounts of its own namespace',
    },
  ],
});

function readersBy(scene: Scene, asked: Right): readonly Held[] {
  return asked === COLLECT ? scene.held(asked).filter(({ name }) => name === undefined) : scene.held(asked);
}

/** Reading may be by any way: the API, or a pod that mounts the Secret. A name that is free to choose is read by a grant for it. */
function drawMint(scene: Scene): void {
  const readers = READS.map(([asked]) => groupBy(readersBy(scene, asked), ({ namespace }) => namespace));
  for (const { vertex, namespace, name } of scene.held(CREATE)) {
    if (name !== undefined) continue;
    const read = scene.hub(`read new Secrets in ${namespace}`, (hub) => {
      for (const reading of readers) {
        for (const held of reading.get(namespace) ?? []) {
          if (held.name === undefined || scene.tables.Secret.get(namespace, held.name) === undefined) scene.link(held.vertex, hub);
        }
      }
    });
    scene.step('TOKEN_SECRET_MINT', [vertex, read], scene.allAccounts(namespace));
  }
}
