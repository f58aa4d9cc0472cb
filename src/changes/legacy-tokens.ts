/**
 * Tokens of service accounts that lie in Secrets and never expire. From 1.27 on the API server writes on each the day on
 * which it was last used, and into a ConfigMap since when it does: k8s.io/kubernetes/pkg/serviceaccount/legacy.go and
 * pkg/controlplane/controller/legacytokentracking.
 */
import { isRecord, textOf } from '../lib/record.ts';
import type { SourceObject } from '../snapshot/index.ts';
import type { Change } from '../rules/index.ts';
import { attestationText } from '../rules/index.ts';
import { type Denial, LEAST_WINDOW, type UnknownBecause } from './proof.ts';
import { refIn } from './overlay.ts';
import type { Evidence } from './prove.ts';
import type { State } from './state.ts';

type Raw = Readonly<Record<string, unknown>>;

const LAST_USED = 'kubernetes.io/legacy-token-last-used';
const INVALID = 'kubernetes.io/legacy-token-invalid-since';
const TRACKING = 'ConfigMap/kube-system/kube-apiserver-legacy-service-account-token-tracking';
const DAY = 86_400;

export interface TokenProof {
  readonly doubts: readonly UnknownBecause[];
  readonly denies: readonly Denial[];
  readonly said: readonly string[];
}

/** The Secret with such a token that a patch deletes. */
export function deletedToken({ target, operation }: Change['patches'][number], { objects }: State): Raw | undefined {
  if (operation !== 'delete' || !target.startsWith('Secret/')) return undefined;
  const secret = objects.find(({ object }) => object.kind === 'Secret' && refIn(object) === target)?.object;
  return secret?.type === 'kubernetes.io/service-account-token' ? secret : undefined;
}

/** Whether the server saw them in use; whether others than the server are shown them nobody sees. */
export function proveTokens({ patches }: Change, state: State, { attestations }: Evidence): TokenProof {
  const doubts: UnknownBecause[] = [];
  const denies: Denial[] = [];
  const said: string[] = [];
  for (const patch of patches) {
    const secret = deletedToken(patch, state);
    if (secret === undefined) continue;
    const { target } = patch;
    const use = useOf(secret, state);
    if (typeof use === 'number') denies.push({ who: accountOf(secret), what: `its token in ${target}`, count: 1, last: use });
    else if (use === 'unknown') doubts.push({ code: 'token-untracked', about: target });
    const word = attestations?.ofToken(target);
    if (word === undefined) doubts.push({ code: 'token-reads-unseen', about: target });
    else said.push(attestationText(word));
    if (word?.needed === true) denies.push({ who: target, what: 'its token', count: 0, last: 0 });
    for (const about of namingSecret(state.objects, secret)) doubts.push({ code: 'behaviour-unseen', about });
  }
  return { doubts, denies, said };
}

/** The day of its last use where that is in the least window, in seconds since 1970. */
function useOf({ metadata }: Raw, { objects, snapshot: { header } }: State): number | 'unused' | 'unknown' {
  const labels = isRecord(metadata) && isRecord(metadata.labels) ? metadata.labels : {};
  const readAt = Date.parse(header.takenAt ?? '') / 1000;
  if (Number.isNaN(readAt)) return 'unknown';
  // The server takes it no more.
  if (dayIn(labels[INVALID]) !== undefined) return 'unused';
  const last = dayIn(labels[LAST_USED]);
  // Whatever time of that day it was.
  if (last !== undefined && last + DAY > readAt - LEAST_WINDOW) return last;
  const tracking = objects.find(({ object }) => object.kind === 'ConfigMap' && refIn(object) === TRACKING)?.object;
  const since = dayIn(isRecord(tracking?.data) ? tracking.data.since : undefined);
  return since !== undefined && since + DAY <= readAt - LEAST_WINDOW ? 'unused' : 'unknown';
}

function dayIn(value: unknown): number | undefined {
  const text = textOf(value);
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) / 1000 : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function accountOf({ metadata }: Raw): string {
  const { namespace, annotations }: Raw = isRecord(metadata) ? metadata : {};
  const name = isRecord(annotations) ? textOf(annotations['kubernetes.io/service-account.name']) : '';
  return `system:serviceaccount:${textOf(namespace)}:${name}`;
}

/** What names the Secret, as workloads that mount it and cannot start without, and whatever takes it from there. */
function namingSecret(objects: readonly SourceObject[], secret: Raw): string[] {
  const { namespace, name }: Raw = isRecord(secret.metadata) ? secret.metadata : {};
  const word = JSON.stringify(textOf(name));
  return objects.flatMap(({ object }) => {
    if (object === secret) return [];
    const own = isRecord(object.metadata) ? object.metadata : {};
    if (own.namespace !== namespace && own.namespace !== undefined) return [];
    // Its own name is no mention, and what a controller made says what its own object says.
    const { metadata: _metadata, status: _status, ...rest } = object;
    return Array.isArray(own.ownerReferences) || !JSON.stringify(rest).includes(word) ? [] : [refIn(object)];
  });
}
