/** `castellan whatif --change FILE`: the proof of a change of one's own. */
import { createColors } from 'picocolors';
import { parseAllDocuments } from 'yaml';
import {
  DOMAINS,
  type Evidence,
  type Proof,
  DENIED_CODES,
  UNKNOWN_CODES,
  changeBetween,
  prove,
  readChange,
  unseenText,
} from '../changes/index.ts';
import { CastellanError, messageOf } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { fit, lineStart, plural, printable } from '../lib/terminal.ts';
import { formatAmong, proofDocument } from './fixes.ts';
import { type ProofFlags, readEvidence, readState } from './fixes-input.ts';
import { tellStray } from './stray-attestations.ts';
import { tellServers } from './told-servers.ts';
import { readText } from './read-text.ts';
import { screenOf } from './outputs.ts';

export interface WhatIfFlags extends ProofFlags {
  change?: string;
  failOn?: string;
  color?: boolean;
}

export async function runWhatIf(paths: readonly string[], flags: WhatIfFlags): Promise<number> {
  const format = formatAmong(['table', 'json'], 'whatif', flags.format);
  const { change: file, failOn } = flags;
  if (file === undefined)
    throw new CastellanError('CAS_USAGE', 'whatif needs a change', { remedy: 'Name it: castellan whatif --change FILE [PATH…].' });
  if (failOn !== undefined && failOn !== 'breaks' && failOn !== 'unknown')
    throw new CastellanError('CAS_USAGE', `--fail-on takes breaks or unknown, not "${failOn}"`);
  const documents = documentsIn(file);
  const evidence = await readEvidence(flags);
  const state = await readState(paths, flags);
  tellStray(evidence, state, flags.quiet);
  tellServers(evidence, state, flags.quiet);
  const read = readChange(documents, state);
  const after = state.with(read);
  const isIdle = changeBetween(state, after).patches.length === 0;
  const change = isIdle ? { ...read, patches: [] } : read;
  const proof = prove({ before: state, after: isIdle ? state : after }, change, evidence);
  stdout.write(
    format === 'json'
      ? `${JSON.stringify({ schema: 'castellan/whatif/v1', change, proof: proofDocument(proof) })}\n`
      : isIdle
        ? 'verdict     changes nothing: all of it is there already\n'
        : table(proof, evidence, screenOf(flags).color),
  );
  stdout.end();
  const isWrong = proof.verdict === 'breaks' || (failOn === 'unknown' && proof.verdict === 'unknown');
  return failOn !== undefined && isWrong ? 1 : 0;
}

/** YAML or JSON, as many documents as there are. */
function documentsIn(file: string): unknown[] {
  const documents = parseAllDocuments(readText(file), { version: '1.1' });
  if (!Array.isArray(documents)) return [];
  const read = documents.map((document) => {
    const [fault] = document.errors;
    if (fault !== undefined) {
      const line = fault.linePos?.[0].line ?? 1;
      const [what = ''] = messageOf(fault).split(/ at line \d/);
      throw new CastellanError('CAS_CHANGE', `${file}:${line} is no YAML: ${what}`, {
        remedy: 'Mend that line. A change is a list of patches, or manifests as they should be; docs/fixes.md shows both.',
      });
    }
    return document.toJS() as unknown;
  });
  // Of separators with nothing behind them.
  return read.filter((document) => document !== null && document !== undefined);
}

const MOST_LISTED = 20;

function table(
  { closes, domains, verdict, unknownBecause, denies, replayed, attestations, unseen }: Proof,
  { day }: Evidence,
  color: boolean,
): string {
  const { bold, green, red, yellow } = createColors(color);
  const paint = { safe: green, 'not-touched': String, breaks: red, unknown: yellow } as const;
  const lines = [
    `${bold(fit('verdict', 12))}${paint[verdict](verdict)}`,
    `${bold(fit('closes', 12))}${plural(closes.exposed, 'foothold')} of outsiders, ${plural(closes.workloads, 'workload')}; ${plural(closes.reachablePairs, 'connection')} cut`,
    ...DOMAINS.filter((domain) => domains[domain] !== 'not-touched').map(
      (domain) => `${bold(fit(domain, 12))}${paint[domains[domain]](domains[domain])}`,
    ),
    `${bold(fit('replayed', 12))}${plural(replayed, 'recorded use')}`,
    ...(day === undefined ? [] : [`${bold(fit('as on', 12))}${day}`]),
  ];
  if (unseen !== undefined) lines.push(`${bold(fit('not seen', 12))}${unseenText(unseen)}`);
  for (const said of attestations) lines.push(lineStart(printable(`${bold(fit('said', 12))}${said}`)));
  if (denies.length > 0) lines.push('', bold('would be refused'));
  for (const { who, what, count, code } of denies.slice(0, MOST_LISTED)) {
    const why = code === undefined ? '' : `; ${DENIED_CODES[code]} (${code})`;
    lines.push(
      lineStart(printable(`  ${(code !== undefined && count === 0 ? 'needed' : String(count)).padStart(8)}  ${who}: ${what}${why}`)),
    );
  }
  if (denies.length > MOST_LISTED) lines.push(`            and ${denies.length - MOST_LISTED} more: -f json`);
  if (unknownBecause.length > 0) lines.push('', bold('not known'));
  for (const { code, about } of unknownBecause.slice(0, MOST_LISTED))
    lines.push(lineStart(printable(`  ${fit(code, 20)}  ${UNKNOWN_CODES[code]}${about === '' ? '' : `: ${about}`}`)));
  if (unknownBecause.length > MOST_LISTED) lines.push(`            and ${unknownBecause.length - MOST_LISTED} more: -f json`);
  return `${lines.join('\n')}\n`;
}
