/** `castellan authn`: how each API server tells who asks, which credentials last, and who would come of which token. */
import { createColors } from 'picocolors';
import { type Keys, acceptanceOf, chainsIn, keysIn, lastingOf } from '../engines/authn/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { FileSink, stdout } from '../lib/sink.ts';
import { printable } from '../lib/terminal.ts';
import { buildCluster } from '../model/index.ts';
import { type AuthnReport, authnDocument, authnTable } from '../report/authn/index.ts';
import type { Snapshot } from '../snapshot/index.ts';
import { type GivenToken, tokensIn } from './authn-tokens.ts';
import { readText } from './read-text.ts';
import { readInput } from './reading.ts';
import { type ClusterFlags } from './live.ts';
import { tellLosses } from './losses.ts';
import { loadNodeFacts, withNodes } from './node-facts.ts';
import { wantsColor } from './outputs.ts';

export interface AuthnFlags extends ClusterFlags {
  nodeFacts?: string[];
  tokens?: string;
  keys?: string[];
  at?: string;
  format?: string;
  output?: string;
  color?: boolean;
}

export async function runAuthn(named: readonly string[], flags: AuthnFlags): Promise<number> {
  const { format = 'table' } = flags;
  if (format !== 'table' && format !== 'json')
    throw new CastellanError('CAS_UNKNOWN_FORMAT', `authn has no format "${format}"`, { remedy: 'The formats are: table, json.' });
  const tokens = flags.tokens === undefined ? [] : tokensIn(flags.tokens);
  const keys = keysOf(flags.keys ?? []);
  const now = timeOf(flags.at);
  const snapshot = await readAll(named, flags);
  tellLosses(snapshot, flags.quiet);
  const report = reportOf(snapshot, { tokens, keys, now });
  if (report.servers.length === 0)
    throw new CastellanError('CAS_NO_INPUT', 'no API server is in the input, so nothing tells whom it lets in', {
      remedy: 'Give what castellan node collect wrote on a node of the control plane, with --node-facts; or its static pod.',
    });
  const sink = flags.output === undefined ? stdout : new FileSink(flags.output);
  const colors = createColors(flags.output === undefined && wantsColor(process.stdout.isTTY, flags));
  sink.write(format === 'json' ? authnDocument(report) : authnTable(report, colors));
  sink.end();
  return 0;
}

/** Facts of nodes alone are enough; a cluster is read beside them where it is named. */
async function readAll(named: readonly string[], flags: AuthnFlags): Promise<Snapshot> {
  const { nodes, paths: more } = loadNodeFacts(flags.nodeFacts ?? []);
  const paths = [...named, ...more];
  const isAlone = nodes.length > 0 && paths.length === 0 && flags.context === undefined && flags.kubeconfig === undefined;
  return withNodes(isAlone ? undefined : await readInput(paths, flags, isAbout), nodes);
}

const ABOUT = new Set(['nodes', 'pods', 'secrets', 'serviceaccounts']);

/** Flags of the API server, and what tokens are bound to. */
function isAbout(group: string, resource: string): boolean {
  return group === '' && ABOUT.has(resource);
}

interface Question {
  tokens: readonly GivenToken[];
  keys: Keys;
  now: number;
}

function reportOf(snapshot: Snapshot, { tokens, keys, now }: Question): AuthnReport {
  const cluster = buildCluster(snapshot);
  const servers = chainsIn(cluster).map((chain) => ({
    chain,
    lasting: lastingOf(chain, cluster),
    tokens: tokens.map(({ id, token }) => ({ id, ...acceptanceOf(chain, token, { now, keys, cluster }) })),
  }));
  return { servers, gaps: [...snapshot.gaps, ...cluster.gaps] };
}

/** `ISSUER=FILE`, from the last equals sign, as addresses may hold some. */
function keysOf(given: readonly string[]): Keys {
  const keys = new Map<string, NonNullable<ReturnType<typeof keysIn>>>();
  for (const text of given) {
    const equals = text.lastIndexOf('=');
    const [issuer, file] = [text.slice(0, Math.max(0, equals)), text.slice(equals + 1)];
    if (issuer === '' || file === '') throw new CastellanError('CAS_USAGE', `--keys takes ISSUER=FILE, not "${printable(text)}"`);
    const found = keysIn(readText(file));
    if (found === undefined)
      throw new CastellanError('CAS_USAGE', `${file} holds neither a set of keys (JWKS) nor public keys in PEM`, {
        remedy:
          'The address jwks_uri of the issuer answers with its keys; kubectl get --raw /openid/v1/jwks with those of service accounts.',
      });
    keys.set(issuer, [...(keys.get(issuer) ?? []), ...found]);
  }
  return keys;
}

/** Seconds since 1970. */
function timeOf(text: string | undefined): number {
  const time = text === undefined ? Date.now() : Date.parse(text);
  if (Number.isNaN(time))
    throw new CastellanError('CAS_USAGE', `--at takes a time such as 2026-08-22T10:00:00Z, not "${printable(text ?? '')}"`);
  return time / 1000;
}
