/** What `castellan net verify` found, as a table or as JSON. */
import type { Connection } from '../collect/cluster/index.ts';
import { type Uses, type Verification, titleOf } from '../enforce/verify/index.ts';
import { stdout } from '../lib/sink.ts';
import { type NetFlags, writeTable } from './net-input.ts';
import { tellLines } from './net-verify-text.ts';

const ANSWERS = ['yes', 'no', 'unknown'] as const;

interface Reported {
  connection: Connection;
  image: string;
  uses: Uses;
  verification: Verification;
  flags: NetFlags;
}

export function writeVerification({ connection, image, uses, verification, flags }: Reported): void {
  const { results, nodes, wrote, left } = verification;
  const summary = Object.fromEntries(ANSWERS.map((answer) => [answer, results.filter(({ enforced }) => enforced === answer).length]));
  if (flags.format === 'json') {
    const features = results.map(({ feature, enforced, how, probes, milliseconds }) => ({
      feature,
      title: titleOf(feature),
      enforced,
      how,
      ...(milliseconds !== undefined && { seconds: Math.round(milliseconds / 100) / 10 }),
      usedBy: uses.get(feature) ?? [],
      probes,
    }));
    const { context, server } = connection;
    stdout.write(
      `${JSON.stringify({ schema: 'castellan/net-verify/v1', context, server, image, nodes, features, summary, wrote, left })}\n`,
    );
    stdout.end();
    return;
  }
  writeTable(
    ['FEATURE', 'ENFORCED', 'HOW KNOWN'],
    results.map(({ feature, enforced, how }) => [titleOf(feature), enforced, how]),
  );
  if (flags.quiet === true) return;
  const counts = ANSWERS.map((answer) => `${summary[answer]} ${answer}`).join(', ');
  const verbs = wrote.map(({ verb, resource, count }) => `${verb} ${resource} ${count}`).join(', ');
  tellLines([`castellan: enforced: ${counts}; nodes: ${nodes.join(', ')}`, `castellan: written: ${verbs}`]);
}

/** 1 when something is not enforced, 4 when something is not known or could not be removed. */
export function exitOf({ results, left }: Verification): number {
  if (results.some(({ enforced }) => enforced === 'no')) return 1;
  return left.length > 0 || results.some(({ enforced }) => enforced === 'unknown') ? 4 : 0;
}
