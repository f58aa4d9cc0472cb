/**
 * What a proof was worked out from, as short digests: where one of them is another, the proof is void. Only what decides
 * something is in them: no status, no times, no versions of objects that change by themselves.
 */
import { shortHash } from '../lib/hash.ts';
import { isRecord, textOf } from '../lib/record.ts';
import type { UseRecord } from '../record/index.ts';
import type { Change } from '../rules/index.ts';
import type { Evidence } from './prove.ts';
import { ofKindsIn, refIn } from './overlay.ts';
import type { State } from './state.ts';

type Raw = Readonly<Record<string, unknown>>;

const KINDS = {
  rights: /^(Cluster)?Role(Binding)?$/,
  workloads: /^(Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Job|CronJob|ServiceAccount)$/,
  policies: /NetworkPolicy$/,
  namespaces: /^Namespace$/,
} as const;

/** `what` are parts of the state that the proof looked at. The digests stand behind words that say what they are of. */
export function boundsOf(
  state: State,
  { patches }: Change,
  {
    evidence: { auditPolicy, record, attestations, day, servers: told },
    what,
  }: { evidence: Evidence; what: readonly (keyof typeof KINDS)[] },
): string[] {
  const targets = new Set(patches.map(({ target }) => target));
  const mayBe = ofKindsIn(targets);
  const changed = state.objects.flatMap(({ object }) => (mayBe(object) && targets.has(refIn(object)) ? [textOfBound(object)] : []));
  const { kubernetesVersion } = state.snapshot.header;
  const servers = state.serversWith(told);
  return [
    ...changed,
    ...what.map((one) => `${one} ${digestOf(state, KINDS[one])}`),
    ...(kubernetesVersion === undefined
      ? []
      : [`kubernetes ${/^v?\d+\.\d+/.exec(kubernetesVersion)?.[0].replace('v', '') ?? kubernetesVersion}`]),
    ...(auditPolicy === undefined ? [] : [`audit policy ${shortHash(JSON.stringify(auditPolicy))}`]),
    ...(record === undefined ? [] : [`record ${recordDigest(record)}`]),
    // A proof for another day is none of today.
    ...(day === undefined ? [] : [`as on ${day}`]),
    // With fewer logs than servers a record proves nothing.
    ...(servers === undefined || !what.includes('rights') ? [] : [`API servers ${servers}`]),
    ...(attestations === undefined || attestations.valid.length === 0
      ? []
      : [`attestations ${shortHash(JSON.stringify(attestations.valid))}`]),
  ];
}

function digestOf(state: State, kinds: RegExp): string {
  const texts = state.objects.flatMap(({ object }) =>
    // What a controller made says nothing that its own object does not say.
    kinds.test(textOf(object.kind)) && !isMade(object) ? [textOfBound(object)] : [],
  );
  return shortHash(texts.toSorted().join('\n'));
}

/** States share what no change touches. */
const KNOWN = new WeakMap<Raw, string>();

/** What it is called, and a digest of what it says. */
function textOfBound(object: Raw): string {
  let text = KNOWN.get(object);
  if (text === undefined) KNOWN.set(object, (text = `${refIn(object)} ${shortHash(JSON.stringify(essenceOf(object)))}`));
  return text;
}

function isMade({ metadata }: Raw): boolean {
  const owners = isRecord(metadata) ? metadata.ownerReferences : undefined;
  return Array.isArray(owners) && (owners as unknown[]).some((owner) => isRecord(owner) && owner.controller === true);
}

/** Without what the server notes, and without what scales by itself. */
function essenceOf({ metadata, status: _status, ...object }: Raw): Raw {
  const { labels, annotations }: Raw = isRecord(metadata) ? metadata : {};
  const { spec } = object;
  const kept = isRecord(annotations)
    ? Object.entries(annotations).filter(([key]) => !/^(deployment|kubectl)\.kubernetes\.io\//.test(key))
    : [];
  const { replicas: _replicas, ...settled }: Raw = isRecord(spec) ? spec : {};
  return {
    ...object,
    ...(isRecord(spec) && { spec: settled }),
    ...(labels !== undefined && { labels }),
    ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
  };
}

/** Of what was read of each log: a record that grows is another one. */
function recordDigest({ streams, requests, flows }: UseRecord): string {
  return shortHash(
    JSON.stringify([streams.map(({ name, events, parts, unread }) => [name, events, parts, unread]), requests.length, flows.length]),
  );
}
