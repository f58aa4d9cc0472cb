/** The document of `castellan authn`: the chain of each API server, what lasts, and who would come of which token. */
import type { Acceptance, Chain, Lasting } from '../../engines/authn/index.ts';
import type { Gap } from '../../snapshot/index.ts';

export interface ServerReport {
  chain: Chain;
  lasting: readonly Lasting[];
  tokens: readonly TokenReport[];
}

export interface TokenReport extends Acceptance {
  /** As the file calls it: its id, else its line. */
  id: string;
}

export interface AuthnReport {
  servers: readonly ServerReport[];
  gaps: readonly Gap[];
}

export function authnDocument({ servers, gaps }: AuthnReport): string {
  const told = servers.map(({ chain, lasting, tokens }) => {
    const { node, source, authenticators, unseen } = chain;
    return { node: node === '' ? null : node, source, unseen, authenticators, lasting, tokens };
  });
  return `${JSON.stringify({ schema: 'castellan/authn/v1', servers: told, gaps })}\n`;
}
