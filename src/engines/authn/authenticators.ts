/** How an API server tells who asks: the authenticators in the order in which it tries them. */
import type { Setting } from '../component-config/index.ts';

/** Where something is set; left out where it holds by default. */
export type Where = Pick<Setting<unknown>, 'source' | 'path' | 'shown'>;

interface Common {
  where?: Where;
}

/** From a claim with a prefix, or from an expression (CEL). */
export type Mapping = { claim: string; prefix: string } | { expression: string };

/** One issuer of OpenID Connect, by the flags or by a file of AuthenticationConfiguration. */
export interface JwtIssuer {
  url: string;
  /** One of them must be in the token. */
  audiences: readonly string[];
  algorithms: readonly string[];
  username: Mapping;
  groups?: Mapping;
  uid?: Mapping;
  extra: readonly { key: string; expression: string }[];
  required: readonly { claim: string; value: string }[];
  /** Conditions in CEL on claims and on who comes of them. */
  conditions: readonly string[];
}

export type Authenticator = Common &
  (
    | { kind: 'request-header'; names: readonly string[]; userHeaders: readonly string[]; ca: string }
    | { kind: 'client-certificate'; ca: string }
    | { kind: 'static-token'; file: string }
    | { kind: 'legacy-service-account'; lookup: boolean }
    | { kind: 'service-account'; issuers: readonly string[]; audiences: readonly string[]; lookup: boolean }
    | { kind: 'bootstrap-token' }
    | { kind: 'jwt'; issuer: JwtIssuer }
    | { kind: 'webhook'; file: string }
    | { kind: 'anonymous'; paths: readonly string[] | undefined }
  );
export type AuthenticatorKind = Authenticator['kind'];

/** Who a credential makes of its holder. */
export interface UserInfo {
  username: string;
  uid: string;
  groups: readonly string[];
  extra: Readonly<Record<string, readonly string[]>>;
}

/** The authenticators of one API server. */
export interface Chain {
  /** Node that it runs on, '' where that is not known. */
  node: string;
  /** Of its flags. */
  source: string;
  authenticators: readonly Authenticator[];
  /** What is set and cannot be seen: the chain may be longer. */
  unseen: readonly string[];
}
