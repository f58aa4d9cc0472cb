/** `castellan net verify`: whether the cluster enforces what its policies use, tried with pods of our own. */
import type { Client, Connection } from '../collect/cluster/index.ts';
import {
  type Ask,
  type Leftover,
  type Right,
  SURVEYED,
  adminKindsOf,
  chooseFeatures,
  findLeftovers,
  newRun,
  removeLeftovers,
  rightsOf,
  verify,
} from '../enforce/verify/index.ts';
import { durationOf } from '../lib/duration.ts';
import { CastellanError } from '../lib/errors.ts';
import { confirm } from './confirm.ts';
import { interruptible } from './interruption.ts';
import { type ClusterFlags, connected, namespacesOf, progressOf } from './live.ts';
import { netFormat } from './net-input.ts';
import { cleanUpText, leftText, planText, removedText, tellLines } from './net-verify-text.ts';
import { exitOf, writeVerification } from './net-verify-report.ts';

export interface NetVerifyFlags extends ClusterFlags {
  format?: string;
  yes?: boolean;
  all?: boolean;
  cleanUp?: boolean;
  image?: string;
  imagePullSecret?: string;
  node?: string[];
  wait?: string;
}

const DEFAULT_IMAGE = 'node:24-alpine';
const DEFAULT_WAIT = 30_000;
const WHAT = 'net verify writes to the cluster';
const INTERRUPTION = {
  message: 'net verify was interrupted',
  remedy: 'Run the command again; it first removes what could not be removed.',
};

export async function runNetVerify(flags: NetVerifyFlags): Promise<number> {
  netFormat('verify', flags, ['table', 'json']);
  const settings = settingsOf(flags);
  const namespaces = namespacesOf(flags);
  const connection = await connected(flags);
  const onSecond = (): void => tellLines(['castellan: ended at once; the next run offers to remove what is left']);
  return interruptible({ ...INTERRUPTION, onSecond }, (signal) => verified(connection, { flags, settings, namespaces, signal }));
}

interface Wanted {
  flags: NetVerifyFlags;
  settings: Settings;
  namespaces: readonly string[] | undefined;
  signal: AbortSignal;
}

async function verified(connection: Connection, { flags, settings, namespaces, signal }: Wanted): Promise<number> {
  const { Client, listSome } = await import('../collect/cluster/index.ts');
  const [client, last] = [new Client(connection, { signal }), new Client(connection)];
  const survey = await listSome(client, SURVEYED, namespaces);
  const admin = adminKindsOf(survey);
  const leftovers = await findLeftovers(
    askOf(client),
    [...admin.values()].map(({ resource }) => resource),
  );
  if (flags.cleanUp === true) return cleanedUp(connection, { flags, leftovers, ask: askOf(last), signal });
  const { features, uses } = chooseFeatures(survey, { all: flags.all === true, nodes: settings.nodes });
  await checkRights(connection, rightsOf(features, { pullSecret: settings.pullSecret !== undefined }));
  const run = newRun();
  if (flags.quiet !== true || flags.yes !== true) tellLines(planText(connection, { run, features, admin, leftovers, ...settings }));
  await confirm({ yes: flags.yes, what: WHAT, signal });
  const stuck = await removeLeftovers(askOf(last), leftovers);
  const verification = await verify({
    ...settings,
    ask: askOf(client),
    askToTheEnd: askOf(last),
    signal,
    run,
    features,
    admin,
    progress: progressOf(flags) ?? (() => undefined),
    removed: (left) => (flags.quiet === true && left.length === 0 ? undefined : tellLines(removedText(left))),
  });
  if (stuck.length > 0) tellLines(leftText(stuck));
  writeVerification({ connection, image: settings.image, uses, verification, flags });
  return exitOf(verification);
}

async function cleanedUp(
  connection: Connection,
  { flags, leftovers, ask, signal }: { flags: NetVerifyFlags; leftovers: readonly Leftover[]; ask: Ask; signal: AbortSignal },
): Promise<number> {
  tellLines(cleanUpText(connection, leftovers));
  if (!leftovers.some(({ isOver }) => isOver)) return 0;
  await confirm({ yes: flags.yes, what: WHAT, signal });
  const left = await removeLeftovers(ask, leftovers);
  tellLines(removedText(left));
  return left.length === 0 ? 0 : INCOMPLETE;
}

/** As everywhere for what is not known to be whole. */
const INCOMPLETE = 4;

interface Settings {
  image: string;
  nodes: readonly string[];
  pullSecret: { namespace: string; name: string } | undefined;
  /** Milliseconds. */
  wait: number;
}

function settingsOf({ image = DEFAULT_IMAGE, node = [], imagePullSecret, wait }: NetVerifyFlags): Settings {
  if (image.trim() === '') throw new CastellanError('CAS_USAGE', '--image names no image');
  if (node.length > 2) throw new CastellanError('CAS_USAGE', `--node is given ${node.length} times; two nodes are used at most`);
  const [namespace = '', name = '', ...more] = imagePullSecret?.split('/') ?? [];
  if (imagePullSecret !== undefined && (namespace === '' || name === '' || more.length > 0))
    throw new CastellanError('CAS_USAGE', `--image-pull-secret takes NAMESPACE/NAME, not "${imagePullSecret}"`);
  return {
    image,
    nodes: node,
    pullSecret: imagePullSecret === undefined ? undefined : { namespace, name },
    wait: wait === undefined ? DEFAULT_WAIT : (durationOf(wait, '--wait') ?? 0),
  };
}

function askOf(client: Client): Ask {
  return (method, path, body) => client.ask(method, path, body);
}

/** Before anything is written, so that nothing is made that could not be removed. */
async function checkRights(connection: Connection, needed: readonly Right[]): Promise<void> {
  const { missingPermissions } = await import('../collect/cluster/index.ts');
  const missing = await missingPermissions(connection, { needed }).catch((error: unknown) => {
    // Who may not ask for their rights meets them one by one.
    if (error instanceof CastellanError && error.code === 'CAS_SIGN_IN') return [];
    throw error;
  });
  if (missing.length === 0) return;
  const rights = missing.map(({ verb, group, resource }) => `${verb} ${resource}${group === '' ? '' : `.${group}`}`);
  throw new CastellanError('CAS_FORBIDDEN', `${connection.context}: rights are missing, and nothing was written: ${rights.join(', ')}`);
}
