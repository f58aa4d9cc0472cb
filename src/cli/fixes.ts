/** `castellan fixes`: the few changes that close the most ways to cluster control, each with its proof. */
import { createColors } from 'picocolors';
import { type Evidence, type Fix, type Fixes, type Proof, type State, REQUIRED_CODES, UNKNOWN_CODES, fixesFor } from '../changes/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { clip, fit, plural, printable } from '../lib/terminal.ts';
import { fixesMarkdown, quoted } from '../report/patch/index.ts';
import { type ProofFlags, readEvidence, readState } from './fixes-input.ts';
import { patchOf } from './fixes-patch.ts';
import { wantsColor } from './outputs.ts';

export interface FixesFlags extends ProofFlags {
  top?: string;
  patch?: boolean;
  color?: boolean;
}

/** Seconds after the end of the record. */
const PROOF_LASTS = 7 * 86_400;
const WIDTH = 118;
const TITLE = 62;

export async function runFixes(paths: readonly string[], flags: FixesFlags): Promise<number> {
  const format = flags.format === 'markdown' ? 'table' : fixesFormat('fixes', flags);
  const top = topOf(flags.top);
  const evidence = await readEvidence(flags);
  const state = await readState(paths, flags);
  const fixes = fixesFor(state, { top, evidence });
  if (flags.patch === true || flags.format === 'markdown') {
    stdout.write(flags.patch === true ? patchOf(state, fixes.fixes) : fixesMarkdown(fixes, paths));
    stdout.end();
    return 0;
  }
  const target = paths.length > 0 ? paths.join(' ') : state.snapshot.header.kind === 'manifests' ? 'nodes' : 'the cluster';
  stdout.write(
    format === 'json'
      ? `${JSON.stringify(documentOf(state, fixes, evidence))}\n`
      : table(fixes, { target, evidence, color: wantsColor(process.stdout.isTTY, flags) }),
  );
  if (format === 'table' && fixes.fixes.length > 0) stdout.write(`\n${next(paths, flags)}\n`);
  stdout.end();
  return 0;
}

export function fixesFormat(command: string, { format = 'table' }: { format?: string }): 'table' | 'json' {
  if (format === 'table' || format === 'json') return format;
  throw new CastellanError('CAS_UNKNOWN_FORMAT', `${command} has no format "${format}"`, {
    remedy: `The formats are: table, json${command === 'fixes' ? ', markdown' : ''}.`,
  });
}

export function topOf(text = '5'): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new CastellanError('CAS_USAGE', `--top takes a number from 1 to 99, not "${text}"`);
}

function documentOf(state: State, { before, fixes, after, ofTheBest, vendor }: Fixes, { attestations }: Evidence): unknown {
  return {
    schema: 'castellan/fixes/v1',
    before: { exposed: before.exposed, workloads: before.workloads, smallestCut: before.smallestCut ?? null },
    fixes: fixes.map(({ id, title, owner, change, alone, proof, instead }) => ({
      id,
      title,
      owner: { kind: owner.kind, name: owner.name, ...(owner.where !== '' && { where: owner.where }) },
      change,
      alone,
      proof: proofDocument(proof),
      ...(instead !== undefined && { instead: { ...instead, proof: proofDocument(instead.proof) } }),
    })),
    after,
    ofTheBest: Math.floor(ofTheBest * 1000) / 1000,
    vendor: vendor.map(({ title, owner, closes }) => ({
      title,
      owner: { kind: owner.kind, name: owner.name, where: owner.where },
      closes,
    })),
    gaps: [
      ...state.gaps,
      ...(attestations?.expired ?? []).map(({ id, until }) => ({
        scope: `attestation ${id}`,
        reason: `it counted until ${until}`,
        effect: 'nobody says any more what it said',
      })),
    ],
  };
}

export function proofDocument({
  closes,
  domains,
  verdict,
  unknownBecause,
  denies,
  replayed,
  window,
  boundTo,
  attestations,
}: Proof): unknown {
  const time = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  return {
    closes,
    domains,
    verdict,
    unknownBecause: [...new Set(unknownBecause.map(({ code }) => code))],
    unknown: unknownBecause.map(({ code, about }) => ({ code, about, because: UNKNOWN_CODES[code] })),
    denies: denies.map(({ who, what, count, last, code }) => ({
      who,
      what,
      count,
      ...(last > 0 && { last: time(last) }),
      ...(code !== undefined && { code, because: REQUIRED_CODES[code] }),
    })),
    replayed,
    attestations,
    boundTo,
    ...(window !== undefined && {
      window: {
        from: time(window.from),
        to: time(window.to),
        streams: window.streams,
        holes: window.holes.map(({ from, to }) => ({ from: time(from), to: time(to) })),
      },
      expiresAt: time(window.to + PROOF_LASTS),
    }),
  };
}

