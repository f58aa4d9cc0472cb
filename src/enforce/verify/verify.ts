/**
 * Whether the cluster enforces what its network policies use, by trying it: pods of our own ask each other while
 * policies come and go. Everything is made in namespaces of the run and removed in the end, whatever happens.
 */
import type { AdminKind } from './admin-trials.ts';
import type { Ask, Fields } from './api.ts';
import { ACROSS_NODES, type Feature } from './features.ts';
import { prepare, probesOf } from './plan.ts';
import type { Run } from './run.ts';
import { type Actors, setUp } from './stage.ts';
import { takeDown } from './take-down.ts';
import { type Result, type Stage, tryOut } from './try-out.ts';
import { Ledger, type VerbCount, Writer } from './writer.ts';

export interface VerifyOptions {
  /** Ends with the signal. */
  ask: Ask;
  /** Does not, for what is written, and must be removed even then. */
  askToTheEnd: Ask;
  signal: AbortSignal;
  run: Run;
  features: readonly Feature[];
  /** By kind those of the cluster-scoped kinds that the server has. */
  admin: ReadonlyMap<string, AdminKind>;
  image: string;
  nodes: readonly string[];
  pullSecret: { namespace: string; name: string } | undefined;
  /** Milliseconds for a policy to take hold. */
  wait: number;
  /** Of how far it is. */
  progress: (text: string) => void;
  /** Of what is left, before anything else is said: empty when all is removed. */
  removed: (left: readonly string[]) => void;
  pace?: Partial<Pace>;
}

/** Milliseconds. */
interface Pace {
  poll: number;
  start: number;
  baseline: number;
  gone: number;
}

export interface Verification {
  results: readonly Result[];
  /** On which the pods ran. */
  nodes: readonly string[];
  wrote: readonly VerbCount[];
  left: readonly string[];
}

const PACE: Pace = { poll: 300, start: 180_000, baseline: 20_000, gone: 90_000 };
/** While nothing at all has been enforced, there is little to wait for. */
const SHORT = 10_000;
/** Milliseconds of a run's life that are kept for its end. */
const RESERVE = 120_000;

export async function verify(options: VerifyOptions): Promise<Verification> {
  const { ask, askToTheEnd, run, signal } = options;
  const pace = { ...PACE, ...options.pace };
  const ledger = new Ledger();
  const writer = new Writer(askToTheEnd, ledger, signal);
  const removal = { ask: askToTheEnd, writer: new Writer(askToTheEnd, ledger), poll: pace.poll, gone: pace.gone };
  let owner: Fields = {};
  const prepared = prepare(options.features, options.admin, () => owner);
  const probes = probesOf(prepared);
  const results: Result[] = [];
  let actors: Actors | undefined;
  let left: readonly string[] = [];
  try {
    if (probes.length > 0) {
      options.progress('starting pods');
      const plan = { run, settings: { image: options.image, nodes: options.nodes }, pullSecret: options.pullSecret, probes };
      actors = await setUp(plan, { ask, writer, signal, poll: pace.poll, start: pace.start });
      owner = actors.owner;
    }
    const stage: Stage = {
      observer: { ask, run, poll: pace.poll, signal },
      writer,
      scene: { run, address: actors?.address ?? (() => '') },
    };
    for (const [index, { feature, trial }] of prepared.entries()) {
      options.progress(`trying ${feature} (${index + 1} of ${prepared.length})`);
      const why = typeof trial === 'string' ? trial : whyNot(feature, actors, run);
      if (typeof trial === 'string' || why !== undefined) results.push({ feature, enforced: 'unknown', how: why ?? '', probes: [] });
      else results.push(await tryOut(stage, trial, { baseline: pace.baseline, policy: patience(results, options.wait) }));
    }
  } finally {
    options.progress('removing everything');
    left = await takeDown(removal);
    options.progress('');
    options.removed(left);
  }
  return { results, nodes: actors?.nodes ?? [], wrote: ledger.counts, left };
}

function whyNot(feature: Feature, actors: Actors | undefined, run: Run): string | undefined {
  if (Date.now() > run.endsAt.getTime() - RESERVE) return 'no time was left for it; try it again with fewer features in use';
  if (feature !== ACROSS_NODES || actors === undefined) return undefined;
  const node = actors.node('server');
  return actors.node('far') === node ? `all pods came to run on ${node}; name two nodes with --node` : undefined;
}

function patience(results: readonly Result[], wait: number): number {
  const isHopeless = results.some(({ enforced }) => enforced === 'no') && !results.some(({ enforced }) => enforced === 'yes');
  return isHopeless ? Math.min(wait, SHORT) : wait;
}
