/** Identities that lie in Secrets and ConfigMaps. */
import type { TriedFamily } from '../way.ts';

const LATER = 'a world is written at once, and the server makes the credential only after it';

export const family: TriedFamily = { ways: [], untried: { KUBECONFIG_INSIDE: LATER, TOKEN_INSIDE: LATER } };
