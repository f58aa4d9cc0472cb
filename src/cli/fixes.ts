/** `castellan fixes`: the few changes that close the most ways to cluster control, each with its proof. */
import { type Evidence, type Fixes, type Proof, type State, DENIED_CODES, UNKNOWN_CODES, fixesFor } from '../changes/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { plural } from '../lib/terminal.ts';
import { fixesTable, storiesOf } from '../report/fixes/index.ts';
import { fixesMarkdown } from '../report/patch/index.ts';
import { topOf } from './chosen-fixes.ts';
import { type NamedInput, type ProofFlags, namedInput, readEvidence, readState } from './fixes-input.ts';
import { patchOf } from './fixes-patch.ts';
import { connected } from './live.ts';
import { nextCommands, nextLines } from './next-commands.ts';
import { screenOf } from './outputs.ts';
import { baseOf, filesWith } from './source-files.ts';
import { tellStray } from './stray-attestations.ts';
import { tellServers } from './told-servers.ts';
import { VERSION } from './version.ts';

export interface FixesFlags extends ProofFlags {
  top?: string;
  patch?: boolean;
  source?: string[];
  color?: boolean;
}

export async function runFixes(paths: readonly string[], flags: FixesFlags): Promise<number> {
  const format = formatOf(flags);
  const top = topOf(flags.top);
  const evidence = await readEvidence(flags);
  const files = await filesWith(flags.source);
  const state = await readState(paths, flags, files.sources);
  tellStray(evidence, state, flags.quiet);
  tellServers(evidence, state, flags.quiet);
  const fixes = fixesFor(state, { top, evidence });
  const named = namedInput(paths, flags);
  const target = await targetOf(named, flags);
  const commands = nextCommands({ named, flags }, { state, fixes: fixes.fixes, files });
  if (format === 'patch') stdout.write(patchOf(state, fixes.fixes, files));
  else if (format === 'markdown') stdout.write(fixesMarkdown(fixes, named.paths));
  else if (format === 'json') stdout.write(`${JSON.stringify(documentOf(state, fixes, evidence))}\n`);
  else if (format === 'html') {
    const { writeFixesPage } = await import('../report/fixes-page/index.ts');
    const stories = storiesOf(state, fixes.fixes, { files, baseOf });
    writeFixesPage(stdout, fixes, { state, evidence, target, stories, commands, version: VERSION });
  } else {
    stdout.write(fixesTable(fixes, { state, evidence, target, ...screenOf(flags) }));
    if (fixes.fixes.length > 0) stdout.write(`\n${nextLines(commands, screenOf(flags).width)}\n`);
  }
  stdout.end();
  return 0;
}

const FORMATS = ['table', 'json', 'markdown', 'html'] as const;

/** A patch is a format of its own: together with another one nobody knows which is meant. */
function formatOf(flags: FixesFlags): (typeof FORMATS)[number] | 'patch' {
  const { patch, format } = flags;
  if (patch === true && format !== undefined)
    throw new CastellanError('CAS_USAGE', '--patch prints a patch, and -f names another format', {
      remedy: 'Leave out one of them; with -f json the patches are in the document.',
    });
  return patch === true ? 'patch' : formatAmong(FORMATS, 'fixes', format);
}

export function formatAmong<F extends string>(formats: readonly F[], command: string, format = 'table'): F {
  const known = formats.find((one) => one === format);
  if (known !== undefined) return known;
  throw new CastellanError('CAS_UNKNOWN_FORMAT', `${command} has no format "${format}"`, {
    remedy: `The formats are: ${formats.join(', ')}.`,
  });
}

async function targetOf({ nodes, paths, isAlone }: NamedInput, flags: FixesFlags): Promise<string> {
  if (isAlone) return plural(nodes.length, 'node');
  return paths.length > 0 ? paths.join(' ') : `context ${(await connected(flags)).context}`;
}

function documentOf(state: State, { before, fixes, after, ofTheBest, vendor, inherent }: Fixes, { attestations }: Evidence): unknown {
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
    ...(inherent !== undefined && { inherent }),
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
  expiresAt,
  attestations,
  unseen,
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
      ...(code !== undefined && { code, because: DENIED_CODES[code] }),
    })),
    replayed,
    attestations,
    ...(unseen !== undefined && { unseen: { ...unseen, share: Math.round(unseen.share * 10_000) / 10_000 } }),
    boundTo,
    ...(window !== undefined && {
      window: {
        from: time(window.from),
        to: time(window.to),
        streams: window.streams,
        holes: window.holes.map(({ from, to }) => ({ from: time(from), to: time(to) })),
      },
    }),
    ...(expiresAt !== undefined && { expiresAt: time(expiresAt) }),
  };
}
