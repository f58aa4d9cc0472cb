/** `castellan net generate`: least-privilege policies from what the input says of itself, and from recorded connections. */
import { POLICY_KINDS, type PolicyKind, type Generated, generatePolicies, placeOf } from '../changes/network-policies/index.ts';
import { CniReader, cniNames } from '../engines/cni/index.ts';
import { type ConnectionChange, connsText } from '../engines/network/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { lineStart, plural, printable } from '../lib/terminal.ts';
import type { UseRecord } from '../record/index.ts';
import type { Origin, Snapshot } from '../snapshot/index.ts';
import { readEvidence } from './fixes-input.ts';
import { lossesOf } from './net-gaps.ts';
import { type NetFlags, readNetSnapshot } from './net-input.ts';
import { type AddressFlags, toldAddresses } from './told-addresses.ts';

export interface NetGenerateFlags extends NetFlags, AddressFlags {
  kind?: string;
  record?: string;
  flows?: string[];
}

/** Exit code 1 where something recorded would be denied by what was made; nothing is written then but the JSON. */
export async function runNetGenerate(paths: readonly string[], flags: NetGenerateFlags): Promise<number> {
  const { format = 'yaml' } = flags;
  if (format !== 'yaml' && format !== 'json')
    throw new CastellanError('CAS_UNKNOWN_FORMAT', `net generate has no format "${format}"`, { remedy: 'The formats are: yaml, json.' });
  const kind = POLICY_KINDS.find((one) => one === (flags.kind ?? 'NetworkPolicy'));
  if (kind === undefined) throw new CastellanError('CAS_USAGE', `--kind takes ${POLICY_KINDS.join(' or ')}, not "${flags.kind}"`);
  const facts = toldAddresses(flags);
  const record = await recordOf(flags);
  const snapshot = await readNetSnapshot(paths, flags);
  const generated = generatePolicies(snapshot, { kind, facts, ...(record !== undefined && { record }) });
  const failed = (generated.replay?.denied.length ?? 0) > 0;
  const notes = [...summaryOf(generated), ...notEnforced(snapshot, kind)];
  if (format === 'json') {
    const origins = [...snapshot.objects].map(({ origin }) => origin);
    stdout.write(
      `${JSON.stringify({ schema: 'castellan/net-generate/v1', kind, ...documentOf(generated, origins), unread: lossesOf(snapshot) })}\n`,
    );
  } else if (!failed) stdout.write(generated.yaml);
  stdout.end();
  if (flags.quiet !== true || failed) for (const line of notes) process.stderr.write(`${lineStart(printable(line))}\n`);
  return failed ? 1 : 0;
}

/** Undefined where none is given: one without connections would only look like a reason. */
async function recordOf({ record: path, flows = [] }: NetGenerateFlags): Promise<UseRecord | undefined> {
  const { record } = await readEvidence({ ...(path !== undefined && { record: path }), flows });
  if (record !== undefined && record.flows.length === 0)
    throw new CastellanError('CAS_USAGE', 'the record has no connections', {
      remedy: 'Add a log of connections to it: castellan record add FLOWS… --record FILE.',
    });
  return record;
}

/** What was made is of no use where the network plug-in does not know it. */
function notEnforced({ objects }: Snapshot, kind: PolicyKind): string[] {
  const reader = new CniReader();
  let index = 0;
  for (const { object } of objects) reader.add(object, index++);
  const { cnis, of } = reader.enforcement();
  return of[kind] === 'no'
    ? [`castellan: ${cniNames(cnis)} does not enforce policies of the kind ${kind}: applied, they would do nothing`]
    : [];
}

function documentOf(
  { policies, connections, gaps, withoutEvidence, left, effect, replay }: Generated,
  origins: readonly (Origin | undefined)[],
): Record<string, unknown> {
  const written = (evidence: Generated['connections'][number]['evidence']): unknown =>
    evidence.map(({ ref, path, what, object }) => ({ object: ref, path, what, ...placeOf(origins[object], path) }));
  return {
    policies: policies.map(({ object, unit, evidence }) => ({
      object,
      workloads: unit?.apps.map(({ key }) => key) ?? [],
      evidence: { ingress: evidence.ingress.map(written), egress: evidence.egress.map(written) },
    })),
    connections: connections.map(({ evidence, ...one }) => ({ ...one, evidence: written(evidence) })),
    gaps: gaps.map(({ kind, app, what, evidence }) => ({ kind, workload: app, what, evidence: written(evidence) })),
    withoutEvidence: withoutEvidence.map(({ app, unread }) => ({ workload: app, unreadSecrets: unread })),
    left: left.map(({ app, why }) => ({ workload: app, why })),
    effect,
    ...(replay !== undefined && {
      replay: {
        ...replay,
        denied: replay.denied.map(({ who, what, count, last }) => ({ who, what, count, last: timeText(last) })),
      },
    }),
  };
}