function table(
  { before, fixes, after, ofTheBest, vendor }: Fixes,
  { target, evidence, color }: { target: string; evidence: Evidence; color: boolean },
): string {
  const { bold, dim, green, red, yellow } = createColors(color);
  const lines = [
    bold(`castellan fixes · ${printable(target)} · ${evidence.record !== undefined ? 'with recorded use' : 'nothing recorded'}`),
    '',
  ];
  lines.push(...intro({ before, after, fixes, ofTheBest }));
  const paint = { safe: green, 'not-touched': green, breaks: red, unknown: yellow } as const;
  for (const [index, fix] of fixes.entries()) {
    const { proof, title } = fix;
    const number = bold(String(index + 1).padStart(2));
    const counts = countsOf(proof);
    lines.push(
      `${number}  ${fit(clip(printable(title), TITLE), TITLE)}  ${counts}  ${paint[proof.verdict](fit(proof.verdict, 7))}  ${dim(clip(printable(reasonOf(fix)), 40))}`,
    );
  }
  for (const said of new Set(fixes.flatMap(({ proof }) => proof.attestations)))
    lines.push(`${fit('said', 10)}${clip(printable(said), WIDTH - 10)}`);
  for (const { id, until } of evidence.attestations?.expired ?? [])
    lines.push(`${fit('expired', 10)}${clip(printable(`attestation ${id} counted until ${until}`), WIDTH - 10)}`);
  if (vendor.length > 0) lines.push('');
  for (const { title, owner } of vendor)
    lines.push(`${fit('not yours', 10)}${clip(printable(`${title}: change it ${owner.where}`), WIDTH - 10)}`);
  return `${lines.join('\n')}\n`;
}

function intro({ before, after, fixes, ofTheBest }: Pick<Fixes, 'before' | 'after' | 'fixes' | 'ofTheBest'>): string[] {
  if (before.exposed + before.workloads === 0) return ['No way to cluster control was found, from outside or from any workload.'];
  const cut =
    before.smallestCut === undefined
      ? 'No cut is complete without what has to stay.'
      : `The smallest complete cut has ${before.smallestCut}.`;
  const closing = fixes.filter(({ proof: { closes } }) => closes.exposed + closes.workloads > 0).length;
  const closed = `${plural(closing, 'change')} close${closing === 1 ? 's' : ''} ${before.exposed - after.exposed} and ${before.workloads - after.workloads}. ${cut}`;
  const best = ofTheBest < 1 ? ` Others might close more: this is at least ${Math.floor(ofTheBest * 100)} % of it.` : '';
  return [
    `${plural(before.exposed, 'foothold')} that outsiders can have lead to cluster control; ${before.workloads} more if any workload may be broken into.`,
    closing === 0 ? `No change of yours closes any of them. ${cut}` : `${closed}${best}`,
    '',
  ];
}

/** Of what closes no way what it settles instead. */
function countsOf({ closes: { exposed, workloads, reachablePairs, controls } }: Proof): string {
  if (exposed + workloads > 0 || reachablePairs + controls.length === 0)
    return `closes ${String(exposed).padStart(3)} · ${String(workloads).padEnd(4)}`;
  return fit(reachablePairs > 0 ? `cuts ${plural(reachablePairs, 'pair')}` : `settles ${controls.length}`, 17);
}

/** What to know beside the verdict, in a few words. */
function reasonOf({ proof, instead, change }: Fix): string {
  if (instead !== undefined) return `→ ${instead.title}: ${instead.proof.verdict}`;
  if (proof.attestations.length > 0 && proof.verdict === 'safe') return 'as people say';
  const [denial] = proof.denies;
  if (denial?.code !== undefined) return `${denial.code}: ${denial.who} ${denial.what}`;
  if (denial !== undefined) return `${denial.count} of ${proof.replayed} uses: ${denial.who} ${denial.what}`;
  const [first, ...more] = [...new Set(proof.unknownBecause.map(({ code }) => code))];
  if (first !== undefined) return `${first}${more.length > 0 ? `, ${more.length} more` : ''}`;
  if (proof.verdict === 'safe' && change.patches.some(({ node }) => node !== undefined)) return 'refuses nobody anything';
  if (proof.replayed > 0) return `0 of ${proof.replayed} uses`;
  return proof.domains.admission === 'safe' ? 'all that runs meets it' : 'never gave anything';
}

/** As it would be typed, with the options that made the list: without them a number may mean another fix. */
function next(
  paths: readonly string[],
  { record, audit = [], flows = [], auditPolicy, servers, config, nodeFacts = [], top }: FixesFlags,
): string {
  const options = Object.entries({
    record,
    audit,
    flows,
    'audit-policy': auditPolicy,
    servers,
    config,
    'node-facts': nodeFacts,
    top,
  }).flatMap(([name, given]) => [given ?? []].flat().map((value) => ` --${name} ${quoted(value)}`));
  const input = printable([...paths.map((path) => ` ${quoted(path)}`), ...options].join(''));
  const apply = paths.length > 0 ? `castellan apply 1 --to-files${input}` : `castellan apply 1 --dry-run${input}`;
  const commands = [`castellan explain 1${input}`, `castellan fixes${input} --patch > fix.patch`, apply];
  return fit('next', 10) + commands.join(options.length > 0 ? `\n${fit('', 10)}` : '    ');
}
