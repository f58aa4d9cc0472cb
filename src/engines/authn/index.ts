export { type Acceptance, acceptanceOf } from './acceptance.ts';
export type { Authenticator, AuthenticatorKind, Chain, JwtIssuer, Mapping, UserInfo } from './authenticators.ts';
export { chainsIn } from './chain.ts';
export { type Lasting, lastingOf } from './lasting.ts';
export { type IssuerKey, type Keys, keysIn } from './signature.ts';
export { type Token, tokenOf, tokenOfClaims } from './token.ts';
