/** Sets up what a run needs, and takes it down again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CastellanError } from '../../lib/errors.ts';
import { isRecord } from '../../lib/record.ts';
import { type Ask, type Fields, NAMESPACES, PODS, SECRETS, itemsOf, objectOf, pathOf } from './api.ts';
import { type PodState, podState } from './pod-state.ts';
import {
  type PodName,
  type PodSettings,
  CLIENTS,
  TARGETS,
  namespaceObject,
  namespaceOf,
  ownerReference,
  podObject,
  secretObject,
} from './pods.ts';
import type { ProberConfig } from './prober.ts';
import type { Run } from './run.ts';
import { type Probe, keyOf } from './trials.ts';
import type { Writer } from './writer.ts';

export interface Plan {
  run: Run;
  settings: Omit<PodSettings, 'pullSecret'>;
  /** To be copied for the pods. */
  pullSecret: { namespace: string; name: string } | undefined;
  /** Everything that is going to be asked. */
  probes: readonly Probe[];
}

export interface Settings {
  ask: Ask;
  writer: Writer;
  signal: AbortSignal;
  poll: number;
  /** Milliseconds for the pods to start. */
  start: number;
}

export interface Actors {
  address: (pod: PodName) => string;
  node: (pod: PodName) => string;
  /** On which any of them runs. */
  nodes: readonly string[];
  /** A reference to the first namespace, as the owner of what lies in none. */
  owner: Fields;
}

export async function setUp(plan: Plan, settings: Settings): Promise<Actors> {
  const { run } = plan;
  const { ask, writer } = settings;
  const secret = plan.pullSecret === undefined ? undefined : await readSecret(ask, plan.pullSecret);
  const used = podsOf(plan.probes);
  await writer.create(NAMESPACES, {}, namespaceObject(run, run.namespace));
  const owner = ownerReference(run, await uidOf(ask, run.namespace));
  const places = [...new Set(used.map((pod) => namespaceOf(pod, run)))];
  if (places.includes(run.other)) await writer.create(NAMESPACES, {}, namespaceObject(run, run.other, owner));
  if (secret !== undefined)
    for (const namespace of places) await writer.create(SECRETS, { namespace }, secretObject(run, namespace, secret));
  const podSettings = { ...plan.settings, pullSecret: plan.pullSecret?.name };
  const make = async (names: readonly PodName[], probes: (name: PodName) => ProberConfig['probes']): Promise<Map<PodName, PodState>> => {
    for (const name of names)
      await writer.create(
        PODS,
        { namespace: namespaceOf(name, run) },
        podObject(name, run, { settings: podSettings, probes: probes(name) }),
      );
    return started(names, run, settings);
  };
  const targets = await make(
    TARGETS.filter((name) => used.includes(name)),
    () => [],
  );
  const clients = await make(
    CLIENTS.filter((name) => used.includes(name)),
    (name) => asked(plan.probes, name, (target) => targets.get(target)?.address ?? ''),
  );
  const all = new Map([...targets, ...clients]);
  const nodes = [...new Set([...all.values()].map(({ node }) => node))];
  return { address: (pod) => all.get(pod)?.address ?? '', node: (pod) => all.get(pod)?.node ?? '', nodes, owner };
}

export function podsOf(probes: readonly Probe[]): PodName[] {
  return [...new Set(probes.flatMap(({ from, to }) => [to, from]))];
}

/** Each once, whoever needs it. */
function asked(probes: readonly Probe[], client: PodName, address: (pod: PodName) => string): ProberConfig['probes'] {
  const own = probes.filter(({ from }) => from === client);
  const byKey = new Map(own.map((probe) => [keyOf(probe), probe]));
  return [...byKey].map(([key, { to, port, protocol }]) => ({ key, name: to, host: address(to), port, protocol }));
}

/** Waits until all run, or says of the first that will not why. */
async function started(names: readonly PodName[], run: Run, { ask, signal, poll, start }: Settings): Promise<Map<PodName, PodState>> {
  const began = Date.now();
  for (;;) {
    const states = new Map<PodName, PodState>();
    for (const namespace of new Set(names.map((name) => namespaceOf(name, run))))
      for (const pod of itemsOf(objectOf(await ask('GET', pathOf(PODS, { namespace })), 'list pods'))) {
        const name = names.find((one) => isRecord(pod.metadata) && pod.metadata.name === one);
        if (name !== undefined) states.set(name, podState(pod));
      }
    const waiting = names.filter((name) => states.get(name)?.runs !== true);
    if (waiting.length === 0) return states;
    const waited = Date.now() - began;
    for (const name of waiting) {
      const { problem, after = 0 } = states.get(name) ?? {};
      if (problem !== undefined && (waited > start || waited >= after))
        throw new CastellanError('CAS_POD_START', `the pod ${name} does not start: ${problem}`);
    }
    if (waited > start)
      throw new CastellanError(
        'CAS_POD_START',
        `the pod ${waiting[0] ?? ''} has not started in ${Math.round(start / 1000)} s, and the cluster does not say why`,
      );
    await sleep(poll, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

async function uidOf(ask: Ask, name: string): Promise<string> {
  const { metadata } = objectOf(await ask('GET', pathOf(NAMESPACES, { name })), 'get namespaces');
  return isRecord(metadata) ? String(metadata.uid) : '';
}

/** Its value is in memory until the copies are made, and nowhere else. */
async function readSecret(ask: Ask, { namespace, name }: { namespace: string; name: string }): Promise<Fields> {
  const answer = await ask('GET', pathOf(SECRETS, { namespace, name }));
  if (answer.status === 404)
    throw new CastellanError('CAS_USAGE', `there is no Secret ${namespace}/${name}`, {
      remedy: 'Name one as --image-pull-secret NAMESPACE/NAME.',
    });
  const { type, data } = objectOf(answer, `get secrets (${namespace}/${name})`);
  return { name, type, data };
}
