/** A token through a chain: the first authenticator that accepts it says who its holder is. */
import type { Cluster } from '../../model/index.ts';
import { acceptJwt, type Asked, type Verdict } from './accept-jwt.ts';
import { acceptBound, acceptLegacy } from './accept-service-account.ts';
import type { Authenticator, AuthenticatorKind, Chain, UserInfo } from './authenticators.ts';
import type { Token } from './token.ts';

export interface Acceptance {
  accepted: 'yes' | 'no' | 'unknown';
  by?: AuthenticatorKind;
  /** Where it is accepted; of what is not known the parts that are. */
  as?: Partial<UserInfo>;
  because: string;
  /** What could not be checked, and is taken to be so. */
  assumes: readonly string[];
}

const EVERYBODY = 'system:authenticated';

export function acceptanceOf(chain: Chain, token: Token, asked: Asked & { cluster: Cluster }): Acceptance {
  const reasons: { because: string; mine: boolean; by: AuthenticatorKind }[] = [];
  let open: Acceptance | undefined;
  for (const authenticator of chain.authenticators) {
    const verdict = verdictOf(authenticator, token, asked);
    if (verdict === undefined) continue;
    const { kind } = authenticator;
    if (verdict.accepted === 'no') reasons.push({ because: verdict.because, mine: verdict.mine, by: kind });
    // One before that may accept it would be asked first.
    else if (verdict.accepted === 'yes' && open === undefined) return accepted(kind, verdict);
    else if (open === undefined && verdict.accepted === 'unknown')
      open = { accepted: 'unknown', by: kind, because: verdict.because, ...(verdict.as && { as: verdict.as }), assumes: [] };
  }
  if (open !== undefined) return open;
  if (chain.unseen.length > 0) return { accepted: 'unknown', because: chain.unseen.join('; '), assumes: [] };
  const reason = reasons.find(({ mine }) => mine);
  if (reason !== undefined) return { accepted: 'no', by: reason.by, because: reason.because, assumes: [] };
  return { accepted: 'no', because: 'no authenticator takes a token like this', assumes: [] };
}

function accepted(kind: AuthenticatorKind, { as, assumes }: Extract<Verdict, { accepted: 'yes' }>): Acceptance {
  const groups = as.groups.includes(EVERYBODY) ? as.groups : [...as.groups, EVERYBODY];
  return { accepted: 'yes', by: kind, as: { ...as, groups }, because: 'it is as this authenticator wants it', assumes };
}

/** Undefined of those that look at no tokens. */
function verdictOf(authenticator: Authenticator, token: Token, asked: Asked & { cluster: Cluster }): Verdict | undefined {
  switch (authenticator.kind) {
    case 'jwt':
      return acceptJwt(authenticator.issuer, token, asked);
    case 'service-account':
      return acceptBound(authenticator, token, asked);
    case 'legacy-service-account':
      return acceptLegacy(authenticator, token, asked);
    case 'static-token':
      // Any text may stand in the file; nobody writes a signed token there.
      if (token.claims !== undefined) return { accepted: 'no', because: 'it is a JSON Web Token', mine: false };
      return { accepted: 'unknown', because: `it may stand in ${authenticator.file}, which is not read` };
    case 'bootstrap-token':
      return acceptBootstrap(token, asked.cluster);
    case 'webhook':
      return { accepted: 'unknown', because: `the webhook of ${authenticator.file} may accept it` };
    default:
      return undefined;
  }
}

/** Its Secret names it; what is in the Secret is not read (plugin/pkg/auth/authenticator/token/bootstrap). */
function acceptBootstrap({ text }: Token, { tables, missing }: Cluster): Verdict {
  const [, id] = /^([a-z0-9]{6})\.[a-z0-9]{16}$/.exec(text ?? '') ?? [];
  if (id === undefined) return { accepted: 'no', because: 'it has not the form of a bootstrap token', mine: false };
  const name = `bootstrap-token-${id}`;
  const secret = tables.Secret.get('kube-system', name);
  const isKnown = tables.completeness.complete && !missing.has('Secret');
  if (secret === undefined && isKnown) return { accepted: 'no', because: `there is no Secret kube-system/${name}`, mine: true };
  if (secret !== undefined && secret.body.type !== 'bootstrap.kubernetes.io/token')
    return { accepted: 'no', because: `the Secret kube-system/${name} is of another type`, mine: true };
  const as = { username: `system:bootstrap:${id}` };
  return { accepted: 'unknown', because: `the Secret kube-system/${name} decides, whose values are not read`, as };
}
