/** `--configz` and `--configz-token`: what kubelets are shown when they are asked for the configuration that they run with. */
import type { Connection } from '../collect/cluster/index.ts';
import type { ConfigzCredential, ConfigzSignIn } from '../collect/probe/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { isRecord, textOf } from '../lib/record.ts';
import { printable } from '../lib/terminal.ts';
import { readText } from './read-text.ts';
import type { ClusterFlags } from './live.ts';

export interface ConfigzFlags extends Pick<ClusterFlags, 'kubeconfig' | 'context' | 'as' | 'asGroup' | 'requestTimeout'> {
  configz?: boolean;
  configzToken?: string;
}

const RIGHT = 'get nodes/configz';
const MOST_TOLD = 5;
const ACCOUNT = 'castellan permissions --for configz prints an account that may do nothing else, and how to get a token of it.';

/**
 * Undefined where neither is given.
 * @throws CAS_USAGE where there is nothing that a node may be shown: a token that may do more is worth stealing there
 */
export async function configzSignIn(flags: ConfigzFlags): Promise<ConfigzSignIn | undefined> {
  const { configz, configzToken: file } = flags;
  if (configz !== true && file === undefined) return undefined;
  if (flags.as !== undefined || flags.asGroup !== undefined)
    throw new CastellanError('CAS_USAGE', '--as is for API servers: kubelets take nobody to be somebody else', {
      remedy: 'Leave out --as, or --configz.',
    });
  const { connect } = await import('../collect/cluster/index.ts');
  if (file === undefined) {
    const { ca, certificate } = await connect(flags).identity();
    if (certificate === undefined)
      throw new CastellanError('CAS_USAGE', '--configz shows kubelets a client certificate, and the kubeconfig signs in without one', {
        remedy: `Its token is never sent to a node. Name one for this with --configz-token FILE: ${ACCOUNT}`,
      });
    return { ...(ca !== undefined && { ca }), credential: { by: 'certificate', ...certificate } };
  }
  const token = tokenIn(file);
  const connection = connect({ ...flags, token });
  const { ca } = await connection.identity();
  return { ...(ca !== undefined && { ca }), credential: await bounded(token, file, connection) };
}

/** A token whose account is seen to have that right alone, or that goes only where the CA of the cluster vouches. */
async function bounded(token: string, file: string, connection: Connection): Promise<ConfigzCredential> {
  const { rightsOfToken } = await import('../collect/cluster/index.ts');
  const namespaces = [...new Set(['default', 'kube-system', namespaceOf(token) ?? 'default'])];
  const { others, isIncomplete } = await rightsOfToken(connection, RIGHT, { namespaces });
  if (others.length === 0) return { by: 'token', token, onlyTrusted: isIncomplete };
  const more = others.length > MOST_TOLD ? ` and ${others.length - MOST_TOLD} more` : '';
  const told = printable(others.slice(0, MOST_TOLD).join(', '));
  throw new CastellanError('CAS_USAGE', `the account of the token in ${file} may do more than ${RIGHT}: ${told}${more}`, {
    remedy: `Whoever runs a node could use such a token. ${ACCOUNT}`,
  });
}

/** What no token holds would be quoted by an error of the runtime. */
function tokenIn(file: string): string {
  const token = readText(file).trim();
  if (!/^[\x21-\x7e]{1,16384}$/.test(token))
    throw new CastellanError('CAS_USAGE', `${file} holds no token: one line is what --configz-token takes`, { remedy: ACCOUNT });
  return token;
}

/** That of a service account by what its token says; the API server, not this, decides whether that is true. */
function namespaceOf(token: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return /^system:serviceaccount:([a-z0-9-]{1,63}):/.exec(isRecord(claims) ? textOf(claims.sub) : '')?.[1];
  } catch {
    return undefined;
  }
}