function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** Of each kind: the rest is in the JSON. */
const MOST_SHOWN = 12;

function summaryOf(generated: Generated): string[] {
  const { policies, connections, gaps, withoutEvidence, left, effect } = generated;
  const namespaces = new Set(policies.map(({ namespace }) => namespace)).size;
  const of = (kind: string): string[] => byWhat(gaps.filter((gap) => gap.kind === kind));
  return [
    `castellan: ${plural(policies.length, 'policy', 'policies')} in ${plural(namespaces, 'namespace')}, which open ${plural(connections.length, 'connection')}; read back, they do exactly that`,
    ...section('Closed, though there is a reason to open it', of('closed')),
    ...section('Open wider than the reason is', of('wide')),
    ...section(
      'Nothing was found that these need, so nothing is open for them',
      withoutEvidence.map(({ app, unread }) =>
        unread.length === 0 ? app : `${app} (what it reads from ${unread.join(', ')} is not in the input)`,
      ),
    ),
    ...section(
      'Without a policy',
      left.map(({ app, why }) => `${app}: ${why}`),
    ),
    ...section('Seen, but no reason to open anything', of('note')),
    ...section(
      'Denied all the same by policies of administrators',
      effect.denied.map(({ src, dst, conns, by }) => `${src} -> ${dst} ${connsText(conns)}: ${by.join(', ')}`),
    ),
    ...againstToday(effect),
    ...replayed(generated.replay),
    'Probes need no rule: a node always reaches its own pods.',
  ];
}

function replayed(replay: Generated['replay']): string[] {
  if (replay === undefined) return [];
  const { connections, distinct, notAsked, denied } = replay;
  const rest = notAsked > 0 ? `; ${notAsked} more have an end that is not known, for which more is open than was seen` : '';
  const verdict = denied.length === 0 ? 'none would be denied' : `${denied.length} would be denied, so nothing is written`;
  return [
    `${plural(connections, 'recorded connection')} (${distinct} distinct) asked again: ${verdict}${rest}`,
    ...section(
      'Denied though it was recorded',
      denied.map(({ who, what, count }) => `${who} -> ${what}, ${plural(count, 'time')}`),
    ),
  ];
}

/** What is true of many is told once. */
function byWhat(gaps: Generated['gaps']): string[] {
  const found = new Map<string, string[]>();
  for (const { what, app } of gaps) found.set(what, [...(found.get(what) ?? []), app]);
  return [...found].map(([what, apps]) => (apps.join('') === '' ? what : `${apps.join(', ')}: ${what}`));
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const rest = lines.length - MOST_SHOWN;
  return [
    `${title}:`,
    ...lines.slice(0, MOST_SHOWN).map((line) => `  ${line}`),
    ...(rest > 0 ? [`  and ${rest} more, which -f json tells`] : []),
  ];
}

function againstToday({ blocks, replaces, stay, keepOpen }: Generated['effect']): string[] {
  const gone = blocks.filter(({ type }) => type === 'removed');
  const outside = (change: ConnectionChange): boolean => /^ip6?:/.test(change.src) || /^ip6?:/.test(change.dst);
  const inner = gone.filter((change) => !outside(change)).length;
  // What was open on some ports only was opened by somebody.
  const meant = blocks.filter((change) => change.before !== 'all' && !outside(change) && change.src !== 'ingress-controller');
  return [
    `Against today: closes ${plural(inner, 'connection')} between workloads and ${gone.length - inner} with addresses outside, narrows ${blocks.length - gone.length}`,
    ...section(
      'Of these, policies of today open on some ports only',
      meant.map(({ src, dst, before, after }) => `${src} -> ${dst}: ${connsText(before)}, then ${connsText(after)}`),
    ),
    ...(replaces.length > 0
      ? [`Takes the place of ${plural(replaces.length, 'NetworkPolicy', 'NetworkPolicies')} of the same name: ${replaces.join(', ')}`]
      : []),
    ...section('NetworkPolicies of today that stay, and add what they open', stay),
    ...section(
      'They keep open beyond what is generated',
      keepOpen.map(({ src, dst, after }) => `${src} -> ${dst}: ${connsText(after)}`),
    ),
  ];
}
